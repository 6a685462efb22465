//! Waits until something changed. Events are only hints to look again; what
//! counts is the listing of the folders. Knows no pipeline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::fs::{self, FsError, Stamp};

/// How long files must stay the same before they count as written.
const SETTLE: Duration = Duration::from_millis(60);
/// Looks after which files that never rest no longer hold up the others.
const PATIENCE: usize = 25;
/// A look without any hint, in case a hint was lost.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Says which files of a folder count.
pub type Picks = fn(&Path) -> bool;

/// What to look at.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Folders whose files count, with the test that picks them. The first must
    /// be there.
    pub folders: Vec<(PathBuf, Picks)>,
    /// Single files that count.
    pub files: Vec<PathBuf>,
    /// A folder of which only the loss of a file that counts is of interest.
    pub losses: Option<(PathBuf, Picks)>,
    /// `Some`: look this often and ask for no events.
    pub poll: Option<Duration>,
}

/// What one look saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    files: BTreeMap<PathBuf, Stamp>,
    /// Files in the folder of losses.
    present: BTreeSet<PathBuf>,
    /// Files that ought to be there.
    expected: BTreeSet<PathBuf>,
}

impl Look {
    /// Names the files in the folder of losses that ought to be there from now
    /// on. What was put there is known to whoever put it, so that a file which
    /// is lost before anybody looks is missed all the same.
    pub fn require(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.expected = files.into_iter().collect();
    }

    /// True when the other look saw what this one does not, or otherwise, or
    /// expected what is not there. Other files in the folder of losses make no
    /// difference: that is the watcher's own output.
    fn differs_from(&self, before: &Look) -> bool {
        self.files != before.files || !self.present.is_superset(&before.expected)
    }
}

/// Why waiting ended.
#[derive(Debug)]
pub enum Wake {
    /// Files changed, and have been at rest since.
    Changed,
    /// Nothing changed for a while; a look at everything does no harm.
    Heartbeat,
    /// A folder cannot be listed any more.
    Lost(FsError),
    /// Somebody asked to stop.
    Stop,
}

/// A bell that events, and whoever wants an end, can ring.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    hint: bool,
    stop: bool,
}

impl Bell {
    /// Says that something may have changed.
    pub fn hint(&self) {
        self.lock().hint = true;
        self.0.1.notify_all();
    }

    /// Asks for an end.
    pub fn stop(&self) {
        self.lock().stop = true;
        self.0.1.notify_all();
    }

    /// True when an end was asked for.
    pub fn stopped(&self) -> bool {
        self.lock().stop
    }

