//! Battery `kills`: the program is killed at random moments during registrations, exports
//! and verifications. Nothing may be lost: every document is registered once, under one
//! number, with the published bytes, and every number is accounted for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::accounts;
use crate::chance::Chance;
use crate::database;
use crate::desk::Desk;
use crate::{is_broken, number};

/// Default number of documents.
const REGISTRATIONS: u64 = 60;
/// Number of workspaces in parallel, if there is more than one.
const DESKS: u64 = 4;
/// Maximum number of documents rebuilt at the end.
const REBUILT: u64 = 100;
/// Maximum time before a kill without waiting for output, in milliseconds: for each
/// document, and in total.
const LATEST: (usize, usize) = (5, 1500);
/// Maximum time between output and kill, in milliseconds.
const AFTER_LINE: usize = 40;
/// Number of kills between verifications.
const LOOK_EVERY: usize = 4;
/// Number of kills between corrections, and between withdrawals.
const CHANGE_EVERY: usize = 3;
/// Kills of each of the other commands.
const OTHERS: usize = 8;
/// Maximum number of findings directly after kills that are shown.
const SHOWN: usize = 2;
/// Maximum time without output.
const PATIENCE: Duration = Duration::from_secs(300);

/// Counts.
#[derive(Default)]
struct Figures {
    kills: usize,
    landed: usize,
    restarts: usize,
    looks: usize,
    /// Findings directly after kills, before a restart.
    unsettled: Vec<String>,
    corrected: usize,
    withdrawn: usize,
    finished: usize,
}

/// A run that was killed or ended.
struct Round {
    status: ExitStatus,
    killed: bool,
    /// Complete lines of standard output.
    lines: Vec<String>,
}

/// When a run is killed.
struct Moment {
    /// After so many lines.
    lines: usize,
    /// And then after this time.
    wait: Duration,
}

/// The state of the workspace, and what the program reported.
struct Work {
    desk: Desk,
    chance: Chance,
    figures: Figures,
    /// Versions of the records by document.
    wanted: BTreeMap<String, u16>,
    /// Documents with removed records.
    withdrawn: BTreeSet<String>,
    /// Register numbers that the program reported, with their documents.
    said: BTreeMap<String, String>,
    failures: Vec<String>,
}

/// Result for one or several workspaces.
#[derive(Default)]
struct Outcome {
    figures: Figures,
    sums: accounts::Sums,
    /// Number of documents reported as issued.
    said: usize,
    failures: Vec<String>,
}

/// Registers and kills; true when nothing was lost.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let count = number("KIRJURI_REGISTRATIONS", REGISTRATIONS);
    let wanted = usize::try_from(number("KIRJURI_CYCLES", 1)).unwrap();
    println!("kills: {count} documents on each desk, seed {seed}");
    let mut all = Outcome::default();
    let mut next = seed;
    while all.figures.kills < wanted && all.failures.is_empty() {
        // a killed program mostly waits
        let desks = if wanted > 1 { DESKS } else { 1 };
        let seeds: Vec<u64> = (next..next + desks).collect();
        next += desks;
        std::thread::scope(|scope| {
            let work = |seed: u64| scope.spawn(move || desk(seed, count));
            let desks: Vec<_> = seeds.into_iter().map(work).collect();
            desks.into_iter().for_each(|desk| all.add(desk.join().unwrap()));
        });
    }
    all.print(started.elapsed());
    all.failures.is_empty()
}

/// Registers and kills in one workspace.
fn desk(seed: u64, count: u64) -> Outcome {
    let mut work = Work::new(seed, count);
    work.register(count);
    work.others();
    if is_broken() {
        work.lose_one();
    }
    let rebuild = count <= REBUILT;
    let (wanted, withdrawn, said) = (&work.wanted, &work.withdrawn, &work.said);
    let books = accounts::Books { wanted, withdrawn, said };
    let (sums, failures) = books.check(&work.desk, rebuild);
    let seeded = |failure| format!("seed {seed}: {failure}");
    let failures = work.failures.into_iter().chain(failures).map(seeded).collect();
    Outcome { figures: work.figures, sums, said: work.said.len(), failures }
}

impl Work {
    fn new(seed: u64, count: u64) -> Self {
        let mut work = Self {
            desk: Desk::new(""),
            chance: Chance::of(seed, 0),
            figures: Figures::default(),
            wanted: BTreeMap::new(),
            withdrawn: BTreeSet::new(),
            said: BTreeMap::new(),
            failures: Vec::new(),
        };
        for at in 0..count {
            let id = format!("plan-{at:05}");
            work.desk.write(&record(&id), serde_json::to_vec_pretty(&plan(&id)).unwrap());
            work.wanted.insert(format!("{id}-measures"), 1);
        }
        work
    }

