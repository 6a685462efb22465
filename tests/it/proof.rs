//! Registry: settings, numbering, files and log, verification, rebuilding and recovery.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::desk::{Desk, walk};
use crate::registry::{
    CONFIG, NEXT_DAY, NEXT_YEAR, NOW, at, built, correct, listed, numbers, office, own_templates,
    shown,
};

#[test]
fn the_registry_is_separate_and_follows_its_settings() {
    let desk = office();
    for folder in ["records/registry", "output/registry", "templates/registry", "output", "."] {
        let with = format!("folder = \"{folder}\"\nchecker =");
        desk.write("kirjuri.toml", CONFIG.replace("checker =", &with));
        at(&desk, NOW, "build").exits(2).complains("must not be inside each other");
    }
    for (from, to, said) in [
        ("checker =", "colour = 1\nchecker =", "there is no setting `colour`"),
        ("T-{year}-{number:3}", "T-{year}", "`{number}`"),
        ("T-{year}-{number:3}", "T-{number}", "`{year}`"),
        ("T-{year}-{number:3}", "T-{month}-{number}", "the pattern may contain"),
        ("T-{year}-{number:3}", "T {year}-{number}", "letters, digits"),
        ("checker = \"Registry office\"", "", "`registry.checker` is missing"),
        ("permanent = true", "permanent = true, years = 10", "either `years` or `permanent"),
        ("[registry.all]", "[registry.memos]", "there is no setting `memos`"),
    ] {
        assert!(CONFIG.contains(from), "{from}");
        desk.write("kirjuri.toml", CONFIG.replace(from, to));
        at(&desk, NOW, "build").exits(2).complains("kirjuri.toml").complains(said);
    }
    assert!(desk.pdfs().is_empty() && !desk.path("registry").exists());
}

#[test]
fn without_settings_for_it_nothing_is_registered() {
    let desk = Desk::fixture("small");
    let run = at(&desk, NOW, "build").exits(0);
    assert!(!run.stdout.contains("no. ") && !desk.path("registry").exists());
    assert!(!desk.pdf("talks-north-memo").says("Register number"));
    desk.replace("records/north.json", "Meeting places", "Reading places");
    at(&desk, NOW, "build").exits(0);
    assert!(desk.pdf("talks-north-memo").says("Reading places"));
    at(&desk, NOW, "build --web").exits(2).complains("[registry]");
    at(&desk, NOW, "registry list").exits(2).complains("there is no registry");
}

#[test]
fn a_reserved_number_is_used_the_same_year_or_voided_with_a_reason() {
    for (day, used) in [(NOW, true), (NEXT_DAY, true), (NEXT_YEAR, false)] {
        let desk = office();
        desk.template("summary.typ.hbs");
        let broken = desk.read("templates/summary.typ.hbs") + "\n#panic(\"broken\")\n";
        desk.write("templates/summary.typ.hbs", broken);
        at(&desk, NOW, "build").exits(1).complains("broken");
        let given = numbers(&desk);
        assert!(given.len() == 5 && !given.contains_key("talks-summary"));
        let free = (1..=6).map(|n| format!("T-2025-00{n}"));
        let free = free.into_iter().find(|number| given.values().all(|g| g != number)).unwrap();
        at(&desk, NOW, "registry verify").exits(0);
        desk.template("summary.typ.hbs");
        at(&desk, day, "build").exits(0);
        let summary = numbers(&desk)["talks-summary"].clone();
        assert_eq!(summary, if used { free.as_str() } else { "T-2026-001" });
        at(&desk, day, "registry verify").exits(0);
        let voided = log(&desk).into_iter().filter(|entry| entry["event"] == "voided");
        let voided: Vec<Value> = voided.collect();
        assert_eq!(voided.len(), usize::from(!used), "{voided:?}");
        assert!(voided.iter().all(|entry| entry["number"] == *free && reason(entry).len() > 20));
    }
}

#[test]
fn an_intact_registry_has_no_findings() {
    let desk = built();
    let run = at(&desk, NOW, "registry verify").exits(0);
    assert!(
        run.stdout.contains("versions 6") && run.stdout.contains("Findings 0"),
        "{}",
        run.stdout
    );
    // the verification is logged, unless this is turned off
    let looked = |entry: &Value| entry["event"] == "verified";
    assert_eq!(log(&desk).iter().filter(|entry| looked(entry)).count(), 1);
    at(&desk, NOW, "registry verify --no-log").exits(0);
    assert_eq!(log(&desk).iter().filter(|entry| looked(entry)).count(), 1);
}