    /// Waits this long, whatever is hinted; false as soon as an end is asked
    /// for.
    pub fn rest(&self, time: Duration) -> bool {
        let guard = self.lock();
        let (guard, _) = self
            .0
            .1
            .wait_timeout_while(guard, time, |state| !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        !guard.stop
    }

    /// Waits for a hint or an end, at most this long; true on a hint.
    fn wait(&self, limit: Duration) -> bool {
        let guard = self.lock();
        let (mut guard, _) = self
            .0
            .1
            .wait_timeout_while(guard, limit, |state| !state.hint && !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut guard.hint)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches a scope.
pub struct Watcher {
    scope: Scope,
    bell: Bell,
    /// How many folders were there when watching began.
    armed: usize,
    /// Keeps the events coming; none when polling.
    _events: Option<notify::RecommendedWatcher>,
}

impl Watcher {
    /// Begins to watch. Where the system gives no events, falls back to
    /// looking regularly, and says so by [`Watcher::polls`].
    pub fn new(mut scope: Scope, bell: Bell) -> Self {
        let events = if scope.poll.is_none() { arm(&scope, &bell) } else { None };
        if events.is_none() && scope.poll.is_none() {
            scope.poll = Some(Duration::from_secs(1));
        }
        let armed = scope.folders.iter().filter(|(folder, _)| is_there(folder)).count();
        Self { scope, bell, armed, _events: events }
    }

    /// True when the watcher looks regularly instead of waiting for events.
    pub fn polls(&self) -> bool {
        self.scope.poll.is_some()
    }

    /// The state of everything in the scope.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn look(&self) -> Result<Look, FsError> {
        let mut look = Look::default();
        for (index, (folder, wanted)) in self.scope.folders.iter().enumerate() {
            // a folder of overrides need not be there; the first one must
            if index == 0 || fs::stamp(folder)?.is_some() {
                let entries = fs::list(folder, wanted)?.into_iter();
                look.files.extend(entries.map(|entry| (entry.path, entry.stamp)));
            }
        }
        for file in &self.scope.files {
            look.files.extend(fs::stamp(file)?.map(|stamp| (file.clone(), stamp)));
        }
        if let Some((folder, wanted)) = &self.scope.losses
            && fs::stamp(folder)?.is_some()
        {
            let entries = fs::list(folder, wanted)?.into_iter();
            look.present.extend(entries.map(|entry| entry.path));
        }
        Ok(look)
    }

    /// True when a folder has come that was not there when watching began, and
    /// so gives no events yet.
    pub fn outgrown(&self) -> bool {
        let now = self.scope.folders.iter().filter(|(folder, _)| is_there(folder)).count();
        now != self.armed
    }

    /// Waits until the scope differs from what `seen` saw and is at rest.
    pub fn wait(&self, seen: &Look) -> Wake {
        let pause = self.scope.poll.unwrap_or(HEARTBEAT);
        let mut idle = Duration::ZERO;
        loop {
            let hinted = self.bell.wait(pause);
            if self.bell.stopped() {
                return Wake::Stop;
            }
            match self.look() {
                Err(lost) => return Wake::Lost(lost),
                Ok(look) if look.differs_from(seen) => return self.settle(look),
                Ok(_) if hinted && self.outgrown() => return Wake::Changed,
                Ok(_) => {}
            }
            if !hinted {
                idle += pause;
            }
            if idle >= HEARTBEAT {
                return Wake::Heartbeat;
            }
        }
    }

    fn settle(&self, mut before: Look) -> Wake {
        for _ in 0..PATIENCE {
            std::thread::sleep(SETTLE);
            if self.bell.stopped() {
                return Wake::Stop;
            }
            match self.look() {
                Err(lost) => return Wake::Lost(lost),
                Ok(now) if now == before => break,
                Ok(now) => before = now,
            }
        }
        Wake::Changed
    }
}

fn is_there(folder: &Path) -> bool {
    fs::stamp(folder).is_ok_and(|stamp| stamp.is_some())
}

/// Asks the system for events; `None` when it has none to give.
fn arm(scope: &Scope, bell: &Bell) -> Option<notify::RecommendedWatcher> {
    let ringer = bell.clone();
    // events name whole paths
    let losses = scope.losses.as_ref().map(|(f, _)| fs::real_path(f).unwrap_or_else(|_| f.clone()));
    let handler = move |event: notify::Result<notify::Event>| {
        // an error may mean lost events: look
        let Ok(event) = event else { return ringer.hint() };
        let in_output =
            |path: &PathBuf| losses.as_ref().is_some_and(|folder| path.starts_with(folder));
        let output_only = !event.paths.is_empty() && event.paths.iter().all(in_output);
        let pdf = event.paths.iter().any(|path| path.extension().is_some_and(|e| e == "pdf"));
        let lost = matches!(event.kind, EventKind::Remove(_)) && pdf;
        let reading = matches!(event.kind, EventKind::Access(_));
        if !reading && (lost || !output_only) {
            ringer.hint();
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
        let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let _ = watcher.watch(folder.unwrap_or(Path::new(".")), RecursiveMode::NonRecursive);
    }
    if let Some((folder, _)) = &scope.losses {
        let folder = &fs::real_path(folder).unwrap_or_else(|_| folder.clone());
        let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
    }
    Some(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(folder: &Path) -> Scope {
        std::fs::create_dir_all(folder.join("records")).unwrap();
        std::fs::create_dir_all(folder.join("output")).unwrap();
        Scope {
            folders: vec![(folder.join("records"), |_| true)],
            files: Vec::new(),
            losses: Some((folder.join("output"), |_| true)),
            poll: Some(Duration::from_millis(20)),
        }
    }

    /// Between the moment at which a PDF is put in place and the next look it
    /// can be lost already.
    #[test]
    fn a_file_that_is_lost_before_the_first_look_is_missed() {
        let folder = tempfile::tempdir().unwrap();
        let watcher = Watcher::new(scope(folder.path()), Bell::default());
        let mut look = watcher.look().unwrap();
        look.require([folder.path().join("output/memo.pdf")]);
        assert!(matches!(watcher.wait(&look), Wake::Changed));
    }

    #[test]
    fn files_that_nobody_expects_make_no_difference() {
        let folder = tempfile::tempdir().unwrap();
        let watcher = Watcher::new(scope(folder.path()), Bell::default());
        let seen = watcher.look().unwrap();
        std::fs::write(folder.path().join("output/other.pdf"), "").unwrap();
        assert!(!watcher.look().unwrap().differs_from(&seen));
        std::fs::write(folder.path().join("records/new.json"), "").unwrap();
        assert!(watcher.look().unwrap().differs_from(&seen));
    }
}
