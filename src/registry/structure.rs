//! Verifies the structure of the storage root: every file where the inventories say, with
//! the content that they say, and nothing else. Stricter than OCFL, whose tools accept what
//! they do not understand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::finding::{FindingKind, IntegrityFinding};
use super::ocfl::{
    self, INVENTORY, INVENTORY_DIGEST, Inventory, OBJECT_DECLARATION, Store, User,
    inventory_digest_line, sha512,
};
use crate::fs;
use crate::model::Digest;

/// Largest file that is read, in bytes.
pub(super) const LIMIT: u64 = 1024 * 1024 * 1024;

/// An object with the digests of its files.
#[derive(Debug)]
pub struct Object {
    pub path: PathBuf,
    pub inventory: Inventory,
    /// SHA-256 of the files that are present and intact, by path in the object.
    pub digests: BTreeMap<String, Digest>,
    /// SHA-512 of the inventory of each version.
    pub inventories: BTreeMap<u32, String>,
}

impl Object {
    /// Path in the object of a version's file, if the version has it.
    pub fn content(&self, version: u32, file: &str) -> Option<&str> {
        let digest = *self.inventory.files_of(version).get(file)?;
        let path = self.inventory.manifest.get(digest)?.first().map(String::as_str);
        path.filter(|path| ocfl::is_content_path(path))
    }

    /// SHA-256 of a version's file, if it is present and intact.
    pub fn digest(&self, version: u32, file: &str) -> Option<&Digest> {
        self.digests.get(self.content(version, file)?)
    }

    /// Number of versions.
    pub fn versions(&self) -> u32 {
        u32::try_from(self.inventory.versions.len()).unwrap_or(u32::MAX)
    }
}

/// Verifies the storage root and passes each readable object to `each`. Returns the number
/// of files.
pub fn inspect_storage(
    store: &Store,
    findings: &mut Vec<IntegrityFinding>,
    mut each: impl FnMut(Object, &mut Vec<IntegrityFinding>),
) -> usize {
    let mut files = 0;
    root_files(store, findings, &mut files);
    let walked = match store.walk() {
        Ok(walked) => walked,
        Err(error) => return unchecked(findings, store.root(), &error).unwrap_or(files),
    };
    for stray in walked.unexpected {
        findings.push(IntegrityFinding::at(FindingKind::Stray, &stray));
    }
    for path in walked.objects {
        let mut own = Vec::new();
        if let Some(object) = object(store, &path, &mut own, &mut files) {
            each(object, &mut own);
        }
        findings.append(&mut own);
    }
    files
}

fn unchecked<T>(
    findings: &mut Vec<IntegrityFinding>,
    path: &Path,
    error: &fs::FsError,
) -> Option<T> {
    let cause = error.source.to_string();
    findings.push(IntegrityFinding::at(FindingKind::Unchecked, path).because(cause));
    None
}

fn root_files(store: &Store, findings: &mut Vec<IntegrityFinding>, files: &mut usize) {
    let mut known = BTreeSet::new();
    for (name, content) in ocfl::root_files() {
        let path = store.root().join(name);
        check_content(&path, content.as_bytes(), findings);
        *files += 1;
        known.insert(path);
    }
    let mut listed = Vec::new();
    list(&store.root().join("extensions"), &mut listed, findings);
    let strays = listed.iter().filter(|path| !known.contains(*path));
    findings.extend(strays.map(|path| IntegrityFinding::at(FindingKind::Stray, path)));
}

/// Checks that a file has exactly this content.
fn check_content(path: &Path, content: &[u8], findings: &mut Vec<IntegrityFinding>) {
    match read(path, findings) {
        Some(bytes) if bytes != content => {
            findings.push(IntegrityFinding::at(FindingKind::Damaged, path))
        }
        _ => {}
    }
}

/// The bytes of a file; adds a finding if it is missing or cannot be read.
pub fn read(path: &Path, findings: &mut Vec<IntegrityFinding>) -> Option<Vec<u8>> {
    if matches!(fs::stamp(path), Ok(None)) {
        findings.push(IntegrityFinding::at(FindingKind::Missing, path));
        return None;
    }
    match fs::read(path, LIMIT) {
        Ok(Some(bytes)) => Some(bytes),
        Ok(None) => {
            findings.push(IntegrityFinding::at(FindingKind::Unchecked, path).because("too large"));
            None
        }
        Err(error) => unchecked(findings, path, &error),
    }
}

/// Lists all files below a folder; links, pipes and empty folders are findings.
fn list(folder: &Path, listed: &mut Vec<PathBuf>, findings: &mut Vec<IntegrityFinding>) {
    let inside = match fs::read_folder(folder) {
        Ok(inside) => inside,
        Err(error) => return unchecked(findings, folder, &error).unwrap_or_default(),
    };
    if inside.is_empty() {
        findings.push(IntegrityFinding::at(FindingKind::Stray, folder));
    }
    for found in inside {
        match (found.folder, found.regular) {
            (true, _) => list(&found.path, listed, findings),
            (_, true) => listed.push(found.path),
            _ => findings.push(IntegrityFinding::at(FindingKind::Stray, &found.path)),
        }
    }
}

