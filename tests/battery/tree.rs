//! `Tree`: a folder in memory, for undoing changes. The lock file at its top is ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders by their path in the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    pub folders: BTreeSet<PathBuf>,
}

const LOCK: &str = ".lock";

impl Tree {
    /// Reads a folder.
    pub fn of(root: &Path) -> Self {
        let mut tree = Self::default();
        tree.add(root, Path::new(""));
        tree
    }

    fn add(&mut self, root: &Path, below: &Path) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                self.folders.insert(path.clone());
                self.add(root, &path);
            } else if path != Path::new(LOCK) {
                self.files.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }

    /// Restores a folder; returns the number of paths that differed.
    pub fn put(&self, root: &Path) -> usize {
        let there = Self::of(root);
        let mut differed = 0;
        for path in there.files.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(root.join(path)).unwrap();
            differed += 1;
        }
        for path in there.folders.iter().rev().filter(|path| !self.folders.contains(*path)) {
            fs::remove_dir(root.join(path)).unwrap();
            differed += 1;
        }
        for path in self.folders.difference(&there.folders) {
            fs::create_dir_all(root.join(path)).unwrap();
            differed += 1;
        }
        for (path, bytes) in &self.files {
            if there.files.get(path) != Some(bytes) {
                fs::write(root.join(path), bytes).unwrap();
                differed += 1;
            }
        }
        differed
    }

    /// Every file with its size.
    pub fn sizes(&self) -> Vec<(&Path, usize)> {
        self.files.iter().map(|(path, bytes)| (path.as_path(), bytes.len())).collect()
    }
}
