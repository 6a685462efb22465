//! Battery `tampering`: every edit of a registry must be detected. Edits that leave it
//! consistent (an older state, everything rewritten) must be detected with a checkpoint
//! stored elsewhere.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use kirjuri::model::Moment;
use kirjuri::registry::checkpoint::CheckpointSigner;
use kirjuri::registry::log::LogHead;
use kirjuri::registry::{
    IntegrityFinding, NumberRequest, Numbering, Registry, Sequence, verify_registry,
};

use crate::chance::Chance;
use crate::desk::{Desk, small};
use crate::edits::{KINDS, Kind, Victim};
use crate::tree::Tree;
use crate::{is_broken, number};

/// Default number of edits.
const EDITS: u64 = 300;
/// Interval at which the unedited registry is verified.
const CONTROL: u64 = 200;
/// Number of attempts for an impossible edit.
const TRIES: usize = 50;
/// Maximum number of misses shown for each kind.
const SHOWN: usize = 3;
/// Fixed time, so that a seed is reproducible.
const TIME: i64 = 1_790_000_000;

/// A registry with all kinds of content.
struct Sample {
    desk: Desk,
    tree: Tree,
    older: Vec<Tree>,
    head: LogHead,
}

/// Result of an edit.
struct Done {
    kind: usize,
    /// True when it was detected as required.
    found: bool,
    /// True when it was detected without the checkpoint.
    alone: bool,
    what: String,
}

/// Applies the edits; true when all were detected.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let sample = sample();
    let only = std::env::var("KIRJURI_EDIT").ok().map(|text| text.parse::<u64>().unwrap());
    let (first, count) = only.map_or((0, number("KIRJURI_EDITS", EDITS)), |edit| (edit, 1));
    println!("tampering: {count} edits, seed {seed}, {} files", sample.tree.files.len());
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64).min(count);
    let mut done: Vec<(u64, Done)> = Vec::new();
    std::thread::scope(|scope| {
        let sample = &sample;
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let edits = (first..first + count).skip(worker as usize);
                scope.spawn(move || work(sample, seed, edits.step_by(workers as usize)))
            })
            .collect();
        done.extend(threads.into_iter().flat_map(|thread| thread.join().unwrap()));
    });
    done.sort_by_key(|(edit, _)| *edit);
    table(&done);
    let missed: Vec<&(u64, Done)> = done.iter().filter(|(_, done)| !done.found).collect();
    for (at, kind) in KINDS.iter().enumerate() {
        for (edit, done) in missed.iter().filter(|(_, done)| done.kind == at).take(SHOWN) {
            println!(
                "MISSED KIRJURI_SEED={seed} KIRJURI_EDIT={edit}: {}: {}",
                kind.name, done.what
            );
        }
    }
    let missed = missed.len();
    println!("tampering: {count} edits, {missed} missed, {:.1?}", started.elapsed());
    missed == 0
}

fn table(all: &[(u64, Done)]) {
    println!("{:38}{:>8}{:>8}{:>10}", "kind", "edits", "found", "alone");
    let row = |name: &str, wanted: &dyn Fn(&Done) -> bool| {
        let own: Vec<&Done> = all.iter().map(|(_, done)| done).filter(|d| wanted(d)).collect();
        let count = |what: fn(&Done) -> bool| own.iter().filter(|done| what(done)).count();
        let (found, alone) = (count(|done| done.found), count(|done| done.alone));
        println!("{name:38}{:>8}{found:>8}{alone:>10}", own.len());
    };
    for (at, kind) in KINDS.iter().enumerate() {
        row(kind.name, &|done| done.kind == at);
    }
    row("all", &|_| true);
}

/// Creates the registry.
fn sample() -> Sample {
    let desk = Desk::new("workers = 1");
    for entry in std::fs::read_dir(small()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        desk.write(&format!("records/{name}"), std::fs::read(entry.path()).unwrap());
    }
    let run = |args: &[&str]| {
        let mut program = desk.program(args);
        program.env("SOURCE_DATE_EPOCH", TIME.to_string());
        crate::desk::finished(&mut program).well()
    };
    let mut older = Vec::new();
    let mut step = |args: &[&str]| {
        run(args);
        older.push(Tree::of(&desk.registry()));
    };
    step(&["build"]);
    step(&["build", "--web"]);
    // a number that will be voided, and a correction
    reserve(&desk, "nothing");
    desk.edit("records/north.json", |record| {
        record["version"] = 2.into();
        record["corrects"] = "The date of the network was wrong.".into();
        record["agreed"][0]["by"] = "2026-04-30".into();
    });
    step(&["build", "--web"]);
    step(&["registry", "export", "--to", "handed/all"]);
    run(&["registry", "recover"]);
    reserve(&desk, "waiting");
    run(&["registry", "checkpoint", "--to", "kept/checkpoint.note"]);
    run(&["registry", "verify", "--checkpoint", "kept/checkpoint.note"]);
    run(&["registry", "checkpoint", "--to", "kept/last.note"]);
    let head = checkpoint(&desk);
    // removes SQLite's files next to an index that was read
    open(&desk).close().unwrap();
    let sample = Sample { tree: Tree::of(&desk.registry()), older, head, desk };
    untouched(&sample, &sample.desk.registry());
    sample
}

