//! Tests of exports that are interrupted after each step.

use std::path::{Path, PathBuf};

use super::*;
use crate::model::{Date, Language};
use crate::registry::export::{ExportError, pack};
use crate::registry::metadata::Copy;
use crate::registry::sahke2::{Contact, Transfer};
use crate::registry::tests::{open, register};
use crate::registry::{
    ExportRequest, ExportSummary, Filter, PackageFormat, VersionRow, export_package, object_of,
    verify_registry,
};

/// A folder with a registry of two documents.
fn with_two_documents() -> tempfile::TempDir {
    let top = tempfile::tempdir().unwrap();
    let mut registry = open(&registry_in(&top)).unwrap();
    register(&mut registry, &["a", "b"]);
    registry.close().unwrap();
    top
}

fn registry_in(top: &tempfile::TempDir) -> PathBuf {
    top.path().join("registry")
}

fn package(to: &Path) -> ExportRequest<'_> {
    let day = Date::new(2025, 11, 24).unwrap();
    let contact = ["", "", "", ""].map(str::to_owned);
    let [name, address, phone, email] = contact;
    let transfer = Transfer {
        native_id: String::new(),
        title: String::new(),
        contract: String::new(),
        authority: String::new(),
        contact: Contact { name, address, phone, email },
        functions: [].into(),
    };
    let copies = &[Copy::Archive];
    let language = Language::En;
    ExportRequest {
        form: PackageFormat::Bag,
        to,
        copies,
        day,
        recipient: "somebody",
        transfer,
        language,
    }
}

fn rows(registry: &Registry) -> Vec<VersionRow> {
    registry.index().find(&Filter::default()).unwrap().rows
}

fn export(registry: &mut Registry, to: &Path) -> Result<ExportSummary, ExportError> {
    export_package(registry, &rows(registry), &package(to))
}

/// An export that is interrupted after the intent (0), half a package (1), the whole
/// package (2), the log entry (3), the move to its place (4), or not at all (5).
fn begin(registry: &mut Registry, to: &Path, steps: usize) {
    let target = PackagePath::try_from(fs::resolve_path(to).unwrap()).unwrap();
    let partial = target.partial();
    let intent: ExportIntent = registry.begin_export(target).unwrap();
    let half = || fs::write_new(&partial.join("data/x.pdf"), b"%PDF").unwrap();
    let mut events = Vec::new();
    match steps {
        0 => {}
        1 => half(),
        _ => events = pack(registry, &rows(registry), &package(to), &partial).unwrap().1,
    }
    if steps >= 3 {
        registry.append_events(events).unwrap();
    }
    if steps >= 4 {
        registry.place_export(&intent).unwrap();
    }
    if steps >= 5 {
        registry.end_export().unwrap();
    }
}

/// How often the log has this event.
fn logged(registry: &Registry, event: Event) -> usize {
    let entries = registry.index().entries_after(0).unwrap();
    entries.iter().filter(|entry| entry.event == event).count()
}

fn is_whole(bag: &Path) -> bool {
    fs::is_folder(&bag.join("data"))
        && fs::stamp(&bag.join("tagmanifest-sha256.txt")).unwrap().is_some()
}

#[test]
fn an_export_interrupted_at_any_step_is_finished_or_undone() {
    for steps in 0..=5 {
        let top = with_two_documents();
        let to = top.path().join("out/bag");
        fs::create_folder(to.parent().unwrap()).unwrap();
        let mut registry = open(&registry_in(&top)).unwrap();
        begin(&mut registry, &to, steps);
        // interrupted here
        drop(registry);
        let registry = open(&registry_in(&top)).unwrap();
        let finished = steps >= 3;
        assert_eq!(is_whole(&to), finished, "{steps}");
        assert_eq!(logged(&registry, Event::Exported), if finished { 2 } else { 0 }, "{steps}");
        assert_eq!(logged(&registry, Event::ExportFailed), 0, "{steps}");
        let place = fs::real_path(to.parent().unwrap()).unwrap().join("bag");
        let earlier = match steps {
            0..=2 => Some(EarlierExport::Undone(place)),
            3 | 4 => Some(EarlierExport::Finished(place)),
            _ => None,
        };
        assert_eq!(registry.earlier_export(), earlier.as_ref(), "{steps}");
        let beside = fs::read_folder(to.parent().unwrap()).unwrap();
        assert_eq!(beside.len(), usize::from(finished), "{steps}: {beside:?}");
        assert!(fs::stamp(&registry_in(&top).join(FILE)).unwrap().is_none());
        registry.close().unwrap();
        assert_eq!(verify_registry(&registry_in(&top), None).findings, [], "{steps}");
        let mut registry = open(&registry_in(&top)).unwrap();
        assert_eq!(registry.earlier_export(), None);
        export(&mut registry, &top.path().join("out/other")).unwrap();
        assert!(is_whole(&top.path().join("out/other")));
    }
}

#[test]
fn a_package_that_was_moved_away_counts_as_exported() {
    let top = with_two_documents();
    let to = top.path().join("bag");
    let mut registry = open(&registry_in(&top)).unwrap();
    begin(&mut registry, &to, 4);
    drop(registry);
    fs::move_new(&to, &top.path().join("elsewhere/bag")).unwrap();
    let registry = open(&registry_in(&top)).unwrap();
    assert!(matches!(registry.earlier_export(), Some(EarlierExport::Finished(_))));
    assert_eq!(logged(&registry, Event::ExportFailed), 0);
}

