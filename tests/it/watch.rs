//! `kirjuri watch`: every change is detected, by events or by polling, and nothing is
//! lost when it ends. Waits for states with long deadlines; speed is measured by the
//! benchmarks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::desk::{Desk, differences, eventually, names};
use crate::pdf::bare;

const EVENTS: &[&str] = &["watch"];
const POLL: &[&str] = &["watch", "--poll"];
const NORTH: &str = "records/north.json";
const MEMO: &str = "talks-north-memo";

/// Runs a test with events and with polling.
macro_rules! both_ways {
    ($($name:ident)*) => {
        mod with_events { $(#[test] fn $name() { super::$name(super::EVENTS) })* }
        mod by_looking { $(#[test] fn $name() { super::$name(super::POLL) })* }
    };
}

both_ways! {
    an_edited_session_changes_its_memo_and_the_summary
    an_invalid_edit_changes_nothing_until_corrected
    a_changed_template_is_picked_up
    an_invalid_template_is_reported_and_not_used
    a_new_record_is_picked_up
    a_record_moved_in_with_an_old_date_is_picked_up
    a_record_written_in_pieces_is_picked_up_when_it_is_whole
    an_editor_that_saves_by_renaming_is_picked_up
    a_changed_setting_is_picked_up
    a_record_with_a_future_timestamp_is_picked_up
    a_restored_records_folder_is_watched_again
    a_records_folder_that_is_replaced_is_watched_again
    an_unmounted_records_folder_is_not_empty
    a_replaced_output_folder_is_locked_again
    an_unreadable_folder_blocks_only_dependent_documents
    a_truncated_file_is_reported_as_waiting
    sigterm_ends_it_well
    ctrl_c_ends_it_well
}

#[test]
fn a_lost_pdf_is_made_again_with_events() {
    a_lost_pdf_is_made_again(EVENTS);
}

#[test]
fn a_lost_pdf_is_made_again_by_looking() {
    a_lost_pdf_is_made_again(POLL);
}

/// A running `watch`, killed when dropped.
pub struct Watch {
    pub child: Child,
    said: Arc<Mutex<String>>,
}

impl Watch {
    /// Starts it and returns at once.
    pub fn begin(desk: &Desk, args: &[&str]) -> Self {
        Self::run(desk.command(), args)
    }

    /// Starts a prepared command.
    fn run(mut command: std::process::Command, args: &[&str]) -> Self {
        let mut child =
            command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().unwrap(), said.clone());
        listen(child.stderr.take().unwrap(), said.clone());
        Self { child, said }
    }

    /// Starts it and waits until the first build is done.
    pub fn start(desk: &Desk, args: &[&str]) -> Self {
        let watch = Self::begin(desk, args);
        watch.says("Records ");
        watch
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has printed this.
    #[track_caller]
    pub fn says(&self, text: &str) {
        eventually(&format!("watch says `{text}`"), || self.said().contains(text));
    }

    /// Performs `work` and waits until a build has issued something. Returns what was
    /// issued.
    #[track_caller]
    pub fn issues_after(&self, work: impl FnOnce()) -> BTreeSet<String> {
        let before = self.said().len();
        work();
        eventually("watch issues something", || {
            let said = self.said();
            let new = &said[before..];
            new.contains(": issued,") && new.rfind("Records ") > new.rfind(": issued,")
        });
        let said = self.said();
        let lines = said[before..].lines().filter_map(|line| line.split_once(".pdf: issued,"));
        lines.map(|(path, _)| format!("{}.pdf", path.rsplit('/').next().unwrap())).collect()
    }

    /// Its process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let sent =
            std::process::Command::new("kill").arg(name).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end; returns the exit code.
    pub fn ends(&mut self) -> Option<i32> {
        let mut status = None;
        eventually("watch ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(stream: impl Read + Send + 'static, said: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut said = said.lock().unwrap();
            said.push_str(&line);
            said.push('\n');
        }
    });
}

pub fn small() -> Desk {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", "[watch]\ninterval = 100\n");
    desk
}

/// The PDFs and their modification times.
fn state(desk: &Desk) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let times = desk.times();
    desk.pdfs().into_iter().map(|(name, bytes)| (name.clone(), (bytes, times[&name]))).collect()
}

/// True when a PDF exists and contains the text; it may be in the middle of a change.
fn says(desk: &Desk, name: &str, text: &str) -> bool {
    desk.path(&format!("output/{name}.pdf")).exists() && desk.pdf(name).text().contains(&bare(text))
}

fn memo_and_summary() -> BTreeSet<String> {
    names([MEMO, "talks-summary"])
}

fn an_edited_session_changes_its_memo_and_the_summary(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let before = state(&desk);
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "Meeting places are closing", "Meeting places are opening");
    });
    assert_eq!(issued, memo_and_summary());
    assert_eq!(differences(&before, &state(&desk)), memo_and_summary());
    assert!(says(&desk, MEMO, "Meeting places are opening"));
    assert!(says(&desk, "talks-summary", "Meeting places are opening"));
}

