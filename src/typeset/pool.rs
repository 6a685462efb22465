//! A pool of worker processes, kept warm: each typesets one document at a time,
//! and is ended when it takes too long. A document that ends its worker several
//! times is set aside. Knows of documents only the job.

use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use super::wire::{self, Answer};
use super::{Archival, Job, Limit, Pdf, TypesetError};
use crate::bundle::Bundle;
use crate::model::Digest;

/// How often a document may end its worker before it is set aside.
pub const TRIES: usize = 3;
/// Documents after which a worker is replaced, whatever it may have gathered.
const RECYCLE: usize = 500;
/// Longest time that a worker may take to begin.
const START: Duration = Duration::from_secs(30);
/// Last bytes of what a worker said on standard error.
const TAIL: usize = 4096;

/// How documents are typeset in processes of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsolationConfig {
    /// This program: `<program> worker` must call [`work`](super::work).
    pub program: PathBuf,
    pub limits: Limits,
}

/// What one document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seconds.
    pub deadline: u64,
    /// MiB.
    pub memory: u64,
}

/// The workers of one template bundle.
#[derive(Debug)]
pub struct Pool {
    guard: IsolationConfig,
    bundle: Bundle,
    /// Those that wait for work, the last used one last.
    idle: Mutex<Vec<Worker>>,
    /// Jobs that ended their worker each time.
    aside: Mutex<BTreeMap<Digest, Limit>>,
    /// Why no worker can be started.
    unfit: OnceLock<String>,
}

impl Pool {
    /// A pool without workers: they are started when they are needed.
    pub fn new(bundle: &Bundle, guard: IsolationConfig) -> Self {
        Self {
            guard,
            bundle: bundle.clone(),
            idle: Mutex::default(),
            aside: Mutex::default(),
            unfit: OnceLock::new(),
        }
    }

    pub fn guard(&self) -> &IsolationConfig {
        &self.guard
    }

    /// Why documents are typeset in process after all, when they are.
    pub fn unfit(&self) -> Option<&str> {
        self.unfit.get().map(String::as_str)
    }

    /// Typesets a document in a worker, or `in_process` when none can be
    /// started.
    ///
    /// # Errors
    /// What Typst refused; which limit the document ran into.
    pub fn pdf(
        &self,
        job: &Job<'_>,
        in_process: impl FnOnce() -> Result<Pdf, TypesetError>,
    ) -> Result<Pdf, TypesetError> {
        if let Some(limit) = self.set_aside(job) {
            return Err(TypesetError::Killed(limit));
        }
        let mut order = Vec::new();
        if self.unfit.get().is_some() || wire::send_job(&mut order, job).is_err() {
            return in_process();
        }
        let mut killed = None;
        for _ in 0..TRIES {
            // what ended a worker is tried again in one that nothing happened to
            let idle = if killed.is_none() { self.idle_worker() } else { None };
            let worker = idle.map_or_else(|| Worker::start(&self.guard, &self.bundle), Ok);
            let mut worker = match (worker, killed) {
                (Ok(worker), _) => worker,
                // what ended a worker must not end the program
                (Err(_), Some(limit)) => return Err(TypesetError::Killed(limit)),
                (Err(cause), None) => {
                    let _ = self.unfit.set(cause);
                    return in_process();
                }
            };
            match worker.typeset(order.clone(), self.guard.limits) {
                Ok(result) => {
                    self.keep(worker);
                    return result;
                }
                Err(limit) => killed = Some(limit),
            }
        }
        let limit = killed.unwrap_or(Limit::Time(self.guard.limits.deadline));
        lock(&self.aside).insert(digest(job), limit.clone());
        Err(TypesetError::Killed(limit))
    }

    fn set_aside(&self, job: &Job<'_>) -> Option<Limit> {
        let aside = lock(&self.aside);
        // nearly always there is nothing, and no digest is needed
        if aside.is_empty() { None } else { aside.get(&digest(job)).cloned() }
    }

    /// A worker that waits; those that ended meanwhile are passed over.
    fn idle_worker(&self) -> Option<Worker> {
        loop {
            let mut worker = lock(&self.idle).pop()?;
            if worker.lives() {
                return Some(worker);
            }
        }
    }

