//! Names that cells may contain: groups, forums, priorities, service areas, municipalities
//! and sectors of a round.

use std::collections::BTreeSet;

use super::RoundTexts;
use super::report::RefusalReason;
use crate::locale::Locale;
use crate::model::normal::folded;
use crate::model::round::{Meeting, Sector};
use crate::model::text::is_line_break;
use crate::model::{Id, Round, Short};

/// Minimum similarity of a suggested name, from 0 to 1.
const LIKE: f64 = 0.7;

/// Maximum length of a text for which a similar name is searched, in bytes.
const COMPARED: usize = 200;

/// Names of the sectors in three languages.
const SECTORS: [(Sector, &[&str]); 7] = [
    (
        Sector::Municipality,
        &["kunta", "kunnat", "kaupunki", "kommun", "kommuner", "stad", "municipalities"],
    ),
    (
        Sector::EmploymentArea,
        &[
            "työllisyysalue",
            "työllisyysalueet",
            "sysselsättningsområde",
            "sysselsättningsområden",
            "employment area",
            "employment areas",
        ],
    ),
    (
        Sector::Organisation,
        &[
            "järjestö",
            "järjestöt",
            "yhdistys",
            "yhdistykset",
            "organisationer",
            "förening",
            "föreningar",
            "organisations",
            "organization",
            "organizations",
            "ngo",
            "ngos",
        ],
    ),
    (Sector::Parish, &["seurakunta", "seurakunnat", "församling", "församlingar", "parishes"]),
    (
        Sector::Company,
        &[
            "yritys",
            "yritykset",
            "palveluntuottaja",
            "palveluntuottajat",
            "företag",
            "serviceproducent",
            "companies",
            "enterprise",
        ],
    ),
    (
        Sector::RegionalCouncil,
        &["maakuntaliitto", "maakunnan liitto", "landskapsförbund", "regional council"],
    ),
    (
        Sector::Authority,
        &["hyvinvointialue", "välfärdsområde", "välfärdsområdet", "wellbeing services county"],
    ),
];

/// A group, by its position in the round, or a forum, by its position in the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GroupOrForum {
    Group(usize),
    Forum(usize),
}

/// A planned meeting that may become a session.
#[derive(Debug, Clone)]
pub(super) struct PlannedSession<'a> {
    /// Id of the session.
    pub id: Id,
    /// The part of the id that distinguishes the sessions of a round.
    pub part: String,
    pub meeting: &'a Meeting,
}

/// Names of the items of a list. Lower ranks take precedence: ids, then names, short names,
/// and municipalities of a group.
#[derive(Debug, Default)]
pub(super) struct ChoiceList {
    names: Vec<ChoiceName>,
    /// The displayed name of each item.
    pub shown: Vec<String>,
}

#[derive(Debug)]
struct ChoiceName {
    key: String,
    written: String,
    rank: u8,
    item: usize,
}

/// All names that a row may contain.
pub(super) struct Choices<'a> {
    round: &'a Round,
    groups_and_forums: Vec<GroupOrForum>,
    municipalities: Vec<&'a Short>,
    /// Names of the groups and forums.
    pub who: ChoiceList,
    pub priorities: ChoiceList,
    pub areas: ChoiceList,
    pub places: ChoiceList,
    pub sectors: ChoiceList,
    /// The language's own word for yes, in the column of secrecy.
    pub yes: String,
}

impl ChoiceList {
    fn add(&mut self, item: usize, rank: u8, name: &str) {
        let (key, written) = (folded(name), name.to_owned());
        self.names.push(ChoiceName { key, written, rank, item });
    }

    /// The item with this name.
    pub fn find(&self, text: &str) -> Result<usize, RefusalReason> {
        let wanted = folded(text);
        let found = self.names.iter().filter(|name| name.key == wanted);
        found.min_by_key(|name| name.rank).map(|name| name.item).ok_or_else(|| {
            RefusalReason::Unknown { known: self.shown.clone(), nearest: self.nearest(&wanted) }
        })
    }

    fn nearest(&self, wanted: &str) -> Option<String> {
        if wanted.len() > COMPARED {
            return None;
        }
        let likeness =
            |name: &ChoiceName| strsim::normalized_damerau_levenshtein(&name.key, wanted);
        let likely = self.names.iter().map(|name| (likeness(name), name));
        let best = likely.filter(|(likeness, _)| *likeness >= LIKE);
        best.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name.written.clone())
    }
}

