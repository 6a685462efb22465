//! Severities overridden in the settings, and findings accepted in records.

use kirjuri::model::Severity;
use serde_json::{Value, json};

use super::records::UNTIL_WINTER;
use super::{Edit, change};
use crate::desk::Desk;
use crate::findings::{Finding, findings, has_error, places};
use crate::registry::{NOW, at};

/// An edit that truncates a text.
const CUT: &[Edit] = &[("north", "notes[0].text", "Family centres and")];
/// An edit that breaks a rule with the severity error.
const WEEKDAY: &[Edit] =
    &[("item", "sections[0].text", "The talks begin on Monday 23 October 2025.")];

/// The small records with these changes and an overridden severity.
fn overridden(rule: &str, edits: &[Edit], severity: &str) -> Desk {
    let desk = Desk::fixture("small");
    change(&desk, edits);
    desk.write("kirjuri.toml", format!("[check.rules]\n{rule} = \"{severity}\"\n"));
    desk
}

#[test]
fn settings_switch_a_rule_off_or_change_its_severity() {
    for (rule, edits) in [("text-cut", CUT), ("date-weekday", WEEKDAY)] {
        let found = findings(&overridden(rule, edits, "off"), NOW);
        assert_eq!(places(rule, &found), Vec::<String>::new(), "{rule}");
        assert!(!has_error(&found), "{rule}");
        let severities =
            [("hint", Severity::Hint), ("warning", Severity::Warning), ("error", Severity::Error)];
        for (name, severity) in severities {
            let all = findings(&overridden(rule, edits, name), NOW);
            let found: Vec<&Finding> = all.iter().filter(|finding| finding.rule == rule).collect();
            assert_eq!(found.len(), 1, "{rule} as {name}");
            assert_eq!(found[0].severity, severity, "{rule}");
            assert_eq!(has_error(&all), severity == Severity::Error, "{rule} as {name}");
        }
    }
}

#[test]
fn the_exit_status_follows_the_severity_of_the_settings() {
    for (severity, code) in [("off", 0), ("hint", 0), ("warning", 0), ("error", 1)] {
        at(&overridden("text-cut", CUT, severity), NOW, "check").exits(code);
    }
}

#[test]
fn every_rule_can_be_switched_off() {
    let desk = Desk::fixture("small");
    for edits in [CUT, WEEKDAY] {
        change(&desk, edits);
    }
    let desk = desk.without_judgement();
    assert_eq!(findings(&desk, NOW), Vec::<Finding>::new());
}

#[test]
fn a_rule_with_the_severity_of_an_error_holds_back_the_final_document() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.issued().contains("talks-north-memo.pdf"));
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    desk.write("kirjuri.toml", "[check.rules]\ntext-cut = \"error\"\n");
    let run = at(&desk, NOW, "build").exits(1);
    assert!(!run.issued().contains("talks-north-memo.pdf"), "{}", run.stdout);
    assert!(run.issued().contains("talks-south-memo.pdf"), "{}", run.stdout);
}

#[test]
fn settings_that_name_no_configurable_rule_are_refused() {
    for (settings, said) in [
        ("[check.rules]\ntext-cutt = \"off\"\n", "did you mean `text-cut`?"),
        // rules against wrong documents are not configurable
        ("[check.rules]\njson-cut = \"off\"\n", "no rule `json-cut`"),
        ("[check.rules]\ntext-cut = \"loud\"\n", "the value `loud` is not known"),
        ("[check.rule]\ntext-cut = \"off\"\n", "there is no setting `rule`"),
    ] {
        let desk = Desk::fixture("small");
        desk.write("kirjuri.toml", settings);
        at(&desk, NOW, "check").exits(2).complains(said);
    }
}

#[test]
fn settings_with_an_office_that_ends_before_it_begins_are_refused() {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", UNTIL_WINTER.replace("2025-01-01", "2026-01-01"));
    at(&desk, NOW, "check").exits(2).complains("Dana Demo");
}