    fn keep(&self, worker: Worker) {
        if worker.done < RECYCLE {
            lock(&self.idle).push(worker);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Digest of everything that a document is made from, the bundle aside.
fn digest(job: &Job<'_>) -> Digest {
    let (path, attachment) = job.attachment.unwrap_or_default();
    let archival = match job.archival {
        Archival::A3a => b"3a",
        Archival::A2a => b"2a",
    };
    let (source, ident) = (job.source.as_bytes(), job.ident.as_bytes());
    Digest::of_parts([source, path.as_bytes(), attachment, ident, archival])
}

/// How a worker ended.
struct End {
    how: String,
    no_memory: bool,
}

/// A worker process; it is ended when the value goes.
#[derive(Debug)]
struct Worker {
    child: Child,
    orders: mpsc::Sender<Vec<u8>>,
    answers: mpsc::Receiver<Answer>,
    /// What it said last on standard error.
    said: Option<JoinHandle<Vec<u8>>>,
    /// How many documents it typeset.
    done: usize,
}

impl Worker {
    /// Starts one and waits until it has taken the bundle; says why it cannot
    /// be.
    fn start(guard: &IsolationConfig, bundle: &Bundle) -> Result<Self, String> {
        let mut command = Command::new(&guard.program);
        command.args(["worker", "--memory", &guard.limits.memory.to_string()]);
        if let Ok(threads) = std::thread::available_parallelism() {
            // the worker may not read what its share of the processors is
            command.env("RAYON_NUM_THREADS", threads.to_string());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // Ctrl-C is the program's to answer, not the workers'
            command.arg0(env!("CARGO_PKG_NAME")).process_group(0);
        }
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (orders, to_send) = mpsc::channel();
        let (heard, answers) = mpsc::channel();
        let mut worker = Self { child, orders, answers, said: None, done: 0 };
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err("it has no pipes".into());
        };
        let bundle = bundle.clone();
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let talking = thread("worker").spawn(move || {
            // whatever fails here shows as an answer that does not come
            let _ = talk(stdin, stdout, &bundle, &to_send, &heard);
        });
        talking.map_err(|error| error.to_string())?;
        let listening = thread("worker-errors").spawn(move || tail(stderr));
        worker.said = Some(listening.map_err(|error| error.to_string())?);
        match worker.answers.recv_timeout(START) {
            Ok(Answer::Ready) => Ok(worker),
            Ok(Answer::Unfit(cause)) => Err(cause),
            Ok(Answer::Done(_)) => Err("it answers what nobody asked".into()),
            Err(mpsc::RecvTimeoutError::Timeout) => Err("it does not answer".into()),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(worker.end().how),
        }
    }

    fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Typesets one document; the limit that the document ran into, after which
    /// the worker is of no use.
    fn typeset(
        &mut self,
        order: Vec<u8>,
        limits: Limits,
    ) -> Result<Result<Pdf, TypesetError>, Limit> {
        // when it is gone, no answer comes
        let _ = self.orders.send(order);
        match self.answers.recv_timeout(Duration::from_secs(limits.deadline)) {
            Ok(Answer::Done(result)) => {
                self.done += 1;
                Ok(result)
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(Limit::Time(limits.deadline)),
            Ok(Answer::Unfit(cause)) => Err(Limit::Crash(cause)),
            Ok(Answer::Ready) | Err(mpsc::RecvTimeoutError::Disconnected) => {
                let End { how, no_memory } = self.end();
                Err(if no_memory { Limit::Memory(limits.memory) } else { Limit::Crash(how) })
            }
        }
    }

    /// Ends it, if it has not ended by itself.
    fn end(&mut self) -> End {
        let _ = self.child.kill();
        let status = self.child.wait().map_or_else(|error| error.to_string(), |s| s.to_string());
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).into_owned();
        let how = match said.lines().map(str::trim).rfind(|line| !line.is_empty()) {
            Some(line) => format!("{status}: {line}"),
            None => status,
        };
        // the words of Rust's standard library
        End { how, no_memory: said.contains("memory allocation of") }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands over the bundle, then order by order, and passes each answer on.
fn talk(
    stdin: ChildStdin,
    stdout: ChildStdout,
    bundle: &Bundle,
    orders: &mpsc::Receiver<Vec<u8>>,
    answers: &mpsc::Sender<Answer>,
) -> io::Result<()> {
    let (mut to, mut from) = (BufWriter::new(stdin), BufReader::new(stdout));
    wire::send_bundle(&mut to, bundle)?;
    while let Some(answer) = wire::receive_answer(&mut from)? {
        let Ok(()) = answers.send(answer) else { break };
        let Ok(order) = orders.recv() else { break };
        to.write_all(&order)?;
        to.flush()?;
    }
    Ok(())
}

/// Reads to the end and keeps what came last.
fn tail(mut stderr: ChildStderr) -> Vec<u8> {
    let (mut last, mut piece) = (Vec::new(), [0; TAIL]);
    while let Ok(read @ 1..) = stderr.read(&mut piece) {
        last.extend_from_slice(&piece[..read]);
        let surplus = last.len().saturating_sub(TAIL);
        last.drain(..surplus);
    }
    last
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn pool(program: &str) -> Pool {
        let limits = Limits { deadline: 1, memory: 512 };
        Pool::new(&Bundle::built_in(), IsolationConfig { program: program.into(), limits })
    }

    const JOB: Job<'_> = Job { source: "x", attachment: None, ident: "x", archival: Archival::A2a };

    #[test]
    fn without_workers_documents_are_typeset_in_process() {
        for program in ["/nowhere/kirjuri", "/bin/false", "/bin/cat", "/bin/echo"] {
            let pool = pool(program);
            for _ in 0..2 {
                // an answer that only this way gives
                let result = pool.pdf(&JOB, || Err(TypesetError::NoFont));
                assert!(result == Err(TypesetError::NoFont), "{program}: {result:?}");
            }
            assert!(pool.unfit().is_some(), "{program}");
        }
    }

    #[test]
    fn what_was_set_aside_is_not_tried_again_until_it_changes() {
        let pool = pool("/nowhere/kirjuri");
        lock(&pool.aside).insert(digest(&JOB), Limit::Time(1));
        let none = || Err(TypesetError::NoFont);
        assert!(pool.pdf(&JOB, none) == Err(TypesetError::Killed(Limit::Time(1))));
        let changed = Job { source: "y", ..JOB };
        assert!(pool.pdf(&changed, none) == Err(TypesetError::NoFont));
    }
}
