//! Watches folders for changes. Events are only hints; what counts is the listing of the
//! folders. Uses no clock: waits are counted in pauses, and file states are only compared
//! for equality, so that clock changes have no effect.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::fs::{self, FileIdentity, FsError, Stamp};

/// How long files must stay unchanged before they count as written.
const STABLE_INTERVAL: Duration = Duration::from_millis(60);
/// Snapshots after which files that keep changing no longer delay the others.
const MAX_UNSTABLE_SNAPSHOTS: usize = 25;
/// Interval of snapshots without any hint, in case a hint was lost.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// How often the folders themselves are checked when there are events: another folder or
/// disk may have replaced them, and report none.
const IDENTITY_CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// Pause after a hint without a change, so that a storm of hints neither takes all time nor
/// delays the heartbeat.
const HINT_PAUSE: Duration = Duration::from_millis(20);

/// Selects the files of a folder that count.
pub type FileFilter = fn(&Path) -> bool;

/// What to watch.
#[derive(Debug, Clone)]
pub struct WatchScope {
    /// Folders whose files count, with their filters. The first must exist.
    pub folders: Vec<(PathBuf, FileFilter)>,
    /// Single files that count.
    pub files: Vec<PathBuf>,
    /// A folder of which only the removal of files counts.
    pub removals: Option<(PathBuf, FileFilter)>,
    /// Poll instead of waiting for events.
    pub poll: bool,
    /// Interval of polling.
    pub interval: Duration,
}

/// State of the watched files at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    files: BTreeMap<PathBuf, Stamp>,
    /// Files in the folder of removals.
    present: BTreeSet<PathBuf>,
    /// Files that should be present.
    expected: BTreeSet<PathBuf>,
}

impl Snapshot {
    /// True if a watched file is in this folder or below.
    pub fn holds_any_of(&self, folder: &Path) -> bool {
        self.files.keys().any(|path| path.starts_with(folder))
    }

    /// Sets the files that should be present in the folder of removals from now on. They
    /// are known to whoever wrote them, so that a file which is removed before the next
    /// snapshot is noticed all the same.
    pub fn require(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.expected = files.into_iter().collect();
    }

    /// True if the watched files differ, or an expected file is missing. Other files in the
    /// folder of removals make no difference: they are the watcher's own output.
    fn differs_from(&self, before: &Snapshot) -> bool {
        self.files != before.files || !self.present.is_superset(&before.expected)
    }
}

/// Why waiting ended.
#[derive(Debug)]
pub enum Wake {
    /// Files changed. The listed ones kept changing even after a long while; all others are
    /// stable.
    Changed(BTreeSet<PathBuf>),
    /// Nothing changed for a while; a full check does no harm.
    Heartbeat,
    /// A watched folder can no longer be listed. Folders below it do not block anything.
    Lost(FsError),
    /// A stop was requested.
    Stop,
}

/// Wakes the watcher: sent by file system events and by whoever stops the program.
#[derive(Debug, Clone, Default)]
pub struct WakeSignal(Arc<(Mutex<SignalState>, Condvar)>);

#[derive(Debug, Default)]
struct SignalState {
    hint: bool,
    stop: bool,
}

impl WakeSignal {
    /// Signals that something may have changed.
    pub fn hint(&self) {
        self.lock().hint = true;
        self.0.1.notify_all();
    }

    /// Requests a stop.
    pub fn stop(&self) {
        self.lock().stop = true;
        self.0.1.notify_all();
    }

    /// True if a stop was requested.
    pub fn stopped(&self) -> bool {
        self.lock().stop
    }

