//! OCFL inventories: the files of each version of an object, with their digests (OCFL 1.1,
//! 3.5).

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha512};

use super::{Files, LIMIT, StoreError, VersionInfo};
use crate::fs::{self, FsError};
use crate::model::Moment;

/// Name of the inventory and of its digest file.
pub const INVENTORY: &str = "inventory.json";
pub const INVENTORY_DIGEST: &str = "inventory.json.sha512";

/// Inventory of an object (OCFL 1.1, 3.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inventory {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub digest_algorithm: String,
    pub head: String,
    /// Paths in the object by SHA-512 of their content.
    pub manifest: BTreeMap<String, Vec<String>>,
    pub versions: BTreeMap<String, InventoryVersion>,
}

/// One version of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventoryVersion {
    pub created: Moment,
    /// Names of the version's files by digest.
    pub state: BTreeMap<String, Vec<String>>,
    pub message: String,
    pub user: User,
}

/// Author of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub name: String,
    pub address: String,
}

/// Reads an inventory.
///
/// # Errors
/// Fails if it is malformed.
pub fn read_inventory(path: &Path) -> Result<Inventory, StoreError> {
    let unreadable = |reason| StoreError::Unreadable { path: path.to_owned(), reason };
    let bytes = fs::read(path, LIMIT)?.ok_or_else(|| unreadable("too large"))?;
    let inventory: Inventory =
        serde_json::from_slice(&bytes).map_err(|_| unreadable("it is not an inventory"))?;
    let mut paths = inventory.manifest.values().flatten();
    if !paths.all(|path| is_content_path(path)) {
        return Err(unreadable("it names a file outside the object"));
    }
    Ok(inventory)
}

/// Whether a path of a manifest is a content path of the object: `v1/content/name`, where
/// the name may include folders.
pub fn is_content_path(path: &str) -> bool {
    let mut parts = path.split('/');
    let version = parts.next().and_then(|part| part.strip_prefix('v'));
    version.is_some_and(|number| number.parse::<u32>().is_ok())
        && parts.next() == Some("content")
        && parts.clone().next().is_some()
        && parts.all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']))
}

pub(super) fn write_inventory(folder: &Path, text: &[u8], digest: &str) -> Result<(), FsError> {
    fs::write_new(&folder.join(INVENTORY), text)?;
    fs::write_new(&folder.join(INVENTORY_DIGEST), inventory_digest_line(digest).as_bytes())
}

/// Content of the digest file of an inventory.
pub fn inventory_digest_line(digest: &str) -> String {
    format!("{digest} {INVENTORY}\n")
}

impl User {
    /// This program, without its version: that is in the sidecars, which the log vouches
    /// for.
    pub fn program() -> Self {
        let name = env!("CARGO_PKG_NAME");
        Self { name: name.into(), address: format!("pkg:cargo/{name}") }
    }
}

impl Inventory {
    pub(in crate::registry) fn empty(object: &str) -> Self {
        Self {
            id: object.to_owned(),
            kind: "https://ocfl.io/1.1/spec/#inventory".into(),
            digest_algorithm: "sha512".into(),
            head: String::new(),
            manifest: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// Adds a version; returns its new files by their path in the object.
    pub(super) fn add(&mut self, number: u32, files: Files, note: &VersionInfo<'_>) -> Files {
        let (mut state, mut new) = (BTreeMap::<String, Vec<String>>::new(), Files::new());
        for (name, bytes) in files {
            let digest = sha512(&bytes);
            if !self.manifest.contains_key(&digest) {
                let path = format!("v{number}/content/{name}");
                self.manifest.insert(digest.clone(), vec![path.clone()]);
                new.insert(path, bytes);
            }
            state.entry(digest).or_default().push(name);
        }
        let user = User::program();
        let (created, message) = (note.created, note.message.to_owned());
        let version = InventoryVersion { created, state, message, user };
        self.head = format!("v{number}");
        self.versions.insert(self.head.clone(), version);
        new
    }

    /// The inventory as it was at an earlier version.
    pub fn up_to(&self, number: u32) -> Self {
        let is_earlier = |name: &str| {
            name.strip_prefix('v').and_then(|n| n.parse().ok()).is_some_and(|n: u32| n <= number)
        };
        let mut earlier = self.clone();
        earlier.head = format!("v{number}");
        earlier.versions.retain(|name, _| is_earlier(name));
        earlier.manifest.retain(|_, paths| {
            paths.iter().all(|path| path.split('/').next().is_some_and(is_earlier))
        });
        earlier
    }

    /// Names of a version's files with their digests.
    pub fn files_of(&self, version: u32) -> BTreeMap<&str, &str> {
        let state = self.versions.get(&format!("v{version}")).map(|version| &version.state);
        let files = state.into_iter().flatten();
        files
            .flat_map(|(digest, names)| names.iter().map(|n| (n.as_str(), digest.as_str())))
            .collect()
    }
}

/// SHA-512 in hexadecimal, as OCFL requires.
pub fn sha512(bytes: &[u8]) -> String {
    hex(&Sha512::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_paths_are_inside_the_object() {
        for path in ["v1/content/metadata.json", "v12/content/lib/a b.typ"] {
            assert!(is_content_path(path), "{path}");
        }
        for path in [
            "",
            "v1",
            "v1/content",
            "v1/content/",
            "v1/content/../x",
            "../v1/content/x",
            "/x",
            "/v1/content/x",
            "v1/content//x",
            "v1/content/./x",
            "v/content/x",
            "v1/other/x",
            "v1/content/a\\..\\b",
            "v1/content/C:x",
            "v-1/content/x",
        ] {
            assert!(!is_content_path(path), "{path}");
        }
    }
}
