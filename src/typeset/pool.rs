//! Pool of worker processes that stay ready: each typesets one document at a
//! time and is killed when it takes too long. A document that ends its worker
//! several times is rejected. Knows of documents only the job.

use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use super::protocol::{self, Request, Response, decode, receive_frame};
use super::{Archival, Job, Limit, Pdf, TypesetError};
use crate::bundle::Bundle;
use crate::model::Digest;

/// How often a document may end its worker before it is rejected.
pub const TRIES: usize = 3;
/// Documents after which a worker is replaced, in case it leaks memory.
const RECYCLE: usize = 500;
/// Longest time that a worker may take to start.
const START: Duration = Duration::from_secs(30);
/// How many of the last bytes of a worker's standard error are kept.
const TAIL: usize = 4096;

/// How documents are typeset in worker processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsolationConfig {
    /// This program; `<program> worker` must call [`work`](super::work).
    pub program: PathBuf,
    pub limits: Limits,
}

/// Limits on typesetting one document.
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
    config: IsolationConfig,
    bundle: Bundle,
    /// Workers that wait for a job, the one used last at the end.
    idle: Mutex<Vec<Worker>>,
    /// Jobs that ended their worker each time.
    rejected: Mutex<BTreeMap<Digest, Limit>>,
    /// Why no worker can be started.
    failure: OnceLock<String>,
}

impl Pool {
    /// A pool without workers: they are started when they are needed.
    pub fn new(bundle: &Bundle, config: IsolationConfig) -> Self {
        Self {
            config,
            bundle: bundle.clone(),
            idle: Mutex::default(),
            rejected: Mutex::default(),
            failure: OnceLock::new(),
        }
    }

    pub fn config(&self) -> &IsolationConfig {
        &self.config
    }

    /// Why no worker can be started, so that documents are typeset in process.
    pub fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Typesets a document in a worker, or `in_process` when none can be
    /// started.
    ///
    /// # Errors
    /// Typst's errors, or the limit that the document exceeded.
    pub fn pdf(
        &self,
        job: &Job<'_>,
        in_process: impl FnOnce() -> Result<Pdf, TypesetError>,
    ) -> Result<Pdf, TypesetError> {
        if let Some(limit) = self.rejected(job) {
            return Err(TypesetError::Killed(limit));
        }
        if self.failure.get().is_some() {
            return in_process();
        }
        let Ok(request) = protocol::encode(&Request::Typeset(*job)) else { return in_process() };
        let mut killed = None;
        for _ in 0..TRIES {
            // a job that ended its worker is tried again in a new one
            let idle = if killed.is_none() { self.idle_worker() } else { None };
            let worker = idle.map_or_else(|| Worker::start(&self.config, &self.bundle), Ok);
            let mut worker = match (worker, killed) {
                (Ok(worker), _) => worker,
                // what ended a worker must not end the program
                (Err(_), Some(limit)) => return Err(TypesetError::Killed(limit)),
                (Err(cause), None) => {
                    let _ = self.failure.set(cause);
                    return in_process();
                }
            };
            match worker.typeset(request.clone(), self.config.limits) {
                Ok(result) => {
                    self.keep(worker);
                    return result;
                }
                Err(limit) => killed = Some(limit),
            }
        }
        let limit = killed.unwrap_or(Limit::Time(self.config.limits.deadline));
        lock(&self.rejected).insert(digest(job), limit.clone());
        Err(TypesetError::Killed(limit))
    }

    /// The limit that a job exceeded each time, when it is unchanged.
    fn rejected(&self, job: &Job<'_>) -> Option<Limit> {
        let rejected = lock(&self.rejected);
        // nearly always there is nothing, and no digest is needed
        if rejected.is_empty() { None } else { rejected.get(&digest(job)).cloned() }
    }

