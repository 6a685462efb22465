//! Unit tests of the watcher.

use super::*;

fn scope(folder: &Path) -> WatchScope {
    std::fs::create_dir_all(folder.join("records")).unwrap();
    std::fs::create_dir_all(folder.join("output")).unwrap();
    WatchScope {
        folders: vec![(folder.join("records"), |_| true)],
        files: Vec::new(),
        removals: Some((folder.join("output"), |_| true)),
        poll: true,
        interval: Duration::from_millis(20),
    }
}

/// A PDF may be removed between its publication and the next snapshot.
#[test]
fn a_file_removed_before_the_first_snapshot_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(scope(folder.path()), WakeSignal::default());
    let mut look = watcher.snapshot().unwrap();
    look.require([folder.path().join("output/memo.pdf")]);
    assert!(matches!(watcher.wait(&look), Wake::Changed(_)));
}

#[test]
fn files_that_nobody_expects_make_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(scope(folder.path()), WakeSignal::default());
    let seen = watcher.snapshot().unwrap();
    std::fs::write(folder.path().join("output/other.pdf"), "").unwrap();
    assert!(!watcher.snapshot().unwrap().differs_from(&seen));
    std::fs::write(folder.path().join("records/new.json"), "").unwrap();
    assert!(watcher.snapshot().unwrap().differs_from(&seen));
}

#[test]
fn a_folder_that_is_replaced_is_noticed_without_any_event() {
    let folder = tempfile::tempdir().unwrap();
    let events = WatchScope { poll: false, ..scope(folder.path()) };
    let watcher = Watcher::new(events, WakeSignal::default());
    assert!(!watcher.paths_replaced());
    std::fs::write(folder.path().join("records/new.json"), "").unwrap();
    assert!(!watcher.paths_replaced(), "what is in the folder is no business of this");
    std::fs::rename(folder.path().join("records"), folder.path().join("away")).unwrap();
    assert!(watcher.paths_replaced());
    std::fs::create_dir(folder.path().join("records")).unwrap();
    assert!(watcher.paths_replaced() || cfg!(not(unix)));
}

/// The file grows between any two snapshots, however far apart.
#[test]
fn a_file_that_keeps_changing_is_listed_and_blocks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(scope(folder.path()), WakeSignal::default());
    let (path, mut text, mut looks) = (folder.path().join("records/long.json"), String::new(), 0);
    let woken = stable(watcher.snapshot().unwrap(), || {
        looks += 1;
        text.push('x');
        std::fs::write(&path, &text).unwrap();
        Some(watcher.snapshot())
    });
    assert_eq!(looks, MAX_UNSTABLE_SNAPSHOTS);
    let Wake::Changed(restless) = woken else { panic!("{woken:?}") };
    assert_eq!(restless, BTreeSet::from([path]));
}

#[test]
fn files_are_waited_for_until_they_are_stable() {
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(scope(folder.path()), WakeSignal::default());
    let mut looks = 0;
    let woken = stable(watcher.snapshot().unwrap(), || {
        looks += 1;
        if looks <= 3 {
            let text = "x".repeat(looks);
            std::fs::write(folder.path().join("records/long.json"), text).unwrap();
        }
        Some(watcher.snapshot())
    });
    assert_eq!(looks, 4);
    assert!(matches!(woken, Wake::Changed(restless) if restless.is_empty()));
    assert!(matches!(stable(Snapshot::default(), || None), Wake::Stop));
}

/// Neither a past nor a future time makes a file look unchanged.
#[test]
fn file_times_are_not_compared_with_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(scope(folder.path()), WakeSignal::default());
    let path = folder.path().join("records/a.json");
    std::fs::write(&path, "same").unwrap();
    let mut seen = watcher.snapshot().unwrap();
    for seconds in [4_000_000_000, 1_000_000, 4_000_000_001] {
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let now = watcher.snapshot().unwrap();
        assert!(now.differs_from(&seen), "{seconds}");
        seen = now;
    }
}
