//! Dates in the future or in an impossible order: final documents neither report nor have
//! them, and drafts do not report them as past.

use kirjuri::model::Severity;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::findings::{Finding, findings, has_error, places};
use crate::registry::{NEXT_DAY, NEXT_YEAR, NOW, at, office, shown};

/// The day after `NOW`.
const TOMORROW: &str = "2025-11-25";

/// A final agenda item with a decision.
fn decided(more: &Value) -> Desk {
    let desk = office();
    desk.edit("records/item.json", |item| {
        item["decision"] = json!({
            "text": "The board decided as proposed.", "date": "2025-09-02",
            "certified_by": { "name": "Ada Archivist", "role": "secretary" },
        });
        for (name, value) in more.as_object().unwrap() {
            item["decision"][name] = value.clone();
        }
    });
    desk
}

fn there(desk: &Desk, name: &str) -> bool {
    desk.path(&format!("output/{name}.pdf")).exists()
}

#[test]
fn decisions_publication_and_certification_are_not_in_the_future() {
    for (field, decision) in [
        ("decision.date", json!({ "date": TOMORROW })),
        ("decision.published", json!({ "published": TOMORROW })),
        ("decision.certified", json!({ "published": "2025-09-08", "certified": TOMORROW })),
    ] {
        let desk = decided(&decision);
        let run = at(&desk, NOW, "build").exits(1).complains("error[date-future]");
        run.complains(field).complains(TOMORROW);
        assert!(!there(&desk, "item-extract") && !there(&desk, "item-proposal"), "{field}");
        assert!(there(&desk, "talks-north-memo"), "{field}: the others are made");
        // the date is past, and later dates change nothing
        at(&desk, NEXT_DAY, "build").exits(0);
        let extract = desk.bytes("output/item-extract.pdf");
        at(&desk, NEXT_YEAR, "build").exits(0);
        assert!(desk.bytes("output/item-extract.pdf") == extract, "{field}");
    }
}

#[test]
fn a_draft_does_not_report_future_dates_as_past() {
    let desk = decided(&json!({ "published": TOMORROW }));
    desk.edit("records/item.json", |item| item["status"] = json!("draft"));
    at(&desk, NOW, "build").exits(0).complains("warning[date-future]");
    let extract = desk.pdf("item-extract");
    assert!(extract.says("The minutes are available on the public web from 25 November 2025"));
    assert!(!extract.says("have been available"));
    desk.edit("records/item.json", |item| item["status"] = json!("final"));
    at(&desk, NEXT_DAY, "build").exits(0);
    let extract = desk.pdf("item-extract");
    assert!(extract.says("The minutes have been available on the public web since 25 November"));
}

#[test]
fn an_extract_is_not_certified_before_the_minutes_are_published() {
    let desk = decided(&json!({ "published": "2025-09-08", "certified": "2025-09-07" }));
    for day in [NOW, NEXT_YEAR] {
        let found = findings(&desk, day);
        let rule = "certified-before-published";
        assert_eq!(places(rule, &found), ["item decision.certified"], "{found:?}");
        assert!(has_error(&found));
        assert!(found.iter().any(|one| one.message.contains("8 September 2025")), "{found:?}");
    }
    desk.edit("records/item.json", |item| item["decision"]["certified"] = json!("2025-09-08"));
    assert!(!has_error(&findings(&desk, NOW)));
}

#[test]
fn an_extract_is_not_dated_before_the_decision() {
    let desk = decided(&json!({}));
    desk.edit("records/item.json", |item| item["issued"] = json!("2025-08-20"));
    at(&desk, NOW, "build").exits(0);
    let date = |document: &str| shown(&desk, document)[0]["metadata"]["date"].clone();
    assert_eq!(date("item-proposal"), "2025-08-20");
    assert_eq!(date("item-extract"), "2025-09-02");
}

