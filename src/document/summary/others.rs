//! Slides of a summary outside the matrix: other sectors, forums, charts and
//! materials.

use super::Editor;
use crate::document::ViewContext;
use crate::document::blocks;
use crate::document::matrix;
use crate::document::merge::{Merged, coverage, merge};
use crate::document::slides::{
    Bar, Card, CoverageRow, CoverageView, Slide, bullet_slide, plain_texts,
};
use crate::model::Session;
use crate::model::markup::plain;
use crate::model::round::{Forum, Round, Sector};
use crate::model::session::{Note, Participant};

impl Editor<'_> {
    /// Notes of NGOs, parishes and other sectors except companies outside the
    /// matrix, then the forums that were not for companies.
    pub(super) fn organisations(&self) -> Vec<Slide> {
        let title = self.label("slide.organisations");
        let items = self.views(|sector| sector != Sector::Company);
        let mut slides = bullet_slide("organisations", title, items);
        slides.extend(self.forums("organisations", |sector| sector != Sector::Company));
        slides
    }

    /// The companies' forums, then the companies' notes in the groups' sessions.
    pub(super) fn companies(&self) -> Vec<Slide> {
        let mut slides = self.forums("companies", |sector| sector == Sector::Company);
        let items = self.views(|sector| sector == Sector::Company);
        slides.extend(bullet_slide("companies", self.label("slide.companies"), items));
        slides
    }

    /// Notes of sectors in the groups' sessions, outside the matrix.
    fn views(&self, wanted: impl Fn(Sector) -> bool) -> Vec<Merged> {
        let groups: Vec<&Session> =
            self.sessions.iter().copied().filter(|session| session.group.is_some()).collect();
        merge(self.round, &groups, self.context.locale, |note| {
            note.priority.is_none() && note.sector.is_some_and(&wanted)
        })
    }

    fn forums(&self, key: &'static str, wanted: impl Fn(Sector) -> bool) -> Vec<Slide> {
        let forums = self.sessions.iter().filter_map(|session| {
            let forum = session.forum.as_ref().filter(|forum| wanted(forum.sector))?;
            Some(self.forum(key, session, forum))
        });
        forums.collect()
    }

    fn forum(&self, key: &'static str, session: &Session, forum: &Forum) -> Slide {
        let locale = self.context.locale;
        let mut cards = Vec::new();
        let mut card = |title: &str, bullets: Vec<String>| {
            if !bullets.is_empty() {
                cards.push(Card { title: self.label(title), bullets });
            }
        };
        card("summary.programme", plain_texts(&session.programme, locale));
        card("summary.questions", plain_texts(&session.questions, locale));
        let outside = merge(self.round, &[session], locale, |note| note.priority.is_none());
        let outcome = session.outcome.iter().map(ToString::to_string);
        card("summary.outcome", outcome.chain(outside.into_iter().map(|note| note.text)).collect());
        let date = locale.date(session.date);
        let (title, sub) = if forum.sector == Sector::Company {
            (self.label("slide.companies"), format!("{} {date}", forum.title))
        } else {
            (forum.title.to_string(), date)
        };
        Slide::Cards { key, title, sub: Some(sub), cards }
    }

    /// Notes of single municipalities, and notes that name neither a cell nor a
    /// sector. A secret note is replaced by its mark.
    pub(super) fn emphases(&self) -> Vec<Slide> {
        let own = |note: &&Note| note.priority.is_none() && note.sector.is_none();
        let sessions = self.sessions.iter().filter(|session| session.group.is_some());
        let items = sessions.flat_map(|session| {
            session.notes.iter().filter(own).map(|note| {
                let group = session.group.as_ref().and_then(|id| self.round.group(id));
                let group = group.map_or("", |group| group.short_name());
                let whose = note.municipality.as_ref().map_or(group, |name| name.as_str());
                let said = if note.secret {
                    plain(&blocks::secret_mark(session, self.context.locale))
                } else {
                    note.text.to_string()
                };
                Merged {
                    text: format!("{}: {said}", plain(whose)),
                    groups: None,
                    secret: note.secret,
                }
            })
        });
        bullet_slide("emphases", self.label("slide.emphases"), items.collect())
    }

    /// Written comments, received after the sessions.
    pub(super) fn comments(&self) -> Vec<Slide> {
        let locale = self.context.locale;
        let items = self.sessions.iter().flat_map(|session| &session.comments).map(|comment| {
            let date = locale.date(comment.received);
            Merged {
                text: format!("{}: {}", plain(&format!("{}, {date}", comment.from)), comment.text),
                groups: None,
                secret: false,
            }
        });
        bullet_slide("comments", self.label("slide.comments"), items.collect())
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
                .map(|area| coverage(&round.id, &priority.id, &area.id, &self.context.set))
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
            sub: Some(self.context.locale.fill("summary.coverage_sub", &[("groups", &groups)])),
            coverage,
        }]
    }

    pub(super) fn participation(&self) -> Vec<Slide> {
        let items = participation(self.round, self.context);
        if items.is_empty() {
            return Vec::new();
        }
        let locale = self.context.locale;
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
        let items = blocks::materials(&self.round.materials, self.context.locale);
        if items.is_empty() {
            return Vec::new();
        }
        vec![Slide::Links { key: "materials", title: self.label("slide.materials"), items }]
    }
}

/// Number of people of each sector in a round's sessions, without sectors that had
/// none.
pub fn participation(round: &Round, context: &ViewContext<'_>) -> Vec<Bar> {
    let mut sessions = context.set.sessions_of(&round.id);
    sessions.retain(|session| !session.is_secret());
    Sector::ALL
        .into_iter()
        .map(|sector| {
            let present = sessions.iter().flat_map(|session| session.counted_present());
            Bar {
                label: context.locale.label(&format!("sector.{}", sector.as_str())),
                value: present.filter(|p| p.sector == sector).map(Participant::people).sum(),
            }
        })
        .filter(|bar| bar.value > 0)
        .collect()
}
