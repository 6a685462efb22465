//! Tests of failing commits, symbolic links and partial restores, in a registry without
//! real documents.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::*;

fn now() -> Moment {
    Moment::from_unix(1_764_000_000).unwrap()
}

pub(super) fn open(folder: &Path) -> Result<Registry, RegistryError> {
    let numbering = Numbering::parse("R-{year}-{number:3}", Sequence::Yearly).unwrap();
    Registry::open(folder, numbering, now, "a test")
}

fn submission(number: &str, document: &str) -> Submission {
    let (pdf, record) = (b"%PDF".to_vec(), b"{}".to_vec());
    let digest = Digest::of(&record);
    let metadata = serde_json::from_value(json!({
        "number": number, "document": document, "version": 1, "kind": "memo",
        "type_name": "Memo", "title": "Talks", "languages": ["en"], "date": "2025-11-05",
        "registered_on": "2025-11-24", "registered": "2025-11-24T00:00:00Z",
        "authority": "County", "classification": {
            "function": "00", "publicity": "public", "personal_data": "none",
            "retention": { "permanent": true, "reason": "plan" },
        },
        "checker": "Office",
        "source": { "id": document, "version": 1, "file": "record.json", "digest": digest },
        "made_with": {
            "program": "kirjuri", "engine": digest, "templates": Bundle::built_in().digest(),
            "content": digest, "attach_source": true, "all_languages": false,
        },
        "renditions": [{
            "copy": "archive", "file": "x.pdf", "format": "PDF/A-3a", "pages": 1,
            "bytes": 4, "digest": Digest::of(&pdf),
        }],
        "files": [],
    }));
    let files = [("x.pdf".to_owned(), pdf), ("record.json".to_owned(), record)];
    Submission { metadata: metadata.unwrap(), files: files.into() }
}

fn wanted(document: &str) -> NumberRequest {
    NumberRequest { document: document.to_owned(), version: 1, date: None }
}

fn reserve(registry: &mut Registry, document: &str) -> String {
    let wanted = [wanted(document)];
    let open = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
    registry.reserve(&wanted, &open).unwrap()[0].number.clone()
}

use crate::bundle::Bundle;

/// Registers the first version of each of these documents.
pub(super) fn register(registry: &mut Registry, documents: &[&str]) {
    let bundle = Bundle::built_in();
    registry.archive_templates(bundle.digest(), bundle.iter()).unwrap();
    for document in documents {
        let number = reserve(registry, document);
        registry.register(submission(&number, document)).unwrap();
    }
    registry.archive_log().unwrap();
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links_in_the_registry() {
    let top = tempfile::tempdir().unwrap();
    let victim = top.path().join("victim");
    let made = top.path().join("made");
    let mut registry = open(&made).unwrap();
    register(&mut registry, &["a"]);
    registry.close().unwrap();
    for name in [LOCK, INDEX, SEAL, HEAD, ROOT, STAGING, export_intent::FILE] {
        let folder = top.path().join(format!("registry-{name}"));
        fs::create_folder(&folder).unwrap();
        fs::create_folder(&victim).unwrap();
        std::os::unix::fs::symlink(&victim, folder.join(name)).unwrap();
        let refused = open(&folder).map(drop).unwrap_err().to_string();
        assert!(refused.contains(name), "{refused}");
        assert_eq!(fs::read_folder(&victim).unwrap(), [], "{name}");
    }
    // deep in the storage root, after it was opened
    let mut registry = open(&made).unwrap();
    let number = reserve(&mut registry, "b");
    let place = registry.store.path_of(&object_of("b"));
    let top_folder = place.ancestors().nth(3).unwrap();
    fs::create_folder(top_folder.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&victim, top_folder).unwrap();
    registry.register(submission(&number, "b")).unwrap_err();
    assert_eq!(fs::read_folder(&victim).unwrap(), []);
    fs::remove_file(top_folder).unwrap();
    registry.register(submission(&number, "b")).unwrap();
}

#[test]
fn a_failed_commit_is_completed_when_the_registry_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut registry = open(folder.path()).unwrap();
    let bundle = Bundle::built_in();
    registry.archive_templates(bundle.digest(), bundle.iter()).unwrap();
    let (a, b) = (reserve(&mut registry, "a"), reserve(&mut registry, "b"));
    let other = rusqlite::Connection::open(folder.path().join(INDEX)).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON issue BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .unwrap();
    registry.register(submission(&a, "a")).unwrap_err();
    // neither the next document nor closing removes it
    registry.register(submission(&b, "b")).unwrap_err();
    registry.archive_log().unwrap_err();
    other.execute_batch("DROP TRIGGER full").unwrap();
    drop(other);
    drop(registry);
    let mut registry = open(folder.path()).unwrap();
    assert_eq!(registry.latest("a").unwrap().unwrap().number, a);
    assert!(registry.latest("b").unwrap().is_none());
    registry.register(submission(&b, "b")).unwrap();
    registry.archive_log().unwrap();
    registry.close().unwrap();
    assert_eq!(verify_registry(folder.path(), None).findings, []);
}

