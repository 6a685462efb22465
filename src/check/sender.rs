//! Rules about the authority that issues a final document: the record names the authority
//! of the theme, and nothing is left to be filled in.

use serde_json::Value;

use super::{CheckContext, Report};
use crate::locale::folded;
use crate::model::{Record, Status};

/// The authority of the theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeAuthority {
    /// All names of the authority.
    pub names: Vec<String>,
    /// Whether the workspace has a theme of its own.
    pub own: bool,
    /// Whether the theme is not filled in yet, which is reported elsewhere.
    pub open: bool,
    /// Whether the shared texts are those of the sample authority while the theme is
    /// another one's.
    pub sample_texts: bool,
}

/// What a wellbeing services county is called.
const COUNTY: [&str; 3] = ["hyvinvointialue", "välfärdsområde", "wellbeing services county"];

/// All rules about the authority of a final record.
pub fn sender(report: &mut Report<'_>, context: &CheckContext<'_>) {
    let record = report.source.record.clone();
    if record.status() != Status::Final {
        return;
    }
    brackets(report);
    let Some(sender) = context.sender.filter(|sender| !sender.open) else { return };
    let theme = sender.names.join("`, `");
    match &*record {
        Record::Round(round) => {
            compare("authority.name", round.authority.name.as_str(), sender, report);
        }
        Record::Measures(measures) => {
            compare("plan.authority", measures.plan.authority.as_str(), sender, report);
        }
        Record::Proposal(proposal) => {
            let set = report.set;
            let of = proposal.sections.iter().filter_map(|section| section.of.as_ref());
            let alone = proposal.round.is_none() && of.count() == 0;
            // the name of the sample authority is right only among its records
            let among =
                set.rounds().any(|r| sender.names.iter().any(|n| n == r.authority.name.as_str()));
            if alone && !sender.own && !among {
                report.add("body", "sender-unset", &[("theme", &theme)]);
            }
            if let Some(id) = &proposal.strategy_text
                && sender.own
                && sender.sample_texts
            {
                report.add("strategy_text", "text-of-sample", &[("id", id)]);
            }
        }
        Record::Session(_) | Record::Summary(_) => {}
    }
}

/// Compares the authority of a record with that of the theme. A workspace without a theme
/// prints the logo of the sample authority, under which no other county may appear.
fn compare(field: &str, name: &str, sender: &ThemeAuthority, report: &mut Report<'_>) {
    let own = folded(name);
    let same = sender.names.iter().any(|known| folded(known) == own);
    let county = COUNTY.iter().any(|word| own.contains(word));
    if !same && (sender.own || county) {
        let theme = sender.names.join("`, `");
        let problem = report.found("sender-other", field);
        report.problems.push(problem.with("name", name).with("theme", theme));
    }
}

/// Texts that are only words in square brackets: still to be filled in.
fn brackets(report: &mut Report<'_>) {
    let text = report.source.text.clone();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut found = Vec::new();
    look(&value, String::new(), &mut found);
    for (field, text) in found {
        let problem = report.found("text-unfilled", field);
        report.problems.push(problem.with("text", text));
    }
}

fn look(value: &Value, path: String, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "accept") {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                look(value, path, found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(item, format!("{path}[{at}]"), found);
            }
        }
        Value::String(text) => {
            let inner = text.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let words =
                |inner: &str| !inner.contains(['[', ']']) && inner.chars().any(char::is_alphabetic);
            if inner.is_some_and(words) {
                found.push((path, text.clone()));
            }
        }
        _ => {}
    }
}
