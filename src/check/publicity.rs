//! Rules about publicity and retention.

use super::Report;
use crate::model::{Publicity, Record};

/// Secret parts need a provision (621/1999) and a matching publicity class; retention is
/// either a number of years or permanent.
pub fn publicity(report: &mut Report<'_>) {
    let record = report.source.record.clone();
    let case = record.case();
    let public = case.publicity() == Publicity::Public;
    if !public && case.secrecy_basis.is_none() {
        report.add("case.publicity", "secrecy-basis-missing", &[]);
    }
    if let Record::Session(session) = &*record
        && public
        && let Some(index) = session.notes.iter().position(|note| note.secret)
    {
        report.add(format!("notes[{index}].secret"), "secret-in-public", &[]);
    }
    if let Record::Round(round) = &*record
        && public
        && let Some(index) = round.goals.iter().position(|goal| goal.secret)
    {
        report.add(format!("goals[{index}].secret"), "secret-in-public", &[]);
    }
    if let Some(retention) = &case.retention
        && retention.permanent == retention.years.is_some()
    {
        report.add("case.retention", "retention-form", &[]);
    }
}