#[test]
fn a_recovery_that_would_lose_the_last_document_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut registry = open(folder.path()).unwrap();
    let bundle = Bundle::built_in();
    registry.archive_templates(bundle.digest(), bundle.iter()).unwrap();
    for document in ["a", "b"] {
        let number = reserve(&mut registry, document);
        registry.register(submission(&number, document)).unwrap();
    }
    let last = registry.store.path_of(&object_of("b"));
    registry.archive_log().unwrap();
    registry.close().unwrap();
    // the index is lost, and so is the last object
    fs::remove_file(&folder.path().join(INDEX)).unwrap();
    fs::remove_folder(&last).unwrap();
    fs::remove_folder(last.parent().unwrap()).unwrap();
    let recovered = recover(folder.path(), "a test").unwrap();
    assert!(!recovered.findings.is_empty());
    assert!(matches!(open(folder.path()), Err(RegistryError::NoIndex { .. })));
}

/// Removes the folder of an object, as if it were missing from the backup.
fn lose(registry_folder: &Path, object: &str) {
    let store = Store::new(registry_folder.join(ROOT), registry_folder.join(STAGING));
    let path = store.path_of(object);
    assert!(fs::is_folder(&path), "{object}");
    fs::remove_folder(&path).unwrap();
}

#[test]
fn files_that_lack_the_latest_objects_are_refused() {
    // a document, the templates, the log segment with the last event
    for lost in [object_of("b"), TEMPLATES.to_owned(), "log".to_owned()] {
        let folder = tempfile::tempdir().unwrap();
        let mut registry = open(folder.path()).unwrap();
        register(&mut registry, &["a", "b"]);
        let last = registry.index.head().unwrap().sequence;
        registry.append_events(vec![log::LogEvent::of(log::Event::Verified)]).unwrap();
        registry.close().unwrap();
        open(folder.path()).unwrap().close().unwrap();
        let lost = if lost == "log" { log_object(last + 1) } else { lost };
        lose(folder.path(), &lost);
        let refused = open(folder.path()).map(drop).unwrap_err();
        assert!(matches!(refused, RegistryError::FilesOlder { .. }), "{lost}: {refused}");
    }
}

#[test]
fn early_files_that_are_missing_are_left_to_verify() {
    let folder = tempfile::tempdir().unwrap();
    let mut registry = open(folder.path()).unwrap();
    let names: Vec<String> = (0..40).map(|n| format!("d{n}")).collect();
    let documents: Vec<&str> = names.iter().map(String::as_str).collect();
    let bundle = Bundle::built_in();
    registry.archive_templates(bundle.digest(), bundle.iter()).unwrap();
    for document in documents {
        let all: BTreeSet<String> = names.iter().cloned().collect();
        let number = registry.reserve(&[wanted(document)], &all).unwrap()[0].number.clone();
        registry.register(submission(&number, document)).unwrap();
    }
    registry.close().unwrap();
    lose(folder.path(), &object_of("d0"));
    open(folder.path()).unwrap().close().unwrap();
    assert!(!verify_registry(folder.path(), None).findings.is_empty());
}
