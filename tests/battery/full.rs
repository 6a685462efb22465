//! Battery `full`: the disk of output and registry repeatedly becomes full while `watch`
//! runs. Existing files stay unchanged, the lack of space is reported, and with free
//! space everything is issued automatically.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::accounts::Books;
use crate::desk::Desk;
use crate::kills::plan;
use crate::watching::{PATIENCE, Watch};
use crate::{is_broken, number};

/// Default number of times.
const TIMES: u64 = 2;
/// Initial number of records.
const RECORDS: usize = 3;
/// Waiting time when nothing is expected.
const SHORT: Duration = Duration::from_secs(5);
/// A separate disk; its content is copied to the workspace at the end.
const DISK: &str = "mount -t tmpfs -o size=${ROOM}m none disk && \"$0\" \"$@\"; ended=$?; \
                    cp -r disk/output disk/registry . && exit $ended";
const WATCH: &[&str] =
    &["watch", "--web", "--output", "disk/output", "--registry", "disk/registry"];

/// Fills the disk; true when nothing was lost.
pub fn run(_: u64) -> bool {
    let tool = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
    if !can_mount(&tool) {
        println!("full: left out, for no disk can be mounted here");
        return !is_broken();
    }
    let started = Instant::now();
    // a lasting fault is reported once
    let times = if is_broken() { 1 } else { number("KIRJURI_FULL", TIMES) };
    let desk = Desk::new("[watch]\ninterval = 100\n");
    fs::create_dir(desk.path("disk")).unwrap();
    let mut wanted = BTreeMap::new();
    (0..RECORDS).for_each(|at| write(&desk, at, 1, &mut wanted));
    // each time adds a document and a version to the registry
    let script = DISK.replace("${ROOM}", &(12 + times / 2).to_string());
    let tool: Vec<&str> = tool.into_iter().chain([script.as_str()]).collect();
    let watch = Watch::under(&desk, &tool, WATCH);
    // the disk as the program sees it
    let disk =
        PathBuf::from(format!("/proc/{}/root{}", watch.id(), desk.folder().display())).join("disk");
    let mut failures = Vec::new();
    for time in 0..times {
        failures.extend(once(time, &desk, &disk, &watch, &mut wanted));
        if !failures.is_empty() {
            break;
        }
    }
    let (made, told) = (watch.all(), watch.complaints());
    if watch.stop() != Some(0) {
        failures.push("watch did not end well".to_owned());
    }
    let (withdrawn, said) = (&BTreeSet::new(), &BTreeMap::new());
    let (sums, found) = Books { wanted: &wanted, withdrawn, said }.check(&desk, false);
    failures.extend(found);
    println!("{:38}{times:>8}", "times that the disk became full");
    println!("{:38}{told:>8}", "told");
    println!("{:38}{made:>8}", "documents and web copies issued");
    println!("{:38}{:>8}", "numbers given", sums.given);
    println!("{:38}{:>8}", "numbers voided", sums.voided);
    failures.iter().for_each(|failure| println!("FAILED {failure}"));
    println!("full: {times} times, {} failures, {:.1?}", failures.len(), started.elapsed());
    failures.is_empty()
}

/// Fills the disk, changes records, and frees the disk; returns faults.
fn once(
    time: u64,
    desk: &Desk,
    disk: &Path,
    watch: &Watch,
    wanted: &mut BTreeMap<String, u16>,
) -> Vec<String> {
    let mut failures = Vec::new();
    let time = usize::try_from(time).unwrap();
    let before = pdfs(disk);
    fill(&disk.join("filler"));
    let told = watch.complaints();
    // a new and a corrected document
    write(desk, RECORDS + time, 1, wanted);
    let version = u16::try_from(time).unwrap() + 2;
    write(desk, 0, version, wanted);
    if !watch.until(PATIENCE, |watch| watch.complaints() > told) || !watch.says("space", "disk") {
        failures.push("that the disk is full is not said".to_owned());
    }
    std::thread::sleep(Duration::from_secs(1));
    if pdfs(disk) != before {
        failures.push("a PDF changed on the full disk".to_owned());
    }
    if !is_broken() {
        fs::remove_file(disk.join("filler")).unwrap();
    }
    let patience = if is_broken() { SHORT } else { PATIENCE };
    let all = 2 * wanted.len();
    let is_made = |_: &Watch| {
        let now = pdfs(disk);
        let again = |(path, bytes): (&PathBuf, &Vec<u8>)| {
            path.ends_with("plan-0-measures.pdf") && before.get(path) == Some(bytes)
        };
        now.len() == all && !now.iter().any(again)
    };
    if !watch.until(patience, is_made) {
        failures.push("with space again not everything was issued".to_owned());
    }
    // the registry is closed after the last document
    std::thread::sleep(Duration::from_secs(1));
    failures
}

fn write(desk: &Desk, at: usize, version: u16, wanted: &mut BTreeMap<String, u16>) {
    let id = format!("plan-{at}");
    let mut record = plan(&id);
    if version > 1 {
        record["version"] = version.into();
        record["corrects"] = "The title was wrong.".into();
        record["measures"][0]["title"] = format!("Title number {version}").into();
    }
    desk.write(&format!("records/{id}.json"), serde_json::to_vec_pretty(&record).unwrap());
    wanted.insert(format!("{id}-measures"), version);
}

/// Uses all free space.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [1 << 16, 1 << 10, 1] {
        let piece = vec![b'x'; size];
        while file.write_all(&piece).is_ok() {}
    }
}

/// The documents and their web copies. Files may appear and disappear meanwhile.
fn pdfs(disk: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for folder in [disk.join("output"), disk.join("output/web")] {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let pdf = path.extension().is_some_and(|end| end == "pdf");
            if let Some(bytes) = pdf.then(|| fs::read(&path).ok()).flatten() {
                found.insert(path, bytes);
            }
        }
    }
    found
}

/// True when a process can mount a disk here.
fn can_mount(tool: &[&str]) -> bool {
    let mut probe = Command::new(tool[0]);
    probe.args(&tool[1..]).arg("mount -t tmpfs none /mnt");
    probe.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
