//! Acceptances and severity overrides applied to the findings of a record: the settings
//! change severities, and a record may accept findings (`accept`), which stay visible
//! with the reason.

use super::Report;
use super::severity::SeverityOverrides;
use crate::model::problem::quoted;
use crate::model::{Problem, RecordSet, Severity, Source, lint};

/// The findings of a record with the severities of the settings, those that the record
/// accepts marked, and with findings about the acceptances themselves.
pub fn apply(
    mut problems: Vec<Problem>,
    source: &Source,
    set: &RecordSet,
    overrides: &SeverityOverrides,
) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    for (index, acceptance) in source.record.envelope().accept.iter().enumerate() {
        let at = |name: &str| format!("accept[{index}].{name}");
        if !lint::is_configurable(&acceptance.rule) {
            let near = lint::nearest_configurable(&acceptance.rule);
            let known = problems.iter().any(|problem| problem.rule == acceptance.rule);
            let rule = if known { "accept-refused" } else { "accept-unknown" };
            let problem = report.found(rule, at("rule"));
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
    problems.retain_mut(|problem| override_severity(problem, overrides));
    problems
}

/// True for a finding at a field; one that is named without its language stands
/// for the text in each.
fn is_at(problem: &Problem, field: &str) -> bool {
    let rest = problem.place.field.strip_prefix(field);
    rest.is_some_and(|rest| rest.is_empty() || matches!(rest, ".fi" | ".sv" | ".en"))
}

/// Gives a finding the severity of the settings; false when its rule is switched off.
fn override_severity(problem: &mut Problem, overrides: &SeverityOverrides) -> bool {
    if !lint::is_configurable(problem.rule) {
        return true;
    }
    let Some(severity) = overrides.severity(problem.rule, problem.severity) else { return false };
    problem.severity = if problem.accepted.is_some() { Severity::Hint } else { severity };
    true
}
