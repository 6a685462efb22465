//! Broken records that are made here; those of files are in `fixtures.rs`.

use serde_json::{Value, json};

use crate::desk::Desk;

#[test]
fn a_record_of_another_kind_is_not_reported_as_missing() {
    let desk = Desk::fixture("small").lay("proposal-references");
    let check = desk.run(["check"]).exits(1);
    assert!(!check.stderr.contains("there is no record `talks`"), "{}", check.stderr);
    assert!(!check.stderr.contains("there is no record `plan`"), "{}", check.stderr);
}

#[test]
fn a_session_with_an_unknown_round_blocks_summaries() {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    let before = desk.pdfs();
    let desk = desk.lay("round-missing");
    desk.run(["build"]).exits(1);
    assert!(desk.pdfs() == before, "the summary lost what a session raised");
}

#[test]
fn lists_have_an_end() {
    let desk = Desk::fixture("small");
    let item = || json!({"what": "A matter", "who": "Coordinators", "by": "2026-03-31"});
    let agreed = |count: usize| Value::from((0..count).map(|_| item()).collect::<Vec<_>>());
    desk.edit("records/north.json", |north| north["agreed"] = agreed(10_001));
    let run = desk.run(["check"]).exits(1).complains("error[list-long]");
    assert!(run.stderr.contains("field agreed") && run.stderr.contains("at most 10000 items"));
    desk.edit("records/north.json", |north| north["agreed"] = agreed(10_000));
    desk.run(["check"]).exits(0);
}

#[test]
fn only_the_first_hundred_faults_are_reported() {
    let desk = Desk::fixture("small");
    desk.edit("records/north.json", |north| {
        for at in 0..100_000 {
            north[format!("field-{at}")] = at.into();
        }
    });
    let run = desk.run(["check"]).exits(1).complains("`field-0`");
    assert_eq!(run.stderr.matches("error[field-unknown]").count(), 100);
}

#[test]
fn unsupported_forms_are_distinguished_from_mistakes() {
    let session = |field: &'static str, value: Value| {
        move |desk: &Desk| {
            desk.edit("records/north.json", |north| north[field] = value);
        }
    };
    type Edit = Box<dyn FnOnce(&Desk)>;
    let cases: Vec<(&str, &str, Edit)> = vec![
        ("form-midnight", "end", Box::new(session("end", json!("24:00")))),
        ("form-days", "date", Box::new(session("date", json!(["2025-10-23", "2025-10-30"])))),
        (
            "times-midnight",
            "end",
            Box::new(|desk| {
                desk.replace("records/north.json", "\"13:00\"", "\"21:00\"");
                desk.replace("records/north.json", "\"15:30\"", "\"00:30\"");
            }),
        ),
        (
            "times-midnight",
            "schedule[0].end",
            Box::new(|desk| {
                desk.edit("records/round.json", |round| {
                    round["schedule"][0]["start"] = json!("20:00");
                    round["schedule"][0]["end"] = json!("00:00");
                });
            }),
        ),
        (
            "form-section-letter",
            "basis[0].sections[0].section",
            Box::new(|desk| {
                desk.edit("records/round.json", |round| {
                    round["basis"][0]["sections"][0]["section"] = json!("7 a");
                });
            }),
        ),
        (
            "session-continued",
            "group",
            Box::new(|desk| {
                let text = desk.read("records/north.json").replace("talks-north", "talks-north-2");
                desk.write("records/north-2.json", text);
                desk.edit("records/north-2.json", |north| north["date"] = json!("2025-10-30"));
            }),
        ),
    ];
    for (rule, field, edit) in cases {
        let desk = Desk::fixture("small");
        edit(&desk);
        let run = desk.run(["check"]).exits(1).complains("cannot be recorded yet");
        assert!(run.stderr.contains(&format!("error[{rule}]")), "{rule}: {}", run.stderr);
        assert!(run.stderr.contains(field), "{rule}: {}", run.stderr);
    }
    // reversed times are a mistake
    let desk = Desk::fixture("small");
    desk.replace("records/north.json", "\"15:30\"", "\"12:30\"");
    desk.run(["check"]).exits(1).complains("error[times-order]");
}
