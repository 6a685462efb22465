//! Invalid records: each is refused with position and suggestion, other documents are
//! issued, and its last PDF stays. Fixtures are added to the valid records of `small`;
//! the messages are snapshots.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, home};

macro_rules! cases {
    ($($test:ident $fixture:literal $code:literal;)*) => {
        $(#[test] fn $test() { insta::assert_snapshot!($fixture, explain($fixture, $code)); })*
        /// Fixtures used by the tests of this file.
        const USED: &[&str] = &[$($fixture),*];
    };
}

cases! {
    a_comma_after_the_last_value "syntax-trailing-comma" 1;
    a_comment "syntax-comment" 1;
    a_file_that_ends_too_early "syntax-cut" 1;
    typographic_quotation_marks "syntax-smart-quotes" 1;
    a_missing_comma "syntax-missing-comma" 1;
    a_byte_order_mark "file-bom" 1;
    the_utf16_encoding "file-utf16" 1;
    a_byte_that_is_not_utf8 "file-utf8" 1;
    an_empty_file "file-empty" 1;
    an_unknown_kind "kind-unknown" 1;
    no_kind "kind-missing" 1;
    no_id "id-missing" 1;
    several_field_mistakes_at_once "fields-unknown-and-missing" 1;
    values_of_the_wrong_type "types-wrong" 1;
    dates_and_times_of_the_wrong_form "dates-and-times" 1;
    malformed_ids "ids-malformed" 1;
    words_that_a_field_does_not_know "enums" 1;
    a_field_given_twice "field-twice" 1;
    an_id_in_two_files "id-in-two-files" 1;
    markup_that_documents_do_not_have "markup" 1;
    control_characters_and_blank_texts "control-characters" 1;
    characters_that_no_font_has "characters-without-glyph" 1;
    a_text_that_is_too_long "text-too-long" 1;
    words_and_lines_that_are_too_long "text-long-words" 1;
    an_unknown_round "round-missing" 1;
    an_unknown_group "group-missing" 1;
    unknown_priorities_and_areas "cells-missing" 1;
    municipalities_in_no_group_in_two_and_unknown "municipalities-in-groups" 1;
    a_municipality_of_another_group "municipality-of-other-group" 1;
    the_number_of_one_statute_with_the_name_of_another "statute-mixed" 1;
    a_wrong_name_of_a_statute "statute-name" 1;
    an_unknown_number_of_a_statute "statute-unknown" 1;
    a_malformed_number_of_a_statute "statute-malformed" 1;
    a_final_session_that_lacks_parts "final-session-incomplete" 1;
    a_final_proposal_that_lacks_parts "final-proposal-incomplete" 1;
    a_final_round_that_lacks_parts "final-round-incomplete" 1;
    a_distribution_that_misses_a_municipality "distribution-incomplete" 1;
    a_group_and_a_forum_at_once "group-and-forum" 1;
    an_end_before_the_start "times-reversed" 1;
    a_session_held_otherwise_than_planned "session-not-as-planned" 0;
    a_correction_without_a_version_and_the_other_way_round "correction-versions" 1;
    attachments_without_a_title_or_with_two "attachments" 1;
    an_appeal_where_there_is_none "appeals" 1;
    languages_that_texts_lack_or_have_in_vain "languages" 1;
    two_sessions_of_one_group "session-twice" 1;
    a_secret_note_in_a_public_record "secret-in-public" 1;
    a_secret_record_without_basis "secrecy-basis-missing" 1;
    an_unclear_retention "retention" 1;
    links_that_lead_nowhere "links" 1;
    references_of_a_proposal "proposal-references" 1;
    a_block_without_record "proposal-block-without-record" 1;
    slides_named_where_no_slides_are "slides-outside" 1;
    highlights_that_replace_notes "highlight-replaces" 0;
    references_of_a_summary "summary-references" 1;
    two_summaries_of_one_round "summary-twice" 1;
    numbers_of_measures "measures" 1;
    parts_of_a_round "round-parts" 1;
}

#[test]
fn every_fixture_is_used() {
    let folders = std::fs::read_dir(home().join("tests/fixtures")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // fixtures of real mistakes are used in mistakes.rs
    let folders: BTreeSet<String> = folders.filter(|name| !name.starts_with("mistakes-")).collect();
    let others = [
        "small",
        "bilingual",
        "cases",
        "enum-of-the-wrong-type",
        "not-an-object",
        "numbers-and-empty-lists",
        "syntax-line-break",
    ];
    let used: BTreeSet<String> = USED.iter().chain(&others).map(ToString::to_string).collect();
    assert_eq!(folders, used);
}

#[test]

fn a_list_instead_of_a_record() {
    assert_eq!(rules("not-an-object"), ["not-object"]);
}

#[test]

fn a_line_break_inside_a_text() {
    assert_eq!(rules("syntax-line-break"), ["json-line-break"]);
}

#[test]

fn numbers_out_of_range_and_empty_lists() {
    let found = rules("numbers-and-empty-lists");
    assert_eq!(
        found,
        [
            "number-small years.from",
            "number-small basis[0].sections[0].section",
            "list-empty groups[1].municipalities"
        ]
    );
}

#[test]

fn a_number_in_the_place_of_a_word() {
    assert_eq!(rules("enum-of-the-wrong-type"), ["value-type mode", "form-date agreed[0].by"]);
}

#[test]

fn a_record_of_another_kind_is_not_reported_as_missing() {
    let desk = Desk::fixture("small").lay("proposal-references");
    let check = desk.run(["check"]).exits(1);
    assert!(!check.stderr.contains("there is no record `talks`"), "{}", check.stderr);
    assert!(!check.stderr.contains("there is no record `plan`"), "{}", check.stderr);
}

/// Rules and fields of a fixture's problems, in order.
fn rules(fixture: &str) -> Vec<String> {
    let json = Desk::fixture("small").lay(fixture).run(["check", "--format", "json"]).exits(1);
    let answer: Value = serde_json::from_str(&json.stdout).unwrap();
    let word = |problem: &Value| {
        format!("{} {}", problem["rule"].as_str().unwrap(), problem["field"].as_str().unwrap())
    };
    answer["problems"].as_array().unwrap().iter().map(|p| word(p).trim().to_owned()).collect()
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

/// Adds the fixture to issued records, and returns all messages about it.
fn explain(fixture: &str, code: i32) -> String {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    let before = desk.pdfs();
    let desk = desk.lay(fixture);
    let check = desk.run(["check"]).exits(code);
    let json = desk.run(["check", "--format", "json"]).exits(code);
    let answer: Value = serde_json::from_str(&json.stdout).unwrap();
    wording_is_whole(&answer);

    let again = desk.run(["build"]).exits(code);
    let (after, issued) = (desk.pdfs(), again.issued());
    for (name, bytes) in before.iter().filter(|(name, _)| !issued.contains(*name)) {
        assert!(after.get(name) == Some(bytes), "{name} was not issued, yet its PDF changed");
    }
    let fresh = desk.run(["build", "--output", "fresh"]).exits(code);
    neighbours_are_issued(&answer, &fresh, &desk);
    snapshot(&check, &json, &fresh)
}

/// Fails if a message has an unfilled placeholder or a missing label.
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

/// In a clean folder: no document is made from a record with an error, other documents
/// are, and an invalid session blocks the summary.
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
    // a completely secret one is not part of the summary
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

fn snapshot(check: &Ran, json: &Ran, fresh: &Ran) -> String {
    let mut out = check.stderr.clone();
    let _ = writeln!(out, "{}", check.stdout);
    let mut lines: Vec<&str> = fresh
        .stdout
        .lines()
        .map(|line| line.split(", pages ").next().unwrap_or_default())
        .collect();
    lines.sort_unstable();
    let _ =
        write!(out, "--- build\n{}\n\n--- check --format json\n{}", lines.join("\n"), json.stdout);
    // a text of 70 kilobytes is not shown
    let short = |line: &str| {
        if line.len() > 2000 { format!("{}…", &line[..200]) } else { line.to_owned() }
    };
    out.lines().map(short).collect::<Vec<_>>().join("\n")
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
