//! Rules about dates in the future. Plans may name such dates; reported events may not,
//! and no final document is dated in the future. The current day comes from the caller.

use super::{CheckContext, Report};
use crate::model::{Date, Measures, Problem, Proposal, Record, Round, Session, Severity, Status};

/// All dated events of a record. Without a current day nothing is in the future.
pub fn future_dates(report: &mut Report<'_>, context: &CheckContext<'_>) {
    let Some(today) = context.today else { return };
    let record = report.source.record.clone();
    own_day(record.envelope().issued, today, report);
    match &*record {
        Record::Round(round) => of_round(round, today, report),
        Record::Session(session) => of_session(session, today, report),
        Record::Proposal(proposal) => of_proposal(proposal, today, report),
        Record::Measures(measures) => of_measures(measures, today, report),
        Record::Summary(_) => {}
    }
}

/// A final document is registered today, so its date cannot be later. A draft may be
/// dated ahead.
fn own_day(issued: Option<Date>, today: Date, report: &mut Report<'_>) {
    if let Some(date) = issued.filter(|date| *date > today)
        && report.source.record.status() == Status::Final
    {
        report.add("issued", "issued-future", &[("date", &date), ("today", &today)]);
    }
}

/// An event must not be later than today. In a draft it may still be planned.
fn event(field: impl Into<String>, date: Date, today: Date, report: &mut Report<'_>) {
    if date <= today {
        return;
    }
    let problem = report.found("date-future", field).with("date", date);
    milder_in_draft(problem.with("today", today), report);
}

/// The same for an event of which only the year is known.
fn event_of_year(field: impl Into<String>, year: i16, today: Date, report: &mut Report<'_>) {
    if year <= today.year() {
        return;
    }
    let problem = report.found("year-future", field).with("year", year);
    milder_in_draft(problem.with("today", today), report);
}

fn milder_in_draft(problem: Problem, report: &mut Report<'_>) {
    let severity = match report.source.record.status() {
        Status::Final => problem.severity,
        Status::Draft => Severity::Warning,
    };
    report.problems.push(Problem { severity, ..problem });
}

fn of_round(round: &Round, today: Date, report: &mut Report<'_>) {
    for (index, year) in round.history.iter().enumerate() {
        event_of_year(format!("history[{index}].year"), year.year, today, report);
    }
}

fn of_session(session: &Session, today: Date, report: &mut Report<'_>) {
    // a draft may be prepared before the session
    if session.status == Status::Final {
        event("date", session.date, today, report);
    }
    for (index, comment) in session.comments.iter().enumerate() {
        event(format!("comments[{index}].received"), comment.received, today, report);
    }
}

fn of_proposal(proposal: &Proposal, today: Date, report: &mut Report<'_>) {
    for (index, handling) in proposal.earlier_handling.iter().enumerate() {
        event(format!("earlier_handling[{index}].date"), handling.date, today, report);
    }
    let Some(decision) = &proposal.decision else { return };
    event("decision.date", decision.date, today, report);
    for (field, date) in
        [("decision.published", decision.published), ("decision.certified", decision.certified)]
    {
        if let Some(date) = date {
            event(field, date, today, report);
        }
    }
}

fn of_measures(measures: &Measures, today: Date, report: &mut Report<'_>) {
    // a draft may be prepared before the date of its document
    let own_year = measures.issued.map_or(today.year(), Date::year);
    for (index, entry) in measures.follow_up.iter().enumerate() {
        if entry.year > own_year {
            event_of_year(format!("follow_up[{index}].year"), entry.year, today, report);
        }
    }
}
