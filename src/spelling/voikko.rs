//! Voikko's own program, kept running: one word a line goes in, `C` (known) or
//! `W` (unknown) comes out. (Its library could only be called past the borders
//! that Rust guards.) One that does not answer in time is asked no more.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Bytes of words that are sent before their answers are read: both fit into the
/// pipes between the programs.
const AT_ONCE: usize = 4096;
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running `voikkospell`.
pub struct Voikko {
    child: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
}

impl Voikko {
    /// Starts it; `None` when it is not there or knows no Finnish.
    pub fn start() -> Option<Self> {
        let mut child = Command::new("voikkospell")
            // the program takes the encoding of its environment
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (questions, answers) = (child.stdin.take()?, listen(child.stdout.take()?));
        let mut voikko = Self { child, questions, answers };
        let sane = voikko.know(&["kunta", "kuntx"])?;
        (sane == [true, false]).then_some(voikko)
    }

    /// Whether each word is known; `None` when it does not answer any more.
    pub fn know(&mut self, words: &[&str]) -> Option<Vec<bool>> {
        let mut known = Vec::with_capacity(words.len());
        let mut rest = words;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |word: &&&str| {
                bytes += word.len() + 1;
                bytes <= AT_ONCE
            };
            let count = rest.iter().take_while(fits).count().max(1);
            let (some, later) = rest.split_at(count);
            let text = some.join("\n") + "\n";
            self.questions.write_all(text.as_bytes()).and_then(|()| self.questions.flush()).ok()?;
            for _ in some {
                let answer = self.answers.recv_timeout(PATIENCE).ok()?;
                known.push(match answer.split(':').next()? {
                    "C" => true,
                    "W" => false,
                    _ => return None,
                });
            }
            rest = later;
        }
        Some(known)
    }
}

/// Reads the answers on a thread of its own, which ends with the program.
fn listen(stream: ChildStdout) -> Receiver<String> {
    let (sender, answers) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    answers
}

impl Drop for Voikko {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
