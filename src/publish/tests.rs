//! Tests of the output folder against others who write to it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

fn open(folder: &Path) -> Output {
    Output::open(folder, "a test").unwrap()
}

/// An output folder with one document and the ledger that belongs to it.
fn with_one_document(folder: &Path) {
    let mut output = open(folder);
    let digest = output.put("one", b"%PDF one").unwrap();
    let record = Id::parse("one").unwrap();
    output.enter("one", &record, digest.clone(), digest, 1, Some("N-1")).unwrap();
    output.save().unwrap();
}

fn edit_ledger(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join(LEDGER);
    let mut ledger = serde_json::from_slice(&fs::read(&path, LIMIT).unwrap().unwrap()).unwrap();
    change(&mut ledger);
    fs::write_atomic(&path, ledger.to_string().as_bytes()).unwrap();
}

#[test]
fn a_ledger_with_an_invalid_name_is_replaced() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("output");
    let kept = top.path().join("kept.pdf");
    fs::write_atomic(&kept, b"kept").unwrap();
    fs::create_folder(&folder.join("corrections")).unwrap();
    for name in ["../../kept", "../kept", "..", ".", "", "a/../../../kept", "/kept"] {
        with_one_document(&folder);
        let stamp = json!({ "size": 4, "modified": 0, "changed": 0, "inode": 0 });
        let sheet = json!({ "made_from": Digest::of(b"x"), "pdf": stamp, "html": stamp });
        edit_ledger(&folder, |ledger| ledger["sheets"] = json!({ name: sheet }));
        let mut output = open(&folder);
        assert_eq!(output.entries().count(), 0, "{name}");
        output.remove_sheets_except(&BTreeSet::new()).unwrap();
        assert_eq!(fs::read(&kept, LIMIT).unwrap().unwrap(), b"kept", "{name}");
        drop(output);
        with_one_document(&folder);
        edit_ledger(&folder, |ledger| {
            let entry = ledger["documents"]["one"].clone();
            ledger["documents"][name] = entry;
        });
        assert_eq!(open(&folder).entries().count(), 0, "{name}");
    }
    with_one_document(&folder);
    assert_eq!(open(&folder).entries().count(), 1);
}

#[test]
fn the_ledger_is_not_trusted_for_registered_documents() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path();
    with_one_document(folder);
    let (genuine, forged) = (Digest::of(b"%PDF one"), Digest::of(b"%PDF two"));
    assert!(open(folder).holds("one", &genuine).unwrap());
    fs::write_atomic(&folder.join("one.pdf"), b"%PDF two").unwrap();
    let stamp = fs::stamp(&folder.join("one.pdf")).unwrap().unwrap();
    edit_ledger(folder, |ledger| {
        ledger["documents"]["one"]["pdf"] = json!(forged);
        ledger["documents"]["one"]["stamp"] = json!(stamp);
    });
    assert!(!open(folder).holds("one", &genuine).unwrap());
    edit_ledger(folder, |ledger| ledger["documents"]["one"]["pdf"] = json!(genuine));
    let mut output = open(folder);
    assert!(!output.holds("one", &genuine).unwrap());
    // nor does what this process itself saw, once the file is another
    output.put("one", b"%PDF one").unwrap();
    assert!(output.holds("one", &genuine).unwrap() && output.holds("one", &genuine).unwrap());
    assert!(!output.holds("one", &forged).unwrap());
    assert!(output.holds("one", &genuine).unwrap());
    fs::write_atomic(&folder.join("one.pdf"), b"%PDF two").unwrap();
    assert!(!output.holds("one", &genuine).unwrap());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links_in_the_folder() {
    use std::os::unix::fs::symlink;
    let top = tempfile::tempdir().unwrap();
    let victim = top.path().join("victim");
    fs::create_folder(&victim).unwrap();
    fs::write_atomic(&victim.join(".kirjuri-x.tmp"), b"kept").unwrap();
    fs::write_atomic(&victim.join("file"), b"kept").unwrap();
    for (number, name) in
        [WEB, sheets::SHEETS, LOCK, LEDGER, watch_status::STATUS_FILE].iter().enumerate()
    {
        let folder = top.path().join(format!("output-{number}"));
        let mut output = open(&folder);
        let target = if number < 2 { victim.clone() } else { victim.join("file") };
        let _ = fs::remove_file(&folder.join(name));
        symlink(target, folder.join(name)).unwrap();
        // while it is held, and when it is opened
        output.put("web/a", b"x").map_or_else(|_| (), |_| assert_ne!(*name, WEB));
        let sheet = output.put_sheet("a", Digest::of(b"x"), b"x", b"x");
        assert!(sheet.is_err() || *name != sheets::SHEETS);
        let cleared = output.remove_sheets_except(&BTreeSet::new());
        assert!(cleared.is_err() || *name != sheets::SHEETS);
        drop(output);
        let refused = Output::open(&folder, "a test").unwrap_err();
        assert!(refused.to_string().contains(name), "{refused}");
    }
    assert_eq!(fs::read_folder(&victim).unwrap().len(), 2);
    assert_eq!(fs::read(&victim.join("file"), LIMIT).unwrap().unwrap(), b"kept");
    // a folder that somebody linked on purpose is used
    symlink(&victim, top.path().join("output")).unwrap();
    open(&top.path().join("output")).put("web/a", b"x").unwrap();
    assert!(fs::is_folder(&victim.join("web")));
}

#[test]
fn a_foreign_file_with_the_name_of_a_sheet_stays() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path();
    let mut output = open(folder);
    let page = format!("<meta {}>", "content=\"kirjuri: correction sheet\"");
    for name in ["own", "other"] {
        output.put_sheet(name, Digest::of(b"x"), b"%PDF", page.as_bytes()).unwrap();
    }
    fs::write_atomic(&folder.join("corrections/other.html"), b"somebody's").unwrap();
    output.remove_sheets_except(&BTreeSet::new()).unwrap();
    let left: Vec<PathBuf> =
        fs::read_folder(&folder.join("corrections")).unwrap().into_iter().map(|f| f.path).collect();
    assert_eq!(left, ["other.html", "other.pdf"].map(|n| folder.join("corrections").join(n)));
}

#[cfg(unix)]
#[test]
fn an_unreadable_pdf_differs_from_a_missing_one() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path();
    with_one_document(folder);
    let genuine = Digest::of(b"%PDF one");
    let path = folder.join("one.pdf");
    std::fs::remove_file(&path).unwrap();
    assert!(!open(folder).holds("one", &genuine).unwrap());
    std::os::unix::fs::symlink("elsewhere.pdf", &path).unwrap();
    open(folder).holds("one", &genuine).unwrap_err();
}