#[test]
fn a_place_taken_meanwhile_is_left_and_the_failure_is_logged() {
    let top = with_two_documents();
    let to = top.path().join("bag");
    let mut registry = open(&registry_in(&top)).unwrap();
    begin(&mut registry, &to, 3);
    drop(registry);
    fs::write_new(&to.join("own"), b"own").unwrap();
    let registry = open(&registry_in(&top)).unwrap();
    assert!(matches!(registry.earlier_export(), Some(EarlierExport::Undone(_))));
    assert_eq!(logged(&registry, Event::ExportFailed), 2);
    assert_eq!(fs::read_folder(&to).unwrap().len(), 1);
    registry.close().unwrap();
    assert_eq!(verify_registry(&registry_in(&top), None).findings, []);
}

#[test]
fn an_unreachable_folder_blocks_nothing() {
    for comes_back in [true, false] {
        let top = with_two_documents();
        let (disk, away) = (top.path().join("disk"), top.path().join("away"));
        fs::create_folder(&disk).unwrap();
        let mut registry = open(&registry_in(&top)).unwrap();
        begin(&mut registry, &disk.join("bag"), 3);
        drop(registry);
        fs::move_new(&disk, &away).unwrap();
        let mut registry = open(&registry_in(&top)).unwrap();
        assert!(matches!(registry.earlier_export(), Some(EarlierExport::Waiting(_))));
        registry.archive_log().unwrap();
        registry.close().unwrap();
        assert_eq!(verify_registry(&registry_in(&top), None).findings, []);
        if comes_back {
            fs::move_new(&away, &disk).unwrap();
            let registry = open(&registry_in(&top)).unwrap();
            assert!(matches!(registry.earlier_export(), Some(EarlierExport::Finished(_))));
            assert!(is_whole(&disk.join("bag")));
        } else {
            let mut registry = open(&registry_in(&top)).unwrap();
            export(&mut registry, &top.path().join("other")).unwrap();
            assert_eq!(logged(&registry, Event::ExportFailed), 2);
            assert_eq!(logged(&registry, Event::Exported), 4);
        }
    }
}

#[test]
fn only_the_folder_that_an_intent_names_is_removed() {
    let top = with_two_documents();
    let partial = top.path().join(".kirjuri-bag.partial");
    fs::write_new(&partial.join("own"), b"own").unwrap();
    let mut registry = open(&registry_in(&top)).unwrap();
    let refused = export(&mut registry, &top.path().join("bag")).unwrap_err();
    assert!(matches!(refused, ExportError::Partial { .. }), "{refused}");
    registry.close().unwrap();
    // what somebody else wrote there is not an intent
    let own = top.path().join("own");
    fs::write_new(&own.join("file"), b"own").unwrap();
    let intent = registry_in(&top).join(FILE);
    for to in [own.display().to_string() + "/../own", "own".into(), "/".into()] {
        let text = serde_json::json!({ "to": to, "after": 0 }).to_string();
        fs::write_atomic(&intent, text.as_bytes()).unwrap();
        open(&registry_in(&top)).unwrap().close().unwrap();
        assert!(fs::stamp(&own.join("file")).unwrap().is_some());
        assert!(!verify_registry(&registry_in(&top), None).findings.is_empty(), "{to}");
    }
    fs::remove_file(&intent).unwrap();
    // an intent that names a folder without a package has no effect
    let text = serde_json::json!({ "to": own, "after": 0 }).to_string();
    fs::write_atomic(&intent, text.as_bytes()).unwrap();
    let registry = open(&registry_in(&top)).unwrap();
    assert!(fs::stamp(&own.join("file")).unwrap().is_some());
    assert!(fs::stamp(&partial.join("own")).unwrap().is_some());
    registry.close().unwrap();
    assert_eq!(verify_registry(&registry_in(&top), None).findings, []);
}

#[test]
fn a_failed_package_leaves_nothing() {
    let top = with_two_documents();
    let mut registry = open(&registry_in(&top)).unwrap();
    let damaged = registry.store.path_of(&object_of("b")).join("v1/content/metadata.json");
    fs::write_atomic(&damaged, b"damaged").unwrap();
    export(&mut registry, &top.path().join("bag")).unwrap_err();
    let left: Vec<PathBuf> =
        fs::read_folder(top.path()).unwrap().into_iter().map(|f| f.path).collect();
    assert_eq!(left, [registry_in(&top)]);
    assert_eq!(logged(&registry, Event::Exported), 0);
    assert!(fs::stamp(&registry_in(&top).join(FILE)).unwrap().is_none());
}

#[test]
fn an_intent_names_only_the_folder_of_its_package() {
    let whole = if cfg!(windows) { "C:/a/b" } else { "/a/b" };
    let target = PackagePath::try_from(PathBuf::from(whole)).unwrap();
    assert!(target.partial().ends_with(".kirjuri-b.partial"));
    for wrong in ["", "b", "a/b", "/", "/a/../b", "/a/b/..", "/a/./b", "/a/.kirjuri-b", "//a/b"] {
        assert!(PackagePath::try_from(PathBuf::from(wrong)).is_err(), "{wrong}");
    }
    let text = |to: &str| format!("{{\"to\":\"{to}\",\"after\":3}}");
    assert_eq!(parse(text(whole).as_bytes()).unwrap().to, target);
    for wrong in [text("/a/../b"), text(whole) + "\n", "{}".into(), String::new()] {
        assert_eq!(parse(wrong.as_bytes()), None, "{wrong}");
    }
}