#[test]
fn damage_to_an_archived_file_is_named_with_its_document() {
    for (file, harm) in [
        ("talks-north-memo.pdf", "is damaged or was changed"),
        ("talks-north.json", "is damaged or was changed"),
        ("talks-north-memo.pdf", "is missing"),
    ] {
        let desk = built();
        let name = archived(&desk, "talks-north-memo/v1/", file);
        if harm == "is missing" {
            desk.remove(&name);
        } else {
            let mut bytes = desk.bytes(&name);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            desk.write(&name, bytes);
        }
        let run = at(&desk, NOW, "registry verify").exits(1);
        let line = run.stdout.lines().find(|line| line.ends_with(harm)).expect(&run.stdout);
        assert!(line.starts_with("talks-north-memo, version 1: ") && line.contains(file), "{line}");
        assert!(run.stdout.contains("Findings 1"), "{}", run.stdout);
    }
}

#[test]
fn a_damaged_pdf_is_not_copied() {
    let desk = built();
    let name = archived(&desk, "talks-north-memo/v1/", "talks-north-memo.pdf");
    desk.write(&name, "junk").remove("output/talks-north-memo.pdf");
    let run = at(&desk, NOW, "build").exits(1).complains("error[registry-unreadable]");
    run.complains("kirjuri registry verify");
    at(&desk, NOW, "registry get talks-north-memo --to got").exits(2).complains("is damaged");
    at(&desk, NOW, "registry export --to out/bag").exits(2).complains("is damaged");
    assert!(!desk.path("output/talks-north-memo.pdf").exists());
    assert!(!desk.path("got/talks-north-memo_v1.pdf").exists() && !desk.path("out/bag").exists());
    at(&desk, NOW, "registry get talks-south-memo --to got").exits(0);
}

#[test]
fn files_that_are_not_the_registrys_are_named() {
    let desk = built();
    let among = archived(&desk, "talks-north-memo/v1/", "talks-north-memo.pdf") + ".old";
    desk.write("registry/note.txt", "x").write(&among, "y");
    let run = at(&desk, NOW, "registry verify").exits(1);
    for stray in ["registry/note.txt", "talks-north-memo.pdf.old"] {
        assert!(run.stdout.contains(&format!("{stray} does not belong")), "{}", run.stdout);
    }
}

#[test]
fn an_edited_index_is_detected_even_with_a_new_seal() {
    let desk = built();
    let bytes = desk.bytes("registry/registry.sqlite3");
    let (title, other) = (b"Talks 2025: Alder and Birch", b"Talks 2025: Alder and Cedar");
    let at_byte = bytes.windows(title.len()).position(|part| part == title).unwrap();
    let edited = [&bytes[..at_byte], other, &bytes[at_byte + title.len()..]].concat();
    desk.write("registry/registry.sqlite3", &edited);
    let run = at(&desk, NOW, "registry verify").exits(1);
    assert!(run.stdout.contains("was changed outside the program"), "{}", run.stdout);
    let digest = digest(&edited);
    desk.write("registry/registry.sqlite3.sha256", format!("{digest}  registry.sqlite3\n"));
    let run = at(&desk, NOW, "registry verify").exits(1);
    assert!(run.stdout.contains("differs from the files: issue"), "{}", run.stdout);
    assert!(run.stdout.contains("Alder and Cedar"), "{}", run.stdout);
    at(&desk, NOW, "registry recover").exits(0);
    at(&desk, NOW, "registry verify").exits(0);
    assert_eq!(
        shown(&desk, "talks-north-memo")[0]["metadata"]["title"],
        "Talks 2025: Alder and Birch"
    );
}

#[test]
fn every_pdf_can_be_rebuilt_from_the_archive() {
    let desk = office();
    own_templates(&desk);
    at(&desk, NOW, "build --web").exits(0);
    std::fs::remove_dir_all(desk.path("templates")).unwrap();
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(0);
    for folder in ["records", "output"] {
        std::fs::remove_dir_all(desk.path(folder)).unwrap();
    }
    let run = at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    // six with a copy for the web each, and a correction
    assert!(run.stdout.contains("Rebuilt: identical 13,"), "{}", run.stdout);
    assert!(run.stdout.contains("Findings 0"), "{}", run.stdout);
}

