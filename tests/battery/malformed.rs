//! Battery `malformed`: records with many kinds of faults, a few hundred in a folder.
//! Each must be refused at its position, none may crash the program, and valid records
//! are issued.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::desk::{Desk, small};
use crate::kills::plan;
use crate::tree::Tree;
use crate::{is_broken, number};

/// Default number of malformed records.
const RECORDS: u64 = 300;
/// Number of records in a folder.
const IN_FOLDER: u64 = 300;
/// Valid records in the same folder.
const NEIGHBOURS: usize = 2;
/// Maximum number of failures shown.
const SHOWN: usize = 10;
/// Placeholder for a fault.
const MARK: &str = "\"@@mark@@\"";
/// Fields with enumerated values.
const WORDS: [&str; 6] = ["kind", "status", "language", "mode", "publicity", "sector"];

/// Invalid UTF-8.
const NOT_UTF8: [&[u8]; 4] = [&[0xFF], &[0xC3, 0x28], &[0xED, 0xA0, 0x80], &[0x80]];

/// A kind of fault.
struct Kind {
    name: &'static str,
    /// True when every record of this kind must be refused.
    always: bool,
    edit: fn(&mut Chance, &Value) -> Option<Vec<u8>>,
}

const fn kind(
    name: &'static str,
    always: bool,
    edit: fn(&mut Chance, &Value) -> Option<Vec<u8>>,
) -> Kind {
    Kind { name, always, edit }
}

const KINDS: &[Kind] = &[
    kind("characters deleted", false, deleted),
    kind("brackets swapped", false, swapped),
    kind("characters put in", false, put_in),
    kind("cut short", true, cut),
    kind("something behind the end", true, |_, record| {
        Some([text(record).as_bytes(), b"}"].concat())
    }),
    kind("wrong types", true, |chance, record| marked(chance, record, |_| "[[true]]".into())),
    kind("huge numbers", true, |chance, record| marked(chance, record, huge)),
    kind("deep nesting", true, |chance, record| marked(chance, record, deep)),
    kind("wrong words", true, wrong_word),
    kind("unknown fields", true, unknown),
    kind("fields twice", true, twice),
    kind("bad UTF-8", true, bad_utf8),
    kind("other encodings", true, encoded),
    kind("random bytes", true, |chance, _| {
        let count = 1 + chance.below(2000);
        Some(chance.bytes(count))
    }),
];

/// Result of one malformed record.
struct Done {
    kind: usize,
    refused: bool,
    failure: Option<String>,
}

/// Malforms the records; true when each was refused.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let count = number("KIRJURI_MALFORMED", RECORDS);
    let samples = samples();
    let (mut done, mut failures) = (Vec::new(), Vec::new());
    for first in (0..count).step_by(usize::try_from(IN_FOLDER).unwrap()) {
        let numbers = first..(first + IN_FOLDER).min(count);
        done.extend(folder(&samples, seed, numbers, &mut failures));
    }
    println!("{:30}{:>8}{:>8}{:>8}", "kind", "records", "refused", "valid");
    for (at, kind) in KINDS.iter().enumerate() {
        let own: Vec<&Done> = done.iter().filter(|done| done.kind == at).collect();
        let refused = own.iter().filter(|done| done.refused).count();
        println!("{:30}{:>8}{refused:>8}{:>8}", kind.name, own.len(), own.len() - refused);
    }
    failures.extend(done.iter().filter_map(|done| done.failure.clone()));
    for failure in failures.iter().take(SHOWN) {
        println!("FAILED {}", failure.chars().take(400).collect::<String>());
    }
    let failed = failures.len();
    println!("malformed: {count} records, {failed} failures, {:.1?}", started.elapsed());
    failures.is_empty()
}

/// The valid originals.
fn samples() -> Vec<Value> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("records");
    let trees = [Tree::of(&repository), Tree::of(&small())];
    let files = trees.iter().flat_map(|tree| &tree.files);
    let records = files.filter(|(path, _)| path.extension().is_some_and(|end| end == "json"));
    records.map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect()
}

