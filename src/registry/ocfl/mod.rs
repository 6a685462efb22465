//! OCFL 1.1 storage root (Oxford Common File Layout): objects whose versions are only ever
//! added. Any OCFL tool can read and validate it.
//!
//! Objects are stored by extension 0003 (hash and id n-tuple), so that a person finds an
//! object by its name without this program.

mod inventory;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::fs::{self, FsError, MessageKey};
use crate::model::Moment;

use inventory::{hex, read_inventory, write_inventory};

pub use inventory::{
    INVENTORY, INVENTORY_DIGEST, Inventory, InventoryVersion, User, inventory_digest_line,
    is_content_path, sha512,
};

/// Declaration of the storage root (OCFL 1.1, 4.1), and its content.
pub const ROOT_DECLARATION: (&str, &str) = ("0=ocfl_1.1", "ocfl_1.1\n");
/// Declaration of an object (OCFL 1.1, 3.2), and its content.
pub const OBJECT_DECLARATION: (&str, &str) = ("0=ocfl_object_1.1", "ocfl_object_1.1\n");
const LAYOUT: &str = "0003-hash-and-id-n-tuple-storage-layout";
/// Largest file that is read, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// The files of a new version, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The storage root.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    staging: PathBuf,
}

/// An object cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error("`{}` cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: &'static str },
    #[error("the object `{object}` has no version {version}, or this version has no file `{file}`")]
    Absent { object: String, version: u32, file: String },
    #[error("`{}` is damaged: its digest is not the one in the inventory", path.display())]
    Damaged { path: PathBuf },
    #[error("`{}` contains unfinished work", path.display())]
    UnderWay { path: PathBuf },
    #[error("the inventory of `{object}` cannot be written as JSON")]
    Json { object: String, source: serde_json::Error },
}

impl StoreError {
    /// The message key of the error, with its arguments; `None` if it has no message.
    pub fn message_key(&self) -> Option<MessageKey> {
        let place = |path: &Path| ("path", path.display().to_string());
        Some(match self {
            Self::Fs(error) => error.message_key(),
            Self::Unreadable { path, reason } => {
                ("store_unreadable", vec![place(path), ("system", (*reason).to_owned())])
            }
            Self::Absent { object, version, file } => {
                let values = [("object", object.clone()), ("file", file.clone())];
                let values = values.into_iter().chain([("version", version.to_string())]);
                ("store_absent", values.collect())
            }
            Self::Damaged { path } => ("store_damaged", vec![place(path)]),
            Self::UnderWay { path } => ("store_under_way", vec![place(path)]),
            Self::Json { .. } => return None,
        })
    }
}

/// Time and message of a new version.
#[derive(Debug, Clone)]
pub struct VersionInfo<'a> {
    pub created: Moment,
    pub message: &'a str,
}

/// The version that is being written, so that it can be finished after an interruption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub object: String,
    pub version: u32,
}

impl Store {
    /// A storage root at `root`; new objects are written to `staging` first, which must be
    /// on the same file system.
    pub fn new(root: PathBuf, staging: PathBuf) -> Self {
        Self { root, staging }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Creates the storage root if there is none.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn create(&self) -> Result<(), FsError> {
        for (name, content) in root_files() {
            let path = self.root.join(name);
            self.refuse_links(&path)?;
            if fs::stamp(&path)?.is_none() {
                fs::write_atomic(&path, content.as_bytes())?;
            }
        }
        Ok(())
    }

    /// Removes temporary files of the root itself that an interruption left. Requires the
    /// lock.
    ///
    /// # Errors
    /// Fails if a folder cannot be listed.
    pub fn remove_leftovers(&self) -> Result<(), FsError> {
        for (name, _) in root_files() {
            let path = self.root.join(name);
            let folder = path.parent().unwrap_or(&self.root);
            self.refuse_links(folder)?;
            if fs::is_folder(folder) {
                fs::remove_leftovers(folder)?;
            }
        }
        Ok(())
    }

    /// Refuses to write through links inside the folder of root and staging.
    fn refuse_links(&self, path: &Path) -> Result<(), FsError> {
        let base = self.root.parent().unwrap_or(&self.root);
        fs::refuse_links(base, &self.staging)?;
        fs::refuse_links(base, path)
    }

    /// The folder of an object (extension 0003 with its default parameters).
    pub fn path_of(&self, object: &str) -> PathBuf {
        let digest = hex(&Sha256::digest(object.as_bytes()));
        let tuples = (0..3).map(|n| &digest[n * 3..n * 3 + 3]);
        let mut path = self.root.clone();
        path.extend(tuples);
        path.join(encapsulate(object, &digest))
    }

    /// The inventory of an object; `None` if there is no such object.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn inventory(&self, object: &str) -> Result<Option<Inventory>, StoreError> {
        let path = self.path_of(object).join(INVENTORY);
        if fs::stamp(&path)?.is_none() {
            return Ok(None);
        }
        read_inventory(&path).map(Some)
    }

