//! View of a memo: one session of a group or a forum. Its parts follow the
//! document standard SFS 2487 and the order of the meeting.

use serde::Serialize;

use super::attached::{self, NumberedAttachment};
use super::blocks::{self, Fact};
use super::matrix::{Position, position};
use super::meta::{Meta, MetaInput, meta};
use super::{Document, ViewContext};
use crate::model::Session;
use crate::model::round::{Priority, Round, Sector};
use crate::model::session::{Note, Participant, Person};

/// View of a memo.
#[derive(Debug, Clone, Serialize)]
pub struct Memo {
    pub meta: Meta,
    /// Title of the round, the memo's heading.
    pub heading: String,
    /// The group's municipalities, or the forum.
    pub lead: String,
    pub facts: Vec<Fact>,
    pub present: Vec<OrganisationAttendance>,
    /// `Läsnä yhteensä: 23 henkilöä`.
    pub present_total: Option<String>,
    pub absent: Vec<OrganisationAttendance>,
    pub opening: Point<String>,
    pub background: Point<Background>,
    pub notes: Option<Point<Vec<PriorityNotes>>>,
    pub programme: Option<Point<Vec<String>>>,
    pub questions: Option<Point<Vec<String>>>,
    pub outcome: Option<Point<String>>,
    pub emphases: Option<Point<Vec<Attributed>>>,
    pub views: Option<Point<Vec<Attributed>>>,
    pub agreed: Option<Point<Vec<AgreedRow>>>,
    pub comments: Option<Point<Vec<Attributed>>>,
    pub follow_up: Option<Point<String>>,
    pub attachments: Vec<NumberedAttachment>,
    pub distribution: Vec<String>,
    pub approval: Vec<Signature>,
}

/// A numbered point of the memo.
#[derive(Debug, Clone, Serialize)]
pub struct Point<T> {
    /// `3`: its number among the points of this memo.
    pub number: usize,
    pub body: T,
}

/// People of one organisation.
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationAttendance {
    pub sector: String,
    pub organisation: String,
    pub who: String,
}

/// The background of the session: the plan and statutes it is based on, and materials.
#[derive(Debug, Clone, Serialize)]
pub struct Background {
    pub text: String,
    pub materials: Vec<blocks::Linked>,
}

/// The notes of one priority.
#[derive(Debug, Clone, Serialize)]
pub struct PriorityNotes {
    pub priority: String,
    pub rows: Vec<AreaNotes>,
    /// Notes over several service areas, with the areas' names first.
    pub shared: Vec<Attributed>,
}

/// The notes of one cell.
#[derive(Debug, Clone, Serialize)]
pub struct AreaNotes {
    pub area: String,
    pub goal: String,
    pub notes: Vec<NoteText>,
    /// Text of an empty cell: nothing was raised, or a note on several service
    /// areas follows below.
    pub empty: String,
}

/// A note, with a mark if it is secret.
#[derive(Debug, Clone, Serialize)]
pub struct NoteText {
    pub text: String,
    pub secret: Option<String>,
}

/// A text with the name of its author.
#[derive(Debug, Clone, Serialize)]
pub struct Attributed {
    pub whose: String,
    pub text: String,
    pub secret: Option<String>,
}

/// An agreed matter.
#[derive(Debug, Clone, Serialize)]
pub struct AgreedRow {
    pub what: String,
    pub who: String,
    pub by: String,
}

/// A signature line.
#[derive(Debug, Clone, Serialize)]
pub struct Signature {
    pub role: String,
    pub name: String,
}

/// The memo of a session; `None` when its round is not in the set.
pub fn memo(document: &Document, context: &ViewContext<'_>) -> Option<Memo> {
    let session = context.set.session(&document.source)?;
    let round = context.set.round(&session.round)?;
    let writer = MemoWriter { session, round, context };
    let mut count = Counter(0);
    let input = MetaInput {
        title: format!("{}: {}", writer.title(), writer.who_met()),
        date: session.issued.unwrap_or(session.date),
        sender: round.authority.name.as_str(),
        unit: round.authority.unit.as_ref().map(|unit| unit.as_str()),
        keywords: writer.keywords(),
    };
    Some(Memo {
        meta: meta(document, context, input)?,
        heading: writer.title(),
        lead: writer.who_met(),
        facts: writer.facts(),
        present: writer.attendance(&session.present),
        present_total: writer.present_total(),
        absent: writer.attendance(&session.absent),
        opening: count.point(writer.opening()),
        background: count.point(writer.background()),
        notes: count.some(writer.matrix_notes()),
        programme: count.some(blocks::tied(&session.programme, context.locale)),
        questions: count.some(blocks::tied(&session.questions, context.locale)),
        outcome: session.outcome.as_ref().map(|text| count.point(text.to_string())),
        emphases: count.some(writer.emphases()),
        views: count.some(writer.sector_views()),
        agreed: count.some(writer.agreed()),
        comments: count.some(writer.comments()),
        follow_up: session.follow_up.as_ref().map(|text| count.point(text.to_string())),
        attachments: attached::numbered(&session.attachments, context),
        distribution: blocks::recipients(&session.distribution),
        approval: writer.approval(),
    })
}

