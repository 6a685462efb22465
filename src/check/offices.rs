//! Rules about office holders: the settings list them with dates, records name them.

use serde::Deserialize;

use super::{CheckContext, Report};
use crate::model::session::Person;
use crate::model::{Date, Record};

/// An office holder with dates, from the settings (`[[check.office]]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Title of the office, as documents write it.
    pub title: String,
    /// Name of the holder.
    pub name: String,
    /// Holds it temporarily (vt.).
    #[serde(default)]
    pub acting: bool,
    /// First day; without it there is no beginning.
    pub from: Option<Date>,
    /// Last day; without it there is no end.
    pub until: Option<Date>,
}

impl Office {
    fn holds_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    fn is(&self, title: &str, name: &str) -> bool {
        self.title.eq_ignore_ascii_case(title) && same_person(&self.name, name)
    }
}

/// True for the same name, with the family name first or last.
fn same_person(a: &str, b: &str) -> bool {
    let parts = |name: &str| {
        let mut parts: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        parts.sort();
        parts
    };
    parts(a) == parts(b)
}

/// Checks every office that a record names, on the date of the record's meeting.
pub fn offices(context: &CheckContext<'_>, report: &mut Report<'_>) {
    let record = report.source.record.clone();
    match &*record {
        Record::Proposal(proposal) => {
            if let Some(presenter) = &proposal.presenter {
                let holder = (presenter.title.as_str(), presenter.name.as_str());
                acting_written("presenter", holder, report);
                let acting = Some(presenter.acting);
                holds("presenter", holder, acting, proposal.meeting_date, context, report);
            }
            for (index, preparer) in proposal.preparers.iter().enumerate() {
                let field = format!("preparers[{index}]");
                let holder = (preparer.title.as_str(), preparer.name.as_str());
                holds(&field, holder, None, proposal.meeting_date, context, report);
            }
            if let Some(decision) = &proposal.decision {
                let by = decision.certified_by.as_ref();
                let date = decision.certified.unwrap_or(decision.date);
                person("decision.certified_by", by, date, context, report);
            }
        }
        Record::Session(session) => {
            person("chair", session.chair.as_ref(), session.date, context, report);
            person("secretary", session.secretary.as_ref(), session.date, context, report);
        }
        _ => {}
    }
}

fn person(
    field: &str,
    person: Option<&Person>,
    date: Date,
    context: &CheckContext<'_>,
    report: &mut Report<'_>,
) {
    if let Some(Person { name: Some(name), role, .. }) = person {
        holds(field, (role.as_str(), name.as_str()), None, date, context, report);
    }
}

/// "Vt." belongs in the field `acting`: the document adds it.
fn acting_written(field: &str, (title, name): (&str, &str), report: &mut Report<'_>) {
    for (step, text) in [("title", title), ("name", name)] {
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        if matches!(first.as_str(), "vt." | "vt" | "va." | "t.f." | "tf." | "acting" | "vs.") {
            let problem = report.found("office-acting-written", format!("{field}.{step}"));
            let problem = problem.within(0..first.len());
            report.problems.push(problem.with("words", first));
        }
    }
}

fn holds(
    field: &str,
    (title, name): (&str, &str),
    acting: Option<bool>,
    date: Date,
    context: &CheckContext<'_>,
    report: &mut Report<'_>,
) {
    let known = context.offices.iter();
    let own: Vec<&Office> = known.clone().filter(|office| office.is(title, name)).collect();
    let now = known.clone().find(|o| o.title.eq_ignore_ascii_case(title) && o.holds_on(date));
    let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    match (own.iter().find(|office| office.holds_on(date)), own.first(), now) {
        (Some(office), ..) if acting.is_some_and(|acting| acting != office.acting) => {
            let problem = report.found("office-acting", format!("{field}.acting"));
            let problem = problem.with("name", name).with("acting", office.acting);
            report.problems.push(problem.with("date", date));
        }
        (Some(_), ..) => {}
        (None, Some(office), _) => {
            let problem = report.found("office-expired", format!("{field}.name"));
            let problem = problem.with("name", name).with("title", title).with("date", date);
            let holder = now.map_or("–", |office| office.name.as_str());
            let problem = problem.with("from", day(office.from)).with("until", day(office.until));
            report.problems.push(problem.with("holder", holder));
        }
        (None, None, Some(office)) => {
            let problem = report.found("office-other", format!("{field}.name"));
            let problem = problem.with("name", name).with("title", title).with("date", date);
            report.problems.push(problem.with("holder", &office.name));
        }
        (None, None, None) => {}
    }
}
