//! One test over all folders of `tests/fixtures`: the input in each must give the output in its
//! folder `expected`. A folder of broken records is laid over the valid ones of `small`: each
//! record is refused with its place and what to write instead, its neighbours are issued, and
//! its last good PDF stays. A folder `mistakes-*` is a set of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use kirjuri::parallel;
use serde_json::Value;

use crate::desk::{Desk, Ran, files, home};
use crate::findings::findings;
use crate::mistakes::NOW;

/// Folders that other tests use, without output of their own.
const INPUT_ONLY: [&str; 3] = ["small", "bilingual", "cases"];

/// What a fixture gives, by file name.
type Output = BTreeMap<&'static str, String>;

#[test]
fn every_fixture_gives_the_expected_output() {
    let mut names = files(&home().join("tests/fixtures"));
    names.retain(|name| !INPUT_ONLY.contains(&name.as_str()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failed: Vec<String> = parallel::map(names, threads, |name| {
        let output = catch_unwind(AssertUnwindSafe(|| output(&name)));
        let Ok(output) = output else {
            eprintln!("(the fixture {name})");
            return vec![format!("{name}: the message is above")];
        };
        compare(&expected(&name), &output)
    })
    .concat();
    assert!(
        failed.is_empty(),
        "\n{}\nKIRJURI_WRITE_FIXTURES=1 cargo test --release --test it -- fixtures:: writes them",
        failed.join("\n")
    );
}

fn expected(fixture: &str) -> PathBuf {
    home().join("tests/fixtures").join(fixture).join("expected")
}

/// Compares the output with the files of a folder, or writes them when
/// `KIRJURI_WRITE_FIXTURES` is set; what differs.
fn compare(folder: &Path, output: &Output) -> Vec<String> {
    if std::env::var_os("KIRJURI_WRITE_FIXTURES").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        for (file, text) in output {
            std::fs::write(folder.join(file), text).unwrap();
        }
    }
    if !folder.is_dir() {
        return vec![format!("there is no folder {}", folder.display())];
    }
    let mut failed = Vec::new();
    for file in files(folder).iter().filter(|file| !output.contains_key(file.as_str())) {
        failed.push(format!("{}: no output has this name", folder.join(file).display()));
    }
    for (file, text) in output {
        let path = folder.join(file);
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        if *text != wanted {
            let diff = similar::TextDiff::from_lines(&wanted, text);
            failed.push(format!("{}\n{}", path.display(), diff.unified_diff()));
        }
    }
    failed
}

fn output(fixture: &str) -> Output {
    match fixture.starts_with("mistakes-") {
        true => Output::from([("findings.txt", found(fixture))]),
        false => laid_over_valid_records(fixture),
    }
}

/// Rule, record and field of every finding in a set, below the comments that the expected
/// output has.
fn found(fixture: &str) -> String {
    let mut all = findings(&Desk::fixture(fixture), NOW);
    // that the sessions are still to come is another matter
    all.retain(|finding| !["date-future", "issued-future"].contains(&finding.rule));
    assert!(all.iter().all(|finding| finding.line > 0), "{fixture}: {all:?}");
    let mut lines: Vec<String> =
        all.iter().map(|finding| format!("{} {}\n", finding.rule, finding.place())).collect();
    lines.sort();
    let wanted = std::fs::read_to_string(expected(fixture).join("findings.txt"));
    let wanted = wanted.unwrap_or_default();
    let comments = wanted.lines().filter(|line| line.starts_with('#'));
    comments.map(|line| format!("{line}\n")).chain(lines).collect()
}

/// Lays broken records over valid ones that have been issued; all that the program says.
fn laid_over_valid_records(fixture: &str) -> Output {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    let before = desk.pdfs();
    let desk = desk.lay(fixture);
    let json = desk.run(["check", "--format", "json"]);
    let answer: Value = serde_json::from_str(&json.stdout).unwrap();
    wording_is_whole(&answer);
    let code = i32::from(answer["errors"] != 0);
    let json = json.exits(code);
    let check = desk.run(["check"]).exits(code);

    let again = desk.run(["build"]).exits(code);
    let (after, issued) = (desk.pdfs(), again.issued());
    for (name, bytes) in before.iter().filter(|(name, _)| !issued.contains(*name)) {
        assert!(after.get(name) == Some(bytes), "{name} was not issued, yet its PDF changed");
    }
    let fresh = desk.run(["build", "--output", "fresh"]).exits(code);
    neighbours_are_issued(&answer, &fresh, &desk);

    let build = fresh.stdout.lines().map(|line| line.split(", pages ").next().unwrap());
    let mut build: Vec<&str> = build.collect();
    build.sort_unstable();
    Output::from([
        ("check.txt", shortened(&(check.stderr + &check.stdout))),
        ("check.json", shortened(&json.stdout)),
        ("build.txt", shortened(&build.join("\n"))),
    ])
}

/// A text of 70 kilobytes is not shown.
fn shortened(text: &str) -> String {
    let short = |line: &str| match line.len() {
        ..=2000 => format!("{line}\n"),
        _ => format!("{}…\n", &line[..200]),
    };
    text.lines().map(short).collect()
}

/// No message has a place that was not filled, or a label that is missing.
fn wording_is_whole(answer: &Value) {
    for problem in answer["problems"].as_array().unwrap() {
        for part in ["message", "help"] {
            let text = problem[part].as_str().unwrap();
            let open = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            let unfilled = open.filter(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            });
            assert_eq!(unfilled.count(), 0, "{text}");
            assert!(!text.contains('⟨') && !text.is_empty(), "{text}");
        }
    }
}

/// In a clean folder: nothing comes out of a record with an error, what does
/// not draw on it does, and a broken session holds the summary back.
fn neighbours_are_issued(answer: &Value, fresh: &Ran, desk: &Desk) {
    let made: BTreeSet<String> = desk.pdfs_in("fresh").into_keys().collect();
    assert_eq!(fresh.issued(), made);
    let own = BTreeMap::from([
        ("records/north.json", "talks-north-memo.pdf"),
        ("records/south.json", "talks-south-memo.pdf"),
        ("records/item.json", "item-proposal.pdf"),
        ("records/plan.json", "plan-measures.pdf"),
        ("records/round.json", "talks-plan.pdf"),
        ("records/summary.json", "talks-summary.pdf"),
    ]);
    let problems = answer["problems"].as_array().unwrap();
    let faulty: BTreeSet<&str> = problems
        .iter()
        .filter(|problem| problem["severity"] == "error")
        .map(|problem| problem["file"].as_str().unwrap())
        .collect();
    let session = ["north", "south", "copy-of-north", "north-again"]
        .map(|name| format!("records/{name}.json"));
    // one that is secret as a whole is no part of the summary
    let secret = |file: &str| {
        let record: Option<Value> = serde_json::from_slice(&desk.bytes(file)).ok();
        record.is_some_and(|record| record["case"]["publicity"] == "secret")
    };
    let session = session.iter().any(|file| faulty.contains(file.as_str()) && !secret(file));
    for (file, pdf) in own {
        let draws = faulty.contains("records/round.json") && file != "records/plan.json";
        let sums = file == "records/summary.json" && session;
        let held = faulty.contains(file) || draws || sums;
        assert_eq!(made.contains(pdf), !held, "{pdf}, with errors in {faulty:?}");
    }
}