    /// SHA-512 of an object's inventory.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn inventory_digest(&self, object: &str) -> Result<String, StoreError> {
        let path = self.path_of(object).join(INVENTORY);
        let bytes = fs::read(&path, LIMIT)?;
        let unreadable = StoreError::Unreadable { path, reason: "too large" };
        bytes.map(|bytes| sha512(&bytes)).ok_or(unreadable)
    }

    /// Reads one file of a version and verifies its digest.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn read(&self, object: &str, version: u32, file: &str) -> Result<Vec<u8>, StoreError> {
        let absent =
            || StoreError::Absent { object: object.to_owned(), version, file: file.to_owned() };
        let inventory = self.inventory(object)?.ok_or_else(absent)?;
        let state = inventory.versions.get(&format!("v{version}")).ok_or_else(absent)?;
        let holds = |names: &Vec<String>| names.iter().any(|name| name == file);
        let (digest, _) = state.state.iter().find(|(_, names)| holds(names)).ok_or_else(absent)?;
        let content =
            inventory.manifest.get(digest).and_then(|paths| paths.first()).ok_or_else(absent)?;
        let path = self.path_of(object).join(content);
        let bytes = fs::read(&path, LIMIT)?
            .ok_or_else(|| StoreError::Unreadable { path: path.clone(), reason: "too large" })?;
        if sha512(&bytes) == *digest { Ok(bytes) } else { Err(StoreError::Damaged { path }) }
    }

    /// Adds a version to an object, or creates the object with its first version. The files
    /// are synced before the version is moved into place.
    ///
    /// # Errors
    /// Fails if anything cannot be written; [`Store::recover_interrupted`] then tells how
    /// far it got.
    pub fn put(
        &self,
        object: &str,
        files: Files,
        note: &VersionInfo<'_>,
    ) -> Result<AddedVersion, StoreError> {
        self.refuse_links(&self.path_of(object))?;
        let known = self.inventory(object)?;
        let number = known.as_ref().map_or(1, |known| known.versions.len() as u32 + 1);
        if fs::stamp(&self.staging.join(INTENT))?.is_some() {
            return Err(StoreError::UnderWay { path: self.staging.clone() });
        }
        fs::remove_folder(&self.staging)?;
        let intent = Intent { object: object.to_owned(), version: number };
        let json = |source| StoreError::Json { object: object.to_owned(), source };
        let bytes = serde_json::to_vec(&intent).map_err(json)?;
        fs::write_new(&self.staging.join(INTENT), &bytes)?;
        let first = known.is_none();
        let mut inventory = known.unwrap_or_else(|| Inventory::empty(object));
        let new = inventory.add(number, files, note);
        let text = serde_json::to_vec_pretty(&inventory).map_err(json)?;
        let digest = sha512(&text);

        let place = self.path_of(object);
        // a new object is moved together with the missing folders above it: an empty
        // folder would be an error in the storage root
        let top = highest_missing(&place);
        let grown = self.staging.join("object");
        let stage = place.strip_prefix(top).map_or_else(|_| grown.clone(), |p| grown.join(p));
        let version = stage.join(format!("v{number}"));
        for (path, bytes) in &new {
            fs::write_new(&stage.join(path), bytes)?;
        }
        write_inventory(&version, &text, &digest)?;
        if first {
            fs::write_new(&stage.join(OBJECT_DECLARATION.0), OBJECT_DECLARATION.1.as_bytes())?;
            write_inventory(&stage, &text, &digest)?;
            self.sync_staging()?;
            fs::move_new(&grown, top)?;
        } else {
            self.sync_staging()?;
            fs::move_new(&version, &place.join(format!("v{number}")))?;
            self.complete(&intent)?;
        }
        Ok(AddedVersion { version: number, inventory: digest })
    }

    /// Recovers what was interrupted: returns the version that was being written if it is
    /// in place, and removes it otherwise. Requires the lock.
    ///
    /// # Errors
    /// Fails if the object cannot be recovered.
    pub fn recover_interrupted(&self) -> Result<Option<Intent>, StoreError> {
        let path = self.staging.join(INTENT);
        if fs::stamp(&path)?.is_none() {
            fs::remove_folder(&self.staging)?;
            return Ok(None);
        }
        let bytes = fs::read(&path, LIMIT)?.unwrap_or_default();
        let Ok(intent) = serde_json::from_slice::<Intent>(&bytes) else {
            // the interruption happened while the intent itself was written
            fs::remove_folder(&self.staging)?;
            return Ok(None);
        };
        let place = self.path_of(&intent.object);
        self.refuse_links(&place)?;
        let version = place.join(format!("v{}", intent.version)).join(INVENTORY_DIGEST);
        if fs::stamp(&version)?.is_none() {
            fs::remove_folder(&self.staging)?;
            return Ok(None);
        }
        fs::remove_leftovers(&place)?;
        self.complete(&intent)?;
        Ok(Some(intent))
    }

    /// Syncs all staged files, and the entry of the staging folder.
    fn sync_staging(&self) -> Result<(), FsError> {
        fs::sync_dir(&self.staging)?;
        self.staging.parent().map_or(Ok(()), fs::sync_folder)
    }

    /// Marks the write as finished.
    ///
    /// # Errors
    /// Fails if the staging folder cannot be emptied.
    pub fn finish(&self) -> Result<(), FsError> {
        fs::remove_folder(&self.staging)
    }

    /// Replaces the object's own inventory with that of a version in place.
    fn complete(&self, intent: &Intent) -> Result<(), StoreError> {
        let place = self.path_of(&intent.object);
        let version = place.join(format!("v{}", intent.version));
        for name in [INVENTORY, INVENTORY_DIGEST] {
            let path = version.join(name);
            let bytes = fs::read(&path, LIMIT)?;
            let bytes = bytes.ok_or(StoreError::Unreadable { path, reason: "too large" })?;
            if fs::read(&place.join(name), LIMIT)?.as_ref() != Some(&bytes) {
                fs::write_atomic(&place.join(name), &bytes)?;
            }
        }
        Ok(())
    }

    /// Lists the folders of all objects, and anything unexpected between the root and them.
    ///
    /// # Errors
    /// Fails if a folder cannot be listed.
    pub fn walk(&self) -> Result<StorageListing, FsError> {
        let mut walked = StorageListing::default();
        walk(&self.root, 0, &mut walked)?;
        Ok(walked)
    }
}

