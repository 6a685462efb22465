//! Benchmark: cost of worker processes. A memo in a warm process, through a warm worker,
//! and through a new worker. `cargo bench --bench workers -- 20` runs 20 rounds.
#![allow(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "benchmarks print their figures and fail loudly"
)]

mod samples;

use std::time::{Duration, Instant};

use kirjuri::document::DocumentKind;
use kirjuri::pipeline::job;
use kirjuri::typeset::{IsolationConfig, Limits};

fn main() {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let rounds: usize = wanted.unwrap_or(100).max(1);
    let guard = || IsolationConfig {
        program: env!("CARGO_BIN_EXE_kirjuri").into(),
        limits: Limits { deadline: 30, memory: 2048 },
    };
    let design = samples::design();
    let checked = samples::check_records(&samples::files(), &design);
    for kind in [DocumentKind::Memo, DocumentKind::Summary] {
        let (id, document) = samples::first(kind, &checked, &design);
        let ready = samples::context(&checked, &design).render(&document).unwrap();
        let job = job(&id, &ready);
        let here = design.engine.clone();
        let apart = here.clone().isolated(&design.bundle, guard());
        assert!(here.pdf(&job).unwrap() == apart.pdf(&job).unwrap(), "not the same bytes");
        let (mut in_process, mut in_worker) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            in_process.push(time(|| drop(here.pdf(&job).unwrap())));
            in_worker.push(time(|| drop(apart.pdf(&job).unwrap())));
        }
        let cold = (0..rounds.min(10)).map(|_| {
            let apart = here.clone().isolated(&design.bundle, guard());
            time(|| drop(apart.pdf(&job).unwrap()))
        });
        let cold = median(cold.collect());
        assert_eq!(apart.isolation_failure(), None, "no worker was used");
        let (in_process, in_worker) = (median(in_process), median(in_worker));
        println!(
            "{kind:?}: in process {in_process:.1?}, in a warm worker {in_worker:.1?} \
             ({:+.1} ms), with a new worker {cold:.1?}",
            (in_worker.as_secs_f64() - in_process.as_secs_f64()) * 1000.0,
        );
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