/// Numbers the points of a memo.
struct Counter(usize);

impl Counter {
    fn point<T>(&mut self, body: T) -> Point<T> {
        self.0 += 1;
        Point { number: self.0, body }
    }

    fn some<T>(&mut self, body: Vec<T>) -> Option<Point<Vec<T>>> {
        if body.is_empty() { None } else { Some(self.point(body)) }
    }
}

struct MemoWriter<'a> {
    session: &'a Session,
    round: &'a Round,
    context: &'a ViewContext<'a>,
}

impl MemoWriter<'_> {
    /// The participants of the meeting: the group's municipalities, or the forum.
    fn who_met(&self) -> String {
        let group = self.session.group.as_ref().and_then(|id| self.round.group(id));
        match (group, &self.session.forum) {
            (Some(group), _) => blocks::group_name(group, self.context.locale),
            (None, Some(forum)) => forum.title.to_string(),
            (None, None) => String::new(),
        }
    }

    fn title(&self) -> String {
        self.context.locale.tie(self.round.title.as_str())
    }

    fn keywords(&self) -> Vec<String> {
        let group = self.session.group.as_ref().and_then(|id| self.round.group(id));
        let municipalities = group.into_iter().flat_map(|group| &group.municipalities);
        let mut keywords: Vec<String> = municipalities.map(ToString::to_string).collect();
        self.context.locale.sort_names(&mut keywords);
        keywords.extend(self.session.forum.iter().map(|forum| forum.title.to_string()));
        keywords.push(self.context.locale.years(self.round.years.from, self.round.years.to));
        keywords
    }

    fn facts(&self) -> Vec<Fact> {
        let (session, locale) = (self.session, self.context.locale);
        let times = blocks::times(session.start, session.end, locale);
        let time = [locale.date(session.date), times];
        let time: Vec<String> = time.into_iter().filter(|part| !part.is_empty()).collect();
        let place = [
            Some(blocks::mode(session.mode, locale)),
            session.place.as_ref().map(ToString::to_string),
        ];
        let place: Vec<String> = place.into_iter().flatten().collect();
        let mut facts = vec![
            Fact::new(locale, "memo.time", time.join(" ")),
            Fact::new(locale, "memo.place", place.join(", ")),
        ];
        let label = |key: &str, person: &Option<Person>| {
            person.as_ref().map(|person| Fact::new(locale, key, blocks::person(person)))
        };
        facts.extend(label("memo.chair", &session.chair));
        facts.extend(label("memo.secretary", &session.secretary));
        facts
    }

    fn attendance(&self, people: &[Participant]) -> Vec<OrganisationAttendance> {
        let locale = self.context.locale;
        let mut sorted: Vec<&Participant> = people.iter().collect();
        sorted.sort_by_key(|participant| participant.sector);
        sorted
            .into_iter()
            .map(|participant| OrganisationAttendance {
                sector: sector(participant.sector, self.context),
                organisation: participant.organisation.to_string(),
                who: blocks::participant(participant, locale),
            })
            .collect()
    }

    fn present_total(&self) -> Option<String> {
        let total: u32 = self.session.counted_present().map(Participant::people).sum();
        let people = blocks::people(total, self.context.locale);
        (total > 0).then(|| self.context.locale.fill("memo.present_total", &[("people", &people)]))
    }

    fn opening(&self) -> String {
        let key =
            if self.session.forum.is_some() { "memo.opening_forum" } else { "memo.opening_text" };
        self.context.locale.label(key)
    }

    fn background(&self) -> Background {
        let locale = self.context.locale;
        let citation = blocks::full_citation(self.round, self.context);
        let mut sentences = Vec::new();
        if !citation.is_empty() {
            sentences.push(locale.fill("memo.background_text", &[("basis", &citation)]));
        }
        if !self.round.goals.is_empty() {
            sentences.push(locale.label("memo.background_goals"));
        }
        if let Some(plan) = blocks::plan_name(self.round, locale) {
            sentences.push(locale.fill("memo.background_plan", &[("plan", &plan)]));
        }
        let text = sentences.join(" ");
        Background { text, materials: blocks::materials(&self.round.materials, locale) }
    }

    /// Notes by cell: always for a group, whose session goes through the matrix,
    /// and for a forum that raised something in it.
    fn matrix_notes(&self) -> Vec<PriorityNotes> {
        let raised = self.session.notes.iter().any(|note| note.priority.is_some());
        if self.session.group.is_none() && !raised {
            return Vec::new();
        }
        self.round.priorities.iter().map(|priority| self.priority_notes(priority)).collect()
    }

    fn priority_notes(&self, priority: &Priority) -> PriorityNotes {
        let round = self.round;
        let rows = round.service_areas.iter().enumerate().map(|(index, area)| AreaNotes {
            area: area.name.to_string(),
            goal: round
                .goal(&priority.id, &area.id)
                .map_or_else(String::new, |goal| blocks::goal(goal, round, self.context).0),
            notes: self
                .session
                .notes
                .iter()
                .filter(|note| position(note, &priority.id, round) == Some(Position::Cell(index)))
                .map(|note| NoteText { text: self.visible_text(note), secret: self.secret(note) })
                .collect(),
            empty: self.empty_cell(priority, index),
        });
        let shared = self.session.notes.iter().filter_map(|note| {
            let whose = match position(note, &priority.id, round)? {
                Position::Cell(_) => return None,
                Position::Across => self.context.locale.label("memo.whole_priority"),
                Position::Span(from, to) => self.areas(&(from..=to).collect::<Vec<_>>()),
                Position::Scattered(columns) => self.areas(&columns),
            };
            Some(Attributed { whose, text: self.visible_text(note), secret: self.secret(note) })
        });
        PriorityNotes {
            priority: priority.name.to_string(),
            rows: rows.collect(),
            shared: shared.collect(),
        }
    }

    fn empty_cell(&self, priority: &Priority, column: usize) -> String {
        let below =
            self.session.notes.iter().any(|note| match position(note, &priority.id, self.round) {
                Some(Position::Span(from, to)) => (from..=to).contains(&column),
                Some(Position::Scattered(columns)) => columns.contains(&column),
                _ => false,
            });
        self.context.locale.label(if below { "memo.see_below" } else { "empty_cell" })
    }

    fn areas(&self, columns: &[usize]) -> String {
        let names: Vec<&str> =
            columns.iter().map(|index| self.round.service_areas[*index].name.as_str()).collect();
        self.context.locale.list(&names)
    }

    /// The mark of a secret note.
    fn secret(&self, note: &Note) -> Option<String> {
        note.secret.then(|| blocks::secret_mark(self.session, self.context.locale))
    }

    /// The text of a note; empty for a secret note on the web, which has only its mark.
    fn visible_text(&self, note: &Note) -> String {
        if self.context.web && note.secret { String::new() } else { note.text.to_string() }
    }

    /// Notes of single municipalities, outside the matrix.
    fn emphases(&self) -> Vec<Attributed> {
        let notes = self.session.notes.iter().filter(|note| note.priority.is_none());
        notes
            .filter_map(|note| {
                let whose = note.municipality.as_ref()?.to_string();
                Some(Attributed { whose, text: self.visible_text(note), secret: self.secret(note) })
            })
            .collect()
    }

    /// Notes of sectors, and notes that name neither a cell nor a municipality.
    fn sector_views(&self) -> Vec<Attributed> {
        let notes = self.session.notes.iter();
        notes
            .filter(|note| note.priority.is_none() && note.municipality.is_none())
            .map(|note| Attributed {
                whose: note.sector.map_or_else(String::new, |s| sector(s, self.context)),
                text: self.visible_text(note),
                secret: self.secret(note),
            })
            .collect()
    }

    fn agreed(&self) -> Vec<AgreedRow> {
        let locale = self.context.locale;
        self.session
            .agreed
            .iter()
            .map(|agreed| AgreedRow {
                what: locale.tie(agreed.what.as_str()),
                who: agreed.who.to_string(),
                by: agreed.by.map_or_else(|| "–".into(), |date| locale.date(date)),
            })
            .collect()
    }

    fn comments(&self) -> Vec<Attributed> {
        let locale = self.context.locale;
        self.session
            .comments
            .iter()
            .map(|comment| Attributed {
                whose: format!("{}, {}", comment.from, locale.date(comment.received)),
                text: comment.text.to_string(),
                secret: None,
            })
            .collect()
    }

    fn approval(&self) -> Vec<Signature> {
        let line = |key: &str, person: &Option<Person>| {
            person.as_ref().map(|person| Signature {
                role: self.context.locale.label(key),
                name: person.name.as_ref().unwrap_or(&person.role).to_string(),
            })
        };
        let chair = line("memo.chair", &self.session.chair);
        chair.into_iter().chain(line("memo.secretary", &self.session.secretary)).collect()
    }
}

fn sector(sector: Sector, context: &ViewContext<'_>) -> String {
    context.locale.label(&format!("sector.{}", sector.as_str()))
}
