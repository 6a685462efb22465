//! Slides of a deck: their types, keys and shared constructors.

use serde::Serialize;

use super::blocks::{self, Linked, ScheduleRow};
use super::matrix::Matrix;
use super::merge::Merged;
use super::{Meta, ViewContext};
use crate::locale::Locale;
use crate::model::markup::{plain, slide_references};
use crate::model::round::Round;
use crate::model::{Date, Session};

/// A deck of slides.
#[derive(Debug, Clone, Serialize)]
pub struct Deck {
    pub meta: Meta,
    /// Short title in the footer of every slide.
    pub footer: String,
    pub slides: Vec<Slide>,
}

/// One slide; references name its `key`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slide {
    Title {
        title: String,
        subtitle: Option<String>,
        lines: Vec<String>,
    },
    Divider {
        title: String,
    },
    Bullets {
        key: &'static str,
        title: String,
        sub: Option<String>,
        items: Vec<Merged>,
    },
    Statute {
        key: &'static str,
        title: String,
        statute: String,
        sections: Vec<StatutePart>,
    },
    Cards {
        key: &'static str,
        title: String,
        sub: Option<String>,
        cards: Vec<Card>,
    },
    Schedule {
        key: &'static str,
        title: String,
        rows: Vec<ScheduleRow>,
        law: Option<String>,
        actors: Vec<String>,
    },
    Matrix {
        key: &'static str,
        title: String,
        sub: Option<String>,
        matrix: Matrix,
        show_empty: bool,
    },
    Coverage {
        key: &'static str,
        title: String,
        sub: Option<String>,
        coverage: CoverageView,
    },
    Bars {
        key: &'static str,
        title: String,
        sub: Option<String>,
        items: Vec<Bar>,
        alt: String,
    },
    Links {
        key: &'static str,
        title: String,
        items: Vec<Linked>,
    },
}

/// The text of a section of a statute.
#[derive(Debug, Clone, Serialize)]
pub struct StatutePart {
    pub citation: String,
    pub title: Option<String>,
    /// Long text.
    pub text: Option<String>,
}

/// A heading with bullets, shown beside other cards.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    pub title: String,
    pub bullets: Vec<String>,
}

/// How many groups raised something in each cell.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageView {
    pub columns: Vec<String>,
    pub rows: Vec<CoverageRow>,
    /// Number of groups.
    pub of: usize,
}

/// One priority of the coverage picture.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageRow {
    pub head: String,
    pub counts: Vec<usize>,
}

/// A bar of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    pub label: String,
    pub value: u32,
}

/// The keys that `{slides:…}` may name.
pub fn slide_keys() -> [&'static str; 14] {
    [
        "basis",
        "implementation",
        "schedule",
        "goals",
        "general",
        "priorities",
        "groups",
        "organisations",
        "companies",
        "emphases",
        "comments",
        "coverage",
        "participation",
        "materials",
    ]
}

impl Deck {
    /// Keys of slide references to slides that this deck does not have.
    pub fn dangling_references(&self) -> Vec<String> {
        let keys: Vec<&str> = self.slides.iter().filter_map(Slide::key).collect();
        let texts = self.slides.iter().flat_map(Slide::notes);
        let mut dangling: Vec<String> = texts
            .flat_map(|note| slide_references(&note.text))
            .filter(|key| !keys.contains(key))
            .map(str::to_owned)
            .collect();
        dangling.sort();
        dangling.dedup();
        dangling
    }
}