impl<'a> Choices<'a> {
    /// The names of a round in all its languages.
    pub fn new(texts: &RoundTexts<'a>, locale: &Locale) -> Self {
        let round = texts.own;
        let (groups_and_forums, who) = groups_and_forums(texts);
        let (municipalities, places) = municipalities(texts);
        let (mut priorities, mut areas) = (ChoiceList::default(), ChoiceList::default());
        for (at, priority) in texts.all().flat_map(|round| round.priorities.iter().enumerate()) {
            priorities.add(at, 0, priority.id.as_str());
            priorities.add(at, 1, priority.name.as_str());
            priorities.add(at, 2, priority.short_name().as_str());
        }
        for (at, area) in texts.all().flat_map(|round| round.service_areas.iter().enumerate()) {
            areas.add(at, 0, area.id.as_str());
            areas.add(at, 1, area.name.as_str());
        }
        let shown = |name: &Short| name.to_string();
        priorities.shown = round.priorities.iter().map(|priority| shown(&priority.name)).collect();
        areas.shown = round.service_areas.iter().map(|area| shown(&area.name)).collect();
        let (sectors, yes) = (sectors(locale), folded(&locale.label("ui.import.yes")));
        Self {
            round,
            groups_and_forums,
            municipalities,
            who,
            priorities,
            areas,
            places,
            sectors,
            yes,
        }
    }

    /// The group or forum with this name; the name of a municipality stands for its group.
    pub fn group_or_forum(&self, cell: &str) -> Result<GroupOrForum, RefusalReason> {
        self.who.find(cell).map(|at| self.groups_and_forums[at])
    }

    /// The priority of this name.
    pub fn priority(&self, cell: &str) -> Result<Id, RefusalReason> {
        self.priorities.find(cell).map(|at| self.round.priorities[at].id.clone())
    }

    /// The service areas in a cell, in the order of the round. They are separated by line
    /// breaks or semicolons.
    pub fn areas(&self, cell: &str) -> Result<Vec<Id>, RefusalReason> {
        let id = |at: usize| self.round.service_areas[at].id.clone();
        if let Ok(whole) = self.areas.find(cell) {
            return Ok(vec![id(whole)]);
        }
        let parts = cell.split(|c: char| c == ';' || is_line_break(c)).map(str::trim);
        let found = parts.filter(|part| !part.is_empty()).map(|part| self.areas.find(part));
        Ok(found.collect::<Result<BTreeSet<_>, _>>()?.into_iter().map(id).collect())
    }

    /// The municipality of this name.
    pub fn municipality(&self, cell: &str) -> Result<&'a Short, RefusalReason> {
        self.places.find(cell).map(|at| self.municipalities[at])
    }

    /// The sector of this name.
    pub fn sector(&self, cell: &str) -> Result<Sector, RefusalReason> {
        self.sectors.find(cell).map(|at| Sector::ALL[at])
    }

    /// The group of a municipality.
    pub fn group_of(&self, municipality: &Short) -> Option<GroupOrForum> {
        let groups = &self.round.groups;
        let at = groups.iter().position(|group| group.municipalities.contains(municipality))?;
        Some(GroupOrForum::Group(at))
    }

    /// The displayed name of the group, if the municipality does not belong to it.
    pub fn group_without(&self, who: GroupOrForum, municipality: &Short) -> Option<&'a str> {
        let GroupOrForum::Group(at) = who else { return None };
        let group = &self.round.groups[at];
        (!group.municipalities.contains(municipality)).then(|| group.short_name())
    }

    /// The planned meeting of a group or forum, with the id of its session.
    pub fn planned_session(&self, who: GroupOrForum) -> Result<PlannedSession<'a>, RefusalReason> {
        let round = self.round;
        let (part, group, meeting) = match who {
            GroupOrForum::Group(at) => {
                let group = &round.groups[at];
                let (part, name) = (group.id.to_string(), group.short_name().to_owned());
                (part, name, round.meeting(&group.id))
            }
            GroupOrForum::Forum(at) => {
                let part = forum_part(round, at);
                (part.clone(), part, round.schedule.get(at))
            }
        };
        let Some(meeting) = meeting else { return Err(RefusalReason::NoMeeting { group }) };
        match Id::parse(&format!("{}-{part}", round.id)) {
            Some(id) => Ok(PlannedSession { id, part, meeting }),
            None => Err(RefusalReason::LongId { group }),
        }
    }
}

