//! Benchmark: registering compared with typesetting, and finding and numbering with 100
//! to 100,000 versions. Run one part with `cargo bench --bench registry -- registering`
//! (or `growing`). An optional number after `growing` is the maximum size.
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

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use kirjuri::document::DocumentKind;
use kirjuri::model::{Digest, Moment};
use kirjuri::pipeline::job;
use kirjuri::registry::log::{Event, LogEvent, LogHead};
use kirjuri::registry::metadata::Metadata;
use kirjuri::registry::{
    Filter, NumberRequest, Numbering, Registry, RegistryReader, Sequence, Submission,
};
use rusqlite::params;
use serde_json::json;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|w| !w.starts_with('-')).collect();
    let wanted = words.first().map(String::as_str);
    let most = words.get(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    if wanted.is_none_or(|wanted| wanted == "registering") {
        registering();
    }
    if wanted.is_none_or(|wanted| wanted == "growing") {
        growing(most);
    }
}

fn now() -> Moment {
    Moment::from_unix(1_764_000_000).unwrap()
}

fn open(folder: &Path) -> Registry {
    let numbering = Numbering::parse("B-{year}-{number:6}", Sequence::Yearly).unwrap();
    Registry::open(folder, numbering, now, "benchmark").unwrap()
}

/// One memo typeset, and the same memo registered.
fn registering() {
    let design = samples::design();
    let checked = samples::check_records(&samples::files(), &design);
    let (id, document) = samples::first(DocumentKind::Memo, &checked, &design);
    let ready = samples::context(&checked, &design).render(&document).unwrap();
    let pdf = design.engine.pdf(&job(&id, &ready)).unwrap().bytes;
    let typesetting = median(20, || drop(design.engine.pdf(&job(&id, &ready)).unwrap()));
    let record = checked.set.source(&document.source).unwrap().text.as_bytes().to_vec();
    let folder = tempfile::tempdir().unwrap();
    let mut registry = open(folder.path());
    let mut count = 0;
    let registering = median(50, || {
        count += 1;
        register(&mut registry, &format!("memo-{count}"), &pdf, &record, &ready.typst);
    });
    registry.close().unwrap();
    println!("typesetting a memo {typesetting:.1?}, registering it {registering:.1?}");
}

fn register(registry: &mut Registry, document: &str, pdf: &[u8], record: &[u8], typst: &str) {
    let wanted = [NumberRequest { document: document.to_owned(), version: 1, date: None }];
    let reserved = registry.reserve(&wanted, &BTreeSet::new()).unwrap();
    let name = format!("{document}.pdf");
    let metadata = metadata(&reserved[0].number, document, &name, pdf, record);
    let files = BTreeMap::from([
        (name, pdf.to_vec()),
        ("records/record.json".to_owned(), record.to_vec()),
        (format!("{document}.typ"), typst.as_bytes().to_vec()),
    ]);
    registry.register(Submission { metadata, files }).unwrap();
}

fn metadata(number: &str, document: &str, file: &str, pdf: &[u8], record: &[u8]) -> Metadata {
    let digest = Digest::of(record);
    serde_json::from_value(json!({
        "number": number, "document": document, "version": 1, "kind": "memo",
        "type_name": "Muistio", "title": "Neuvottelut 2025: Jämsä", "languages": ["fi"],
        "date": "2025-11-05", "registered_on": "2025-11-24", "registered": "2025-11-24T00:00:00Z",
        "authority": "Hyvinvointialue", "case_number": "HVA/1/2025", "round": "hyte-2025",
        "municipalities": ["Jämsä"],
        "classification": {
            "function": "00.01.02", "publicity": "public", "personal_data": "none",
            "retention": { "years": 10, "reason": "plan" },
        },
        "retention_ends": "2035-12-31", "checker": "Kirjaamo",
        "source": { "id": document, "version": 1, "file": "records/record.json", "digest": digest },
        "made_with": {
            "program": "kirjuri", "engine": digest, "templates": digest, "content": digest,
            "attach_source": true, "all_languages": false,
        },
        "renditions": [{
            "copy": "archive", "file": file, "format": "PDF/A-3a", "pages": 4,
            "bytes": pdf.len(), "digest": Digest::of(pdf),
        }],
        "files": [],
    }))
    .unwrap()
}

/// Number of latest versions with files.
const LATEST: usize = 40;