/// Writes malformed records into a folder and checks it.
fn folder(
    samples: &[Value],
    seed: u64,
    numbers: std::ops::Range<u64>,
    failures: &mut Vec<String>,
) -> Vec<Done> {
    let desk = Desk::plain("");
    for at in 0..NEIGHBOURS {
        let id = format!("neighbour-{at}");
        desk.write(&format!("records/{id}.json"), serde_json::to_vec(&plan(&id)).unwrap());
    }
    let mut files = BTreeMap::<String, (usize, Vec<u8>)>::new();
    for at in numbers {
        let mut chance = Chance::of(seed, at);
        let (kind, bytes) = one(samples, at, &mut chance);
        let file = format!("records/m{at:06}.json");
        desk.write(&file, &bytes);
        files.insert(file, (kind, bytes));
    }
    let ran = desk.run(&["check", "--format", "json"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    if !matches!(ran.code, Some(0 | 1)) || !answer.is_object() {
        failures.push(format!("check: exit {:?}: {}", ran.code, ran.stderr));
    }
    let mut places = BTreeMap::<&str, Vec<&Value>>::new();
    for problem in answer["problems"].as_array().into_iter().flatten() {
        let file = problem["file"].as_str().unwrap_or_default();
        places.entry(file).or_default().push(problem);
    }
    let built = desk.run(&["build"]);
    let issued = |at: usize| {
        let line = format!("neighbour-{at}-measures.pdf: issued,");
        built.stdout.contains(&line)
    };
    if !matches!(built.code, Some(0 | 1)) || !(0..NEIGHBOURS).all(issued) {
        failures.push(format!("build: exit {:?}: {}", built.code, built.stdout));
    }
    let look = |(file, (kind, bytes)): (&String, &(usize, Vec<u8>))| {
        let problems = places.get(file.as_str()).map(Vec::as_slice).unwrap_or_default();
        let (refused, failure) = judge(file, &KINDS[*kind], bytes, problems);
        Done { kind: *kind, refused, failure }
    };
    files.iter().map(look).collect()
}

/// One malformed record, and its fault.
fn one(samples: &[Value], at: u64, chance: &mut Chance) -> (usize, Vec<u8>) {
    loop {
        let mut record = chance.pick(samples).clone();
        record["id"] = format!("m{at:06}").into();
        let kind = chance.below(KINDS.len());
        if is_broken() && at == 0 {
            // this one is valid
            return (KINDS.len() - 1, text(&plan("m000000")).into_bytes());
        }
        if let Some(bytes) = (KINDS[kind].edit)(chance, &record) {
            return (kind, bytes);
        }
    }
}

/// Whether a record was refused, and what is wrong with its messages.
fn judge(file: &str, kind: &Kind, bytes: &[u8], problems: &[&Value]) -> (bool, Option<String>) {
    let fault = |what: &str| {
        let start: String = String::from_utf8_lossy(bytes).chars().take(300).collect();
        Some(format!("{file}, {}: {what}: {start:?} {problems:?}", kind.name))
    };
    if kirjuri::intake::parse(&PathBuf::from(file), bytes).is_ok() {
        let json = serde_json::from_slice::<Value>(bytes).is_ok();
        let luck = json && !kind.always;
        return (false, if luck { None } else { fault("it was taken") });
    }
    let mut errors = problems.iter().filter(|problem| problem["severity"] == "error").peekable();
    if errors.peek().is_none() {
        return (true, fault("nothing is said of it"));
    }
    // a fault of the whole file has no line
    let whole = |problem: &Value| {
        problem["rule"]
            .as_str()
            .is_some_and(|rule| rule.starts_with("file-") && rule != "file-utf8")
    };
    let placed =
        errors.all(|problem| whole(problem) || problem["line"].as_u64().is_some_and(|at| at > 0));
    (true, if placed { None } else { fault("no line is named") })
}

fn text(record: &Value) -> String {
    serde_json::to_string_pretty(record).unwrap()
}

/// Character boundaries.
fn begins(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).collect()
}

fn deleted(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let mut text = text(record);
    for _ in 0..=chance.below(8) {
        let at = *chance.pick(&begins(&text));
        text.remove(at);
    }
    Some(text.into_bytes())
}

fn swapped(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let mut text = text(record);
    let brackets: Vec<usize> = text.match_indices(['{', '}', '[', ']']).map(|(at, _)| at).collect();
    let at = *chance.pick(&brackets);
    let other = *chance.pick(&["{", "}", "[", "]", "(", "<"]);
    (text[at..=at] != *other).then(|| text.replace_range(at..=at, other))?;
    Some(text.into_bytes())
}

fn put_in(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let mut text = text(record);
    let at = *chance.pick(&begins(&text));
    let pieces =
        ["\"", "\\", ",", ":", "\u{0}", "\u{202E}", "\u{FEFF}", "// x\n", "'", "null", "😀"];
    text.insert_str(at, chance.pick::<&str>(&pieces));
    Some(text.into_bytes())
}

fn cut(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let text = text(record);
    let at = *chance.pick(&begins(&text));
    Some(text.as_bytes()[..at].to_vec())
}

/// Replaces a random scalar value.
fn marked(chance: &mut Chance, record: &Value, make: fn(&mut Chance) -> String) -> Option<Vec<u8>> {
    let mut record = record.clone();
    let mut leaves = Vec::new();
    paths(&record, String::new(), &mut leaves);
    let leaf = chance.pick(&leaves);
    *record.pointer_mut(leaf)? = json!("@@mark@@");
    Some(text(&record).replacen(MARK, &make(chance), 1).into_bytes())
}

/// Pointers to all scalar values.
fn paths(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                paths(value, format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                paths(value, format!("{path}/{at}"), found);
            }
        }
        _ => found.push(path),
    }
}

