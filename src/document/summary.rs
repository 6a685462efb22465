//! View of the yearly summary: slides computed from a round and its sessions. The
//! editor's record only adds to or replaces parts.

mod others;

use std::collections::BTreeSet;

pub use others::participation;

use super::blocks::{self, span_of_dates};
use super::matrix::{self, Matrix, Position};
use super::merge::{Merged, highlighted, merge};
use super::meta::{MetaInput, meta};
use super::slides::{
    Card, Deck, Slide, basis, bullet_slide, numbered_title, own, plain_bullets, plain_texts,
    schedule_slide, title_slide,
};
use super::{Document, ViewContext};
use crate::model::round::{Group, Priority, Round};
use crate::model::session::Note;
use crate::model::summary::{Highlight, SlideKind, Summary};
use crate::model::{Date, Id, Session};

/// The summary of a round; `None` when the round is not in the set.
pub fn summary(document: &Document, context: &ViewContext<'_>) -> Option<Deck> {
    let round = context.set.round(document.sums_up.as_ref()?)?;
    let mut sessions = context.set.sessions_of(&round.id);
    // this also holds for a summary that is itself secret
    sessions.retain(|session| !session.is_secret());
    let editor = Editor {
        round,
        sessions,
        summary: context.set.summary_of(&round.id),
        context,
        edition: document.edition(),
    };
    let input = MetaInput {
        title: editor.title(),
        date: editor.date(),
        sender: round.authority.name.as_str(),
        unit: round.authority.unit.as_ref().map(|unit| unit.as_str()),
        keywords: round
            .priorities
            .iter()
            .map(|priority| priority.short_name().to_string())
            .collect(),
    };
    Some(Deck {
        meta: meta(document, context, input)?,
        footer: context.locale.tie(round.title.as_str()),
        slides: editor.order().into_iter().flat_map(|kind| editor.slides(kind)).collect(),
    })
}

struct Editor<'a> {
    round: &'a Round,
    /// The sessions that are not secret as a whole.
    sessions: Vec<&'a Session>,
    summary: Option<&'a Summary>,
    context: &'a ViewContext<'a>,
    /// The edition of the document, see [`super::EDITION`].
    edition: u16,
}