    /// Builds and kills until a build completes.
    fn register(&mut self, count: u64) {
        let mut since_change = 0;
        loop {
            let moment = self.moment(usize::try_from(count).unwrap());
            let web = self.chance.below(3) > 0;
            let args: &[&str] = if web { &["build", "--web"] } else { &["build"] };
            let round = self.round(args, &moment);
            if !round.killed {
                if !round.status.success() {
                    return self.failures.push(format!("a build ended with {}", round.status));
                }
                if web {
                    return;
                }
                continue;
            }
            self.figures.kills += 1;
            self.figures.restarts += 1;
            if self.figures.kills.is_multiple_of(LOOK_EVERY) {
                self.look();
            }
            since_change += 1;
            if since_change == CHANGE_EVERY {
                since_change = 0;
                self.change(count);
            }
        }
    }

    /// A quarter of the kills are at any time, the others soon after a registration.
    fn moment(&mut self, count: usize) -> Moment {
        let (each, most) = LATEST;
        let (lines, latest) = match self.chance.below(4) {
            0 => (0, (each * count).clamp(each, most)),
            _ => (1 + self.chance.below((count / 40).max(2)), AFTER_LINE),
        };
        Moment { lines, wait: Duration::from_millis(self.chance.below(latest) as u64) }
    }

    /// Runs the program and kills it at this moment, unless it ends earlier.
    fn round(&mut self, args: &[&str], moment: &Moment) -> Round {
        let mut child = self.desk.program(args).stdout(Stdio::piped()).spawn().unwrap();
        let heard = listen(&mut child);
        let mut lines = Vec::new();
        hear(&heard, &mut lines, moment);
        let over = child.try_wait().unwrap();
        let killed = over.is_none();
        let status = over.unwrap_or_else(|| {
            child.kill().unwrap();
            child.wait().unwrap()
        });
        lines.extend(heard.iter());
        let killed = killed && !status.success();
        for (path, number) in lines.iter().filter_map(|line| issued(line)) {
            self.said.insert(number, path);
        }
        let staging = self.desk.registry().join("staging");
        let left = std::fs::read_dir(staging).map_or(0, Iterator::count);
        if killed && left > 0 {
            self.figures.landed += 1;
        }
        Round { status, killed, lines }
    }

    /// Verifies the registry directly after a kill, without a restart.
    fn look(&mut self) {
        if !self.desk.registry().join("files").is_dir() {
            return;
        }
        self.figures.looks += 1;
        let ran = self.desk.run(&["registry", "verify", "--no-log"]);
        if ran.code != Some(0) {
            self.figures.unsettled.push(ran.said());
        }
    }

    /// Corrects an issued document, and withdraws one that is not issued yet.
    fn change(&mut self, count: u64) {
        let issued: BTreeSet<&str> = self.said.values().map(String::as_str).collect();
        let is_new = |id: &str| self.wanted[id] == 1;
        let names = self.wanted.keys().cloned();
        let (there, missing): (Vec<String>, Vec<String>) =
            names.filter(|id| is_new(id)).partition(|id| issued.contains(id.as_str()));
        if let Some(document) = self.chance.pick_some(&there) {
            self.desk.edit(&record(id_of(document)), |record| {
                record["version"] = 2.into();
                record["corrects"] = "The title was wrong.".into();
                record["measures"][0]["title"] = "A corrected title".into();
            });
            self.wanted.insert(document.clone(), 2);
            self.figures.corrected += 1;
        }
        let few = (self.withdrawn.len() as u64) < count / 10;
        if let Some(document) = self.chance.pick_some(&missing).filter(|_| few) {
            std::fs::remove_file(self.desk.path(&record(id_of(document)))).unwrap();
            self.wanted.remove(document);
            self.withdrawn.insert(document.clone());
            self.figures.withdrawn += 1;
        }
    }

    /// Kills exports and verifications.
    fn others(&mut self) {
        let export = self.timed(&["registry", "export", "--to", "handed/whole"]);
        let verify = self.timed(&["registry", "verify"]);
        for at in 0..OTHERS {
            self.export(&format!("handed/{at}"), export);
            // without new work it only completes pending work
            self.timed(&["build", "--web"]);
            self.timed(&["registry", "verify", "--no-log"]);
            let moment = self.before(verify);
            let round = self.round(&["registry", "verify"], &moment);
            self.figures.kills += usize::from(round.killed);
            if !round.killed && !round.status.success() {
                self.failures.push(format!("verify: {}", round.lines.join("\n")));
            }
        }
        // the last kill is followed by a restart too
        self.timed(&["build", "--web"]);
    }

    /// Kills an export: its package is complete or absent.
    fn export(&mut self, name: &str, usual: Duration) {
        let args = ["registry", "export", "--to", name];
        let moment = self.before(usual);
        let round = self.round(&args, &moment);
        self.figures.kills += usize::from(round.killed);
        if round.killed {
            // a package under its final name is logged, before any restart
            let whole = self.desk.path(name).is_dir();
            if whole && !accounts::exported_to(&self.desk, name) {
                self.failures.push(format!("{name} is there and not in the log"));
            }
            self.figures.restarts += 1;
            self.timed(&["build", "--web"]);
            self.failures.extend(accounts::partial(&self.desk.path("handed")));
            let there = self.desk.path(name).is_dir();
            self.figures.finished += usize::from(there && !whole);
            if there != accounts::exported_to(&self.desk, name) {
                self.failures.push(format!("{name}: the log does not say what is there"));
            }
        }
        if !self.desk.path(name).is_dir() {
            self.timed(&args);
        }
        self.failures.extend(accounts::bag(&self.desk.path(name)));
    }

