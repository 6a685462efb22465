//! Work shared out to plain threads. (Threads of a work-stealing pool would
//! pull one document on to the stack of another and overflow it.)

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Does `work` on every task on several threads; results in the order of the
/// tasks.
pub fn map<T: Send, R: Send>(
    tasks: Vec<T>,
    workers: usize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let queue: Mutex<VecDeque<(usize, T)>> = Mutex::new(tasks.into_iter().enumerate().collect());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let one_after_another = || {
        let mut results = Vec::new();
        while let Some((index, task)) = next() {
            results.push((index, work(task)));
        }
        results
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.max(1)).map(|_| scope.spawn(one_after_another)).collect();
        threads
            .into_iter()
            .flat_map(|thread| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let squares = super::map((0..100).collect(), 4, |n: u64| n * n);
        assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
        assert!(super::map(Vec::<u8>::new(), 4, |n| n).is_empty());
    }
}
