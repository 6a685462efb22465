//! Registry after accidents: wrong clocks, restored backups, stray files, checkpoints in
//! e-mails, recovered records.

use serde_json::json;

use crate::desk::{Desk, home, walk};
use crate::registry::{NEXT_DAY, NOW, at, built, correct, listed, numbers, office, shown};

/// 1 January 2199.
const FAR: &str = "7226582400";
/// 10 March 2001.
const EARLY: &str = "984225600";

fn again(desk: &Desk, version: u16) {
    correct(desk, "north", version, |north| north["follow_up"] = json!(format!("Part {version}.")));
}

fn copy(desk: &Desk, from: &str, to: &str) {
    let (from, to) = (desk.path(from), desk.path(to));
    walk(&from, &mut |path| {
        let target = to.join(path.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(path, target).unwrap();
    });
}

fn set_back(desk: &Desk, backup: &str) {
    std::fs::remove_dir_all(desk.path("registry")).unwrap();
    copy(desk, backup, "registry");
}

#[test]
fn a_clock_far_ahead_or_before_all_documents_gives_no_number() {
    let desk = office();
    at(&desk, FAR, "build").exits(2).complains("2199").complains("--confirm-date 2199-01-01");
    at(&desk, EARLY, "build").exits(2).complains("dated more than a year later");
    at(&desk, NOW, "build").exits(0);
    assert!(numbers(&desk).values().all(|number| number.starts_with("T-2025-")));
    again(&desk, 2);
    at(&desk, FAR, "build").exits(2).complains("correct the computer's clock");
    let other = at(&desk, FAR, "build --confirm-date 2026-01-02").exits(2);
    other.complains("but the clock says").complains("2199-01-01");
    at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(numbers(&desk)["talks-north-memo"], "T-2025-007");
}

#[test]
fn a_doubted_clock_blocks_no_draft() {
    // far after all documents, without a last number to compare
    let desk = office();
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    let run = at(&desk, FAR, "build").exits(2).complains("2199").complains("--confirm-date");
    assert!(!run.stderr.contains("last register number"), "{}", run.stderr);
    assert_eq!(
        run.issued().into_iter().collect::<Vec<_>>(),
        ["talks-north-memo.pdf", "talks-summary.pdf"]
    );
    assert!(desk.pdf("talks-north-memo").says("DRAFT"));
    // before the last number
    let desk = built();
    let (old, given) = (desk.pdfs(), numbers(&desk));
    correct(&desk, "south", 2, |south| south["follow_up"] = json!("A second meeting."));
    desk.edit("records/plan.json", |plan| {
        plan["status"] = json!("draft");
        plan["id"] = json!("new");
    });
    let before = "1763900000";
    let run = at(&desk, before, "build").exits(2).complains("the last register number");
    assert!(run.issued().contains("new-measures.pdf"), "{}", run.stdout);
    assert!(!run.stderr.contains("orphan"), "{}", run.stderr);
    let now = desk.pdfs();
    assert!(now["talks-south-memo.pdf"] == old["talks-south-memo.pdf"]);
    assert_eq!(numbers(&desk), given);
    at(&desk, NEXT_DAY, "build");
    assert_eq!(numbers(&desk)["talks-south-memo"], "T-2025-007");
}

#[test]
fn a_registry_with_a_wrong_year_continues_with_the_right_one() {
    let desk = built();
    again(&desk, 2);
    at(&desk, FAR, "build --confirm-date 2199-01-01").exits(0);
    assert_eq!(numbers(&desk)["talks-north-memo"], "T-2199-001");
    again(&desk, 3);
    let run = at(&desk, NEXT_DAY, "build").exits(2).complains("was assigned at 2199");
    run.complains("--confirm-date 2025-11-25");
    at(&desk, NEXT_DAY, "build --confirm-date 2025-11-25").exits(0);
    assert_eq!(numbers(&desk)["talks-north-memo"], "T-2025-007");
    // no confirmation is needed from then on
    again(&desk, 4);
    at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(numbers(&desk)["talks-north-memo"], "T-2025-008");
    let reserved = &shown(&desk, "talks-north-memo")[2]["events"][0];
    assert_eq!(reserved["detail"]["clock"], "confirmed");
    at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
}

#[test]
fn an_older_registry_is_detected_from_the_pdfs() {
    for ledger in [Some("{ not a ledger"), Some("{\"documents\": {}}"), None] {
        for web in ["", " --web"] {
            let desk = built();
            copy(&desk, "registry", "backup");
            again(&desk, 2);
            at(&desk, NEXT_DAY, &format!("build{web}")).exits(0);
            assert_eq!(numbers(&desk)["talks-north-memo"], "T-2025-007");
            set_back(&desk, "backup");
            match ledger {
                Some(text) => desk.write("output/.kirjuri-ledger.json", text),
                None => desk.remove("output/.kirjuri-ledger.json"),
            };
            // another document needs the next number
            desk.write("records/north.json", Desk::fixture("small").bytes("records/north.json"));
            correct(&desk, "plan", 2, |plan| plan["measures"][0]["title"] = json!("A team"));
            let run = at(&desk, NEXT_DAY, "build").exits(2).complains("T-2025-007");
            run.complains("talks-north-memo.pdf").complains("newest backup");
            assert_eq!(listed(&desk, "").len(), 6);
        }
    }
}

#[test]
fn a_lost_registry_is_detected_from_the_pdfs() {
    let desk = built();
    desk.remove("output/.kirjuri-ledger.json");
    std::fs::remove_dir_all(desk.path("registry")).unwrap();
    at(&desk, NEXT_DAY, "build").exits(2).complains("restore it from a backup");
    assert!(!desk.path("registry").exists());
}

#[test]
fn a_ledger_that_cannot_be_read_is_a_warning_beside_a_registry() {
    let desk = built();
    desk.write("output/.kirjuri-ledger.json", "{ not a ledger");
    desk.write("output/mine.pdf", "%PDF-1.7 not one of the program's");
    let run = at(&desk, NEXT_DAY, "build").exits(0).complains("warning[ledger-unreadable]");
    run.complains("kirjuri registry verify");
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert!(!run.stderr.contains("ledger"), "{}", run.stderr);
}

#[test]
fn a_number_of_a_document_in_the_files_is_not_given_to_another() {
    let desk = built();
    copy(&desk, "registry", "backup");
    again(&desk, 2);
    at(&desk, NEXT_DAY, "build").exits(0);
    // index, seal and log head are restored to that time; the files are newer, and the
    // output is gone
    for name in ["registry.sqlite3", "registry.sqlite3.sha256", "registry.head"] {
        desk.write(&format!("registry/{name}"), desk.bytes(&format!("backup/{name}")));
    }
    std::fs::remove_dir_all(desk.path("output")).unwrap();
    desk.write("records/north.json", Desk::fixture("small").bytes("records/north.json"));
    correct(&desk, "plan", 2, |plan| plan["measures"][0]["title"] = json!("A team"));
    at(&desk, NEXT_DAY, "build").exits(2).complains("is older than its files");
    at(&desk, NEXT_DAY, "registry recover").exits(0);
    at(&desk, NEXT_DAY, "registry list").exits(0);
}

#[test]
fn the_newest_index_beside_older_files_is_refused() {
    let desk = built();
    copy(&desk, "registry/files", "backup");
    again(&desk, 2);
    at(&desk, NEXT_DAY, "build").exits(0);
    std::fs::remove_dir_all(desk.path("registry/files")).unwrap();
    copy(&desk, "backup", "registry/files");
    let found = at(&desk, NEXT_DAY, "registry verify").exits(1);
    assert!(found.stdout.contains("talks-north-memo"), "{}", found.stdout);
    // whether or not there is anything to register
    let refused = at(&desk, NEXT_DAY, "build").exits(2).complains("older than its index");
    refused.complains("newest backup").complains("kirjuri registry verify");
    again(&desk, 3);
    at(&desk, NEXT_DAY, "build").exits(2).complains("older than its index");
    assert_eq!(numbers(&desk)["talks-north-memo"], "T-2025-007");
}

#[test]
fn stray_files_next_to_the_registry_are_reported() {
    let desk = built();
    at(&desk, NOW, "registry recover").exits(0);
    at(&desk, NOW, "registry verify").exits(0);
    let place = "registry/old-index-1/registry.sqlite3";
    let old = desk.bytes(place);
    let strays = [
        ("registry/lost+found/diary.txt", "lost+found does not belong"),
        ("registry/old-index-1/diary.txt", "diary.txt does not belong"),
        ("registry/old-index-2/registry.sqlite3", "old-index-2 does not belong"),
        ("registry/old-index-01/registry.sqlite3", "old-index-01 does not belong"),
        ("registry/old-index-/x", "old-index- does not belong"),
    ];
    for (stray, said) in strays {
        desk.write(stray, "x");
        let run = at(&desk, NOW, "registry verify").exits(1);
        assert!(run.stdout.contains(said), "{}", run.stdout);
        desk.remove(stray);
        if !stray.starts_with("registry/old-index-1/") {
            std::fs::remove_dir(desk.path(stray).parent().unwrap()).unwrap();
        }
    }
    desk.write(place, [&old[..], b"more"].concat());
    let run = at(&desk, NOW, "registry verify").exits(1);
    assert!(run.stdout.contains("is damaged or was changed"), "{}", run.stdout);
    desk.write(place, &old);
    at(&desk, NOW, "registry verify").exits(0);
    std::fs::remove_dir_all(desk.path("registry/old-index-1")).unwrap();
    at(&desk, NOW, "registry verify").exits(0);
}

#[test]
fn an_unlogged_old_index_must_be_an_earlier_state() {
    let desk = built();
    desk.write("registry/old-index-1/registry.sqlite3", desk.bytes("registry/registry.sqlite3"));
    again(&desk, 2);
    at(&desk, NEXT_DAY, "build").exits(0);
    at(&desk, NEXT_DAY, "registry verify").exits(0);
    let other = built();
    correct(&other, "south", 2, |_| ());
    at(&other, NEXT_DAY, "build").exits(0);
    let foreign = other.bytes("registry/registry.sqlite3");
    desk.write("registry/old-index-1/registry.sqlite3", foreign);
    let run = at(&desk, NEXT_DAY, "registry verify").exits(1);
    assert!(run.stdout.contains("old-index-1 does not belong"), "{}", run.stdout);
}

#[test]
fn a_checkpoint_that_came_by_mail_is_read() {
    let desk = built();
    at(&desk, NOW, "registry checkpoint --to c.note").exits(0);
    let note = desk.read("c.note");
    let quoted: String = note.lines().map(|line| format!("> {line} \r\n")).collect();
    desk.write("mail.txt", format!("\u{feff}Hello!\r\n\r\n{quoted}\r\nRegards"));
    at(&desk, NOW, "registry verify --checkpoint mail.txt").exits(0);
    let lines: Vec<&str> = note.lines().collect();
    for (line, with) in [(1, "3"), (2, &"0".repeat(64))] {
        desk.write("mail.txt", quoted.replacen(lines[line], with, 1));
        let run = at(&desk, NOW, "registry verify --checkpoint mail.txt").exits(2);
        run.complains("changed after it was signed");
    }
}

#[test]
fn the_record_of_a_version_is_recovered() {
    let desk = built();
    let before = desk.bytes("records/north.json");
    desk.replace("records/north.json", "Meeting places", "Reading places");
    let advice = "registry get talks-north-memo --version 1 --what record --to old";
    at(&desk, NEXT_DAY, "build").exits(1).complains(&format!("`kirjuri {advice}`"));
    let run = at(&desk, NEXT_DAY, advice).exits(0);
    assert_eq!(run.stdout, "old/talks-north_v1.json\n");
    assert!(desk.bytes("old/talks-north_v1.json") == before);
    desk.write("records/north.json", desk.bytes("old/talks-north_v1.json"));
    at(&desk, NEXT_DAY, "build").exits(0);
    at(&desk, NOW, advice).exits(2).complains("--force");
    let get = |what: &str| {
        let run =
            at(&desk, NOW, &format!("registry get talks-north-memo --what {what} --to got/{what}"));
        run.exits(0).stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(get("records"), ["got/records/talks-north_v1.json", "got/records/talks_v1.json"]);
    assert_eq!(get("metadata"), ["got/metadata/talks-north-memo_v1.json"]);
    assert_eq!(get("sahke2"), ["got/sahke2/talks-north-memo_v1.xml"]);
    assert_eq!(get("source"), ["got/source/talks-north-memo_v1.typ"]);
    assert_eq!(get("pdf"), ["got/pdf/talks-north-memo_v1.pdf"]);
    assert!(desk.read("got/sahke2/talks-north-memo_v1.xml").contains("<Record"));
    let none = at(&desk, NOW, "registry get talks-north-memo --what web").exits(2);
    none.complains("no web copy");
}

/// A workspace as created by the first edition of the documents: a session in two
/// languages, corrected once, and a summary, with texts such as `3*60` and dates at line
/// starts. The built-in fonts of its template set are the current ones.
fn of_the_first_edition() -> Desk {
    let desk = office();
    for folder in ["records", "registry"] {
        std::fs::remove_dir_all(desk.path(folder)).ok();
    }
    let archive = std::fs::File::open(home().join("tests/registries/edition-0.zip"));
    zip::ZipArchive::new(archive.unwrap()).unwrap().extract(desk.path("")).unwrap();
    let mut sets = Vec::new();
    walk(&desk.path("registry"), &mut |path| {
        if path.ends_with("content/theme.json") {
            sets.push(path.parent().unwrap().to_owned());
        }
    });
    assert_eq!(sets.len(), 1);
    std::fs::create_dir_all(sets[0].join("fonts")).unwrap();
    for font in std::fs::read_dir(home().join("templates/fonts")).unwrap() {
        let font = font.unwrap();
        if font.file_name().to_string_lossy().starts_with("SourceSans3") {
            std::fs::copy(font.path(), sets[0].join("fonts").join(font.file_name())).unwrap();
        }
    }
    desk
}

#[test]
fn a_registry_of_the_first_edition_is_verified_and_made_again() {
    let desk = of_the_first_edition();
    at(&desk, NEXT_DAY, "registry verify").exits(0);
    let run = at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    for document in ["talks-north-memo, version 1", "talks-north-memo, version 2", "talks-summary"]
    {
        let line = run.stdout.lines().find(|line| line.contains(document));
        let line = line.unwrap_or_else(|| panic!("{document}: {}", run.stdout));
        assert!(line.contains("the words are identical"), "{line}");
    }
    assert!(run.stdout.contains("Findings 0"), "{}", run.stdout);
    // issued documents are unchanged, whatever is printed now
    at(&desk, NEXT_DAY, "build").exits(0);
    let memo = desk.pdf("talks-north-memo");
    assert!(memo.says("The sum is 360 and 25 euros") && memo.says("T-2025-005"));
}
