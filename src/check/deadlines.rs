//! Rules about the order of the dates of a round (plan, sessions, comments, memos,
//! summary), and about events dated later than the document that reports them.

use super::Report;
use crate::model::{Date, Measures, Proposal, Record, Round, Session, Summary};

/// The dates of a record, among each other and against those of its round.
pub fn deadlines(report: &mut Report<'_>) {
    let record = report.source.record.clone();
    match &*record {
        Record::Round(round) => of_round(round, report),
        Record::Session(session) => of_session(session, report),
        Record::Proposal(proposal) => of_proposal(proposal, report),
        Record::Summary(summary) => of_summary(summary, report),
        Record::Measures(measures) => of_measures(measures, report),
    }
}

/// `early` should not be later than `late`; the message names both by their label keys.
fn in_order(
    field: impl Into<String>,
    (early, early_day): (&'static str, Date),
    (late, late_day): (&'static str, Date),
    report: &mut Report<'_>,
) {
    if early_day > late_day {
        let problem = report.found("deadline-order", field);
        let problem = problem.with("early", early).with("early_date", early_day);
        report.problems.push(problem.with("late", late).with("late_date", late_day));
    }
}

fn held(field: impl Into<String>, date: Date, document: Date, report: &mut Report<'_>) {
    if date > document {
        let problem = report.found("held-after-document", field);
        report.problems.push(problem.with("date", date).with("document", document));
    }
}

fn of_round(round: &Round, report: &mut Report<'_>) {
    for (index, meeting) in round.schedule.iter().enumerate() {
        let field = format!("schedule[{index}].date");
        if let Some(issued) = round.issued {
            in_order(&field, ("plan", issued), ("session", meeting.date), report);
        }
        if let Some(comments) = &round.comments {
            in_order(field, ("session", meeting.date), ("comments", comments.until), report);
        }
    }
}

fn of_session(session: &Session, report: &mut Report<'_>) {
    if let Some(issued) = session.issued {
        held("date", session.date, issued, report);
        for (index, comment) in session.comments.iter().enumerate() {
            held(format!("comments[{index}].received"), comment.received, issued, report);
        }
    }
    for (index, agreed) in session.agreed.iter().enumerate() {
        if let Some(by) = agreed.by {
            let field = format!("agreed[{index}].by");
            in_order(field, ("session", session.date), ("agreed", by), report);
        }
    }
}

fn of_proposal(proposal: &Proposal, report: &mut Report<'_>) {
    for (index, handling) in proposal.earlier_handling.iter().enumerate() {
        let field = format!("earlier_handling[{index}].date");
        held(field, handling.date, proposal.meeting_date, report);
    }
}

fn of_summary(summary: &Summary, report: &mut Report<'_>) {
    let set = report.set;
    if let Some(comments) = set.round(&summary.round).and_then(|round| round.comments.as_ref()) {
        in_order("date", ("comments", comments.until), ("summary", summary.date), report);
    }
    let sessions = set.sessions_of(&summary.round);
    let days = sessions.iter().map(|session| session.date);
    if let Some(last) = days.max() {
        held("date", last, summary.date, report);
    }
    if let Some(last) = sessions.iter().filter_map(|session| session.issued).max() {
        in_order("date", ("memo", last), ("summary", summary.date), report);
    }
}

fn of_measures(measures: &Measures, report: &mut Report<'_>) {
    let valid = measures.plan.valid_from;
    for (index, measure) in measures.measures.iter().enumerate() {
        if let Some(by) = measure.by {
            let field = format!("measures[{index}].by");
            in_order(field, ("valid", valid), ("measure", by), report);
        }
    }
    for (index, entry) in measures.follow_up.iter().enumerate() {
        if entry.year < valid.year()
            && let Some(day) = Date::new(entry.year, 12, 31)
        {
            let field = format!("follow_up[{index}].year");
            in_order(field, ("valid", valid), ("follow-up", day), report);
        }
        if let (Some(issued), Some(day)) = (measures.issued, Date::new(entry.year, 1, 1)) {
            held(format!("follow_up[{index}].year"), day, issued, report);
        }
    }
}
