//! Main loop of a worker process: loads a template bundle, then typesets one job
//! after another. Knows neither processes nor pipes.

use std::io::{self, Read, Write};
use std::sync::mpsc;

use super::Engine;
use super::protocol::{Request, Response, receive_frame, send};

/// Stack of the thread that typesets, in bytes: as large as that of a main thread.
const STACK: usize = 8 * 1024 * 1024;

/// Works until there are no more requests. A thread of its own reads them and
/// calls `end` when the input is closed: the parent is gone then, and the
/// current document need not be finished.
///
/// # Errors
/// When nobody reads the responses, or no thread can be started.
pub fn work(
    input: impl Read + Send + 'static,
    output: impl Write + Send,
    end: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let (sender, frames) = mpsc::channel();
    std::thread::Builder::new().name("requests".into()).spawn(move || {
        receive(input, &sender);
        end();
    })?;
    // Typst asks how much stack is left. The main thread would have to read that
    // from a file, which is forbidden here, and would map a new stack each time
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("typeset".into()).stack_size(STACK);
        let typesetting = thread.spawn_scoped(scope, || respond(frames, output))?;
        typesetting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Responds to the requests one by one.
fn respond(frames: mpsc::Receiver<Vec<u8>>, mut output: impl Write) -> io::Result<()> {
    let mut engine: Option<Engine> = None;
    for frame in frames {
        let response = match Request::decode(&frame) {
            Ok(Request::Load { files, .. }) => match Engine::from_files(files) {
                Ok(loaded) => {
                    engine = Some(loaded);
                    Response::Loaded
                }
                Err(error) => Response::Unable(error.to_string()),
            },
            Ok(Request::Typeset(job)) => match &engine {
                Some(engine) => Response::Typeset(engine.pdf(&job)),
                None => Response::Unable("a job came before the bundle".into()),
            },
            Err(error) => Response::Unable(error.to_string()),
        };
        send(&mut output, &response)?;
    }
    Ok(())
}

fn receive(mut input: impl Read, frames: &mpsc::Sender<Vec<u8>>) {
    while let Ok(Some(frame)) = receive_frame(&mut input) {
        if frames.send(frame).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::protocol::decode;
    use super::super::{Archival, Job, TypesetError};
    use super::*;
    use crate::bundle::Bundle;

    #[test]
    fn a_worker_responds_as_the_engine_does_and_ends() {
        let bundle = Bundle::built_in();
        let good = "#set document(title: [T], date: datetime(year: 2025, month: 1, day: 1))\n\
            #set text(lang: \"en\", font: \"Source Sans 3\")\n= Heading";
        let job = |source| Job { source, attachment: None, ident: "x", archival: Archival::A2a };
        let mut requests = Vec::new();
        send(&mut requests, &Request::Typeset(job(good))).unwrap();
        send(&mut requests, &Request::load(&bundle)).unwrap();
        for source in [good, "#nonsense()", good] {
            send(&mut requests, &Request::Typeset(job(source))).unwrap();
        }
        let (mut responses, (told, ended)) = (Vec::new(), mpsc::channel());
        work(io::Cursor::new(requests), &mut responses, move || told.send(()).unwrap()).unwrap();
        ended.recv().unwrap();
        let mut responses = responses.as_slice();
        let mut next =
            || receive_frame(&mut responses).unwrap().map(|frame| decode(&frame).unwrap());
        assert!(matches!(next(), Some(Response::Unable(_))));
        assert!(matches!(next(), Some(Response::Loaded)));
        let engine = Engine::new(&bundle).unwrap();
        for source in [good, "#nonsense()", good] {
            let Some(Response::Typeset(result)) = next() else { unreachable!() };
            assert!(result == engine.pdf(&job(source)));
            assert!(matches!(result, Ok(_) | Err(TypesetError::Typst(_))));
        }
        assert!(next().is_none());
    }
}
