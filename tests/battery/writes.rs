//! Battery `writes`: records are written slowly in eight ways while `watch` runs, with
//! events and by polling. A partial record is never accepted, and every complete one is
//! issued exactly once.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::chance::Chance;
use crate::desk::Desk;
use crate::kills::plan;
use crate::watching::{PATIENCE, SETTINGS, Watch};
use crate::{is_broken, number};

/// Default number of files, half of them with events.
const FILES: u64 = 48;
/// Minimum number of files written at once.
const AT_ONCE: usize = 24;
/// Maximum pause between two parts, in milliseconds: longer than files must be unchanged
/// to count as written.
const PAUSE: usize = 150;
/// Maximum number of failures shown.
const SHOWN: usize = 10;

const EVENTS: &[&str] = &["watch"];
const LOOKING: &[&str] = &["watch", "--poll"];

/// A way of writing a file; the last argument waits.
type Way = fn(&Path, &[u8], &mut dyn FnMut());

const WAYS: [(&str, Way); 8] = [
    ("in chunks", chunks),
    ("zeros, then filled", zeros),
    ("renamed in", renamed),
    ("renamed in with an old date", older),
    ("as an editor saves", editor),
    ("cut, then written in place", cut),
    ("deleted and made again", again),
    ("copied over", copied),
];

/// Writes the files; true when each was issued complete, and once.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let count = usize::try_from(number("KIRJURI_FILES", FILES)).unwrap();
    let sides = [("events", EVENTS), ("looking", LOOKING)];
    let mut failures = Vec::new();
    for (part, (name, args)) in sides.into_iter().enumerate() {
        let mut chance = Chance::of(seed, part as u64);
        failures.extend(side(name, args, count.div_ceil(2), &mut chance));
    }
    for failure in failures.iter().take(SHOWN) {
        println!("FAILED {failure}");
    }
    let failed = failures.len();
    println!("writes: {count} files, {failed} failures, {:.1?}", started.elapsed());
    failures.is_empty()
}

/// Writes a number of files with one way of watching.
fn side(name: &str, args: &[&str], count: usize, chance: &mut Chance) -> Vec<String> {
    let desk = Desk::plain(SETTINGS);
    fs::create_dir(desk.path("aside")).unwrap();
    for at in 0..count {
        desk.write(&file(at), record(at, "before"));
    }
    let watch = Watch::start(&desk, args);
    let mut failures = Vec::new();
    let size = AT_ONCE.max(count / 40);
    for first in (0..count).step_by(size) {
        let batch = first..(first + size).min(count);
        std::thread::scope(|scope| {
            for at in batch.clone() {
                let (desk, mut chance) = (&desk, Chance::of(chance.next(), at as u64));
                scope.spawn(move || write(desk, at, &mut chance));
            }
        });
        if !watch.until(PATIENCE, |watch| watch.all() >= count + batch.end) {
            failures.push(format!("{name}: not everything was issued"));
            break;
        }
    }
    // other documents come from partial records
    for (document, times) in watch.issued() {
        if times != 2 {
            failures.push(format!("{name}: {document} was issued {times} times"));
        }
    }
    println!("{:38}{:>8}", format!("files written, {name}"), count);
    println!("{:38}{:>8}", "documents issued", watch.all() - count);
    println!("{:38}{:>8}", "of half records it was said", watch.complaints());
    if watch.stop() != Some(0) {
        failures.push(format!("{name}: watch did not end well"));
    }
    // the existing PDFs were made from the current records
    let ran = desk.run(&["build"]);
    if ran.code != Some(0) || !ran.stdout.contains(&format!("issued 0, unchanged {count},")) {
        failures.push(format!("{name}: afterwards: {}", ran.said()));
    }
    failures
}

/// Writes the new state of a record in one way.
fn write(desk: &Desk, at: usize, chance: &mut Chance) {
    let (path, bytes) = (desk.path(&file(at)), record(at, "afterwards"));
    let (_, way) = WAYS[at % WAYS.len()];
    if is_broken() && at == 0 {
        // complete, but not the intended state
        fs::write(&path, record(at, "half way")).unwrap();
        std::thread::sleep(Duration::from_secs(2));
    }
    way(&path, &bytes, &mut || {
        std::thread::sleep(Duration::from_millis(chance.below(PAUSE) as u64));
    });
}

fn file(at: usize) -> String {
    format!("records/plan-{at:05}.json")
}

fn record(at: usize, state: &str) -> Vec<u8> {
    let mut record = plan(&format!("plan-{at:05}"));
    record["measures"][0]["title"] = format!("The state {state}").into();
    serde_json::to_vec_pretty(&record).unwrap()
}

/// A place outside the watched folder for the same file.
fn aside(path: &Path) -> std::path::PathBuf {
    let folder = path.parent().unwrap().parent().unwrap();
    folder.join("aside").join(path.file_name().unwrap())
}

fn pieces(file: &mut File, bytes: &[u8], pause: &mut dyn FnMut()) {
    for piece in bytes.chunks(bytes.len() / 4 + 1) {
        file.write_all(piece).unwrap();
        file.flush().unwrap();
        pause();
    }
}

fn chunks(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    pieces(&mut File::create(path).unwrap(), bytes, pause);
}

fn zeros(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    let mut file = File::create(path).unwrap();
    file.write_all(&vec![0; bytes.len()]).unwrap();
    pause();
    file.rewind().unwrap();
    pieces(&mut file, bytes, pause);
}

fn renamed(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    pieces(&mut File::create(aside(path)).unwrap(), bytes, pause);
    fs::rename(aside(path), path).unwrap();
}

fn older(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    let mut file = File::create(aside(path)).unwrap();
    pieces(&mut file, bytes, pause);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_times(FileTimes::new().set_modified(old)).unwrap();
    fs::rename(aside(path), path).unwrap();
}

/// A temporary file in the same folder, with the old one kept as a backup.
fn editor(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    let temporary = path.with_extension("json.tmp");
    pieces(&mut File::create(&temporary).unwrap(), bytes, pause);
    fs::rename(path, path.with_extension("json~")).unwrap();
    fs::rename(&temporary, path).unwrap();
}

fn cut(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(bytes.len() as u64 / 2).unwrap();
    pause();
    file.set_len(0).unwrap();
    pause();
    pieces(&mut file, bytes, pause);
}

fn again(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    fs::remove_file(path).unwrap();
    pause();
    pieces(&mut File::create(path).unwrap(), bytes, pause);
}

fn copied(path: &Path, bytes: &[u8], pause: &mut dyn FnMut()) {
    pieces(&mut File::create(aside(path)).unwrap(), bytes, pause);
    fs::copy(aside(path), path).unwrap();
}
