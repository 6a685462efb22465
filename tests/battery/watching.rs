//! A running `watch`, what it says and how much memory it has.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::desk::Desk;

/// Settings for watching: it looks often.
pub const SETTINGS: &str = "[watch]\ninterval = 100\n";

/// How long nothing may happen before something is taken for lost.
pub const PATIENCE: Duration = Duration::from_secs(100);

/// The program; it is killed when the value goes.
pub struct Watch {
    child: Child,
    heard: Arc<Mutex<Heard>>,
}

/// What it said so far.
#[derive(Default)]
struct Heard {
    /// How often each document was issued.
    issued: BTreeMap<String, usize>,
    /// Documents issued, versions of one counted apart.
    all: usize,
    /// Rounds of work with something to say.
    rounds: usize,
    /// Problems and lines about waiting.
    complaints: usize,
}

impl Watch {
    /// Starts it and waits until the first round of work is done.
    pub fn start(desk: &Desk, args: &[&str]) -> Self {
        let mut program = desk.program(args);
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        listen(child.stdout.take().unwrap(), heard.clone());
        listen(child.stderr.take().unwrap(), heard.clone());
        let watch = Self { child, heard };
        assert!(watch.until(PATIENCE, |watch| watch.rounds() > 0), "watch does not begin");
        watch
    }

    /// Documents issued so far.
    pub fn all(&self) -> usize {
        self.heard.lock().unwrap().all
    }

    pub fn rounds(&self) -> usize {
        self.heard.lock().unwrap().rounds
    }

    pub fn complaints(&self) -> usize {
        self.heard.lock().unwrap().complaints
    }

    /// How often each document was issued.
    pub fn issued(&self) -> BTreeMap<String, usize> {
        self.heard.lock().unwrap().issued.clone()
    }

    /// Waits until something is so; false when it is not, and nothing has been
    /// issued for so long.
    pub fn until(&self, patience: Duration, is_so: impl Fn(&Self) -> bool) -> bool {
        let (mut since, mut seen) = (Instant::now(), self.all());
        while !is_so(self) {
            let now = self.all();
            if now != seen {
                (since, seen) = (Instant::now(), now);
            }
            if since.elapsed() > patience {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// A line of the system's account of its memory, in KiB: `VmRSS` is what it
    /// has now, `VmHWM` the most it had. None where there is no such account.
    pub fn memory(&self, line: &str) -> Option<u64> {
        memory(self.child.id(), line)
    }

    /// Ends it, and gives its exit status.
    pub fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line of the system's account of a process, in KiB.
pub fn memory(process: u32, line: &str) -> Option<u64> {
    let account = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let rest = account.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))?;
    rest.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn listen(stream: impl Read + Send + 'static, heard: Arc<Mutex<Heard>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut heard = heard.lock().unwrap();
            if let Some((path, _)) = line.split_once(".pdf: issued,") {
                let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
                *heard.issued.entry(name.to_owned()).or_default() += 1;
                heard.all += 1;
            } else if line.starts_with("Records ") {
                heard.rounds += 1;
            } else if line.starts_with("error") || line.contains(".pdf: waiting") {
                heard.complaints += 1;
            }
        }
    });
}