/// Fields of a record and their new values.
type Edits<'a> = &'a [(&'a str, Value)];

#[test]
fn no_final_record_reports_future_events() {
    let comment = json!([{
        "from": "Local clubs", "sector": "organisation", "received": TOMORROW, "text": "Rooms."
    }]);
    let handling = json!([{ "body": "Committee", "date": TOMORROW }]);
    let follow_up = json!([{ "year": 2026, "measure": 1, "status": "done" }]);
    let past = json!([{ "year": 2026, "bullets": ["Held"] }]);
    let days: [(&str, &str, Edits<'_>); 5] = [
        ("north", "date", &[("date", json!(TOMORROW)), ("issued", json!("2025-12-01"))]),
        (
            "north",
            "comments[0].received",
            &[("comments", comment), ("issued", json!("2025-12-01"))],
        ),
        (
            "item",
            "earlier_handling[0].date",
            &[("earlier_handling", handling), ("meeting_date", json!("2025-12-16"))],
        ),
        ("plan", "follow_up[0].year", &[("follow_up", follow_up), ("issued", json!("2025-11-20"))]),
        ("round", "history[0].year", &[("history", past)]),
    ];
    for (name, field, edits) in days {
        let desk = office();
        let file = format!("records/{name}.json");
        desk.edit(&file, |record| {
            for (name, value) in edits {
                record[name] = value.clone();
            }
        });
        let found = findings(&desk, NOW);
        let rule = if field.ends_with("year") { "year-future" } else { "date-future" };
        let error = |one: &&Finding| one.rule == rule && one.severity == Severity::Error;
        let errors: Vec<&Finding> = found.iter().filter(error).collect();
        assert!(errors.iter().any(|one| one.field == field), "{field}: {found:?}");
        let found = findings(&desk, NEXT_YEAR);
        assert_eq!(places(rule, &found), Vec::<String>::new(), "{field}");
    }
}

#[test]
fn what_is_planned_may_be_in_the_future() {
    let desk = office();
    desk.edit("records/item.json", |item| item["meeting_date"] = json!("2026-01-20"));
    desk.edit("records/north.json", |north| {
        north["agreed"] = json!([{ "what": "Rooms", "who": "Alder", "by": "2030-01-01" }]);
    });
    let run = at(&desk, NOW, "build").exits(0);
    assert!(!run.stderr.contains("-future"), "{}", run.stderr);
}

#[test]
fn no_final_document_is_dated_in_the_future() {
    let documents = [
        ("round", "talks-plan"),
        ("north", "talks-north-memo"),
        ("item", "item-proposal"),
        ("summary", "talks-summary"),
        ("plan", "plan-measures"),
    ];
    for (record, document) in documents {
        let (desk, file) = (office(), format!("records/{record}.json"));
        desk.edit(&file, |record| record["issued"] = json!(TOMORROW));
        let run = at(&desk, NOW, "build").exits(1).complains("error[issued-future]");
        // the message names the program's current date, and what to do when it is wrong
        run.complains(TOMORROW)
            .complains("today is 24 November 2025")
            .complains("computer’s clock");
        assert!(!there(&desk, document), "{document}");
        assert!(shown_none(&desk, document), "{document} has no number");
        at(&desk, NEXT_DAY, "build").exits(0);
        assert!(there(&desk, document), "{document}");
    }
}

/// True when no version of a document is registered.
fn shown_none(desk: &Desk, document: &str) -> bool {
    let run = at(desk, NOW, "registry list --format json");
    !run.stdout.contains(document)
}

#[test]
fn a_draft_may_be_dated_ahead_but_not_as_final() {
    let desk = office();
    desk.edit("records/north.json", |north| {
        north["issued"] = json!(TOMORROW);
        north["status"] = json!("draft");
    });
    let run = at(&desk, NOW, "build").exits(0);
    assert!(!run.stderr.contains("issued-future"), "{}", run.stderr);
    at(&desk, NOW, "check --as-final").exits(1).complains("error[issued-future]");
}

#[test]
fn a_future_date_is_reported_with_the_current_date() {
    // years ago, with nothing registered yet
    let desk = office();
    let run = at(&desk, "1577880000", "check").exits(1).complains("error[date-future]");
    run.complains("today is 1 January 2020").complains("correct the computer’s clock");
}
