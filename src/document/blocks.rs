//! Building blocks shared by views: schedules, groups, goals, people, recipients,
//! materials.

use serde::Serialize;

use super::ViewContext;
use crate::locale::Locale;
use crate::model::round::{Basis, Goal, Group, Material, Meeting, Mode, Round};
use crate::model::session::{Participant, Person, Recipient};
use crate::model::{Date, Session, Short, Time};

/// A row of a schedule.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleRow {
    pub date: String,
    pub time: String,
    /// The group with its municipalities, or the forum's title.
    pub who: String,
    /// Mode, place and remark.
    pub how: String,
}

/// A group with its municipalities.
#[derive(Debug, Clone, Serialize)]
pub struct GroupRow {
    pub name: String,
    pub municipalities: String,
}

/// A goal of the matrix, for an A4 table.
#[derive(Debug, Clone, Serialize)]
pub struct GoalRow {
    pub area: String,
    pub goal: String,
    pub background: String,
}

/// The goals of one priority.
#[derive(Debug, Clone, Serialize)]
pub struct PriorityGoals {
    pub priority: String,
    pub rows: Vec<GoalRow>,
}

/// A title with its address.
#[derive(Debug, Clone, Serialize)]
pub struct Linked {
    pub title: String,
    pub link: Option<String>,
}

/// Label and value.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    pub label: String,
    pub body: String,
}

impl Fact {
    /// A fact under a label of the locale.
    pub fn new(locale: &Locale, key: &str, body: impl Into<String>) -> Self {
        Self { label: locale.label(key), body: body.into() }
    }
}

/// The schedule of a round by date. A session in `held` appears with the date on
/// which it was held instead of the planned one.
pub fn schedule(round: &Round, held: &[&Session], locale: &Locale) -> Vec<ScheduleRow> {
    let mut meetings: Vec<Meeting> = round
        .schedule
        .iter()
        .map(|meeting| {
            let session = held.iter().find(|s| s.group.is_some() && s.group == meeting.group);
            session.map_or_else(|| meeting.clone(), |session| as_held(meeting, session))
        })
        .collect();
    meetings.sort_by_key(|meeting| (meeting.date, meeting.start));
    meetings
        .iter()
        .map(|meeting| ScheduleRow {
            date: locale.date(meeting.date),
            time: times(meeting.start, meeting.end, locale),
            who: who(meeting, round, locale),
            how: how(meeting, locale),
        })
        .collect()
}

fn as_held(meeting: &Meeting, session: &Session) -> Meeting {
    Meeting {
        date: session.date,
        start: session.start.or(meeting.start),
        end: session.end.or(meeting.end),
        mode: session.mode,
        place: session.place.clone().or_else(|| meeting.place.clone()),
        ..meeting.clone()
    }
}

/// `klo 13.00–15.30`, or nothing when the start is open.
pub fn times(start: Option<Time>, end: Option<Time>, locale: &Locale) -> String {
    start.map_or_else(String::new, |start| locale.times(start, end))
}

fn who(meeting: &Meeting, round: &Round, locale: &Locale) -> String {
    let group = meeting.group.as_ref().and_then(|id| round.group(id));
    match (group, &meeting.forum) {
        (Some(group), _) => group_name(group, locale),
        (None, Some(forum)) => locale.tie(forum.title.as_str()),
        (None, None) => String::new(),
    }
}

fn how(meeting: &Meeting, locale: &Locale) -> String {
    let mut parts = vec![mode(meeting.mode, locale)];
    let is_main = |site: &&Short| meeting.place.as_ref() == Some(*site);
    let main = meeting.place.iter().filter(|place| !meeting.sites.contains(place));
    parts.extend(main.map(|place| locale.tie(place.as_str())));
    if !meeting.sites.is_empty() {
        // the main site first
        let (first, others): (Vec<_>, Vec<_>) = meeting.sites.iter().partition(is_main);
        let mut others: Vec<String> = others.into_iter().map(ToString::to_string).collect();
        locale.sort_names(&mut others);
        let first = first.into_iter().map(ToString::to_string);
        parts.push(locale.list(&first.chain(others).collect::<Vec<_>>()));
    }
    let mut text = parts.join(", ");
    if let Some(remark) = &meeting.remark {
        text = format!("{text}. {}", locale.tie(remark.as_str()));
    }
    text
}