/// Adds acceptances to a record.
fn accept(desk: &Desk, file: &str, acceptances: Value) {
    desk.edit(&format!("records/{file}.json"), |record| record["accept"] = acceptances);
}

#[test]
fn an_accepted_finding_stays_visible_with_its_reason() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    change(&desk, &[("north", "notes[1].text", "Meeting places and")]);
    accept(
        &desk,
        "north",
        json!([{ "rule": "text-cut", "field": "notes[0].text", "reason": "The group said it so" }]),
    );
    let found = findings(&desk, NOW);
    let of = |field: &str| found.iter().find(|finding| finding.field == field).unwrap();
    assert_eq!(of("notes[0].text").severity, Severity::Hint);
    assert_eq!(of("notes[0].text").accepted.as_deref(), Some("The group said it so"));
    assert_eq!(of("notes[1].text").severity, Severity::Warning, "another field is not accepted");
    assert_eq!(of("notes[1].text").accepted, None);
    assert_eq!(found.len(), 2);
    at(&desk, NOW, "check").exits(0).complains("The group said it so");
}

#[test]
fn without_a_field_the_only_finding_of_a_rule_is_accepted() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    accept(&desk, "north", json!([{ "rule": "text-cut", "reason": "The group said it so" }]));
    let found = findings(&desk, NOW);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].accepted.as_deref(), Some("The group said it so"));
}

#[test]
fn a_rule_that_is_unknown_or_not_configurable_is_not_accepted() {
    let desk = Desk::fixture("small");
    change(&desk, &[("item", "round", "nowhere")]);
    accept(
        &desk,
        "item",
        json!([
            { "rule": "record-missing", "reason": "It comes later" },
            { "rule": "text-cutt", "reason": "It ends so" },
        ]),
    );
    let found = findings(&desk, NOW);
    assert_eq!(places("accept-refused", &found), ["item accept[0].rule"]);
    assert_eq!(places("accept-unknown", &found), ["item accept[1].rule"]);
    assert_eq!(places("record-missing", &found), ["item round"]);
    at(&desk, NOW, "check").exits(1).complains("did you mean `text-cut`?");
}

#[test]
fn an_error_of_a_configurable_rule_holds_back_final_documents_and_no_drafts() {
    let desk = Desk::fixture("small");
    change(&desk, WEEKDAY);
    let run = at(&desk, NOW, "build").exits(1).complains("date-weekday");
    assert!(!run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    assert!(run.issued().contains("talks-plan.pdf"), "{}", run.stdout);
    change(&desk, &[("item", "status", "draft")]);
    let run = at(&desk, NOW, "build").complains("date-weekday");
    assert!(run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    assert!(desk.pdf("item-proposal").says("DRAFT"));
    // an error in a round blocks documents that draw on it
    let desk = Desk::fixture("small");
    change(&desk, &[("round", "basis[0].statute", "612/2024"), ("south", "status", "draft")]);
    let issued = at(&desk, NOW, "build").exits(1).issued();
    assert!(!issued.contains("talks-north-memo.pdf") && !issued.contains("talks-plan.pdf"));
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
}

#[test]
fn an_accepted_error_lets_the_final_document_be_issued() {
    let desk = Desk::fixture("small");
    change(&desk, WEEKDAY);
    accept(
        &desk,
        "item",
        json!([{ "rule": "date-weekday", "field": "sections[0].text", "reason": "It is a quote" }]),
    );
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    let pdf = desk.pdf("item-proposal");
    assert!(!pdf.says("It is a quote"), "what was accepted is nothing for readers");
}

#[test]
fn an_error_behind_a_hundred_warnings_still_holds_the_final_document_back() {
    let desk = Desk::fixture("small");
    desk.edit("records/item.json", |item| {
        let warned = json!({ "text": "Comments can be sent until 23 October." });
        let mut sections = vec![warned; 101];
        sections.push(json!({ "text": "The place is TBD." }));
        item["sections"] = sections.into();
    });
    at(&desk, NOW, "check").exits(1).complains("text-placeholder");
    let run = at(&desk, NOW, "build").exits(1);
    assert!(!run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
}