fn an_invalid_edit_changes_nothing_until_corrected(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let (before, whole) = (state(&desk), desk.read(NORTH));
    desk.write(NORTH, &whole[..whole.len() / 2]);
    watch.says("json-cut");
    watch.says("talks-summary.pdf: waiting for records/north.json");
    assert_eq!(differences(&before, &state(&desk)), BTreeSet::new());
    // another mistake, together with a valid edit of another record
    desk.write(NORTH, whole.replace("\"remote\"", "\"remotely\""));
    watch.says("value-misspelt");
    let issued = watch.issues_after(|| {
        desk.replace("records/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert_eq!(issued, names(["talks-south-memo"]));
    let issued = watch.issues_after(|| {
        desk.write(NORTH, whole.replace("are closing", "are open"));
    });
    assert_eq!(issued, memo_and_summary());
    assert!(says(&desk, MEMO, "Meeting places are open"));
}

fn a_changed_template_is_picked_up(args: &[&str]) {
    let desk = small();
    desk.template("memo.typ.hbs");
    let watch = Watch::start(&desk, args);
    let issued = watch.issues_after(|| {
        desk.replace("templates/memo.typ.hbs", "#lead[{{lead}}]", "#lead[Dear {{lead}}]");
    });
    assert_eq!(issued, names([MEMO, "talks-south-memo"]));
    assert!(says(&desk, MEMO, "Dear Alder and Birch"));
}

fn an_invalid_template_is_reported_and_not_used(args: &[&str]) {
    let desk = small();
    desk.template("memo.typ.hbs");
    let watch = Watch::start(&desk, args);
    let before = state(&desk);
    desk.replace("templates/memo.typ.hbs", "#lead[{{lead}}]", "#lead[{{{lead}}}]");
    watch.says("The new templates or settings cannot be used");
    assert_eq!(differences(&before, &state(&desk)), BTreeSet::new());
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "are closing", "are opening");
    });
    assert_eq!(issued, memo_and_summary());
    // a template that Typst refuses
    desk.replace("templates/memo.typ.hbs", "#lead[{{{lead}}}]", "#nonsense[{{lead}}]");
    watch.says("templates/memo.typ.hbs:");
    watch.issues_after(|| {
        desk.replace("templates/memo.typ.hbs", "#nonsense[{{lead}}]", "#lead[Dear {{lead}}]");
    });
    assert!(says(&desk, MEMO, "Dear Alder and Birch"));
}

fn a_lost_pdf_is_made_again(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let before = desk.pdfs();
    let issued = watch.issues_after(|| {
        desk.remove(&format!("output/{MEMO}.pdf"));
    });
    assert_eq!(issued, names([MEMO]));
    assert!(desk.pdfs() == before);
}