impl Editor<'_> {
    fn label(&self, key: &str) -> String {
        self.context.locale.label(key)
    }

    fn title(&self) -> String {
        let title = self.summary.and_then(|summary| summary.title.as_ref());
        match title {
            Some(title) => self.context.locale.tie(title.as_str()),
            None => {
                self.context.locale.fill("summary.title", &[("round", self.round.title.as_str())])
            }
        }
    }

    /// The editor's date, else the date of the latest session.
    fn date(&self) -> Date {
        let latest = self.sessions.iter().map(|session| session.date).max();
        self.summary.map(|summary| summary.date).or(latest).unwrap_or_else(|| self.round.date())
    }

    /// The standard order, with the slides that the editor puts first in front and
    /// without those that the editor omits. The title is always first.
    fn order(&self) -> Vec<SlideKind> {
        let (order, omit) =
            self.summary.map_or((&[][..], &[][..]), |s| (&s.order[..], &s.omit[..]));
        let rest = SlideKind::STANDARD.into_iter().filter(|kind| !order.contains(kind));
        let mut kinds = vec![SlideKind::Title];
        for kind in order.iter().copied().chain(rest) {
            if !kinds.contains(&kind) && !omit.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    fn slides(&self, kind: SlideKind) -> Vec<Slide> {
        match kind {
            SlideKind::Title => {
                vec![title_slide(self.round, self.title(), self.date(), self.context)]
            }
            SlideKind::Basis => basis(self.round, self.context),
            SlideKind::Implementation => self.implementation(),
            SlideKind::Schedule => {
                let title = self.label("slide.schedule");
                let round = self.context.set.planned(self.round, 0);
                schedule_slide(&round, &self.sessions, title, self.context).into_iter().collect()
            }
            SlideKind::Goals => self.goals(),
            SlideKind::ContentDivider => vec![self.divider("slide.content")],
            SlideKind::General => self.general(),
            SlideKind::PriorityDivider => vec![self.divider("slide.by_priority")],
            SlideKind::Priorities => {
                self.round.priorities.iter().map(|p| self.priority(p)).collect()
            }
            SlideKind::GroupDivider => vec![self.divider("slide.by_group")],
            SlideKind::Groups => self.groups(),
            SlideKind::Organisations => self.organisations(),
            SlideKind::Companies => self.companies(),
            SlideKind::Emphases => self.emphases(),
            SlideKind::Comments => self.comments(),
            SlideKind::Coverage => self.coverage(),
            SlideKind::Participation => self.participation(),
            SlideKind::Materials => self.materials(),
        }
    }

    fn divider(&self, key: &str) -> Slide {
        Slide::Divider { title: self.label(key) }
    }

    /// What was done, in figures and in the round's own words; then the parts of a
    /// session.
    fn implementation(&self) -> Vec<Slide> {
        let mut bullets = self.figures();
        bullets.extend(plain_bullets(&self.round.preparation, self.context.locale));
        bullets.extend(own(self.summary.map_or(&[], |summary| &summary.implementation)));
        let cards: Vec<Card> = self
            .round
            .programme
            .iter()
            .map(|part| Card {
                title: part.heading.to_string(),
                bullets: plain_texts(&part.bullets, self.context.locale),
            })
            .collect();
        let of = if cards.is_empty() { 1 } else { 2 };
        let title = self.label("slide.implementation");
        let of = if bullets.is_empty() { 1 } else { of };
        let mut slides = bullet_slide("implementation", numbered_title(&title, 1, of), bullets);
        if !cards.is_empty() {
            let title = numbered_title(&title, of, of);
            slides.push(Slide::Cards { key: "implementation", title, sub: None, cards });
        }
        slides
    }

    fn figures(&self) -> Vec<Merged> {
        let locale = self.context.locale;
        let groups: Vec<&&Session> = self.sessions.iter().filter(|s| s.group.is_some()).collect();
        let dates: Vec<Date> = groups.iter().map(|session| session.date).collect();
        let mut modes: Vec<_> = groups.iter().map(|session| session.mode).collect();
        modes.sort_unstable();
        modes.dedup();
        let modes: Vec<String> = modes.into_iter().map(|mode| blocks::mode(mode, locale)).collect();
        let people: u32 = participation(self.round, self.context).iter().map(|bar| bar.value).sum();
        let mut bullets = Vec::new();
        if !groups.is_empty() {
            bullets.push(locale.fill(
                "summary.sessions",
                &[
                    ("count", &groups.len().to_string()),
                    ("dates", &span_of_dates(&dates, locale)),
                    ("modes", &locale.list(&modes)),
                ],
            ));
        }
        if people > 0 {
            bullets.push(locale.fill("summary.people", &[("count", &people.to_string())]));
        }
        if let Some(comments) = &self.round.comments {
            let until = locale.date(comments.until);
            let values = [("channel", comments.channel.as_str()), ("until", until.as_str())];
            bullets.push(locale.fill("summary.comments", &values));
        }
        plain_bullets(&bullets, locale)
    }

    fn goals(&self) -> Vec<Slide> {
        if self.round.goals.is_empty() {
            return Vec::new();
        }
        vec![goal_matrix(self.round, self.context)]
    }

    fn general(&self) -> Vec<Slide> {
        let items = match self.summary {
            Some(summary) if !summary.general.is_empty() => own(&summary.general),
            _ => self.where_to_find(),
        };
        vec![Slide::Bullets {
            key: "general",
            title: self.label("slide.general"),
            sub: None,
            items,
        }]
    }

    /// Table of contents of the existing slides.
    fn where_to_find(&self) -> Vec<Merged> {
        let parts = [
            (SlideKind::Priorities, "summary.general_priorities"),
            (SlideKind::Groups, "summary.general_groups"),
            (SlideKind::Organisations, "summary.general_organisations"),
            (SlideKind::Companies, "summary.general_companies"),
        ];
        let order = self.order();
        let there = parts
            .iter()
            .filter(|(kind, _)| order.contains(kind) && !self.slides(*kind).is_empty())
            .map(|(_, key)| self.label(key));
        own(&there.collect::<Vec<_>>())
    }

    fn priority(&self, priority: &Priority) -> Slide {
        let all: Vec<&Note> = self.sessions.iter().flat_map(|session| &session.notes).collect();
        let mut row = matrix::row(self.round, priority, None, &all, self.context, |wanted| {
            merge(self.round, &self.sessions, self.context.locale, wanted)
        });
        self.lay_highlights(priority, &mut row);
        Slide::Matrix {
            key: "priorities",
            title: priority.short_name().to_string(),
            sub: None,
            matrix: Matrix { columns: matrix::columns(self.round), rows: vec![row] },
            show_empty: true,
        }
    }

    /// The editor's bullets replace the notes of their groups in a cell, or all
    /// notes there if they name no group. Notes of other groups remain, and so does
    /// the mark for secret notes.
    fn lay_highlights(&self, priority: &Priority, row: &mut matrix::MatrixRow) {
        let all = self.summary.map_or(&[][..], |summary| &summary.highlights);
        let own: Vec<&Highlight> = all.iter().filter(|h| h.priority == priority.id).collect();
        let places: BTreeSet<Option<&Id>> = own.iter().map(|h| h.service_area.as_ref()).collect();
        for area in places {
            let column = self.round.service_areas.iter().position(|a| Some(&a.id) == area);
            let (cell, position) = match (area, column) {
                (None, _) => (&mut row.across, Position::Across),
                (Some(_), Some(at)) => (&mut row.cells[at].notes, Position::Cell(at)),
                (Some(_), None) => continue,
            };
            let here: Vec<&Highlight> =
                own.iter().filter(|h| h.service_area.as_ref() == area).copied().collect();
            let replaced = |session: &&&Session| {
                let group = session.group.as_ref();
                here.iter()
                    .any(|h| h.groups.is_empty() || h.groups.iter().any(|g| Some(g) == group))
            };
            let others: Vec<&Session> =
                self.sessions.iter().filter(|session| !replaced(session)).copied().collect();
            let rest = merge(self.round, &others, self.context.locale, |note| {
                matrix::position(note, &priority.id, self.round).as_ref() == Some(&position)
            });
            let marks = cell.iter().filter(|note| note.secret).cloned().collect::<Vec<_>>();
            let bullets = here.iter().flat_map(|highlight| highlighted(self.round, highlight));
            *cell = bullets.chain(rest.into_iter().filter(|note| !note.secret)).collect();
            cell.extend(marks);
        }
    }

    fn groups(&self) -> Vec<Slide> {
        let held = self.sessions.iter().filter_map(|session| {
            let group = self.round.group(session.group.as_ref()?)?;
            Some(self.group(group, session))
        });
        held.collect()
    }

    fn group(&self, group: &Group, session: &Session) -> Slide {
        let locale = self.context.locale;
        let all: Vec<&Note> = session.notes.iter().collect();
        let rows = self.round.priorities.iter().map(|priority| {
            let head = Some(priority.name.to_string());
            matrix::row(self.round, priority, head, &all, self.context, |wanted| {
                let notes = merge(self.round, &[session], locale, wanted);
                notes.into_iter().map(|note| Merged { groups: None, ..note }).collect()
            })
        });
        let matrix = Matrix { columns: matrix::columns(self.round), rows: rows.collect() };
        let date = locale.date(session.date);
        let memo = locale.date(session.issued.unwrap_or(session.date));
        // earlier editions named the record, and an authority's labels may still do so
        let id = if self.edition == 0 { session.id.as_str() } else { "" };
        let values = [("date", date.as_str()), ("memo", memo.as_str()), ("id", id)];
        Slide::Matrix {
            key: "groups",
            title: blocks::group_name(group, locale),
            sub: Some(locale.fill("summary.group_sub", &values).replace(" ()", "")),
            matrix,
            show_empty: false,
        }
    }
}

/// The whole matrix of goals with their backgrounds.
pub fn goal_matrix(round: &Round, context: &ViewContext<'_>) -> Slide {
    let rows = round.priorities.iter().map(|priority| matrix::MatrixRow {
        head: Some(priority.name.to_string()),
        cells: matrix::goal_cells(round, &priority.id, true, context),
        wide: Vec::new(),
        across: Vec::new(),
    });
    Slide::Matrix {
        key: "goals",
        title: context.locale.label("slide.goals"),
        sub: blocks::plan_name(round, context.locale),
        matrix: Matrix { columns: matrix::columns(round), rows: rows.collect() },
        show_empty: false,
    }
}
