//! Rules over a record in several languages: is it translated at all, and is
//! every sentence?

use serde_json::Value;

use super::Report;
use crate::model::{Language, Problem, Record, RecordSet, Source};

/// Shortest text, in characters, that is taken for a sentence: what is shorter
/// may be a name, which is the same in every language.
const SENTENCE: usize = 40;

/// Texts that are the same in the record's own language and in another.
pub fn untranslated(source: &Source, record: &Record, set: &RecordSet) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let value = |record: &Record| serde_json::to_value(record).unwrap_or_default();
    let (own, other) = (value(&source.record), value(record));
    let [own_language, language] = [&*source.record, record].map(|r| r.language().code());
    if same_but_for_language(&own, &other) {
        report.error("also_in", "translation-none", &[("language", &language)]);
        return report.problems;
    }
    let mut same = Vec::new();
    equal_sentences(&own, &other, String::new(), &mut same);
    for field in same {
        let args: [(&'static str, &dyn ToString); 2] =
            [("own", &own_language), ("language", &language)];
        report.warning(field, "text-untranslated", &args);
    }
    report.problems
}

/// The round, whose words stand in the document too, lacks the language.
pub fn round_without(source: &Source, language: Language, set: &RecordSet) -> Option<Problem> {
    let round = match &*source.record {
        Record::Session(session) => &session.round,
        Record::Summary(summary) => &summary.round,
        Record::Proposal(proposal) => proposal.round.as_ref()?,
        Record::Round(_) | Record::Measures(_) => return None,
    };
    let there = set.source(round)?.languages().any(|own| own == language);
    let mut report = Report::new(source, set);
    if !there {
        let args: [(&'static str, &dyn ToString); 2] =
            [("round", round), ("language", &language.code())];
        report.warning("also_in", "round-untranslated", &args);
    }
    report.problems.pop()
}

fn same_but_for_language(own: &Value, other: &Value) -> bool {
    let without = |value: &Value| {
        let mut fields = value.as_object().cloned().unwrap_or_default();
        fields.remove("language");
        fields
    };
    without(own) == without(other)
}

fn equal_sentences(own: &Value, other: &Value, path: String, found: &mut Vec<String>) {
    match (own, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, value) in fields {
                let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if let Some(other) = others.get(name) {
                    equal_sentences(value, other, field, found);
                }
            }
        }
        (Value::Array(items), Value::Array(others)) => {
            for (index, (item, other)) in items.iter().zip(others).enumerate() {
                equal_sentences(item, other, format!("{path}[{index}]"), found);
            }
        }
        (Value::String(a), Value::String(b)) => {
            let address = a.contains("://") || a.contains('@');
            let words = a.split_whitespace().count() > 3;
            // the name of a statute has a rule of its own
            let statute = path.starts_with("basis[") && path.ends_with(".name");
            if a == b && words && !statute && !address && a.chars().count() >= SENTENCE {
                found.push(path);
            }
        }
        _ => {}
    }
}