fn huge(chance: &mut Chance) -> String {
    let digits = "9".repeat(20 + chance.below(400));
    chance.pick(&[digits.clone(), format!("-{digits}"), "1e999".into(), "1e-9".into()]).clone()
}

fn deep(chance: &mut Chance) -> String {
    let depth = *chance.pick(&[20, 127, 128, 1000, 100_000]);
    let (open, close) = *chance.pick(&[("[", "]"), ("{\"a\":", "}")]);
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

fn wrong_word(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let mut record = record.clone();
    let mut leaves = Vec::new();
    paths(&record, String::new(), &mut leaves);
    leaves.retain(|path| WORDS.iter().any(|word| path.ends_with(&format!("/{word}"))));
    *record.pointer_mut(chance.pick_some(&leaves)?)? = "nonsense".into();
    Some(text(&record).into_bytes())
}

fn unknown(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let text = text(record);
    let objects: Vec<usize> = text.match_indices("{\n").map(|(at, _)| at + 1).collect();
    let at = *chance.pick_some(&objects)?;
    Some(format!("{}\"surplus\": [[1]],{}", &text[..at], &text[at..]).into_bytes())
}

fn twice(_: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    Some(text(record).replacen('{', "{\"id\": \"other\",", 1).into_bytes())
}

fn bad_utf8(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let text = text(record);
    let at = *chance.pick(&begins(&text));
    let bad = *chance.pick(&NOT_UTF8);
    Some([&text.as_bytes()[..at], bad, &text.as_bytes()[at..]].concat())
}

fn encoded(chance: &mut Chance, record: &Value) -> Option<Vec<u8>> {
    let text = text(record);
    let wide = || text.encode_utf16();
    Some(match chance.below(4) {
        0 => [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat(),
        1 => wide().flat_map(u16::to_le_bytes).collect(),
        2 => wide().flat_map(u16::to_be_bytes).collect(),
        _ => [0xFF, 0xFE].into_iter().chain(wide().flat_map(u16::to_le_bytes)).collect(),
    })
}
