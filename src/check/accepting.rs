//! What becomes of a record's findings: the settings grade them, and the
//! record's author may have accepted some, which stay visible with the reason.

use super::Report;
use super::rules::{SeverityOverrides, judged};
use crate::model::problem::quoted;
use crate::model::{Problem, RecordSet, Severity, Source};

/// SeverityOverrides the findings of a record and marks those that it accepts.
pub fn settle(
    mut problems: Vec<Problem>,
    source: &Source,
    set: &RecordSet,
    grades: &SeverityOverrides,
) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    for (index, acceptance) in source.record.envelope().accept.iter().enumerate() {
        let at = |name: &str| format!("accept[{index}].{name}");
        if judged(&acceptance.rule).is_none() {
            let near = nearest(&acceptance.rule);
            let known = problems.iter().any(|problem| problem.rule == acceptance.rule);
            let rule = if known { "accept-refused" } else { "accept-unknown" };
            let problem = Problem::error(rule, report.place(at("rule")));
            report.problems.push(problem.with("rule", &acceptance.rule).with("near", near));
            continue;
        }
        let named = |problem: &&mut Problem| {
            problem.rule == acceptance.rule
                && problem.accepted.is_none()
                && acceptance.field.as_ref().is_none_or(|field| is_at(problem, field))
        };
        let mut found: Vec<&mut Problem> = problems.iter_mut().filter(named).collect();
        let fields: Vec<String> = found.iter().map(|problem| problem.place.field.clone()).collect();
        if found.is_empty() {
            let problem = report.found("accept-unused", at("rule"));
            report.problems.push(problem.with("rule", &acceptance.rule));
        } else if fields.iter().any(|field| *field != fields[0]) && acceptance.field.is_none() {
            // to accept what nobody has seen would be too easy
            let problem = report.found("accept-several", at("rule"));
            let problem = problem.with("rule", &acceptance.rule);
            report.problems.push(problem.with("fields", quoted(&fields)));
        } else {
            for problem in &mut found {
                problem.accepted = Some(acceptance.reason.to_string());
            }
        }
    }
    problems.extend(report.problems);
    problems.retain_mut(|problem| grade(problem, grades));
    problems
}

/// True for a finding at a field; one that is named without its language stands
/// for the text in each.
fn is_at(problem: &Problem, field: &str) -> bool {
    let rest = problem.place.field.strip_prefix(field);
    rest.is_some_and(|rest| rest.is_empty() || matches!(rest, ".fi" | ".sv" | ".en"))
}

/// Gives a finding its grade; false when its rule is switched off.
fn grade(problem: &mut Problem, grades: &SeverityOverrides) -> bool {
    if judged(problem.rule).is_none() {
        return true;
    }
    let Some(severity) = grades.severity(problem.rule, problem.severity) else { return false };
    problem.severity = if problem.accepted.is_some() { Severity::Hint } else { severity };
    true
}

fn nearest(name: &str) -> &'static str {
    // no rule has so long a name, and comparing takes its time
    let name: String = name.chars().take(80).collect();
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(&name, other);
    let rules = super::rules::RULES.iter().map(|rule| rule.id);
    rules.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or_default()
}
