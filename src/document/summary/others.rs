//! The slides of a summary that do not show the matrix: what other sectors
//! said, the forums, the computed pictures and the materials.

use super::Editor;
use crate::document::Scope;
use crate::document::blocks;
use crate::document::matrix;
use crate::document::merge::{coverage, merge};
use crate::document::slides::{Bar, Card, CoverageRow, CoverageView, Slide};
use crate::model::round::{Round, Sector};
use crate::model::session::Participant;

impl Editor<'_> {
    /// What NGOs, parishes and other sectors but companies said outside the
    /// matrix.
    pub(super) fn organisations(&self) -> Vec<Slide> {
        let items = merge(self.round, &self.sessions, self.scope.locale, |note| {
            let company = note.sector == Some(Sector::Company);
            note.priority.is_none() && note.sector.is_some() && !company
        });
        if items.is_empty() {
            return Vec::new();
        }
        vec![Slide::Bullets {
            key: "organisations",
            title: self.label("slide.organisations"),
            sub: None,
            items,
        }]
    }

    pub(super) fn companies(&self) -> Vec<Slide> {
        let locale = self.scope.locale;
        let forums = self.sessions.iter().filter(|session| {
            let company = session.forum.as_ref().is_some_and(|f| f.sector == Sector::Company);
            company && !session.is_secret()
        });
        forums
            .map(|session| {
                let mut cards = Vec::new();
                let mut card = |key: &str, bullets: Vec<String>| {
                    if !bullets.is_empty() {
                        cards.push(Card { title: self.label(key), bullets });
                    }
                };
                card("summary.programme", blocks::tied(&session.programme, locale));
                card("summary.questions", blocks::tied(&session.questions, locale));
                let notes = session.public_notes();
                let outcome = session.outcome.iter().map(ToString::to_string);
                card("summary.outcome", outcome.chain(notes.map(|n| n.text.to_string())).collect());
                let title =
                    session.forum.as_ref().map_or_else(String::new, |f| f.title.to_string());
                let date = locale.date(session.date);
                Slide::Cards {
                    key: "companies",
                    title: self.label("slide.companies"),
                    sub: Some(format!("{title} {date}")),
                    cards,
                }
            })
            .collect()
    }

    pub(super) fn coverage(&self) -> Vec<Slide> {
        let round = self.round;
        if round.priorities.is_empty() || round.service_areas.is_empty() {
            return Vec::new();
        }
        let rows = round.priorities.iter().map(|priority| CoverageRow {
            head: priority.short_name().to_string(),
            counts: round
                .service_areas
                .iter()
                .map(|area| coverage(&round.id, &priority.id, &area.id, self.scope.set))
                .collect(),
        });
        let coverage = CoverageView {
            columns: matrix::columns(round),
            rows: rows.collect(),
            of: round.groups.len(),
        };
        let groups = round.groups.len().to_string();
        vec![Slide::Coverage {
            key: "coverage",
            title: self.label("slide.coverage"),
            sub: Some(self.scope.locale.fill("summary.coverage_sub", &[("groups", &groups)])),
            coverage,
        }]
    }

    pub(super) fn participation(&self) -> Vec<Slide> {
        let items = participation(self.round, self.scope);
        if items.is_empty() {
            return Vec::new();
        }
        let locale = self.scope.locale;
        let total: u32 = items.iter().map(|bar| bar.value).sum();
        let parts: Vec<String> =
            items.iter().map(|bar| format!("{} {}", bar.label, bar.value)).collect();
        let values = [("parts", parts.join(", ")), ("total", total.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        vec![Slide::Bars {
            key: "participation",
            title: self.label("slide.participation"),
            sub: Some(locale.fill("summary.participation_sub", &values)),
            alt: locale.fill("summary.participation_alt", &values),
            items,
        }]
    }

    pub(super) fn materials(&self) -> Vec<Slide> {
        let items = blocks::materials(&self.round.materials, self.scope.locale);
        if items.is_empty() {
            return Vec::new();
        }
        vec![Slide::Links { key: "materials", title: self.label("slide.materials"), items }]
    }
}

/// How many people each sector had in a round's sessions, sectors without
/// anybody left out.
pub fn participation(round: &Round, scope: &Scope<'_>) -> Vec<Bar> {
    let sessions = scope.set.sessions_of(&round.id);
    Sector::ALL
        .into_iter()
        .map(|sector| {
            let present = sessions.iter().flat_map(|session| &session.present);
            Bar {
                label: scope.locale.label(&format!("sector.{}", sector.as_str())),
                value: present.filter(|p| p.sector == sector).map(Participant::people).sum(),
            }
        })
        .filter(|bar| bar.value > 0)
        .collect()
}