fn a_new_record_is_picked_up(args: &[&str]) {
    let desk = small();
    let south = desk.bytes("records/south.json");
    desk.remove("records/south.json");
    let watch = Watch::start(&desk, args);
    let issued = watch.issues_after(|| {
        desk.write("records/late/south.json", &south);
    });
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
    // the new folder is watched too
    let issued = watch.issues_after(|| {
        desk.replace("records/late/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
    eventually("the summary has it", || says(&desk, "talks-summary", "Clubs need halls"));
}

fn a_record_moved_in_with_an_old_date_is_picked_up(args: &[&str]) {
    let desk = small();
    std::fs::rename(desk.path("records/south.json"), desk.path("south.json")).unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::File::options()
        .write(true)
        .open(desk.path("south.json"))
        .unwrap()
        .set_modified(old)
        .unwrap();
    let watch = Watch::start(&desk, args);
    watch.issues_after(|| {
        std::fs::rename(desk.path("south.json"), desk.path("records/south.json")).unwrap()
    });
    eventually("both documents have it", || {
        says(&desk, "talks-south-memo", "Clubs need rooms")
            && says(&desk, "talks-summary", "Clubs need rooms")
    });
}

fn a_record_with_a_future_timestamp_is_picked_up(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let whole = desk.read(NORTH).replace("are closing", "are opening");
    let issued = watch.issues_after(|| {
        desk.write("north.json", whole);
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        let file = std::fs::File::options().write(true).open(desk.path("north.json")).unwrap();
        file.set_modified(time).unwrap();
        std::fs::rename(desk.path("north.json"), desk.path(NORTH)).unwrap();
    });
    assert_eq!(issued, memo_and_summary());
    // and with an old modification time
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "are opening", "are closing");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let file = std::fs::File::options().write(true).open(desk.path(NORTH)).unwrap();
        file.set_modified(time).unwrap();
    });
    assert_eq!(issued, memo_and_summary());
}

/// Another folder replaces the watched one atomically; the old one continues elsewhere
/// and must be ignored.
fn a_records_folder_that_is_replaced_is_watched_again(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    for name in desk.records() {
        desk.write(&format!("new/{name}"), desk.bytes(&name));
    }
    desk.replace("new/records/north.json", "are closing", "are opening");
    let issued = watch.issues_after(|| {
        std::fs::rename(desk.path("records"), desk.path("old")).unwrap();
        std::fs::rename(desk.path("new/records"), desk.path("records")).unwrap();
    });
    assert_eq!(issued, memo_and_summary());
    let issued = watch.issues_after(|| {
        desk.replace("records/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
}

/// A mount point without its disk is an empty folder on another device; links simulate
/// the disks.
fn an_unmounted_records_folder_is_not_empty(args: &[&str]) {
    use std::os::unix::fs::{MetadataExt, symlink};
    let desk = small();
    let Ok(empty) = tempfile::tempdir_in("/dev/shm") else { return };
    let disk = |path: &std::path::Path| std::fs::metadata(path).unwrap().dev();
    if disk(empty.path()) == disk(&desk.path("records")) {
        return; // all on one disk here
    }
    std::fs::rename(desk.path("records"), desk.path("disk")).unwrap();
    let lead = |to: &std::path::Path| {
        symlink(to, desk.path("link")).unwrap();
        std::fs::rename(desk.path("link"), desk.path("records")).unwrap();
    };
    lead(&desk.path("disk"));
    let watch = Watch::start(&desk, args);
    lead(empty.path());
    watch.says("Folder records cannot be read: it is empty and on a different disk");
    lead(&desk.path("disk"));
    watch.says("Folder records can be read again");
    assert!(!watch.said().contains("no record calls for"), "{}", watch.said());
    let issued = watch.issues_after(|| {
        desk.replace("disk/north.json", "are closing", "are opening");
    });
    assert_eq!(issued, memo_and_summary());
}

fn a_replaced_output_folder_is_locked_again(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let issued = watch.issues_after(|| {
        std::fs::rename(desk.path("output"), desk.path("old")).unwrap();
        std::fs::create_dir(desk.path("output")).unwrap();
    });
    assert_eq!(issued.len(), 6, "{issued:?}");
    let holder = format!("process {}", watch.child.id());
    desk.run(["build"]).exits(2).complains(&holder);
    let issued = watch.issues_after(|| {
        desk.remove(&format!("output/{MEMO}.pdf"));
    });
    assert_eq!(issued, names([MEMO]));
}

/// A command in the workspace as another user than root, who ignores permissions; `None`
/// when that is impossible.
fn as_nobody(desk: &Desk) -> Option<std::process::Command> {
    let can_list = || std::fs::read_dir(desk.path("records/closed")).is_ok();
    let set = |mode| {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(desk.path("records/closed"), mode).unwrap();
    };
    set(0o000);
    let is_root = can_list();
    set(0o755);
    if !is_root {
        return Some(desk.command());
    }
    std::fs::copy(crate::desk::PROGRAM, desk.path("program")).ok()?;
    let owner = ["-R", "65534:65534"];
    let owned = std::process::Command::new("chown").args(owner).arg(desk.path("")).status();
    owned.ok().filter(|status| status.success())?;
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(desk.path("program"));
    command.current_dir(desk.path("")).args(["--language", "en"]);
    command.env("NO_COLOR", "1").env("KIRJURI_SPELLING", "off");
    Some(command)
}

fn an_unreadable_folder_blocks_only_dependent_documents(args: &[&str]) {
    use std::os::unix::fs::PermissionsExt;
    let desk = small();
    desk.write("records/closed/south.json", desk.bytes("records/south.json"));
    desk.remove("records/south.json");
    let Some(command) = as_nobody(&desk) else { return };
    let set = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(desk.path("records/closed"), mode).unwrap();
    };
    set(0o000);
    let watch = Watch::run(command, args);
    watch.says("error[folder-unreadable]");
    watch.says("records/closed");
    watch.says("Records ");
    assert!(desk.pdfs().contains_key(&format!("{MEMO}.pdf")));
    assert!(!desk.pdfs().contains_key("talks-summary.pdf"));
    // a change of another record is built meanwhile
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "are closing", "are opening");
    });
    assert_eq!(issued, names([MEMO]));
    let issued = watch.issues_after(|| set(0o755));
    assert!(issued.contains("talks-summary.pdf"), "{issued:?}");
    assert_eq!(watch.said().matches("error[folder-unreadable]").count(), 1);
}

