//! Every example in a message is valid: pasted at its place, it is accepted.

use kirjuri::model::Severity;
use serde_json::{Value, json};

use crate::desk::{Desk, home};
use crate::findings::{Finding, findings};

/// 21 September 2026, after every date in the examples.
const NOW: &str = "1790000000";

const KINDS: [&str; 5] = ["round", "session", "proposal", "summary", "measures"];

/// Fields that determine how others are read; they have no example.
const READ_BY: [&str; 4] = ["$schema", "kind", "language", "also_in"];

/// Objects inside examples that have their own examples.
const WITHIN: [(&str, &str); 6] = [
    ("", "case.retention"),
    ("round", "basis.0.sections"),
    ("round", "plan.years"),
    ("round", "schedule.0.forum"),
    ("round", "survey.materials"),
    ("proposal", "decision.certified_by"),
];

/// A minimal record.
fn least(kind: &str) -> Value {
    let mut record = match kind {
        "round" => json!({
            "id": "a", "title": "T", "years": {"from": 2025}, "authority": {"name": "A"},
            "municipalities": ["…"],
        }),
        "session" => json!({"id": "b", "round": "a", "date": "2025-10-23", "mode": "in-person"}),
        "proposal" => json!({
            "id": "c", "body": "B", "meeting_date": "2025-10-23", "title": "T",
            "action": "approve",
        }),
        "summary" => json!({"id": "d", "round": "a", "date": "2025-10-23"}),
        _ => json!({
            "id": "e", "measures": [{"number": 1, "title": "X"}],
            "plan": {"title": "P", "authority": "A", "valid_from": "2025-01-01"},
        }),
    };
    record["kind"] = kind.into();
    record["language"] = "fi".into();
    record
}

fn file(kind: &str) -> String {
    format!("records/{kind}.json")
}

/// Example objects and lists in the messages, by field.
fn examples(desk: &Desk, kind: &str) -> Vec<(String, Value)> {
    let mut all = findings(desk, NOW);
    all.retain(|finding| finding.file == kind && finding.rule == "value-type");
    let example = |finding: Finding| {
        let (_, value) = finding.help.split_once("; write ")?;
        Some((finding.field, serde_json::from_str(value).ok()?))
    };
    all.into_iter().filter_map(example).collect()
}

/// The errors of the records, without those of some rules.
fn errors(desk: &Desk, without: &[&str]) -> Vec<Finding> {
    let mut all = findings(desk, NOW);
    all.retain(|one| one.severity == Severity::Error && !without.contains(&one.rule));
    all
}

#[test]
fn every_example_is_accepted_where_it_is_pasted() {
    let desk = Desk::empty();
    let mut pasted = 0;
    for kind in KINDS {
        desk.write(&file(kind), least(kind).to_string());
    }
    for kind in KINDS {
        let schema = std::fs::read_to_string(home().join(format!("schemas/{kind}.schema.json")));
        let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
        let fields = schema["properties"].as_object().unwrap().keys();
        let own = least(kind);
        desk.edit(&file(kind), |record| {
            for field in fields.filter(|field| !READ_BY.contains(&field.as_str())) {
                record[field.as_str()] = true.into();
            }
        });
        let found = examples(&desk, kind);
        assert!(!found.is_empty(), "{kind}");
        pasted += found.len();
        desk.write(&file(kind), own.to_string());
        desk.edit(&file(kind), |record| {
            for (field, value) in found {
                record[field.as_str()] = value;
            }
        });
        // and the messages about the pasted objects
        let within = WITHIN.iter().filter(|(of, _)| of.is_empty() || *of == kind);
        for (_, path) in within {
            let pointer = format!("/{}", path.replace('.', "/"));
            let put = |value: Value| {
                desk.edit(&file(kind), |record| {
                    let (parent, name) = pointer.rsplit_once('/').unwrap();
                    record.pointer_mut(parent).unwrap()[name] = value;
                });
            };
            put(true.into());
            let found = examples(&desk, kind);
            let [(_, value)] = found.as_slice() else { panic!("{kind} {path}: {found:?}") };
            put(value.clone());
            pasted += 1;
        }
    }
    assert!(pasted > 50, "only {pasted} examples were found");
    // a person both present and absent is not a fault of the example
    assert_eq!(errors(&desk, &["attendance-both"]), Vec::<Finding>::new());
}

#[test]
fn suggested_lists_are_accepted() {
    let desk = Desk::empty();
    for kind in KINDS {
        desk.write(&file(kind), least(kind).to_string());
    }
    let mut pasted = 0;
    for kind in KINDS {
        let schema = std::fs::read_to_string(home().join(format!("schemas/{kind}.schema.json")));
        let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
        let fields = schema["properties"].as_object().unwrap().iter();
        let lists = fields
            .filter(|(name, field)| field["type"] == "array" && !READ_BY.contains(&name.as_str()));
        let own = least(kind);
        desk.edit(&file(kind), |record| {
            for (name, _) in lists {
                record[name.as_str()] = "Kunta".into();
            }
        });
        let found = examples(&desk, kind);
        pasted += found.len();
        desk.write(&file(kind), own.to_string());
        desk.edit(&file(kind), |record| {
            for (field, value) in found {
                record[field.as_str()] = value;
            }
        });
    }
    assert!(pasted > 30, "only {pasted} examples were found");
    // unknown municipalities, and a minimal session without group and forum, are expected
    let of_names =
        ["attendance-both", "municipality-nowhere", "municipality-unknown", "group-or-forum"];
    assert_eq!(errors(&desk, &of_names), Vec::<Finding>::new());
}