/// The label of the mode: etäkokous, paikan päällä, hybridi.
pub fn mode(mode: Mode, locale: &Locale) -> String {
    locale.label(match mode {
        Mode::InPerson => "mode.in-person",
        Mode::Remote => "mode.remote",
        Mode::Hybrid => "mode.hybrid",
    })
}

/// A group's municipalities joined in the language's order, after its name if it
/// has one that does not contain them all.
pub fn group_name(group: &Group, locale: &Locale) -> String {
    let municipalities = municipalities(group, locale);
    match &group.name {
        Some(name) if says_all(name, group) => name.to_string(),
        Some(name) => format!("{name} ({municipalities})"),
        None => municipalities,
    }
}

/// Whether the name of a group contains each of its municipalities as a word.
fn says_all(name: &Short, group: &Group) -> bool {
    let words: Vec<&str> = name.as_str().split([' ', ',']).collect();
    group.municipalities.iter().all(|one| words.contains(&one.as_str()))
}

/// A group's municipalities, sorted and joined.
pub fn municipalities(group: &Group, locale: &Locale) -> String {
    let mut names: Vec<String> = group.municipalities.iter().map(ToString::to_string).collect();
    locale.sort_names(&mut names);
    locale.list(&names)
}

/// The groups of a round in its own order.
pub fn groups(round: &Round, locale: &Locale) -> Vec<GroupRow> {
    round
        .groups
        .iter()
        .map(|group| GroupRow {
            name: group.name.as_ref().map_or(group.short_name(), |name| name.as_str()).to_owned(),
            municipalities: municipalities(group, locale),
        })
        .collect()
}

/// A goal and its background. A secret goal has its mark, and nothing else in public
/// documents.
pub fn goal(goal: &Goal, round: &Round, context: &ViewContext<'_>) -> (String, Option<String>) {
    let locale = context.locale;
    let text = locale.tie(goal.goal.as_str());
    let background = goal.background.as_ref().map(|text| locale.tie(text.as_str()));
    if !goal.secret {
        return (text, background);
    }
    let mark = mark_of(round.case.secrecy_basis.as_ref(), locale);
    if context.set.are_public() { (mark, None) } else { (format!("{text} {mark}"), background) }
}

/// The goal matrix, a priority at a time.
pub fn goals(round: &Round, context: &ViewContext<'_>) -> Vec<PriorityGoals> {
    round
        .priorities
        .iter()
        .map(|priority| PriorityGoals {
            priority: priority.name.to_string(),
            rows: round
                .service_areas
                .iter()
                .filter_map(|area| {
                    let (text, reason) = goal(round.goal(&priority.id, &area.id)?, round, context);
                    Some(GoalRow {
                        area: area.name.to_string(),
                        goal: text,
                        background: reason.unwrap_or_default(),
                    })
                })
                .collect(),
        })
        .filter(|priority| !priority.rows.is_empty())
        .collect()
}