fn a_truncated_file_is_reported_as_waiting(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let whole = desk.read(NORTH);
    for part in [3, 2] {
        desk.write(NORTH, &whole[..whole.len() / part]);
        watch.says("records/north.json: waiting for the rest of the file");
        std::thread::sleep(Duration::from_millis(500));
    }
    let said = watch.said();
    assert_eq!(said.matches("waiting for the rest of the file").count(), 1, "{said}");
    desk.write(NORTH, whole.replace("are closing", "are opening"));
    eventually("the memo has it", || says(&desk, MEMO, "Meeting places are opening"));
}

fn a_record_written_in_pieces_is_picked_up_when_it_is_whole(args: &[&str]) {
    use std::io::Write;
    let desk = small();
    let south = desk.bytes("records/south.json");
    desk.remove("records/south.json");
    let watch = Watch::start(&desk, args);
    let issued = watch.issues_after(|| {
        let mut file = std::fs::File::create(desk.path("records/south.json")).unwrap();
        for piece in south.chunks(south.len() / 6) {
            file.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_millis(90));
        }
    });
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
    eventually("the summary has it", || says(&desk, "talks-summary", "Clubs need rooms"));
}

fn an_editor_that_saves_by_renaming_is_picked_up(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    for text in ["are opening", "are full", "are warm"] {
        let whole = desk.read(NORTH);
        let now =
            whole.split("Meeting places ").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let issued = watch.issues_after(|| {
            // as vim saves: the old file is renamed, a new one is created
            std::fs::rename(desk.path(NORTH), desk.path("records/north.json~")).unwrap();
            desk.write("records/.north.json.new", whole.replace(&now, text));
            std::fs::rename(desk.path("records/.north.json.new"), desk.path(NORTH)).unwrap();
            desk.remove("records/north.json~");
        });
        assert!(issued.contains(&format!("{MEMO}.pdf")), "{issued:?}");
        eventually("the memo has it", || says(&desk, MEMO, &format!("Meeting places {text}")));
    }
}

fn a_changed_setting_is_picked_up(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let issued = watch.issues_after(|| {
        desk.write("kirjuri.toml", "attach_source = false\n[watch]\ninterval = 100\n");
    });
    assert_eq!(issued.len(), 6, "{issued:?}");
    assert!(desk.pdf(MEMO).files().is_empty());
    desk.write("kirjuri.toml", "attach = false\n");
    watch.says("The new templates or settings cannot be used");
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "are closing", "are opening");
    });
    assert_eq!(issued, memo_and_summary());
}