/// Groups in the order of the round, then forums in the order of the schedule.
fn groups_and_forums(texts: &RoundTexts<'_>) -> (Vec<GroupOrForum>, ChoiceList) {
    let (mut all, mut names) = (Vec::new(), ChoiceList::default());
    for (at, group) in texts.own.groups.iter().enumerate() {
        all.push(GroupOrForum::Group(at));
        names.shown.push(group.name.as_ref().map_or(group.short_name(), Short::as_str).to_owned());
        for group in texts.all().filter_map(|round| round.groups.get(at)) {
            names.add(at, 0, group.id.as_str());
            group.name.iter().for_each(|name| names.add(at, 1, name.as_str()));
            names.add(at, 2, group.short_name());
            group.municipalities.iter().for_each(|name| names.add(at, 3, name.as_str()));
        }
    }
    for (at, meeting) in texts.own.schedule.iter().enumerate() {
        let (None, Some(forum)) = (&meeting.group, &meeting.forum) else { continue };
        let item = all.len();
        all.push(GroupOrForum::Forum(at));
        names.shown.push(forum.title.to_string());
        names.add(item, 0, &forum_part(texts.own, at));
        let meetings = texts.all().filter_map(|round| round.schedule.get(at));
        for forum in meetings.filter_map(|meeting| meeting.forum.as_ref()) {
            names.add(item, 1, forum.title.as_str());
        }
    }
    (all, names)
}

/// File names and ids are never made from titles: a forum is identified by its sector, and
/// by a number if a sector has several.
fn forum_part(round: &Round, at: usize) -> String {
    let sector = |meeting: &Meeting| {
        let forum = meeting.forum.as_ref().filter(|_| meeting.group.is_none());
        forum.map(|forum| forum.sector)
    };
    let own = round.schedule.get(at).and_then(sector);
    let before = round.schedule.iter().take(at).filter(|meeting| sector(meeting) == own).count();
    let word = own.map_or("other", Sector::as_str);
    if before == 0 { format!("forum-{word}") } else { format!("forum-{word}-{}", before + 1) }
}

fn municipalities<'a>(texts: &RoundTexts<'a>) -> (Vec<&'a Short>, ChoiceList) {
    fn of(round: &Round) -> Vec<&Short> {
        let in_groups = round.groups.iter().flat_map(|group| &group.municipalities);
        round.municipalities.iter().chain(in_groups).collect()
    }
    let (all, mut names) = (of(texts.own), ChoiceList::default());
    for (at, name) in texts.all().flat_map(|round| of(round).into_iter().enumerate()) {
        names.add(at, 1, name.as_str());
    }
    for name in &all {
        if !names.shown.iter().any(|shown| shown == name.as_str()) {
            names.shown.push(name.to_string());
        }
    }
    (all, names)
}

fn sectors(locale: &Locale) -> ChoiceList {
    let mut names = ChoiceList::default();
    for (at, sector) in Sector::ALL.into_iter().enumerate() {
        let label = locale.label(&format!("sector.{}", sector.as_str()));
        names.add(at, 0, sector.as_str());
        names.add(at, 1, &label);
        let words = SECTORS.iter().filter(|(of, _)| *of == sector).flat_map(|(_, words)| *words);
        words.for_each(|word| names.add(at, 2, word));
        names.shown.push(label);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_suggested() {
        let mut names = ChoiceList::default();
        for (item, name) in ["Marttaliitto", "Jämsä", "Peace of mind"].into_iter().enumerate() {
            names.add(item, 1, name);
        }
        for (typed, nearest) in [
            ("Martat", None),
            ("Martta", None),
            ("Martaliitto", Some("Marttaliitto")),
            ("Jamsä", Some("Jämsä")),
            ("Peace of the mind", Some("Peace of mind")),
        ] {
            assert_eq!(names.nearest(&folded(typed)).as_deref(), nearest, "{typed}");
        }
    }
}
