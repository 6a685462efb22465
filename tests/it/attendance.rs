//! Attendance: a person listed twice, or as present and absent, is found under any form
//! of the name.

use kirjuri::model::Severity;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::findings::findings;
use crate::registry::NOW;

/// Somebody from a municipality.
fn from(organisation: &str, name: &str) -> Value {
    json!({ "sector": "municipality", "organisation": organisation, "name": name })
}

/// Severity, rule, field and messages of the problems of attendance.
fn found(change: impl FnOnce(&mut Value)) -> (Vec<(Severity, &'static str, String)>, String) {
    let desk = Desk::fixture("small");
    desk.edit("records/north.json", change);
    let mut all = findings(&desk, NOW);
    all.retain(|finding| finding.rule.starts_with("attendance-"));
    let messages = all.iter().map(|finding| finding.message.as_str()).collect();
    (
        all.into_iter().map(|finding| (finding.severity, finding.rule, finding.field)).collect(),
        messages,
    )
}

/// Problems of a second person next to Pat Proof of Alder.
fn beside_pat(other: &Value) -> Vec<(Severity, &'static str, String)> {
    found(|record| record["present"] = json!([from("Alder", "Pat Proof"), other])).0
}

#[test]
fn one_person_is_found_under_every_name() {
    for name in [
        "Proof Pat",
        "Proof, Pat",
        "PAT PROOF",
        "Pat Ada Proof",
        "director Pat Proof",
        "Pat Proof, director",
        "Dana Demo ja Pat Proof",
        "Dana Demo, Pat Proof",
        "Pat Proof klo 14 alkaen",
        "Pat Proof (from 14.00)",
        "pat PROOF (etänä)",
    ] {
        let found = beside_pat(&from("Alder", name));
        assert_eq!(
            found,
            [(Severity::Error, "attendance-twice", "present[1]".to_owned())],
            "{name}"
        );
    }
}

#[test]
fn a_possible_duplicate_is_a_warning() {
    for name in ["P. Proof", "Proof P.", "Pat P."] {
        let found = beside_pat(&from("Alder", name));
        assert_eq!(
            found,
            [(Severity::Warning, "attendance-twice", "present[1]".to_owned())],
            "{name}"
        );
    }
}

#[test]
fn a_double_name_may_lose_its_hyphen() {
    let (found, _) = found(|record| {
        record["present"] = json!([from("Alder", "Maija-Liisa Meikäläinen")]);
        record["absent"] = json!([from("Alder", "Maija Liisa Meikäläinen")]);
    });
    assert_eq!(found, [(Severity::Error, "attendance-both", "absent[0]".to_owned())]);
}

#[test]
fn other_people_are_others() {
    for other in [
        from("Alder", "Ann Proof"),
        from("Alder", "A. Proof"),
        from("Alder", "Pat Example"),
        from("Birch", "Pat Proof"),
        from("Birch", "P. Proof"),
    ] {
        assert!(beside_pat(&other).is_empty(), "{other}");
    }
}

#[test]
fn chair_and_secretary_are_not_absent() {
    for (office, name, severity) in [
        ("chair", "Pat Proof", Severity::Error),
        ("chair", "Proof, Pat", Severity::Error),
        ("secretary", "Pat Proof", Severity::Error),
        ("secretary", "P. Proof", Severity::Warning),
    ] {
        let (found, messages) = found(|record| {
            record[office] = json!({ "name": "Pat Proof", "role": "planner" });
            record["absent"] = json!([from("Alder", name)]);
        });
        assert_eq!(
            found,
            [(severity, "attendance-both", "absent[0]".to_owned())],
            "{office}, {name}"
        );
        let said = format!("{name}, Alder is listed as absent, but seems to have been present");
        assert!(
            messages.contains(&said) && messages.contains(&format!("`{office}`")),
            "{messages}"
        );
    }
}