/// The same queries on registries of 100 to `most` versions.
fn growing(most: u64) {
    println!(
        "versions | open | newest 100 | one municipality | one day | text in title | show | number | register"
    );
    let mut size = 100;
    while size <= most {
        let folder = tempfile::tempdir().unwrap();
        let mut registry = open(folder.path());
        fill(folder.path(), size);
        // opening checks the files of the latest ones
        for count in 0..LATEST {
            register(&mut registry, &format!("latest-{count}"), b"%PDF", b"{}", "");
        }
        registry.close().unwrap();
        let opening = median(5, || open(folder.path()).close().unwrap());
        let mut registry = open(folder.path());
        register(&mut registry, "real-memo", b"%PDF", b"{}", "");
        let reader = RegistryReader::open(folder.path()).unwrap();
        let page = Filter { most: Some(100), ..Filter::default() };
        let by_place = Filter { municipality: Some("Jämsä".into()), ..page.clone() };
        let day = kirjuri::model::Date::parse("2024-05-05");
        let by_day = Filter { from: day, to: day, ..page.clone() };
        let by_text = Filter { text: Some("kokous 77".into()), ..page.clone() };
        let find = |filter: &Filter| median(50, || drop(reader.index().find(filter).unwrap()));
        let (newest, place, text) = (find(&page), find(&by_place), find(&by_text));
        let date = find(&by_day);
        let show = median(50, || {
            let versions = reader.versions("real-memo").unwrap();
            reader.archive().full_metadata(&versions[0]).unwrap();
            reader.index().history(&versions[0].number).unwrap();
        });
        let mut count = 0;
        let number = median(50, || {
            count += 1;
            let document = format!("reserved-{count}");
            let wanted = [NumberRequest { document, version: 1, date: None }];
            registry.reserve(&wanted, &BTreeSet::new()).unwrap();
        });
        let register = median(20, || {
            count += 1;
            register(&mut registry, &format!("more-{count}"), b"%PDF", b"{}", "");
        });
        println!(
            "{size} | {opening:.1?} | {newest:.1?} | {place:.1?} | {date:.1?} | {text:.1?} | {show:.1?} | {number:.1?} | {register:.1?}"
        );
        size *= 10;
    }
}

/// Adds versions to an index without files, for this benchmark only.
fn fill(folder: &Path, size: u64) {
    let mut db = rusqlite::Connection::open(folder.join("registry.sqlite3")).unwrap();
    let transaction = db.transaction().unwrap();
    let digest = |n: u64| Digest::of(&n.to_le_bytes()).to_string();
    let mut head = LogHead::none();
    for n in 1..=size {
        let (number, document) = (format!("B-2025-{n:06}"), format!("memo-{n}"));
        let place = ["Jämsä", "Keuruu", "Multia", "Laukaa"][n as usize % 4];
        for event in [Event::Reserved, Event::Registered] {
            let entry = LogEvent::of(event).about(&number, &document, 1).after(&head, now());
            head = entry.head();
            let json = serde_json::to_string(&entry).unwrap();
            transaction
                .execute(
                    "INSERT INTO log (sequence, event, number, digest, entry) VALUES (?, ?, ?, ?, ?)",
                    params![entry.sequence, event.as_str(), number, entry.digest.as_str(), json],
                )
                .unwrap();
        }
        transaction
            .execute(
                "INSERT INTO reservation (number, series, position, day, document, version)
                 VALUES (?, 'B-2025-#', ?, '2025-11-24', ?, 1)",
                params![number, n, document],
            )
            .unwrap();
        let date = format!("20{:02}-{:02}-{:02}", 10 + n % 20, 1 + n % 12, 1 + n % 28);
        let title = format!("Neuvottelut 2025, kokous {n}: {place}");
        transaction
            .execute(
                "INSERT INTO issue (number, document, version, object_version, kind, title, date,
                 day, case_number, round, publicity, retention_ends, pages, record_id, record, pdf, file,
                 metadata, inventory, content, replaces) VALUES (?1, ?2, 1, 1, 'memo', ?3,
                 ?5, '2025-11-24', 'HVA/1/2025', 'hyte-2025', 'public', '2035-12-31', 4,
                 ?2, ?4, ?4, 'x.pdf', ?4, ?4, ?4, NULL)",
                params![number, document, title, digest(n), date],
            )
            .unwrap();
        let id = transaction.last_insert_rowid();
        transaction
            .execute("INSERT INTO search (rowid, title) VALUES (?, ?)", params![id, title])
            .unwrap();
        transaction
            .execute("INSERT INTO place (municipality, issue) VALUES (?, ?)", params![place, id])
            .unwrap();
    }
    transaction.execute("INSERT INTO archived (sequence) VALUES (?)", [2 * size]).unwrap();
    transaction.commit().unwrap();
}

fn median(times: usize, mut work: impl FnMut()) -> Duration {
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    all.sort();
    all[times / 2]
}