    /// A waiting worker; those that have ended meanwhile are skipped.
    fn idle_worker(&self) -> Option<Worker> {
        loop {
            let mut worker = lock(&self.idle).pop()?;
            if worker.is_running() {
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

/// Digest of everything that a document is made from, apart from the bundle.
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
struct WorkerExit {
    cause: String,
    out_of_memory: bool,
}

/// A worker process; it is killed when the value is dropped.
#[derive(Debug)]
struct Worker {
    child: Child,
    requests: mpsc::Sender<Vec<u8>>,
    responses: mpsc::Receiver<Response>,
    /// Collects the end of its standard error.
    stderr: Option<JoinHandle<Vec<u8>>>,
    /// How many documents it has typeset.
    done: usize,
}

impl Worker {
    /// Starts a worker and waits until it has loaded the bundle.
    ///
    /// # Errors
    /// Why it cannot be started.
    fn start(config: &IsolationConfig, bundle: &Bundle) -> Result<Self, String> {
        let mut command = Command::new(&config.program);
        command.args(["worker", "--memory", &config.limits.memory.to_string()]);
        if let Ok(threads) = std::thread::available_parallelism() {
            // the sandbox hides from the worker how many processors it may use
            command.env("RAYON_NUM_THREADS", threads.to_string());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // Ctrl-C is handled by this process, not by the workers
            command.arg0(env!("CARGO_PKG_NAME")).process_group(0);
        }
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (requests, to_send) = mpsc::channel();
        let (received, responses) = mpsc::channel();
        let mut worker = Self { child, requests, responses, stderr: None, done: 0 };
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err("it has no pipes".into());
        };
        let bundle = bundle.clone();
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let exchange = thread("worker").spawn(move || {
            // any failure shows as a response that does not come
            let _ = exchange(stdin, stdout, &bundle, &to_send, &received);
        });
        exchange.map_err(|error| error.to_string())?;
        let listening = thread("worker-errors").spawn(move || tail(stderr));
        worker.stderr = Some(listening.map_err(|error| error.to_string())?);
        match worker.responses.recv_timeout(START) {
            Ok(Response::Loaded) => Ok(worker),
            Ok(Response::Unable(cause)) => Err(cause),
            Ok(Response::Typeset(_)) => Err("it sends a PDF that was not requested".into()),
            Err(mpsc::RecvTimeoutError::Timeout) => Err("it does not respond".into()),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(worker.kill().cause),
        }
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Typesets one document.
    ///
    /// # Errors
    /// The limit that the document exceeded; the worker is of no use after that.
    fn typeset(
        &mut self,
        request: Vec<u8>,
        limits: Limits,
    ) -> Result<Result<Pdf, TypesetError>, Limit> {
        // when the worker has ended, no response comes
        let _ = self.requests.send(request);
        match self.responses.recv_timeout(Duration::from_secs(limits.deadline)) {
            Ok(Response::Typeset(result)) => {
                self.done += 1;
                Ok(result)
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(Limit::Time(limits.deadline)),
            Ok(Response::Unable(cause)) => Err(Limit::Crash(cause)),
            Ok(Response::Loaded) | Err(mpsc::RecvTimeoutError::Disconnected) => {
                let WorkerExit { cause, out_of_memory } = self.kill();
                let crash = Limit::Crash(cause);
                Err(if out_of_memory { Limit::Memory(limits.memory) } else { crash })
            }
        }
    }

    /// Kills it, unless it has ended by itself, and says how it ended.
    fn kill(&mut self) -> WorkerExit {
        let _ = self.child.kill();
        let status = self.child.wait().map_or_else(|error| error.to_string(), |s| s.to_string());
        let stderr = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        let cause = match stderr.lines().map(str::trim).rfind(|line| !line.is_empty()) {
            Some(line) => format!("{status}: {line}"),
            None => status,
        };
        // the message of Rust's standard library
        WorkerExit { cause, out_of_memory: stderr.contains("memory allocation of") }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends the bundle, then one request after another, and passes each response on.
fn exchange(
    stdin: ChildStdin,
    stdout: ChildStdout,
    bundle: &Bundle,
    requests: &mpsc::Receiver<Vec<u8>>,
    responses: &mpsc::Sender<Response>,
) -> io::Result<()> {
    let (mut to, mut from) = (BufWriter::new(stdin), BufReader::new(stdout));
    protocol::send(&mut to, &Request::load(bundle))?;
    while let Some(frame) = receive_frame(&mut from)? {
        let Ok(()) = responses.send(decode(&frame)?) else { break };
        let Ok(request) = requests.recv() else { break };
        to.write_all(&request)?;
        to.flush()?;
    }
    Ok(())
}

/// Reads to the end and keeps the last bytes.
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
                // an error that only typesetting in process returns
                let result = pool.pdf(&JOB, || Err(TypesetError::NoFont));
                assert!(result == Err(TypesetError::NoFont), "{program}: {result:?}");
            }
            assert!(pool.failure().is_some(), "{program}");
        }
    }

    #[test]
    fn a_rejected_job_is_not_tried_again_until_it_changes() {
        let pool = pool("/nowhere/kirjuri");
        lock(&pool.rejected).insert(digest(&JOB), Limit::Time(1));
        let none = || Err(TypesetError::NoFont);
        assert!(pool.pdf(&JOB, none) == Err(TypesetError::Killed(Limit::Time(1))));
        let changed = Job { source: "y", ..JOB };
        assert!(pool.pdf(&changed, none) == Err(TypesetError::NoFont));
    }
}
