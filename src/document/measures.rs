//! View of the measures annex, with its yearly follow-up tables.

use serde::Serialize;

use super::blocks::Fact;
use super::meta::{Meta, MetaInput, meta};
use super::{Document, ViewContext};
use crate::locale::Locale;
use crate::model::measures::{Measures, Progress};

/// View of the measures annex.
#[derive(Debug, Clone, Serialize)]
pub struct MeasuresView {
    pub meta: Meta,
    pub facts: Vec<Fact>,
    pub measures: Vec<MeasureRow>,
    /// One table a year, the latest first.
    pub years: Vec<YearTable>,
    pub members: Vec<String>,
}

/// One measure.
#[derive(Debug, Clone, Serialize)]
pub struct MeasureRow {
    pub number: u16,
    pub title: String,
    /// Long text.
    pub purpose: Option<String>,
    pub who: String,
    pub by: String,
    pub indicators: Vec<String>,
}

/// The follow-up of one year.
#[derive(Debug, Clone, Serialize)]
pub struct YearTable {
    pub title: String,
    /// `Valmiit: 1/5`.
    pub total: String,
    pub rows: Vec<FollowUpRow>,
}

/// The progress of one measure in one year.
#[derive(Debug, Clone, Serialize)]
pub struct FollowUpRow {
    pub measure: String,
    pub status: String,
    /// Long text.
    pub text: Option<String>,
}

/// The annex of a measures record.
pub fn measures(document: &Document, context: &ViewContext<'_>) -> Option<MeasuresView> {
    let record = context.set.measures(&document.source)?;
    let locale = context.locale;
    let input = MetaInput {
        title: locale.tie(record.plan.title.as_str()),
        date: record.issued.unwrap_or(record.plan.valid_from),
        sender: record.plan.authority.as_str(),
        unit: None,
        keywords: record.measures.iter().map(|measure| measure.title.to_string()).collect(),
    };
    Some(MeasuresView {
        meta: meta(document, context, input)?,
        facts: facts(record, locale),
        measures: measure_rows(record, locale),
        years: years(record, locale),
        members: members(record),
    })
}

fn facts(record: &Measures, locale: &Locale) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(agreement) = &record.plan.completes {
        facts.push(Fact::new(locale, "measures.completes", locale.tie(agreement.as_str())));
    }
    facts.push(Fact::new(locale, "measures.valid_from", locale.date(record.plan.valid_from)));
    facts.push(Fact::new(locale, "measures.count", record.measures.len().to_string()));
    facts
}

/// The working group: name, title, organisation.
pub fn members(record: &Measures) -> Vec<String> {
    let members = record.working_group.iter();
    members.map(|m| format!("{}, {}, {}", m.name, m.title, m.organisation)).collect()
}

/// The measures by number.
pub fn measure_rows(record: &Measures, locale: &Locale) -> Vec<MeasureRow> {
    let mut rows: Vec<MeasureRow> = record
        .measures
        .iter()
        .map(|measure| MeasureRow {
            number: measure.number,
            title: locale.tie(measure.title.as_str()),
            purpose: measure.purpose.as_ref().map(ToString::to_string),
            who: locale.list(&measure.who),
            by: measure.by.map_or_else(|| "–".into(), |date| locale.date(date)),
            indicators: super::blocks::tied(&measure.indicators, locale),
        })
        .collect();
    rows.sort_by_key(|row| row.number);
    rows
}

fn years(record: &Measures, locale: &Locale) -> Vec<YearTable> {
    let mut years: Vec<i16> = record.follow_up.iter().map(|follow_up| follow_up.year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years.into_iter().map(|year| year_table(record, year, locale)).collect()
}

/// One row for each measure, including those without a follow-up.
fn year_table(record: &Measures, year: i16, locale: &Locale) -> YearTable {
    let entries: Vec<_> = record.follow_up.iter().filter(|entry| entry.year == year).collect();
    let mut measures: Vec<_> = record.measures.iter().collect();
    measures.sort_by_key(|measure| measure.number);
    let rows: Vec<FollowUpRow> = measures
        .iter()
        .map(|measure| {
            let entry = entries.iter().find(|entry| entry.measure == measure.number);
            let status = entry.map_or(Progress::NotStarted, |entry| entry.status);
            FollowUpRow {
                measure: format!("{}. {}", measure.number, locale.tie(measure.title.as_str())),
                status: locale.label(&format!("progress.{}", status.as_str())),
                text: entry.and_then(|entry| entry.text.as_ref()).map(ToString::to_string),
            }
        })
        .collect();
    let done = entries.iter().filter(|entry| entry.status == Progress::Done).count();
    YearTable {
        title: locale.fill("measures.year", &[("year", &year.to_string())]),
        total: locale.fill(
            "measures.total",
            &[("done", &done.to_string()), ("all", &measures.len().to_string())],
        ),
        rows,
    }
}