fn object(
    store: &Store,
    path: &Path,
    findings: &mut Vec<IntegrityFinding>,
    files: &mut usize,
) -> Option<Object> {
    let bytes = read(&path.join(INVENTORY), findings)?;
    let digest = sha512(&bytes);
    let inventory: Inventory = match serde_json::from_slice(&bytes) {
        Ok(inventory) => inventory,
        Err(_) => {
            findings.push(IntegrityFinding::at(FindingKind::Damaged, &path.join(INVENTORY)));
            return None;
        }
    };
    // only one serialization is valid, so that no byte can be changed unnoticed
    let canonical = serde_json::to_vec_pretty(&inventory).unwrap_or_default() == bytes;
    if !canonical || !is_sound(&inventory) {
        findings.push(IntegrityFinding::at(FindingKind::Damaged, &path.join(INVENTORY)));
    }
    if store.path_of(&inventory.id) != path {
        findings.push(IntegrityFinding::at(FindingKind::Stray, path));
    }
    check_content(
        &path.join(INVENTORY_DIGEST),
        inventory_digest_line(&digest).as_bytes(),
        findings,
    );
    check_content(&path.join(OBJECT_DECLARATION.0), OBJECT_DECLARATION.1.as_bytes(), findings);
    let mut known: BTreeSet<PathBuf> =
        [INVENTORY, INVENTORY_DIGEST, OBJECT_DECLARATION.0].map(|name| path.join(name)).into();
    let inventories = version_inventories(path, &inventory, &bytes, &mut known, findings);
    let mut digests = BTreeMap::new();
    for (expected, content) in &inventory.manifest {
        // other paths are reported as a damaged inventory
        for name in content.iter().filter(|name| ocfl::is_content_path(name)) {
            let file = path.join(name);
            if let Some(bytes) = read(&file, findings) {
                if sha512(&bytes) == *expected {
                    digests.insert(name.clone(), Digest::of(&bytes));
                } else {
                    findings.push(IntegrityFinding::at(FindingKind::Damaged, &file));
                }
            }
            known.insert(file);
        }
    }
    let mut listed = Vec::new();
    list(path, &mut listed, findings);
    *files += listed.len();
    let strays = listed.iter().filter(|file| !known.contains(*file));
    findings.extend(strays.map(|file| IntegrityFinding::at(FindingKind::Stray, file)));
    Some(Object { path: path.to_owned(), inventory, digests, inventories })
}

/// Checks the inventory that each version keeps of its time; the last must equal the
/// object's own.
fn version_inventories(
    path: &Path,
    own: &Inventory,
    own_bytes: &[u8],
    known: &mut BTreeSet<PathBuf>,
    findings: &mut Vec<IntegrityFinding>,
) -> BTreeMap<u32, String> {
    let mut digests = BTreeMap::new();
    let count = u32::try_from(own.versions.len()).unwrap_or(u32::MAX);
    for number in 1..=count {
        let folder = path.join(format!("v{number}"));
        let file = folder.join(INVENTORY);
        known.insert(file.clone());
        known.insert(folder.join(INVENTORY_DIGEST));
        let Some(bytes) = read(&file, findings) else { continue };
        let digest = sha512(&bytes);
        let line = inventory_digest_line(&digest);
        check_content(&folder.join(INVENTORY_DIGEST), line.as_bytes(), findings);
        let as_expected = if number == count {
            bytes == own_bytes
        } else {
            let expected = own.up_to(number);
            serde_json::to_vec_pretty(&expected).unwrap_or_default() == bytes
        };
        if !as_expected {
            findings.push(IntegrityFinding::at(FindingKind::Damaged, &file));
        }
        digests.insert(number, digest);
    }
    digests
}

/// Whether an inventory is consistent.
fn is_sound(inventory: &Inventory) -> bool {
    let count = inventory.versions.len();
    let numbered = (1..=count).all(|n| inventory.versions.contains_key(&format!("v{n}")));
    let used: BTreeSet<&String> =
        inventory.versions.values().flat_map(|version| version.state.keys()).collect();
    let paths = inventory.manifest.values().flatten();
    let inside = paths.into_iter().all(|path| {
        let plain = ocfl::is_content_path(path);
        let version = path.strip_prefix('v').and_then(|rest| rest.split_once("/content/"));
        plain && version.is_some_and(|(n, _)| n.parse().is_ok_and(|n: usize| n <= count))
    });
    let empty = Inventory::empty(&inventory.id);
    let program = User::program();
    let made = inventory.versions.values().all(|version| version.user == program);
    count > 0
        && made
        && numbered
        && inside
        && inventory.head == format!("v{count}")
        && (inventory.kind == empty.kind && inventory.digest_algorithm == empty.digest_algorithm)
        && used == inventory.manifest.keys().collect()
}