fn a_restored_records_folder_is_watched_again(args: &[&str]) {
    let desk = small();
    let watch = Watch::start(&desk, args);
    let before = desk.pdfs();
    std::fs::rename(desk.path("records"), desk.path("away")).unwrap();
    watch.says("Folder records cannot be read");
    assert!(desk.pdfs() == before);
    std::fs::rename(desk.path("away"), desk.path("records")).unwrap();
    watch.says("Folder records can be read again");
    let issued = watch.issues_after(|| {
        desk.replace(NORTH, "are closing", "are opening");
    });
    assert_eq!(issued, memo_and_summary());
}

fn sigterm_ends_it_well(args: &[&str]) {
    let desk = small();
    let mut watch = Watch::start(&desk, args);
    watch.signal("-TERM");
    assert_eq!(watch.ends(), Some(0));
    watch.says("Stopped");
}

fn ctrl_c_ends_it_well(args: &[&str]) {
    let desk = small();
    let mut watch = Watch::start(&desk, args);
    watch.signal("-INT");
    assert_eq!(watch.ends(), Some(0));
    assert!(desk.run(["build"]).exits(0).issued().is_empty(), "all is in place");
}

#[test]
fn an_interrupted_build_ends_cleanly() {
    let desk = Desk::samples();
    desk.write("kirjuri.toml", "workers = 1\n");
    let mut watch = Watch::begin(&desk, EVENTS);
    watch.says(": issued,");
    watch.signal("-TERM");
    assert_eq!(watch.ends(), Some(0));
    let there: BTreeSet<String> = desk.pdfs().into_keys().collect();
    let rest = desk.run(["build"]).exits(0).issued();
    assert!(rest.is_disjoint(&there), "what was there counts: {rest:?}");
    assert_eq!(rest.len() + there.len(), 17);
}

#[test]
fn the_rest_is_issued_after_a_kill() {
    let whole = Desk::samples();
    whole.run(["build"]).exits(0);
    let whole = whole.pdfs();
    for documents in [0, 1, 3, 7, 12] {
        let desk = Desk::samples();
        desk.write("kirjuri.toml", "workers = 2\n");
        let mut watch = Watch::begin(&desk, EVENTS);
        eventually("some PDFs are there", || desk.pdfs_in("output").len() >= documents);
        watch.child.kill().unwrap();
        watch.ends();
        for (name, bytes) in desk.pdfs() {
            assert!(whole[&name] == bytes, "{name} is whole or not there at all");
        }
        desk.run(["build"]).exits(0);
        assert_eq!(differences(&desk.pdfs(), &whole), BTreeSet::new());
        assert!(desk.run(["build"]).exits(0).issued().is_empty());
    }
}

#[test]
fn a_second_watcher_on_the_same_output_is_refused() {
    let desk = small();
    let watch = Watch::start(&desk, EVENTS);
    let holder = format!("process {}", watch.child.id());
    desk.run(["watch"]).exits(2).complains(&holder);
    desk.run(["build"]).exits(2).complains(&holder);
    desk.run(["check"]).exits(0);
    desk.run(["build", "--output", "other"]).exits(0);
    drop(watch);
    desk.run(["build"]).exits(0);
}

#[test]
fn problems_are_printed_once() {
    let desk = small().lay("links");
    let watch = Watch::start(&desk, POLL);
    watch.issues_after(|| {
        desk.replace("records/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert_eq!(watch.said().matches("www.a.example` is not").count(), 1, "{}", watch.said());
}

#[test]
fn obstacles_are_reported_once() {
    let desk = crate::registry::built();
    desk.remove("kirjuri.toml");
    let watch = Watch::begin(&desk, EVENTS);
    watch.says("has no `[registry]`");
    // it retries after two seconds, and after four more
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(watch.said().matches("has no `[registry]`").count(), 1, "{}", watch.said());
}

#[test]
fn a_template_folder_made_later_is_watched() {
    let desk = small();
    let watch = Watch::start(&desk, EVENTS);
    watch.issues_after(|| {
        std::fs::create_dir(desk.path("templates")).unwrap();
        desk.template("memo.typ.hbs");
        desk.replace("templates/memo.typ.hbs", "#lead[{{lead}}]", "#lead[Dear {{lead}}]");
    });
    watch.issues_after(|| {
        desk.replace("templates/memo.typ.hbs", "#lead[Dear ", "#lead[Hello ");
    });
    assert!(says(&desk, MEMO, "Hello Alder and Birch"));
}