    /// Duration of an undisturbed command, which must succeed.
    fn timed(&mut self, args: &[&str]) -> Duration {
        let started = Instant::now();
        let ran = self.desk.run(args);
        let said = (ran.code != Some(0)).then(|| format!("{args:?}: {}", ran.said()));
        self.failures.extend(said);
        started.elapsed()
    }

    /// Any moment of a run of this duration.
    fn before(&mut self, whole: Duration) -> Moment {
        let whole = usize::try_from(whole.as_millis()).unwrap().max(1);
        Moment { lines: 0, wait: Duration::from_millis(self.chance.below(whole) as u64) }
    }

    /// Removes a version, so that the checks have a finding.
    fn lose_one(&mut self) {
        let pick = self.chance.next();
        if pick.is_multiple_of(2) {
            database::edit(&self.desk.registry(), |db| {
                let sql = "DELETE FROM issue WHERE id = (SELECT max(id) FROM issue)";
                db.execute(sql, []).unwrap();
            });
        } else {
            let object = crate::objects::documents(&self.desk.registry()).remove(0);
            let pdf = object.content().into_iter().find(|path| path.ends_with(".pdf")).unwrap();
            std::fs::remove_file(object.path.join(pdf)).unwrap();
        }
    }
}

impl Outcome {
    fn add(&mut self, other: Self) {
        let (figures, sums) = (&mut self.figures, &mut self.sums);
        figures.kills += other.figures.kills;
        figures.landed += other.figures.landed;
        figures.restarts += other.figures.restarts;
        figures.looks += other.figures.looks;
        figures.unsettled.extend(other.figures.unsettled);
        figures.corrected += other.figures.corrected;
        figures.withdrawn += other.figures.withdrawn;
        figures.finished += other.figures.finished;
        sums.versions += other.sums.versions;
        sums.web += other.sums.web;
        sums.given += other.sums.given;
        sums.voided += other.sums.voided;
        self.said += other.said;
        self.failures.extend(other.failures);
    }

    fn print(&self, time: Duration) {
        let (figures, sums) = (&self.figures, &self.sums);
        let rows = [
            ("kills", figures.kills),
            ("of them in a registration", figures.landed),
            ("restarts", figures.restarts),
            ("records corrected", figures.corrected),
            ("records withdrawn", figures.withdrawn),
            ("documents said to be issued", self.said),
            ("versions registered", sums.versions),
            ("web copies", sums.web),
            ("numbers given", sums.given),
            ("numbers voided", sums.voided),
            ("looked over straight after a kill", figures.looks),
            ("of these with findings", figures.unsettled.len()),
            ("packages finished by the next start", figures.finished),
        ];
        for (name, count) in rows {
            println!("{name:38}{count:>8}");
        }
        let mut unsettled: Vec<&String> = figures.unsettled.iter().collect();
        unsettled.sort_by_key(|said| std::cmp::Reverse(said.len()));
        for said in unsettled.into_iter().take(SHOWN) {
            println!("straight after a kill, before a restart:\n{said}");
        }
        for failure in &self.failures {
            println!("FAILED {failure}");
        }
        println!("kills: {} failures, {time:.1?}", self.failures.len());
    }
}

/// Receives the lines of a run until its moment or its end.
fn hear(heard: &Receiver<String>, lines: &mut Vec<String>, moment: &Moment) {
    while lines.len() < moment.lines {
        match heard.recv_timeout(PATIENCE) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("the program says nothing"),
        }
    }
    // the run may end earlier
    let until = Instant::now() + moment.wait;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        match heard.recv_timeout(left) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                // it printed everything and is about to end
                std::thread::sleep(left.min(Duration::from_millis(20)));
                break;
            }
        }
    }
}

/// The complete lines that a run prints.
fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        let mut line = String::new();
        while output.read_line(&mut line).is_ok_and(|read| read > 0) {
            // a truncated line reports nothing
            if line.ends_with('\n') && sender.send(line.trim_end().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

/// Document and number of a line about an issued document.
pub fn issued(line: &str) -> Option<(String, String)> {
    let (path, rest) = line.split_once(".pdf: issued, pages ")?;
    let (_, number) = rest.split_once(", no. ")?;
    Some((path.rsplit(['/', '\\']).next()?.to_owned(), number.to_owned()))
}

fn record(id: &str) -> String {
    format!("records/{id}.json")
}

fn id_of(document: &str) -> &str {
    document.strip_suffix("-measures").unwrap()
}

/// A final record of one page.
pub fn plan(id: &str) -> serde_json::Value {
    json!({
        "kind": "measures",
        "id": id,
        "status": "final",
        "language": "en",
        "issued": "2025-11-20",
        "case": { "number": "TEST/3/00.01.02/2025", "publicity": "public" },
        "plan": {
            "title": format!("Measures of {id}"),
            "authority": "County of Tests",
            "valid_from": "2026-03-01",
        },
        "measures": [{ "number": 1, "title": "A group", "who": ["County"] }],
    })
}