/// The topmost missing ancestor of a path, or the path itself.
fn highest_missing(place: &Path) -> &Path {
    let missing = |path: &&Path| !fs::is_folder(path);
    place.ancestors().take_while(missing).last().unwrap_or(place)
}

/// A version that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedVersion {
    pub version: u32,
    /// SHA-512 of the object's inventory.
    pub inventory: String,
}

/// Content of a storage root.
#[derive(Debug, Clone, Default)]
pub struct StorageListing {
    /// Folders of objects.
    pub objects: Vec<PathBuf>,
    /// Files that belong to no object, nor to the root itself.
    pub unexpected: Vec<PathBuf>,
}

const INTENT: &str = "intent.json";
/// Number of folder levels between the root and an object.
const DEPTH: usize = 3;

fn walk(folder: &Path, depth: usize, walked: &mut StorageListing) -> Result<(), FsError> {
    let mut empty = true;
    for found in fs::read_folder(folder)? {
        empty = false;
        let name = found.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let own = depth == 0
            && (name == "extensions" || root_files().iter().any(|(file, _)| *file == name));
        match (found.folder, depth) {
            _ if own => {}
            (true, DEPTH) => walked.objects.push(found.path),
            (true, _) => walk(&found.path, depth + 1, walked)?,
            (false, _) => walked.unexpected.push(found.path),
        }
    }
    if empty && depth > 0 {
        walked.unexpected.push(folder.to_owned());
    }
    Ok(())
}

/// The files of the root itself, with their content.
pub fn root_files() -> [(&'static str, String); 3] {
    let layout = serde_json::json!({
        "extension": LAYOUT,
        "description": "Objects by the first nine digits of the SHA-256 of their id, then by id",
    });
    let config = serde_json::json!({
        "extensionName": LAYOUT,
        "digestAlgorithm": "sha256",
        "tupleSize": 3,
        "numberOfTuples": 3,
    });
    [
        (ROOT_DECLARATION.0, ROOT_DECLARATION.1.to_owned()),
        ("ocfl_layout.json", format!("{layout:#}\n")),
        ("extensions/0003-hash-and-id-n-tuple-storage-layout/config.json", format!("{config:#}\n")),
    ]
}

/// The name of an object's folder: its id percent-encoded, cut after 100 characters and
/// followed by the digest.
fn encapsulate(object: &str, digest: &str) -> String {
    use std::fmt::Write;
    let mut name = String::new();
    for byte in object.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02x}");
        }
    }
    if name.len() > 100 { format!("{}-{digest}", &name[..100]) } else { name }
}
