//! Parallel map over plain threads, with results in the order of the tasks. (Threads of a
//! work-stealing pool would pull one document on to the stack of another and overflow it.)

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Tasks that may be finished ahead of the first one that is not, for each thread:
/// finished results are held until it is their turn.
const AHEAD: usize = 4;

/// Applies `work` to every task; the results in the order of the tasks.
pub fn map<T: Send, R: Send>(
    tasks: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let mut results = Vec::with_capacity(tasks.len());
    let take = |result| {
        results.push(result);
        Ok::<(), std::convert::Infallible>(())
    };
    let Ok(_) = for_each_in_order(tasks, threads, || false, work, take);
    results
}

/// Applies `work` to every task and hands each result to `take` on the calling thread, in
/// the order of the tasks. Begins no task any more once `stop` says so. Returns how many
/// tasks were not begun.
///
/// # Errors
/// The first error of `take`, after which no task is begun.
pub fn for_each_in_order<T: Send, R: Send, E>(
    tasks: Vec<T>,
    threads: usize,
    stop: impl Fn() -> bool + Sync,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<usize, E> {
    let threads = threads.clamp(1, tasks.len().max(1));
    let queue = Queue::new(tasks, threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _end = EndOfThread(&queue);
                while !stop()
                    && let Some((place, task)) = queue.next(AHEAD * threads)
                {
                    queue.finish(place, work(task));
                }
            });
        }
        // dropped on an error, and on a panic of `take`
        let _close = Close(&queue);
        while let Some(result) = queue.first() {
            take(result)?;
        }
        Ok(queue.lock().waiting.len())
    })
}

/// What the threads share.
struct Queue<T, R> {
    state: Mutex<State<T, R>>,
    changed: Condvar,
}

struct State<T, R> {
    waiting: VecDeque<(usize, T)>,
    finished: BTreeMap<usize, R>,
    /// Place of the result that is taken next.
    next: usize,
    /// Threads that have not ended.
    threads: usize,
    closed: bool,
}

impl<T, R> Queue<T, R> {
    fn new(tasks: Vec<T>, threads: usize) -> Self {
        let waiting = tasks.into_iter().enumerate().collect();
        let finished = BTreeMap::new();
        let state = State { waiting, finished, next: 0, threads, closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task, once it is not more than `ahead` before the result to be taken.
    fn next(&self, ahead: usize) -> Option<(usize, T)> {
        let too_early = |state: &mut State<T, R>| {
            !state.closed && state.waiting.front().is_some_and(|task| task.0 > state.next + ahead)
        };
        let mut state =
            self.changed.wait_while(self.lock(), too_early).unwrap_or_else(PoisonError::into_inner);
        if state.closed { None } else { state.waiting.pop_front() }
    }

    fn finish(&self, place: usize, result: R) {
        self.lock().finished.insert(place, result);
        self.changed.notify_all();
    }

    /// The next result in order; none when no thread works on it any more.
    fn first(&self) -> Option<R> {
        let missing = |state: &mut State<T, R>| {
            state.threads > 0 && !state.finished.contains_key(&state.next)
        };
        let mut state =
            self.changed.wait_while(self.lock(), missing).unwrap_or_else(PoisonError::into_inner);
        // after a panic one may be missing
        let (place, result) = state.finished.pop_first()?;
        state.next = place + 1;
        self.changed.notify_all();
        Some(result)
    }
}

/// Counts a thread that ends; one that panics ends the work of all.
struct EndOfThread<'a, T, R>(&'a Queue<T, R>);

impl<T, R> Drop for EndOfThread<'_, T, R> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.threads -= 1;
        state.closed |= std::thread::panicking();
        self.0.changed.notify_all();
    }
}

/// Closes the queue: no task is begun any more.
struct Close<'a, T, R>(&'a Queue<T, R>);

impl<T, R> Drop for Close<'_, T, R> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let squares = map((0..100).collect(), 4, |n: u64| {
            std::thread::sleep(Duration::from_micros(n * 37 % 11));
            n * n
        });
        assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
        assert!(map(Vec::<u8>::new(), 4, |n| n).is_empty());
    }

    #[test]
    fn no_thread_runs_far_ahead_of_a_slow_task() {
        let begun = AtomicUsize::new(0);
        let work = |n: usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if n == 0 {
                std::thread::sleep(Duration::from_millis(50));
                assert!(begun.load(Ordering::SeqCst) <= 2 + AHEAD * 2);
            }
        };
        let left = for_each_in_order((0..100).collect(), 2, || false, work, |()| Ok::<(), ()>(()));
        assert_eq!((left, begun.into_inner()), (Ok(0), 100));
    }

    #[test]
    fn an_error_and_a_wish_to_stop_end_the_work() {
        let take = |n: usize| if n < 3 { Ok(()) } else { Err(n) };
        assert_eq!(for_each_in_order((0..100).collect(), 2, || false, |n| n, take), Err(3));
        let begun = AtomicUsize::new(0);
        let stop = || begun.load(Ordering::SeqCst) >= 5;
        let work = |_: usize| begun.fetch_add(1, Ordering::SeqCst);
        let left = for_each_in_order((0..10).collect(), 1, stop, work, |_| Ok::<(), ()>(()));
        assert_eq!(left, Ok(5));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_ends_the_work() {
        map((0..100).collect(), 2, |n: u64| assert!(n != 7));
    }
}
