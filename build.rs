//! Prepares at build time what would otherwise be done at every start: a list of
//! the built-in templates with their digests for `src/bundle.rs`, and tables of
//! labels and messages for `src/locale/built_in.rs`.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a build script fails loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;
use sha2::Digest as _;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=src/messages");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let write = |name, text: String| fs::write(out.join(name), text).expect("it can be written");
    write("built_in.rs", templates(&root));
    write("words.rs", words(&root));
}

/// The templates in the order of their names, and the digests of all of them and
/// of those that decide the look of every document.
fn templates(root: &Path) -> String {
    let mut files = BTreeMap::new();
    collect(&root.join("templates"), "", &mut files);
    let mut list = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    for (name, (path, _)) in &files {
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),").expect("memory");
    }
    let all = digest(files.iter());
    let design = digest(files.iter().filter(|(name, _)| is_design(name)));
    writeln!(list, "];\nconst ALL: &str = {all:?};\nconst DESIGN: &str = {design:?};")
        .expect("memory");
    list
}

/// Labels and messages of each language, sorted by their dotted keys.
fn words(root: &Path) -> String {
    let mut tables = String::new();
    for folder in ["templates/labels", "src/messages"] {
        for language in ["fi", "sv", "en"] {
            let path = root.join(folder).join(format!("{language}.json"));
            let text = fs::read_to_string(&path).expect("the words are there");
            let tree = serde_json::from_str(&text).expect("the words are JSON");
            let mut words = BTreeMap::new();
            flatten(String::new(), &tree, &mut words);
            let kind = folder.rsplit('/').next().unwrap_or_default();
            let name = format!("{kind}_{language}").to_uppercase();
            writeln!(tables, "static {name}: &[(&str, &str)] = &[").expect("memory");
            for (key, text) in words {
                writeln!(tables, "    ({key:?}, {text:?}),").expect("memory");
            }
            tables.push_str("];\n");
        }
    }
    tables
}

fn flatten(key: String, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => drop(into.insert(key, text.clone())),
        Value::Object(map) => map.iter().for_each(|(name, value)| {
            let child = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            flatten(child, value, into);
        }),
        _ => panic!("`{key}` must be a text, or an object of texts"),
    }
}

type Files = BTreeMap<String, (PathBuf, Vec<u8>)>;

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("the templates are there") {
        let path = entry.expect("the templates can be listed").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            let bytes = fs::read(&path).expect("the templates can be read");
            files.insert(name, (path, bytes));
        }
    }
}

/// As `Bundle::design_digest` chooses them.
fn is_design(name: &str) -> bool {
    name == "theme.json" || ![".hbs", ".json", ".txt"].iter().any(|end| name.ends_with(end))
}

/// As `Digest::of_parts` makes it of names and contents.
fn digest<'a>(files: impl Iterator<Item = (&'a String, &'a (PathBuf, Vec<u8>))>) -> String {
    let mut hasher = sha2::Sha256::new();
    for (name, (_, bytes)) in files {
        for part in [name.as_bytes(), bytes] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
