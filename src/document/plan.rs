//! View of the plan slides of a round: what will be negotiated, with whom and when.

use super::blocks;
use super::meta::{MetaInput, meta};
use super::slides::{
    Card, Deck, Slide, basis, numbered_title, plain_bullets, plain_texts, schedule_slide,
    title_slide,
};
use super::summary::goal_matrix;
use super::{Document, HIDDEN_PLANS, ViewContext};
use crate::model::round::{ProgrammePart, Round};

/// Cards that fit side by side on one slide.
const CARDS: usize = 4;

/// The plan slides of a round.
pub fn plan(document: &Document, context: &ViewContext<'_>) -> Option<Deck> {
    let round = &context.set.planned(context.set.round(&document.source)?, HIDDEN_PLANS);
    let locale = context.locale;
    let planner = PlanSlides { round, context };
    let input = MetaInput {
        title: locale.tie(round.title.as_str()),
        date: round.date(),
        sender: round.authority.name.as_str(),
        unit: round.authority.unit.as_ref().map(|unit| unit.as_str()),
        keywords: vec![locale.years(round.years.from, round.years.to)],
    };
    let title = locale.tie(round.title.as_str());
    let mut slides = vec![title_slide(round, title, round.date(), context)];
    slides.extend(basis(round, context));
    slides.extend(planner.history());
    slides.extend(planner.preparation());
    slides.extend(planner.phases());
    slides.extend(schedule_slide(round, &[], locale.label("plan.schedule"), context));
    slides.extend(planner.themes());
    slides.extend(planner.goal_sets());
    if !round.goals.is_empty() {
        slides.push(goal_matrix(round, context));
    }
    slides.extend(planner.events());
    slides.extend(planner.programme());
    slides.extend(planner.survey());
    slides.extend(planner.materials());
    Some(Deck {
        meta: meta(document, context, input)?,
        footer: locale.tie(round.title.as_str()),
        slides,
    })
}

struct PlanSlides<'a> {
    round: &'a Round,
    context: &'a ViewContext<'a>,
}

impl PlanSlides<'_> {
    fn label(&self, key: &str) -> String {
        self.context.locale.label(key)
    }

    fn bullets(&self, key: &'static str, title: String, texts: &[impl AsRef<str>]) -> Slide {
        let items = plain_bullets(texts, self.context.locale);
        Slide::Bullets { key, title, sub: None, items }
    }

    fn history(&self) -> Vec<Slide> {
        let mut years: Vec<_> = self.round.history.iter().collect();
        years.sort_by_key(|year| year.year);
        years
            .into_iter()
            .map(|year| {
                let values = [("year", year.year.to_string())];
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(k, v)| (*k, v.as_str())).collect();
                let title = self.context.locale.fill("plan.history", &values);
                self.bullets("history", title, &year.bullets)
            })
            .collect()
    }

    /// At most eight bullets to a slide.
    fn preparation(&self) -> Vec<Slide> {
        let years = self.context.locale.years(self.round.years.from, self.round.years.to);
        let title = self.context.locale.fill("plan.preparation", &[("years", &years)]);
        let parts: Vec<_> = self.round.preparation.chunks(8).collect();
        parts
            .iter()
            .enumerate()
            .map(|(index, part)| {
                self.bullets("preparation", numbered_title(&title, index + 1, parts.len()), part)
            })
            .collect()
    }

    fn themes(&self) -> Vec<Slide> {
        let cards = self.round.themes.iter().map(|theme| Card {
            title: self.label(&format!("theme.{}", theme.theme.as_str())),
            bullets: plain_texts(&theme.bullets, self.context.locale),
        });
        self.cards("themes", "plan.themes", cards.collect())
    }

    fn goal_sets(&self) -> Vec<Slide> {
        let cards = self.round.goal_sets.iter().map(|set| Card {
            title: set.title.to_string(),
            bullets: set.text.iter().map(ToString::to_string).collect(),
        });
        self.cards("goals", "plan.goal_sets", cards.collect())
    }

    fn phases(&self) -> Vec<Slide> {
        let cards = self.round.phases.iter().map(|phase| Card {
            title: match &phase.when {
                Some(when) => format!("{} ({when})", phase.title),
                None => phase.title.to_string(),
            },
            bullets: plain_texts(&phase.bullets, self.context.locale),
        });
        self.cards("phases", "plan.phases", cards.collect())
    }

    fn cards(&self, key: &'static str, title: &str, cards: Vec<Card>) -> Vec<Slide> {
        let title = self.label(title);
        let parts: Vec<&[Card]> = cards.chunks(CARDS).collect();
        parts
            .iter()
            .enumerate()
            .map(|(index, part)| Slide::Cards {
                key,
                title: numbered_title(&title, index + 1, parts.len()),
                sub: None,
                cards: part.to_vec(),
            })
            .collect()
    }

    /// A part with its own date is an event with its own slide.
    fn events(&self) -> Vec<Slide> {
        let events = self.round.programme.iter().filter(|part| part.date.is_some());
        events
            .map(|event| Slide::Bullets {
                key: "events",
                title: event.heading.to_string(),
                sub: Some(self.when_and_where(event)),
                items: plain_bullets(&event.bullets, self.context.locale),
            })
            .collect()
    }

    fn when_and_where(&self, event: &ProgrammePart) -> String {
        let locale = self.context.locale;
        let date = event.date.map(|date| locale.date(date));
        let times = blocks::times(event.start, event.end, locale);
        let when: Vec<String> =
            date.into_iter().chain([times]).filter(|part| !part.is_empty()).collect();
        let parts = [Some(when.join(" ")), event.place.as_ref().map(ToString::to_string)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn programme(&self) -> Vec<Slide> {
        let parts = self.round.programme.iter().filter(|part| part.date.is_none());
        let cards = parts.map(|part| Card {
            title: part.heading.to_string(),
            bullets: plain_texts(&part.bullets, self.context.locale),
        });
        self.cards("programme", "plan.programme", cards.collect())
    }

    fn survey(&self) -> Option<Slide> {
        let survey = self.round.survey.as_ref()?;
        Some(self.bullets(
            "survey",
            self.context.locale.tie(survey.title.as_str()),
            &survey.bullets,
        ))
    }

    /// Materials of the round and of its survey, and how to comment.
    fn materials(&self) -> Option<Slide> {
        let locale = self.context.locale;
        let mut items = blocks::materials(&self.round.materials, locale);
        let survey = self.round.survey.as_ref().map_or(&[][..], |survey| &survey.materials);
        items.extend(blocks::materials(survey, locale));
        if let Some(comments) = &self.round.comments {
            let until = locale.date(comments.until);
            let values = [("channel", comments.channel.as_str()), ("until", until.as_str())];
            let title = locale.fill("summary.comments", &values);
            items.push(blocks::Linked { title, link: None });
        }
        let title = self.label("slide.materials");
        (!items.is_empty()).then_some(Slide::Links { key: "materials", title, items })
    }
}