    /// Waits this long regardless of hints; returns false as soon as a stop is requested.
    pub fn rest(&self, time: Duration) -> bool {
        let guard = self.lock();
        let (guard, _) = self
            .0
            .1
            .wait_timeout_while(guard, time, |state| !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        !guard.stop
    }

    /// Waits for a hint or a stop, at most this long; true on a hint.
    fn wait(&self, limit: Duration) -> bool {
        let guard = self.lock();
        let (mut guard, _) = self
            .0
            .1
            .wait_timeout_while(guard, limit, |state| !state.hint && !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut guard.hint)
    }

    fn lock(&self) -> MutexGuard<'_, SignalState> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches a scope.
pub struct Watcher {
    scope: WatchScope,
    signal: WakeSignal,
    /// Whether it polls: as requested, or because there are no events.
    polls: bool,
    /// Identities of the watched paths when watching began.
    identities: Vec<Option<FileIdentity>>,
    /// Subscription to events; none when polling.
    _events: Option<notify::RecommendedWatcher>,
}

impl Watcher {
    /// Starts watching. Polls where the system gives no events, as on network file systems;
    /// see [`Watcher::polls`].
    pub fn new(scope: WatchScope, signal: WakeSignal) -> Self {
        // taken first, so that a replacement during the start is noticed
        let identities: Vec<Option<FileIdentity>> =
            watched_paths(&scope).map(fs::identity).collect();
        let events =
            if scope.poll || !has_events(&scope) { None } else { subscribe(&scope, &signal) };
        let polls = events.is_none();
        Self { scope, signal, polls, identities, _events: events }
    }

    /// True if the watcher polls instead of waiting for events.
    pub fn polls(&self) -> bool {
        self.polls
    }

    /// True if it polls although that was not requested. A restart may find events
    /// available again.
    pub fn falls_back_to_polling(&self) -> bool {
        self.polls && !self.scope.poll
    }

    /// The state of everything in the scope.
    ///
    /// # Errors
    /// Fails if one of its folders cannot be listed. Folders below them may be unreadable.
    pub fn snapshot(&self) -> Result<Snapshot, FsError> {
        let mut look = Snapshot::default();
        // recycle bins do not count
        let counts = |entry: &fs::ListEntry| entry.kind != fs::EntryKind::Aside;
        for (index, (folder, wanted)) in self.scope.folders.iter().enumerate() {
            // folders of overrides are optional, except the first folder
            if index == 0 || fs::stamp(folder)?.is_some() {
                let entries = fs::list_lenient(folder, wanted)?.into_iter().filter(counts);
                look.files.extend(entries.map(|entry| (entry.path, entry.stamp)));
            }
        }
        for file in &self.scope.files {
            look.files.extend(fs::stamp(file)?.map(|stamp| (file.clone(), stamp)));
        }
        if let Some((folder, wanted)) = &self.scope.removals
            && fs::stamp(folder)?.is_some()
        {
            let entries = fs::list_lenient(folder, wanted)?.into_iter().filter(counts);
            look.present.extend(entries.map(|entry| entry.path));
        }
        Ok(look)
    }

    /// True if a watched path leads elsewhere than when watching began: a folder was
    /// created, removed or replaced, or a disk was mounted. Its target reports no events.
    pub fn paths_replaced(&self) -> bool {
        let now = watched_paths(&self.scope).map(fs::identity);
        // some network file systems renumber their folders occasionally
        let same = |place: Option<FileIdentity>| {
            place.map(|place| (place.device, if self.polls { 0 } else { place.inode }))
        };
        !now.map(same).eq(self.identities.iter().map(|place| same(*place)))
    }

    /// Waits until the scope differs from `seen` and is stable.
    pub fn wait(&self, seen: &Snapshot) -> Wake {
        let pause = if self.polls { self.scope.interval } else { IDENTITY_CHECK_INTERVAL };
        let mut idle = Duration::ZERO;
        loop {
            let hinted = self.signal.wait(pause);
            if self.signal.stopped() {
                return Wake::Stop;
            }
            idle += if hinted { HINT_PAUSE } else { pause };
            let paths_replaced = self.paths_replaced();
            if hinted || self.polls || paths_replaced || idle >= HEARTBEAT {
                match self.snapshot() {
                    Err(lost) => return Wake::Lost(lost),
                    Ok(look) if look.differs_from(seen) => return self.wait_until_stable(look),
                    Ok(_) if paths_replaced => return Wake::Changed(BTreeSet::new()),
                    Ok(_) => {}
                }
            }
            if idle >= HEARTBEAT {
                return Wake::Heartbeat;
            }
            if hinted && !self.signal.rest(HINT_PAUSE) {
                return Wake::Stop;
            }
        }
    }

    fn wait_until_stable(&self, before: Snapshot) -> Wake {
        stable(before, || {
            std::thread::sleep(STABLE_INTERVAL);
            (!self.signal.stopped()).then(|| self.snapshot())
        })
    }
}

/// Takes snapshots until two in a row are equal, or the limit is reached; `None` requests a
/// stop. Counts snapshots, not time.
fn stable(
    mut before: Snapshot,
    mut look: impl FnMut() -> Option<Result<Snapshot, FsError>>,
) -> Wake {
    let mut restless = BTreeSet::new();
    for _ in 0..MAX_UNSTABLE_SNAPSHOTS {
        match look() {
            None => return Wake::Stop,
            Some(Err(lost)) => return Wake::Lost(lost),
            Some(Ok(now)) if now == before => return Wake::Changed(BTreeSet::new()),
            Some(Ok(now)) => {
                let moving = now.files.iter().filter(|(path, stamp)| {
                    before.files.get(*path).is_some_and(|old| old != *stamp)
                });
                restless = moving.map(|(path, _)| path.clone()).collect();
                before = now;
            }
        }
    }
    Wake::Changed(restless)
}

/// All watched folders, including those of single files.
fn watched_paths(scope: &WatchScope) -> impl Iterator<Item = &Path> {
    let folders = scope.folders.iter().map(|(folder, _)| folder.as_path());
    let files = scope.files.iter().map(|file| folder_of(file));
    folders.chain(files).chain(scope.removals.iter().map(|(folder, _)| folder.as_path()))
}

/// True if the system reports all changes in the scope.
fn has_events(scope: &WatchScope) -> bool {
    let whole = scope.folders.iter().all(|(folder, _)| fs::supports_events(folder, true));
    whole && watched_paths(scope).all(|place| fs::supports_events(place, false))
}

/// The parent folder of a file: `.` for a plain name.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Subscribes to events of the system; `None` if there are none.
fn subscribe(scope: &WatchScope, signal: &WakeSignal) -> Option<notify::RecommendedWatcher> {
    let from_events = signal.clone();
    // events have absolute paths
    let removals =
        scope.removals.as_ref().map(|(f, _)| fs::real_path(f).unwrap_or_else(|_| f.clone()));
    let handler = move |event: notify::Result<notify::Event>| {
        // an error may mean lost events
        let Ok(event) = event else { return from_events.hint() };
        let in_output =
            |path: &PathBuf| removals.as_ref().is_some_and(|folder| path.starts_with(folder));
        let output_only = !event.paths.is_empty() && event.paths.iter().all(in_output);
        let pdf = event.paths.iter().any(|path| path.extension().is_some_and(|e| e == "pdf"));
        let lost = matches!(event.kind, EventKind::Remove(_)) && pdf;
        let reading = matches!(event.kind, EventKind::Access(_));
        if !reading && (lost || !output_only) {
            from_events.hint();
        }
    };
    let mut watcher = notify::recommended_watcher(handler).ok()?;
    for (index, (folder, _)) in scope.folders.iter().enumerate() {
        let armed = watcher.watch(folder, RecursiveMode::Recursive);
        if index == 0 {
            armed.ok()?;
        }
    }
    for file in &scope.files {
        let _ = watcher.watch(folder_of(file), RecursiveMode::NonRecursive);
    }
    if let Some((folder, _)) = &scope.removals {
        let folder = &fs::real_path(folder).unwrap_or_else(|_| folder.clone());
        let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
    }
    Some(watcher)
}