impl Slide {
    fn key(&self) -> Option<&'static str> {
        match self {
            Slide::Title { .. } | Slide::Divider { .. } => None,
            Slide::Bullets { key, .. }
            | Slide::Statute { key, .. }
            | Slide::Cards { key, .. }
            | Slide::Schedule { key, .. }
            | Slide::Matrix { key, .. }
            | Slide::Coverage { key, .. }
            | Slide::Bars { key, .. }
            | Slide::Links { key, .. } => Some(key),
        }
    }

    /// All notes of the slide.
    fn notes(&self) -> Vec<&Merged> {
        match self {
            Slide::Bullets { items, .. } => items.iter().collect(),
            Slide::Matrix { matrix, .. } => matrix
                .rows
                .iter()
                .flat_map(|row| {
                    let cells = row.cells.iter().flat_map(|cell| &cell.notes);
                    cells.chain(row.wide.iter().flat_map(|wide| &wide.notes)).chain(&row.across)
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The editor's own bullets.
pub fn own<T: ToString>(texts: &[T]) -> Vec<Merged> {
    texts
        .iter()
        .map(|text| Merged { text: text.to_string(), groups: None, secret: false })
        .collect()
}

/// Plain texts as bullets, with non-breaking spaces.
pub fn plain_bullets<T: AsRef<str>>(texts: &[T], locale: &Locale) -> Vec<Merged> {
    let texts = plain_texts(texts, locale).into_iter();
    texts.map(|text| Merged { text, groups: None, secret: false }).collect()
}

/// Plain texts as long text, escaped, with non-breaking spaces.
pub fn plain_texts<T: AsRef<str>>(texts: &[T], locale: &Locale) -> Vec<String> {
    texts.iter().map(|text| plain(&locale.tie(text.as_ref()))).collect()
}

/// A slide of bullets, if there are any.
pub fn bullet_slide(key: &'static str, title: String, items: Vec<Merged>) -> Vec<Slide> {
    if items.is_empty() {
        return Vec::new();
    }
    vec![Slide::Bullets { key, title, sub: None, items }]
}

/// The first slide: title, legal basis, authority and date.
pub fn title_slide(round: &Round, title: String, date: Date, context: &ViewContext<'_>) -> Slide {
    let mut lines = Vec::new();
    // the title of the round, which the footer shortens, must be on a slide
    let of_round = context.locale.tie(round.title.as_str());
    lines.extend((of_round != title).then_some(of_round));
    lines.push(round.authority.name.to_string());
    lines.extend(round.authority.unit.iter().map(ToString::to_string));
    lines.push(context.locale.long_date(date));
    let subtitle = blocks::citation(round, context);
    Slide::Title { title, subtitle: (!subtitle.is_empty()).then_some(subtitle), lines }
}

/// The schedule, with the participants and their legal basis; nothing when no
/// meeting is scheduled.
pub fn schedule_slide(
    round: &Round,
    held: &[&Session],
    title: String,
    context: &ViewContext<'_>,
) -> Option<Slide> {
    let rows = blocks::schedule(round, held, context.locale);
    let actors = round.roles.iter();
    let actors = actors.map(|s| context.locale.label(&format!("sector.{}", s.as_str()))).collect();
    let law = round.basis.first().map(|law| format!("{} ({})", law.name, law.statute));
    (!rows.is_empty()).then_some(Slide::Schedule { key: "schedule", title, rows, law, actors })
}

/// One slide for each statute that the round is based on.
pub fn basis(round: &Round, context: &ViewContext<'_>) -> Vec<Slide> {
    let locale = context.locale;
    round
        .basis
        .iter()
        .map(|basis| Slide::Statute {
            key: "basis",
            title: locale.label("slide.basis"),
            statute: format!("{} ({})", locale.tie(basis.name.as_str()), basis.statute),
            sections: basis
                .sections
                .iter()
                .map(|section| StatutePart {
                    citation: locale.citation(section.section, section.moment),
                    title: section.title.as_ref().map(ToString::to_string),
                    text: section.text.as_ref().map(ToString::to_string),
                })
                .collect(),
        })
        .collect()
}

/// `Toteutus ja sisältö 1/2`: a title, numbered if there are several.
pub fn numbered_title(title: &str, number: usize, of: usize) -> String {
    if of > 1 { format!("{title} {number}/{of}") } else { title.to_owned() }
}
