//! Voikko's own program, kept running: one word a line goes in, `C` (known) or
//! `W` (unknown) comes out. (Its library could only be called past the borders
//! that Rust guards.)

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Words that are asked at once: their answers fit into a pipe.
const AT_ONCE: usize = 256;

/// A running `voikkospell`.
pub struct Voikko {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
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
        let (questions, answers) = (child.stdin.take()?, child.stdout.take()?);
        let mut voikko = Self { child, questions, answers: BufReader::new(answers) };
        let sane = voikko.know(&["kunta", "kuntx"])?;
        (sane == [true, false]).then_some(voikko)
    }

    /// Whether each word is known; `None` when it does not answer any more.
    pub fn know(&mut self, words: &[&str]) -> Option<Vec<bool>> {
        let mut known = Vec::with_capacity(words.len());
        for some in words.chunks(AT_ONCE) {
            let mut text = some.join("\n");
            text.push('\n');
            self.questions.write_all(text.as_bytes()).and_then(|()| self.questions.flush()).ok()?;
            for _ in some {
                let mut line = String::new();
                self.answers.read_line(&mut line).ok()?;
                known.push(match line.trim_end().split(':').next()? {
                    "C" => true,
                    "W" => false,
                    _ => return None,
                });
            }
        }
        Some(known)
    }
}

impl Drop for Voikko {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
