//! The loop of a worker: takes the files of a template bundle, then one job
//! after the other, and answers each. Knows neither processes nor pipes.

use std::io::{self, Read, Write};
use std::sync::mpsc;

use super::Engine;
use super::wire::{self, Answer, Order};

/// Bytes of stack of the thread that typesets, as many as first threads have.
const STACK: usize = 8 * 1024 * 1024;

/// Works until there are no more orders. They are read on a thread of their
/// own, which calls `end` when there will be none: whoever gave them is gone,
/// and a document at hand need not be finished.
///
/// # Errors
/// When nobody takes the answers, or no thread can be started.
pub fn work(
    input: impl Read + Send + 'static,
    output: impl Write + Send,
    end: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let (sender, orders) = mpsc::channel();
    std::thread::Builder::new().name("orders".into()).spawn(move || {
        listen(input, &sender);
        end();
    })?;
    // Typst asks how much of the stack is left, and the first thread has to look
    // that up in a file: shut out from it, it would map a new stack each time
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("typeset".into()).stack_size(STACK);
        let typesetting = thread.spawn_scoped(scope, || answer_all(orders, output))?;
        typesetting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Answers the orders one by one.
fn answer_all(orders: mpsc::Receiver<Order>, mut output: impl Write) -> io::Result<()> {
    let mut engine: Option<Engine> = None;
    for order in orders {
        let answer = match order {
            Order::Bundle(files) => {
                let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
                match Engine::of_files(files) {
                    Ok(made) => {
                        engine = Some(made);
                        Answer::Ready
                    }
                    Err(error) => Answer::Unfit(error.to_string()),
                }
            }
            Order::Typeset(task) => match &engine {
                Some(engine) => Answer::Done(engine.pdf(&task.job())),
                None => Answer::Unfit("a job came before the bundle".into()),
            },
        };
        wire::send_answer(&mut output, answer)?;
    }
    Ok(())
}

fn listen(mut input: impl Read, orders: &mpsc::Sender<Order>) {
    while let Ok(Some(order)) = wire::receive_order(&mut input) {
        if orders.send(order).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Archival, Job, TypesetError};
    use super::*;
    use crate::bundle::Bundle;

    #[test]
    fn a_worker_answers_as_the_engine_does_and_ends() {
        let bundle = Bundle::built_in();
        let good = "#set document(title: [T], date: datetime(year: 2025, month: 1, day: 1))\n\
            #set text(lang: \"en\", font: \"Source Sans 3\")\n= Heading";
        let job = |source| Job { source, attachment: None, ident: "x", archival: Archival::A2a };
        let mut orders = Vec::new();
        wire::send_job(&mut orders, &job(good)).unwrap();
        wire::send_bundle(&mut orders, &bundle).unwrap();
        for source in [good, "#nonsense()", good] {
            wire::send_job(&mut orders, &job(source)).unwrap();
        }
        let (mut answers, (told, ended)) = (Vec::new(), mpsc::channel());
        work(io::Cursor::new(orders), &mut answers, move || told.send(()).unwrap()).unwrap();
        ended.recv().unwrap();
        let mut answers = answers.as_slice();
        let mut next = || wire::receive_answer(&mut answers).unwrap();
        assert!(matches!(next(), Some(Answer::Unfit(_))));
        assert!(matches!(next(), Some(Answer::Ready)));
        let engine = Engine::new(&bundle).unwrap();
        for source in [good, "#nonsense()", good] {
            let Some(Answer::Done(answer)) = next() else { unreachable!() };
            assert!(answer == engine.pdf(&job(source)));
            assert!(matches!(answer, Ok(_) | Err(TypesetError::Typst(_))));
        }
        assert!(next().is_none());
    }
}