#[test]
fn a_registry_set_back_to_an_older_copy_fails_its_checkpoint() {
    let desk = office();
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    at(&desk, NOW, "build").exits(0);
    copy(&desk, "registry", "backup");
    desk.edit("records/north.json", |north| north["status"] = json!("final"));
    at(&desk, NEXT_DAY, "build").exits(0);
    at(&desk, NEXT_DAY, "registry checkpoint --to c.note").exits(0);
    at(&desk, NEXT_DAY, "registry verify --checkpoint c.note").exits(0);
    // later additions do not matter
    correct(&desk, "plan", 2, |plan| plan["measures"][0]["title"] = json!("A housing team"));
    at(&desk, NEXT_DAY, "build").exits(0);
    at(&desk, NEXT_DAY, "registry verify --checkpoint c.note").exits(0);
    std::fs::remove_dir_all(desk.path("registry")).unwrap();
    copy(&desk, "backup", "registry");
    at(&desk, NEXT_DAY, "registry verify").exits(0);
    let run = at(&desk, NEXT_DAY, "registry verify --checkpoint c.note").exits(1);
    assert!(run.stdout.contains("does not agree with the checkpoint"), "{}", run.stdout);
}

#[test]
fn a_changed_checkpoint_is_refused() {
    let desk = built();
    at(&desk, NOW, "registry checkpoint --to c.note").exits(0);
    let note = desk.read("c.note");
    let lines: Vec<&str> = note.lines().collect();
    for (line, with) in [(1, "3"), (2, &"0".repeat(64)), (3, "2025-11-24T17:00:00Z")] {
        desk.write("d.note", note.replacen(lines[line], with, 1));
        let run = at(&desk, NOW, "registry verify --checkpoint d.note").exits(2);
        run.complains("changed after it was signed");
    }
    desk.write("d.note", "not a checkpoint");
    at(&desk, NOW, "registry verify --checkpoint d.note")
        .exits(2)
        .complains("no readable checkpoint");
    at(&desk, NOW, "registry checkpoint --to c.note").exits(2).complains("c.note");
    assert_eq!(desk.read("c.note"), note);
}

#[test]
fn a_checkpoint_is_checked_by_its_public_key_where_there_is_no_secret_one() {
    checked_by_public_key(KEY, OTHER_KEY);
}

#[test]
fn a_public_key_may_have_a_plus_sign() {
    checked_by_public_key(OTHER_KEY, KEY);
}

fn checked_by_public_key(own: &str, other: &str) {
    let desk = built();
    let public = |key: &str, note: &str| {
        desk.write("kirjuri-checkpoint.key", format!("kirjuri-secret-key:{key}\n"));
        let run = at(&desk, NOW, &format!("registry checkpoint --to {note}")).exits(0);
        desk.remove("kirjuri-checkpoint.key");
        run.stdout.split_once("Public key: ").unwrap().1.trim().to_owned()
    };
    public(other, "other.note");
    let key = public(own, "c.note");
    let verify = "registry verify --checkpoint";
    at(&desk, NOW, &format!("{verify} c.note")).exits(2).complains("--key");
    at(&desk, NOW, &format!("{verify} c.note --key {key}")).exits(0);
    desk.write("public.txt", format!("{key}\n"));
    at(&desk, NOW, &format!("{verify} c.note --key public.txt")).exits(0);
    let run = at(&desk, NOW, &format!("{verify} other.note --key {key}")).exits(2);
    run.complains("not signed with this key");
    at(&desk, NOW, &format!("{verify} c.note --key nonsense")).exits(2).complains("not a key");
}

