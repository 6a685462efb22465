//! Forges OCFL objects: changes content and adjusts all digests.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};

const INVENTORY: &str = "inventory.json";

/// An object with its inventory.
#[derive(Debug, Clone)]
pub struct Object {
    pub path: PathBuf,
    pub inventory: Value,
}

/// Every object of a registry, by path.
pub fn all(registry: &Path) -> Vec<Object> {
    let mut folders = vec![registry.join("files")];
    for _ in 0..4 {
        folders = folders.iter().flat_map(|folder| folders_in(folder)).collect();
    }
    folders.sort();
    let inventories = folders.into_iter().filter(|path| path.join(INVENTORY).is_file());
    inventories.map(|path| Object { inventory: read(&path.join(INVENTORY)), path }).collect()
}

/// The objects that hold documents.
pub fn documents(registry: &Path) -> Vec<Object> {
    all(registry)
        .into_iter()
        .filter(|object| object.id().starts_with("kirjuri:document:"))
        .collect()
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

pub fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

pub fn pretty(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn sha512(bytes: &[u8]) -> String {
    hex(&Sha512::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Version of the object that added a path.
fn version_of(path: &str) -> usize {
    path[1..].split('/').next().unwrap().parse().unwrap()
}

impl Object {
    pub fn id(&self) -> &str {
        self.inventory["id"].as_str().unwrap()
    }

    pub fn is_log(&self) -> bool {
        self.id().starts_with("kirjuri:log-")
    }

    pub fn versions(&self) -> usize {
        self.map("versions").len()
    }

    fn map(&self, name: &str) -> &Map<String, Value> {
        self.inventory[name].as_object().unwrap()
    }

    /// Content paths with digests.
    fn manifest(&self) -> Vec<(String, String)> {
        let all = self.map("manifest").iter();
        let paths = all.flat_map(|(digest, paths)| {
            let paths = paths.as_array().unwrap().iter();
            paths.map(move |path| (path.as_str().unwrap().to_owned(), digest.clone()))
        });
        paths.collect()
    }

    pub fn content(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.manifest().into_iter().map(|(path, _)| path).collect();
        paths.sort();
        paths
    }

    /// Path of a version's file in the object's folder.
    pub fn place(&self, version: usize, file: &str) -> Option<String> {
        let state = self.inventory["versions"][format!("v{version}")]["state"].as_object()?;
        let holds = |names: &Value| names.as_array().unwrap().iter().any(|name| name == file);
        let (digest, _) = state.iter().find(|(_, names)| holds(names))?;
        Some(self.inventory["manifest"][digest][0].as_str()?.to_owned())
    }

    pub fn bytes(&self, content: &str) -> Vec<u8> {
        fs::read(self.path.join(content)).unwrap()
    }

    /// Replaces content; [`Object::save`] adjusts the inventories.
    pub fn replace(&mut self, content: &str, bytes: &[u8]) {
        let (old, new) = (sha512(&self.bytes(content)), sha512(bytes));
        fs::write(self.path.join(content), bytes).unwrap();
        rename(self.inventory["manifest"].as_object_mut().unwrap(), &old, &new);
        for version in self.inventory["versions"].as_object_mut().unwrap().values_mut() {
            rename(version["state"].as_object_mut().unwrap(), &old, &new);
        }
    }

    /// Adds a file to the last version.
    pub fn add(&mut self, file: &str, bytes: &[u8]) {
        let (version, digest) = (format!("v{}", self.versions()), sha512(bytes));
        let content = format!("{version}/content/{file}");
        fs::write(self.path.join(&content), bytes).unwrap();
        let manifest = self.inventory["manifest"].as_object_mut().unwrap();
        manifest.insert(digest.clone(), json!([content]));
        manifest.sort_keys();
        let state = self.inventory["versions"][version]["state"].as_object_mut().unwrap();
        state.insert(digest, json!([file]));
        state.sort_keys();
    }

    /// Removes the last version.
    pub fn shorten(&mut self) {
        let last = self.versions();
        fs::remove_dir_all(self.path.join(format!("v{last}"))).unwrap();
        self.inventory = self.up_to(last - 1);
    }

    /// The inventory as it was with an earlier version.
    fn up_to(&self, number: usize) -> Value {
        let mut earlier = self.inventory.clone();
        earlier["head"] = json!(format!("v{number}"));
        let versions = earlier["versions"].as_object_mut().unwrap();
        versions.retain(|name, _| version_of(name) <= number);
        let manifest = earlier["manifest"].as_object_mut().unwrap();
        manifest.retain(|_, paths| {
            let mut paths = paths.as_array().unwrap().iter();
            paths.all(|path| version_of(path.as_str().unwrap()) <= number)
        });
        earlier
    }

    /// Writes the inventories of the object and of every version, and the
    /// files with their digests.
    pub fn save(&self) {
        for number in 1..=self.versions() {
            let bytes = pretty(&self.up_to(number));
            write(&self.path.join(format!("v{number}")), &bytes);
            if number == self.versions() {
                write(&self.path, &bytes);
            }
        }
    }

    /// SHA-512 of the inventory that a version keeps.
    pub fn inventory_digest(&self, version: usize) -> String {
        sha512(&fs::read(self.path.join(format!("v{version}")).join(INVENTORY)).unwrap())
    }

    /// A copy of the object under another id, at the path of that id.
    pub fn copied(&self, registry: &Path, id: &str) -> Self {
        let digest = sha256(id.as_bytes());
        let mut path = registry.join("files");
        path.extend((0..3).map(|n| &digest[n * 3..n * 3 + 3]));
        let path = path.join(id.replace(':', "%3a"));
        for version in 1..=self.versions() {
            fs::create_dir_all(path.join(format!("v{version}/content"))).unwrap();
        }
        for content in self.content() {
            fs::create_dir_all(path.join(&content).parent().unwrap()).unwrap();
            fs::write(path.join(&content), self.bytes(&content)).unwrap();
        }
        let mark = "0=ocfl_object_1.1";
        fs::copy(self.path.join(mark), path.join(mark)).unwrap();
        let mut copy = Self { path, inventory: self.inventory.clone() };
        copy.inventory["id"] = json!(id);
        copy
    }
}

fn rename(map: &mut Map<String, Value>, old: &str, new: &str) {
    if let Some(value) = map.remove(old) {
        map.insert(new.to_owned(), value);
    }
    map.sort_keys();
}

fn write(folder: &Path, inventory: &[u8]) {
    fs::write(folder.join(INVENTORY), inventory).unwrap();
    let line = format!("{} {INVENTORY}\n", sha512(inventory));
    fs::write(folder.join(format!("{INVENTORY}.sha512")), line).unwrap();
}
