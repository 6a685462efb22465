//! Rules about measures and their follow-up.

use std::collections::BTreeSet;

use super::Report;
use crate::model::Measures;

/// All rules about a measures record.
pub fn measures(measures: &Measures, report: &mut Report<'_>) {
    if let Some(id) = &measures.round {
        let found = report.set.round(id).is_some();
        report.refers_to("round", id, found, "round");
    }
    let mut numbers = BTreeSet::new();
    for (index, measure) in measures.measures.iter().enumerate() {
        if !numbers.insert(measure.number) {
            report.add(
                format!("measures[{index}].number"),
                "measure-twice",
                &[("number", &measure.number)],
            );
        }
    }
    let mut seen = BTreeSet::new();
    for (index, entry) in measures.follow_up.iter().enumerate() {
        if !numbers.contains(&entry.measure) {
            let field = format!("follow_up[{index}].measure");
            report.add(field, "measure-missing", &[("number", &entry.measure)]);
        }
        if !seen.insert((entry.year, entry.measure)) {
            let field = format!("follow_up[{index}]");
            report.add(
                field,
                "follow-up-twice",
                &[("number", &entry.measure), ("year", &entry.year)],
            );
        }
    }
}