#[test]
fn an_export_is_logged_and_overwrites_nothing() {
    let desk = built();
    at(&desk, NOW, "registry export --to out/bag --kind memo --recipient Alder").exits(0);
    let before = desk.read("out/bag/manifest-sha256.txt");
    at(&desk, NOW, "registry export --to out/bag").exits(2).complains("already exists");
    assert_eq!(desk.read("out/bag/manifest-sha256.txt"), before);
    let handed = |document: &str| {
        let events = shown(&desk, document)[0]["events"].clone();
        let events = events.as_array().unwrap().clone().into_iter();
        let handed = events.filter(|event| event["event"] == "exported");
        handed.map(|event| event["detail"]["to"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(handed("talks-north-memo"), ["Alder"]);
    assert!(handed("talks-plan").is_empty());
    let run = at(&desk, NOW, "registry show talks-north-memo").exits(0);
    assert!(run.stdout.contains("exported: Alder"), "{}", run.stdout);
    at(&desk, NOW, "registry export --to out/none --text nothing").exits(2).complains("no issued");
    for folder in ["records/x", "output/x", "registry/x", "templates/x"] {
        at(&desk, NOW, &format!("registry export --to {folder}")).exits(2);
        assert!(!desk.path(folder).exists(), "{folder}");
    }
}

#[test]
fn a_registry_is_whole_after_a_package_was_made() {
    let desk = built();
    at(&desk, NOW, "registry export --to out/bag").exits(0);
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.stdout.contains("issued 0, unchanged 6"), "{}", run.stdout);
    at(&desk, NOW, "registry verify").exits(0);
}

#[test]
fn a_lost_index_is_rebuilt_from_the_files() {
    let desk = built();
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NOW, "build").exits(0);
    let (all, memo) = (listed(&desk, ""), shown(&desk, "talks-north-memo"));
    for end in ["", ".sha256", "-wal", "-shm"] {
        let _ = std::fs::remove_file(desk.path(&format!("registry/registry.sqlite3{end}")));
    }
    for command in ["registry list", "build", "registry export --to out/bag"] {
        at(&desk, NOW, command).exits(2).complains("kirjuri registry recover");
    }
    at(&desk, NOW, "registry recover").exits(0);
    at(&desk, NOW, "registry verify --rebuild").exits(0);
    assert_eq!((listed(&desk, ""), shown(&desk, "talks-north-memo")), (all, memo));
    correct(&desk, "plan", 2, |plan| plan["measures"][0]["title"] = json!("A housing team"));
    at(&desk, NOW, "build").exits(0);
    assert_eq!(numbers(&desk)["plan-measures"], "T-2025-008");
    at(&desk, NOW, "registry verify").exits(0);
}

#[test]
fn a_number_is_never_reused_after_files_are_lost() {
    let desk = built();
    // the object with the beginning of the log
    let mut lost = None;
    walk(&desk.path("registry/files"), &mut |path| {
        if path.ends_with("log.jsonl") && std::fs::read(path).unwrap().starts_with(FIRST) {
            lost = path.ancestors().nth(3).map(Path::to_owned);
        }
    });
    std::fs::remove_dir_all(lost.unwrap()).unwrap();
    desk.remove("registry/registry.sqlite3").remove("registry/registry.sqlite3.sha256");
    let run = at(&desk, NOW, "registry recover").exits(1);
    assert!(run.stdout.contains("restore the files"), "{}", run.stdout);
    // nothing is issued until the files are restored
    desk.remove("records/item.json");
    at(&desk, NEXT_DAY, "build").exits(2).complains("registry recover");
}

/// Two secret keys for checkpoints; the public half of the second has a `+`.
const KEY: &str = "8DfIg1Q6R1tDrN04Wf0O1IjUmh3g3wA6VgHXBkJBoxU=";
const OTHER_KEY: &str = "ZZTHtZPzjSpLWmzJ5hEc3whDXIhHrEeoEK+y1lDecWw=";

/// How the first entry of the log begins.
const FIRST: &[u8] = br#"{"sequence":1,"#;

/// Path of an archived file, below the folder of a document's version.
fn archived(desk: &Desk, version: &str, file: &str) -> String {
    let mut found = Vec::new();
    let desk_folder = desk.path("");
    walk(&desk.path("registry/files"), &mut |path| {
        let name = path.strip_prefix(&desk_folder).unwrap().to_str().unwrap();
        if name.contains(version) && name.ends_with(&format!("/{file}")) {
            found.push(name.to_owned());
        }
    });
    found.pop().unwrap()
}

fn copy(desk: &Desk, from: &str, to: &str) {
    let from = desk.path(from);
    walk(&from, &mut |path| {
        let inside = path.strip_prefix(&from).unwrap().to_str().unwrap();
        desk.write(&format!("{to}/{inside}"), std::fs::read(path).unwrap());
    });
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every entry of the log among the files.
fn log(desk: &Desk) -> Vec<Value> {
    let mut entries = Vec::new();
    walk(&desk.path("registry/files"), &mut |path| {
        if path.file_name().is_some_and(|name| name == "log.jsonl") {
            let text = std::fs::read_to_string(path).unwrap();
            entries.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    });
    entries
}

fn reason(entry: &Value) -> &str {
    entry["detail"]["reason"].as_str().unwrap()
}