/// The end of the log in the signed checkpoint.
fn checkpoint(desk: &Desk) -> LogHead {
    let text = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let witness = CheckpointSigner::parse(&text("kirjuri-checkpoint.key")).unwrap().verifier();
    witness.read(&text("kept/last.note")).unwrap().head
}

fn open(desk: &Desk) -> Registry {
    let numbering = Numbering::parse("KJ-{year}-{number:5}", Sequence::Yearly).unwrap();
    let clock = || Moment::from_unix(TIME).unwrap();
    Registry::open(&desk.registry(), numbering, clock, "battery").unwrap()
}

/// Reserves a number for a document that is never made.
fn reserve(desk: &Desk, document: &str) {
    let mut registry = open(desk);
    let wanted = NumberRequest { document: document.to_owned(), version: 1, date: None };
    registry.reserve(&[wanted], &BTreeSet::new()).unwrap();
    registry.archive_log().unwrap();
    registry.close().unwrap();
}

/// The unedited registry must have no findings.
fn untouched(sample: &Sample, registry: &Path) {
    let findings = verify_registry(registry, Some(&sample.head)).findings;
    sample.tree.put(registry);
    assert!(findings.is_empty(), "findings in an untouched registry: {findings:#?}");
}

/// Applies every n-th edit, each to an intact registry.
fn work(sample: &Sample, seed: u64, edits: impl Iterator<Item = u64>) -> Vec<(u64, Done)> {
    let folder = tempfile::tempdir().unwrap();
    let registry = folder.path().join("registry");
    std::fs::create_dir(&registry).unwrap();
    sample.tree.put(&registry);
    let mut done = Vec::new();
    for edit in edits {
        done.push((edit, one(sample, seed, edit, &registry)));
        if (done.len() as u64).is_multiple_of(CONTROL) {
            untouched(sample, &registry);
        }
    }
    untouched(sample, &registry);
    done
}

/// Applies one edit, verifies, and undoes it.
fn one(sample: &Sample, seed: u64, edit: u64, registry: &Path) -> Done {
    let mut chance = Chance::of(seed, edit);
    // each kind once, then at random
    let kind = usize::try_from(edit).unwrap();
    let kind = if kind < KINDS.len() { kind } else { chance.below(KINDS.len()) };
    let what = apply(&KINDS[kind], sample, registry, &mut chance);
    if is_broken() {
        sample.tree.put(registry);
    }
    let (alone, found) = look(&KINDS[kind], &sample.head, registry);
    sample.tree.put(registry);
    let what = format!("{what} ({})", found.1);
    Done { kind, found: found.0, alone, what }
}

fn apply(kind: &Kind, sample: &Sample, registry: &Path, chance: &mut Chance) -> String {
    for _ in 0..TRIES {
        let (tree, older) = (&sample.tree, sample.older.as_slice());
        let mut victim = Victim { registry, tree, older, chance: &mut *chance };
        if let Some(what) = (kind.edit)(&mut victim) {
            assert!(Tree::of(registry) != sample.tree, "{} did nothing: {what}", kind.name);
            return what;
        }
        sample.tree.put(registry);
    }
    panic!("{} cannot be done", kind.name);
}

/// Whether the registry alone reveals the edit; whether it was detected as required, with
/// a comment.
fn look(kind: &Kind, head: &LogHead, registry: &Path) -> (bool, (bool, String)) {
    let alone = verify_registry(registry, None).findings;
    if !kind.whole {
        return (!alone.is_empty(), (!alone.is_empty(), "nothing was found".into()));
    }
    let found = !verify_registry(registry, Some(head)).findings.is_empty();
    match alone.first() {
        None => (false, (found, "the checkpoint agrees".into())),
        // then it is not a forgery of this kind
        Some(IntegrityFinding { kind, place, detail, .. }) => {
            (true, (false, format!("not whole: {} {place} {detail}", kind.as_str())))
        }
    }
}