/// `Maija Malli, kehittämispäällikkö, Hyvinvointialue`.
pub fn person(person: &Person) -> String {
    let parts = [person.name.as_ref(), Some(&person.role), person.organisation.as_ref()];
    parts.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Office of a person, without the name: `hallintosihteeri, Hyvinvointialue`.
pub fn office(person: &Person) -> String {
    let parts = std::iter::once(&person.role).chain(&person.organisation);
    parts.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A participant: name and role, or the number of people.
pub fn participant(participant: &Participant, locale: &Locale) -> String {
    let who = [participant.name.as_ref(), participant.role.as_ref()];
    let who: Vec<String> = who.into_iter().flatten().map(ToString::to_string).collect();
    let people = participant.count.map(|count| people(count, locale));
    who.into_iter().chain(people).collect::<Vec<_>>().join(", ")
}

/// `7 henkilöä`, `1 henkilö`.
pub fn people(count: u32, locale: &Locale) -> String {
    let key = if count == 1 { "people.one" } else { "people.many" };
    locale.fill(key, &[("count", &count.to_string())])
}

/// Recipients in their own order.
pub fn recipients(recipients: &[Recipient]) -> Vec<String> {
    recipients
        .iter()
        .map(|recipient| match &recipient.email {
            Some(email) => format!("{}, {email}", recipient.recipient),
            None => recipient.recipient.to_string(),
        })
        .collect()
}

/// Materials with their dates.
pub fn materials(materials: &[Material], locale: &Locale) -> Vec<Linked> {
    materials
        .iter()
        .map(|material| Linked {
            title: match material.date {
                Some(date) => {
                    format!("{}, {}", locale.tie(material.title.as_str()), locale.date(date))
                }
                None => locale.tie(material.title.as_str()),
            },
            link: material.link.as_ref().map(ToString::to_string),
        })
        .collect()
}

/// First and last of some dates: `23.10.2025–27.11.2025`.
pub fn span_of_dates(dates: &[Date], locale: &Locale) -> String {
    match (dates.iter().min(), dates.iter().max()) {
        (Some(first), Some(last)) if first != last => {
            format!("{}–{}", locale.date(*first), locale.date(*last))
        }
        (Some(only), _) => locale.date(*only),
        _ => String::new(),
    }
}

/// Short texts with non-breaking spaces.
pub fn tied<T: AsRef<str>>(texts: &[T], locale: &Locale) -> Vec<String> {
    texts.iter().map(|text| locale.tie(text.as_ref())).collect()
}

/// The plan that a round prepares, with its years.
pub fn plan_name(round: &Round, locale: &Locale) -> Option<String> {
    let plan = round.plan.as_ref()?;
    let years = plan.years.map(|years| locale.years(years.from, years.to));
    let parts = std::iter::once(plan.title.to_string()).chain(years);
    Some(parts.collect::<Vec<_>>().join(" "))
}

/// The statutes of a round as one citation: `612/2021 6 § ja 7 §`.
pub fn citation(round: &Round, context: &ViewContext<'_>) -> String {
    let statutes: Vec<String> = round
        .basis
        .iter()
        .map(|basis| format!("{} {}", basis.statute, sections(basis, context)))
        .collect();
    context.locale.list(&statutes)
}

/// The same with the statutes' names: `Laki … (612/2021) 6 § ja 7 §`.
pub fn full_citation(round: &Round, context: &ViewContext<'_>) -> String {
    let statutes: Vec<String> = round
        .basis
        .iter()
        .map(|basis| {
            let name = context.locale.tie(basis.name.as_str());
            format!("{name} ({}) {}", basis.statute, sections(basis, context))
        })
        .collect();
    context.locale.list(&statutes)
}

fn sections(basis: &Basis, context: &ViewContext<'_>) -> String {
    let mut sections: Vec<String> =
        basis.sections.iter().map(|s| context.locale.citation(s.section, None)).collect();
    sections.dedup();
    context.locale.list(&sections)
}

/// The mark for a secret part of a session, with the legal provision.
pub fn secret_mark(session: &Session, locale: &Locale) -> String {
    mark_of(session.case.secrecy_basis.as_ref(), locale)
}

/// The mark for secret content, with the legal provision.
pub fn mark_of(provision: Option<&Short>, locale: &Locale) -> String {
    match provision {
        Some(basis) => locale.fill("memo.secret_by", &[("basis", &locale.tie(basis.as_str()))]),
        None => locale.label("memo.secret"),
    }
}
