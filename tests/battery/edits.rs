//! Kinds of edits that an attacker or a failing disk may make in a registry.

use std::fs;
use std::path::{Path, PathBuf};

use kirjuri::registry::log;
use serde_json::json;

use crate::chance::Chance;
use crate::database;
use crate::forgery;
use crate::objects::{self, Object};
use crate::tree::Tree;

/// A registry that is edited once.
pub struct Victim<'a> {
    pub registry: &'a Path,
    /// Its content.
    pub tree: &'a Tree,
    /// Its complete content at earlier times.
    pub older: &'a [Tree],
    pub chance: &'a mut Chance,
}

/// Describes the edit; `None` when it is impossible here.
type Edit = fn(&mut Victim<'_>) -> Option<String>;

/// A kind of edit.
pub struct Kind {
    pub name: &'static str,
    /// True when only a checkpoint can detect it: the registry is consistent.
    pub whole: bool,
    pub edit: Edit,
}

const fn kind(name: &'static str, edit: Edit) -> Kind {
    Kind { name, whole: false, edit }
}

const fn whole(name: &'static str, edit: Edit) -> Kind {
    Kind { name, whole: true, edit }
}

pub const KINDS: &[Kind] = &[
    kind("bit flipped, any file alike", bit_by_file),
    kind("bit flipped, large files more", bit_by_size),
    kind("tail cut off", cut),
    kind("bytes appended", append),
    kind("file deleted", delete),
    kind("file emptied", empty),
    kind("two files swapped", swap),
    kind("file renamed", rename),
    kind("file moved", move_away),
    kind("file of random bytes", scramble),
    kind("file added", stray_file),
    kind("folder added", stray_folder),
    kind("folder deleted", delete_folder),
    kind("folder renamed", rename_folder),
    kind("file left in staging", stray_staging),
    kind("write-ahead log left", stray_wal),
    kind("file hidden in lost+found", lost_and_found),
    kind("old index: forged", forge_old_index),
    kind("old index: bit flipped", flip_old_index),
    kind("old index: file added", add_to_old_index),
    kind("object: content, digests match", content),
    kind("object: content + sidecar", content_and_sidecar),
    kind("object: content + sidecar + index", content_sidecar_index),
    kind("object: file added", add_to_object),
    kind("object: last version taken out", shorten_object),
    kind("object: taken out", delete_object),
    kind("object: log copied", copy_log),
    kind("object: note changed", change_note),
    kind("object: note changed + index", change_note_index),
    kind("log: line taken out", log_shorter),
    kind("log: lines reordered", log_reordered),
    kind("log: lines reordered + index", log_reordered_index),
    kind("log: line doubled", log_doubled),
    kind("index: value changed", |v| in_index(v, database::update)),
    kind("index: row deleted", |v| in_index(v, database::delete)),
    kind("index: rows swapped", |v| in_index(v, database::swap)),
    kind("index: row forged", |v| in_index(v, database::insert)),
    kind("index: chain written anew", chain_anew),
    kind("index: title forged in the search", forge_search),
    whole("whole: older state", older),
    whole("whole: log written anew", log_anew),
    whole("whole: PDF forged, all written anew", forge_all),
];

impl<'a> Victim<'a> {
    fn path(&self, below: &Path) -> PathBuf {
        self.registry.join(below)
    }

    /// Any non-empty file.
    fn file(&mut self) -> &'a Path {
        let all: Vec<&Path> = self.filled().map(|(path, _)| path).collect();
        all[self.chance.below(all.len())]
    }

    fn filled(&self) -> impl Iterator<Item = (&'a Path, usize)> + use<'a> {
        self.tree.sizes().into_iter().filter(|(_, size)| *size > 0)
    }

    fn bytes(&self, file: &Path) -> &'a [u8] {
        &self.tree.files[file]
    }

    fn put(&self, file: &Path, bytes: &[u8]) {
        fs::write(self.path(file), bytes).unwrap();
    }

    fn folder(&mut self) -> Option<PathBuf> {
        let all: Vec<&PathBuf> = self.tree.folders.iter().collect();
        Some((*self.chance.pick_some(&all)?).clone())
    }

    fn object(&mut self, wanted: impl Fn(&Object) -> bool) -> Option<Object> {
        let mut all = objects::all(self.registry);
        all.retain(|object| wanted(object));
        self.chance.pick_some(&all).cloned()
    }

    fn document(&mut self) -> Option<Object> {
        self.object(|object| object.id().starts_with("kirjuri:document:"))
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn flip(victim: &mut Victim<'_>, file: &Path) -> Option<String> {
    let bytes = victim.chance.flipped(victim.bytes(file));
    victim.put(file, &bytes);
    let at = bytes.iter().zip(victim.bytes(file)).position(|(new, old)| new != old);
    Some(format!("{} at {}", shown(file), at.unwrap()))
}

fn bit_by_file(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    flip(victim, file)
}

fn bit_by_size(victim: &mut Victim<'_>) -> Option<String> {
    let total: usize = victim.filled().map(|(_, size)| size).sum();
    let mut at = victim.chance.below(total);
    for (file, size) in victim.filled() {
        if at < size {
            return flip(victim, file);
        }
        at -= size;
    }
    None
}

fn cut(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    let bytes = victim.bytes(file);
    let left = victim.chance.below(bytes.len());
    victim.put(file, &bytes[..left]);
    Some(format!("{} after {left}", shown(file)))
}

fn append(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    let count = 1 + victim.chance.below(20);
    let more = [vec![b'\n'], victim.chance.bytes(count)];
    let more = victim.chance.pick(&more).clone();
    victim.put(file, &[victim.bytes(file), &more].concat());
    Some(format!("{} + {more:?}", shown(file)))
}

fn delete(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    fs::remove_file(victim.path(file)).unwrap();
    Some(shown(file))
}

fn empty(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    victim.put(file, b"");
    Some(shown(file))
}

fn swap(victim: &mut Victim<'_>) -> Option<String> {
    let (first, second) = (victim.file(), victim.file());
    if victim.bytes(first) == victim.bytes(second) {
        return None;
    }
    victim.put(first, victim.bytes(second));
    victim.put(second, victim.bytes(first));
    Some(format!("{} and {}", shown(first), shown(second)))
}

fn moved(victim: &Victim<'_>, from: &Path, to: &Path) -> Option<String> {
    if victim.path(to).exists() {
        return None;
    }
    fs::rename(victim.path(from), victim.path(to)).unwrap();
    Some(format!("{} to {}", shown(from), shown(to)))
}

fn rename(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    let name = file.file_name().unwrap().to_str().unwrap();
    moved(victim, file, &file.with_file_name(format!("{name}~")))
}

fn move_away(victim: &mut Victim<'_>) -> Option<String> {
    let (file, folder) = (victim.file(), victim.folder()?);
    moved(victim, file, &folder.join(file.file_name().unwrap()))
}

fn scramble(victim: &mut Victim<'_>) -> Option<String> {
    let file = victim.file();
    let bytes = victim.chance.bytes(victim.bytes(file).len());
    (bytes != victim.bytes(file)).then(|| victim.put(file, &bytes))?;
    Some(shown(file))
}

/// A new path in the registry or one of its folders.
fn new_path(victim: &mut Victim<'_>) -> PathBuf {
    let folder = if victim.chance.below(5) == 0 { None } else { victim.folder() };
    let names = ["x", ".hidden", "v9", "inventory.json~", "Thumbs.db", "metadata2.json"];
    folder.unwrap_or_default().join(victim.chance.pick(&names))
}

fn stray_file(victim: &mut Victim<'_>) -> Option<String> {
    let path = new_path(victim);
    let count = victim.chance.below(10);
    let bytes = victim.chance.bytes(count);
    victim.put(&path, &bytes);
    Some(shown(&path))
}

fn stray_folder(victim: &mut Victim<'_>) -> Option<String> {
    let path = new_path(victim);
    fs::create_dir(victim.path(&path)).unwrap();
    Some(shown(&path))
}

fn delete_folder(victim: &mut Victim<'_>) -> Option<String> {
    // an old index may be removed
    let folder = victim.folder().filter(|folder| !folder.starts_with(OLD_INDEX))?;
    fs::remove_dir_all(victim.path(&folder)).unwrap();
    Some(shown(&folder))
}

fn rename_folder(victim: &mut Victim<'_>) -> Option<String> {
    let folder = victim.folder()?;
    let name = format!("{}0", folder.file_name().unwrap().to_str().unwrap());
    moved(victim, &folder, &folder.with_file_name(name))
}

fn stray_staging(victim: &mut Victim<'_>) -> Option<String> {
    let name = *victim.chance.pick(&["staging", "staging/x", "staging/object/v1/x"]);
    fs::create_dir_all(victim.path(Path::new(name)).parent().unwrap()).unwrap();
    victim.put(Path::new(name), b"x");
    Some(name.to_owned())
}

fn stray_wal(victim: &mut Victim<'_>) -> Option<String> {
    let bytes = victim.chance.bytes(4096);
    victim.put(Path::new("registry.sqlite3-wal"), &bytes);
    Some("registry.sqlite3-wal".to_owned())
}

/// The index that was replaced when the sample was made.
const OLD_INDEX: &str = "old-index-1";

fn lost_and_found(victim: &mut Victim<'_>) -> Option<String> {
    let name = *victim.chance.pick(&["lost+found", "lost+found/#12", "lost+found/x/y"]);
    let path = victim.path(Path::new(name));
    if name == "lost+found" {
        fs::create_dir(path).unwrap();
    } else {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        victim.put(Path::new(name), b"x");
    }
    Some(name.to_owned())
}

fn forge_old_index(victim: &mut Victim<'_>) -> Option<String> {
    let name = format!("old-index-{}", 2 + victim.chance.below(90));
    fs::create_dir(victim.path(Path::new(&name))).unwrap();
    let forged: &[u8] = match victim.chance.below(3) {
        0 => victim.bytes(Path::new("registry.sqlite3")),
        1 => b"SQLite format 3\0 or not",
        _ => b"",
    };
    victim.put(&Path::new(&name).join("registry.sqlite3"), forged);
    Some(name)
}

fn flip_old_index(victim: &mut Victim<'_>) -> Option<String> {
    let file = Path::new(OLD_INDEX).join("registry.sqlite3");
    flip(victim, &file)
}

fn add_to_old_index(victim: &mut Victim<'_>) -> Option<String> {
    let names = ["x", "registry.sqlite3-journal", "registry.sqlite3.new", "registry.sqlite3-wal"];
    let path = Path::new(OLD_INDEX).join(victim.chance.pick(&names));
    victim.put(&path, b"x");
    Some(shown(&path))
}

/// Content of an object with one bit changed.
fn changed_content(victim: &mut Victim<'_>, object: &Object) -> Option<(String, Vec<u8>)> {
    let own = |path: &String| path.ends_with("metadata.json") || path.ends_with("log.jsonl");
    let mut content = object.content();
    content.retain(|path| !own(path) && !object.bytes(path).is_empty());
    let path = victim.chance.pick_some(&content)?.clone();
    let bytes = victim.chance.flipped(&object.bytes(&path));
    Some((path, bytes))
}

fn content(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.object(|_| true)?;
    let content = object.content();
    let path = victim.chance.pick(&content).clone();
    let bytes = match object.bytes(&path) {
        old if old.is_empty() => b"x".to_vec(),
        old => victim.chance.flipped(&old),
    };
    object.replace(&path, &bytes);
    object.save();
    Some(format!("{} of {}", path, object.id()))
}

fn content_and_sidecar(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.document()?;
    let (path, bytes) = changed_content(victim, &object)?;
    forgery::replace_and_say(&mut object, &path, &bytes);
    Some(format!("{} of {}", path, object.id()))
}

fn content_sidecar_index(victim: &mut Victim<'_>) -> Option<String> {
    let what = content_and_sidecar(victim)?;
    forgery::tell_index(victim.registry);
    Some(what)
}

fn add_to_object(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.object(|_| true)?;
    let bytes = victim.chance.bytes(20);
    object.add("added.txt", &bytes);
    object.save();
    Some(object.id().to_owned())
}

fn shorten_object(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.object(|object| object.versions() > 1)?;
    object.shorten();
    object.save();
    Some(object.id().to_owned())
}

fn delete_object(victim: &mut Victim<'_>) -> Option<String> {
    let object = victim.object(|_| true)?;
    fs::remove_dir_all(&object.path).unwrap();
    // empty parent folders are removed too
    for above in object.path.ancestors().skip(1).take(3) {
        if fs::remove_dir(above).is_err() {
            break;
        }
    }
    Some(object.id().to_owned())
}

fn copy_log(victim: &mut Victim<'_>) -> Option<String> {
    let object = victim.object(Object::is_log)?;
    let copy = object.copied(victim.registry, "kirjuri:log-999999999");
    copy.save();
    Some(object.id().to_owned())
}

fn change_note(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.object(|_| true)?;
    let version = format!("v{}", 1 + victim.chance.below(object.versions()));
    let note = &mut object.inventory["versions"][&version];
    let changes = [
        ("created", json!("2001-01-01T00:00:00Z")),
        ("message", json!("nothing")),
        ("user", json!({ "name": "nobody", "address": "mailto:nobody@example.org" })),
    ];
    let (field, value) = victim.chance.pick(&changes).clone();
    note[field] = value;
    object.save();
    Some(format!("{field} of {version} of {}", object.id()))
}

fn change_note_index(victim: &mut Victim<'_>) -> Option<String> {
    let what = change_note(victim)?;
    forgery::tell_index(victim.registry);
    Some(what)
}

/// Changes the lines of a log segment with a minimum number of lines.
fn edit_log(
    victim: &mut Victim<'_>,
    least: usize,
    change: impl Fn(&mut Vec<String>, &mut Chance),
) -> Option<String> {
    let lines_of = |object: &Object, version: usize| {
        let path = object.place(version, "log.jsonl")?;
        let text = String::from_utf8(object.bytes(&path)).unwrap();
        Some((path, text.lines().map(str::to_owned).collect::<Vec<_>>()))
    };
    let mut pieces = Vec::new();
    for object in objects::all(victim.registry) {
        for version in 1..=object.versions() {
            if lines_of(&object, version).is_some_and(|(_, lines)| lines.len() >= least) {
                pieces.push((object.clone(), version));
            }
        }
    }
    let (mut object, version) = victim.chance.pick_some(&pieces)?.clone();
    let (path, old) = lines_of(&object, version)?;
    let mut lines = old.clone();
    change(&mut lines, victim.chance);
    if lines == old {
        return None;
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    object.replace(&path, text.as_bytes());
    object.save();
    Some(format!("{path} of {}", object.id()))
}

fn log_shorter(victim: &mut Victim<'_>) -> Option<String> {
    edit_log(victim, 1, |lines, chance| drop(lines.remove(chance.below(lines.len()))))
}

fn log_reordered(victim: &mut Victim<'_>) -> Option<String> {
    edit_log(victim, 2, |lines, chance| {
        let (first, second) = (chance.below(lines.len()), chance.below(lines.len()));
        lines.swap(first, second);
    })
}

fn log_reordered_index(victim: &mut Victim<'_>) -> Option<String> {
    let what = log_reordered(victim)?;
    forgery::tell_index(victim.registry);
    Some(what)
}

fn log_doubled(victim: &mut Victim<'_>) -> Option<String> {
    edit_log(victim, 1, |lines, chance| {
        let at = chance.below(lines.len());
        lines.insert(at, lines[at].clone());
    })
}

fn in_index(
    victim: &mut Victim<'_>,
    edit: fn(&rusqlite::Connection, &mut Chance) -> Option<String>,
) -> Option<String> {
    database::edit(victim.registry, |db| edit(db, victim.chance))
}

fn forge_search(victim: &mut Victim<'_>) -> Option<String> {
    database::edit(victim.registry, |db| {
        db.execute("INSERT INTO search (rowid, title) VALUES (1, 'Something else')", []).unwrap();
    });
    Some("the first version".to_owned())
}

/// The sequence number of any entry.
fn some_entry(victim: &mut Victim<'_>) -> u64 {
    let count = forgery::entries(victim.registry).len();
    victim.chance.below(count) as u64 + 1
}

/// A change that no other table reveals.
fn another_time(sequence: u64) -> impl FnMut(&mut log::LogEntry) {
    move |entry| {
        if entry.sequence == sequence {
            entry.time = kirjuri::model::Moment::from_unix(1).unwrap();
        }
    }
}

fn chain_anew(victim: &mut Victim<'_>) -> Option<String> {
    let sequence = some_entry(victim);
    forgery::rewrite_index_log(victim.registry, another_time(sequence));
    Some(format!("entry {sequence}"))
}

fn older(victim: &mut Victim<'_>) -> Option<String> {
    let at = victim.chance.below(victim.older.len());
    victim.older[at].put(victim.registry);
    Some(format!("state {at}"))
}

fn log_anew(victim: &mut Victim<'_>) -> Option<String> {
    let sequence = some_entry(victim);
    // times are also in the objects; a detail is only in the log
    let change = move |entry: &mut log::LogEntry| {
        if entry.sequence == sequence {
            entry.detail.insert("forged".into(), "yes".into());
        }
    };
    forgery::rewrite_everything(victim.registry, change);
    Some(format!("entry {sequence}"))
}

fn forge_all(victim: &mut Victim<'_>) -> Option<String> {
    let mut object = victim.document()?;
    let mut content = object.content();
    content.retain(|path| path.ends_with(".pdf"));
    let path = victim.chance.pick_some(&content)?.clone();
    let bytes = [object.bytes(&path), b"% forged\n".to_vec()].concat();
    forgery::replace_and_say(&mut object, &path, &bytes);
    forgery::rewrite_everything(victim.registry, forgery::register_anew(&object));
    Some(format!("{path} of {}", object.id()))
}
