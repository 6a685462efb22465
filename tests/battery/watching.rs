//! A running `watch`, its output and its memory.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::desk::Desk;

/// Settings with frequent polling.
pub const SETTINGS: &str = "workers = 2\n[watch]\ninterval = 100\n";

/// Time without progress after which something counts as lost.
pub const PATIENCE: Duration = Duration::from_secs(100);

/// The program, killed when dropped.
pub struct Watch {
    child: Child,
    heard: Arc<Mutex<Heard>>,
    /// True when the child is another program that runs this one.
    run_by: bool,
}

/// Its output so far.
#[derive(Default)]
struct Heard {
    /// How often each document was issued.
    issued: BTreeMap<String, usize>,
    /// Documents issued, counting versions separately.
    all: usize,
    /// Builds with output.
    rounds: usize,
    /// Problems and lines about waiting files.
    complaints: usize,
    /// The rest of a problem's output.
    words: String,
}

impl Watch {
    /// Starts it and waits until the first build is done.
    pub fn start(desk: &Desk, args: &[&str]) -> Self {
        Self::under(desk, &[], args)
    }

    /// Starts it through another program, which waits for it.
    pub fn under(desk: &Desk, tool: &[&str], args: &[&str]) -> Self {
        let mut program = desk.under(tool, args);
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        listen(child.stdout.take().unwrap(), heard.clone());
        listen(child.stderr.take().unwrap(), heard.clone());
        let watch = Self { child, heard, run_by: !tool.is_empty() };
        assert!(watch.until(PATIENCE, |watch| watch.rounds() > 0), "watch does not begin");
        watch
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        let child = self.child.id();
        if self.run_by { children(child).into_iter().next().unwrap_or(child) } else { child }
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

    /// True when its problems contain one of two words.
    pub fn says(&self, one: &str, other: &str) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.words.contains(one) || heard.words.contains(other)
    }

    /// How often each document was issued.
    pub fn issued(&self) -> BTreeMap<String, usize> {
        self.heard.lock().unwrap().issued.clone()
    }

    /// Waits until a condition is true; false when it is not and nothing was issued for a
    /// time.
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

    /// Current memory with its workers, in KiB. `None` where the system does not report
    /// it.
    pub fn memory(&self) -> Option<u64> {
        memory(self.id())
    }

    /// Stops it and returns its exit status.
    pub fn stop(mut self) -> Option<i32> {
        let id = self.id().to_string();
        let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.run_by {
            let _ =
                std::process::Command::new("kill").args(["-KILL", &self.id().to_string()]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory of a process and its children, in KiB.
pub fn memory(process: u32) -> Option<u64> {
    let account = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let rest = account.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let own: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    // a worker may end in the meantime
    Some(own + children(process).into_iter().filter_map(memory).sum::<u64>())
}

fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let lists = threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace().filter_map(|number| number.parse().ok()).collect::<Vec<u32>>()
        })
        .collect()
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
            } else if ["error", "kirjuri: "].iter().any(|word| line.starts_with(word))
                || line.contains(".pdf: waiting")
            {
                heard.complaints += 1;
                heard.words.push_str(&line);
            }
        }
    });
}
