//! Benchmark: from a record to its PDF in a warm process, compared with Typst alone on
//! the same source.
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

use divan::Bencher;
use kirjuri::document::DocumentKind;
use kirjuri::pipeline::job;

fn main() {
    divan::main();
}

const KINDS: [DocumentKind; 2] = [DocumentKind::Memo, DocumentKind::Summary];

/// Read, parse, check, list, view, render, compile, export.
#[divan::bench(args = KINDS, sample_count = 30)]
fn record_to_pdf(bencher: Bencher<'_, '_>, kind: DocumentKind) {
    let design = samples::design();
    let files = samples::files();
    bencher.bench_local(|| {
        let checked = samples::check_records(&files, &design);
        let (id, document) = samples::first(kind, &checked, &design);
        let ready = samples::context(&checked, &design).render(&document).unwrap();
        design.engine.pdf(&job(&id, &ready)).unwrap().bytes.len()
    });
}

/// Only Typst on the same source.
#[divan::bench(args = KINDS, sample_count = 30)]
fn bare_typst(bencher: Bencher<'_, '_>, kind: DocumentKind) {
    let design = samples::design();
    let checked = samples::check_records(&samples::files(), &design);
    let (id, document) = samples::first(kind, &checked, &design);
    let ready = samples::context(&checked, &design).render(&document).unwrap();
    bencher.bench_local(|| design.engine.pdf(&job(&id, &ready)).unwrap().bytes.len());
}

/// Only the pipeline, for all records and this one document.
#[divan::bench(args = KINDS)]
fn own_share(bencher: Bencher<'_, '_>, kind: DocumentKind) {
    let design = samples::design();
    let files = samples::files();
    bencher.bench_local(|| {
        let checked = samples::check_records(&files, &design);
        let (_, document) = samples::first(kind, &checked, &design);
        samples::context(&checked, &design).render(&document).unwrap().typst.len()
    });
}
