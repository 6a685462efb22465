//! `kirjuri status`: a running watcher, its refusals and waiting documents, and a watcher
//! that ended.

use serde_json::Value;

use crate::desk::{Desk, Ran, eventually};
use crate::watch::{Watch, small};

const NORTH: &str = "records/north.json";
const WATCH: &[&str] = &["watch"];

/// JSON output and exit status of `status`.
fn asked(desk: &Desk) -> (Option<i32>, Value) {
    let run = desk.run(["status", "--format", "json"]);
    assert_eq!(run.stderr, "");
    (run.code, serde_json::from_str(&run.stdout).unwrap())
}

/// Waits until the status has this exit code and fulfils a condition.
#[track_caller]
fn becomes(desk: &Desk, code: i32, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = (None, Value::Null);
    eventually(&format!("the status is {code} and as it should be"), || {
        last = asked(desk);
        last.0 == Some(code) && wanted(&last.1)
    });
    last.1
}

/// Runs `status` at another time.
fn at(desk: &Desk, seconds: &str) -> Ran {
    let mut command = desk.command();
    let output = command.arg("status").env("SOURCE_DATE_EPOCH", seconds).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn without_a_watcher_status_exits_with_2() {
    let desk = small();
    let run = desk.run(["status"]).exits(2);
    assert!(run.stdout.contains("No watcher is running for the output folder"), "{}", run.stdout);
    assert!(!desk.path("output").exists(), "asking makes nothing");
    // a build is not a watcher
    desk.run(["build"]).exits(0);
    let (code, answer) = asked(&desk);
    assert_eq!((code, &answer["watcher"]), (Some(2), &Value::Null));
}

#[test]
fn a_watcher_without_problems_exits_with_0() {
    let desk = small();
    let watch = Watch::start(&desk, WATCH);
    let answer = becomes(&desk, 0, |answer| answer["watcher"]["last_round"].is_object());
    assert_eq!((&answer["alive"], &answer["well"]), (&true.into(), &true.into()));
    let state = &answer["watcher"];
    assert_eq!(state["process"], watch.child.id());
    assert_eq!(state["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(state["polls"], false);
    assert_eq!(state["last_round"]["issued"], 6);
    let time = state["last_look"].as_str().unwrap();
    assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
    let said = desk.run(["status"]).exits(0).stdout;
    let process = format!("process {}", watch.child.id());
    for text in [&*process, "The system reports changes", "No problems"] {
        assert!(said.contains(text), "{said}");
    }
    // it continues
    let other = desk.run(["build"]).exits(2);
    assert!(other.stderr.contains("in use"), "{}", other.stderr);
}

#[test]
fn refused_and_waiting_files_are_listed() {
    let desk = small();
    let _watch = Watch::start(&desk, &["watch", "--poll"]);
    let whole = desk.read(NORTH);
    desk.replace(NORTH, "\"remote\"", "\"remotely\"");
    let named = |answer: &Value, list: &str, key: &str, text: &str| {
        let list = answer["watcher"][list].as_array().unwrap();
        list.iter().any(|entry| entry[key].as_str().unwrap().contains(text))
    };
    let answer = becomes(&desk, 1, |answer| named(answer, "refused", "rule", "value-misspelt"));
    let refusal = &answer["watcher"]["refused"][0];
    assert_eq!(refusal["file"], NORTH);
    assert!(refusal["line"].as_u64().unwrap() > 1, "{refusal}");
    assert!(refusal["message"].as_str().unwrap().contains("remotely"), "{refusal}");
    assert!(named(&answer, "waiting", "what", "talks-summary.pdf"), "{answer}");
    assert!(named(&answer, "waiting", "waits_for", NORTH), "{answer}");
    assert_eq!(answer["watcher"]["polls"], true);
    let said = desk.run(["status"]).exits(1).stdout;
    for text in ["regular intervals", "Errors (1):", "[value-misspelt]", "Waiting ("] {
        assert!(said.contains(text), "{said}");
    }
    // half a file
    desk.write(NORTH, &whole[..whole.len() / 2]);
    becomes(&desk, 1, |answer| named(answer, "waiting", "waits_for", "the rest of the file"));
    desk.write(NORTH, &whole);
    becomes(&desk, 0, |answer| answer["watcher"]["refused"].as_array().unwrap().is_empty());
}

#[test]
fn obstacles_are_reported_until_they_disappear() {
    let desk = small();
    let watch = Watch::start(&desk, WATCH);
    std::fs::rename(desk.path("records"), desk.path("away")).unwrap();
    let trouble = |answer: &Value| answer["watcher"]["trouble"].is_string();
    let answer = becomes(&desk, 1, trouble);
    let cause = answer["watcher"]["trouble"].as_str().unwrap();
    assert!(cause.contains("Folder records cannot be read"), "{cause}");
    std::fs::rename(desk.path("away"), desk.path("records")).unwrap();
    becomes(&desk, 0, |answer| !trouble(answer));
    // invalid settings
    let settings = desk.read("kirjuri.toml");
    desk.write("kirjuri.toml", format!("{settings}[unknown]\n"));
    watch.says("cannot be used");
    desk.run(["status"]).exits(2);
    desk.write("kirjuri.toml", settings);
    becomes(&desk, 0, |answer| !trouble(answer));
}

#[test]
fn a_watcher_that_ended_is_not_alive() {
    for signal in ["-TERM", "-KILL"] {
        let desk = small();
        let mut watch = Watch::start(&desk, WATCH);
        becomes(&desk, 0, |_| true);
        watch.signal(signal);
        watch.ends();
        let run = desk.run(["status"]).exits(2);
        let last = format!("The last one was process {}", watch.child.id());
        assert!(run.stdout.contains(&last), "{}", run.stdout);
        // the next round has nothing new, and prints nothing about records
        let next = Watch::begin(&desk, WATCH);
        let own = next.child.id();
        becomes(&desk, 0, |answer| answer["watcher"]["process"] == own);
    }
}

/// A later clock simulates a silent watcher.
#[test]
fn an_unresponsive_watcher_is_reported() {
    let desk = small();
    let _watch = Watch::start(&desk, WATCH);
    becomes(&desk, 0, |_| true);
    for other in ["1000000000", "4102444800"] {
        let run = at(&desk, other).exits(2);
        assert!(run.stdout.contains("has not updated its status"), "{}", run.stdout);
    }
}

#[test]
fn an_invalid_status_file_is_ignored() {
    let desk = small();
    desk.write("output/.kirjuri-status.json", "{\"process\": ");
    desk.run(["status"]).exits(2);
    let _watch = Watch::start(&desk, WATCH);
    becomes(&desk, 0, |_| true);
}
