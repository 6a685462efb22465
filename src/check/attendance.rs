//! Rules about attendance: nobody is listed twice, or as present and as absent, under any
//! form of the name, because totals would count them twice.

use std::collections::{BTreeSet, HashMap};

use super::Report;
use crate::model::names::{self, Likeness, people};
use crate::model::normal::folded;
use crate::model::session::{Attendance, Participant, Person};
use crate::model::{Problem, Session, Severity, Short};

/// The most people with a word of the name in common that are compared with each other.
const MOST_COMPARED: usize = 50;

/// A named person and the field that names them.
struct NamedPerson {
    field: String,
    people: Vec<names::PersonName>,
    /// Folded, when given.
    organisation: Option<String>,
    role: Option<String>,
}

impl NamedPerson {
    fn of(field: String, name: &Short, organisation: Option<&Short>, role: Option<&Short>) -> Self {
        let name = without_remarks(name.as_str());
        // a text with digits is not a person's name
        let is_name = !name.chars().any(char::is_numeric);
        let people = if is_name { people(&name, None) } else { Vec::new() };
        let plain = |text: &Short| folded(text.as_str());
        let (organisation, role) = (organisation.map(plain), role.map(plain));
        Self { field, people, organisation, role }
    }

    fn participant(field: String, one: &Participant) -> Option<Self> {
        let name = one.name.as_ref()?;
        Some(Self::of(field, name, Some(&one.organisation), one.role.as_ref()))
    }

    fn in_office(field: &str, one: &Person) -> Option<Self> {
        let (name, organisation) = (one.name.as_ref()?, one.organisation.as_ref());
        Some(Self::of(field.to_owned(), name, organisation, Some(&one.role)))
    }

    /// How likely two entries are the same person: the same name in one organisation or
    /// office, or one of the two without an organisation.
    fn likeness(&self, other: &Self) -> Option<Likeness> {
        let together = self.organisation.is_none()
            || other.organisation.is_none()
            || self.organisation == other.organisation;
        let role = self.role.is_some() && self.role == other.role;
        let pairs = self.people.iter().flat_map(|a| other.people.iter().map(move |b| (a, b)));
        let likeness = pairs.filter_map(|(a, b)| a.likeness(b)).max()?;
        match likeness {
            Likeness::Same => (together || role).then_some(likeness),
            Likeness::Initials => together.then_some(likeness),
        }
    }

    fn words(&self) -> BTreeSet<&str> {
        self.people.iter().flat_map(names::PersonName::words).collect()
    }
}

/// A name without remarks on attendance, such as "klo 14 alkaen" or "(etänä)", and with
/// capitals where a part of it has none and another has nothing else: "maija
/// MEIKÄLÄINEN".
fn without_remarks(name: &str) -> String {
    const BEGIN: &[&str] = &[
        "klo",
        "klo.",
        "kl",
        "kl.",
        "kello",
        "alkaen",
        "asti",
        "saakka",
        "etänä",
        "etäyhteydellä",
        "teams",
        "paikalla",
        "läsnä",
        "poistui",
        "saapui",
        "poissa",
        "från",
        "till",
        "anlände",
        "avlägsnade",
        "på",
        "närvarande",
        "frånvarande",
        "from",
        "until",
        "left",
        "arrived",
        "joined",
        "remotely",
        "online",
    ];
    let mut kept: Vec<&str> = Vec::new();
    for word in name.split_whitespace() {
        let bare = word.trim_start_matches(['(', '[']);
        let remark = BEGIN.contains(&bare.trim_end_matches([',', ';', ')', ']']));
        // a bracket with a time: "(14.00 asti)"
        let time = bare.len() < word.len() && bare.starts_with(|c: char| c.is_ascii_digit());
        if !kept.is_empty() && (remark || time) {
            break;
        }
        kept.push(word);
    }
    let small = |word: &str| word.chars().all(|c| !c.is_uppercase());
    let large = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        letters.count() > 2 && word.chars().all(|c| !c.is_lowercase())
    };
    let one_of_each = matches!(kept[..], [a, b] if small(a) && large(b) || large(a) && small(b));
    let name = kept.join(" ");
    let name = name.trim_end_matches([',', ';', ' ', '–', '-']);
    if one_of_each { name.to_uppercase() } else { name.to_owned() }
}

/// The people listed so far, by the words of their names.
#[derive(Default)]
struct Listed<'a> {
    by_word: HashMap<&'a str, Vec<&'a NamedPerson>>,
}

impl<'a> Listed<'a> {
    fn of(all: impl Iterator<Item = &'a NamedPerson>) -> Self {
        let mut listed = Self::default();
        all.for_each(|one| listed.enter(one));
        listed
    }

    fn enter(&mut self, one: &'a NamedPerson) {
        for word in one.words() {
            let same = self.by_word.entry(word).or_default();
            if same.len() < MOST_COMPARED {
                same.push(one);
            }
        }
    }

    /// The field of the person who is most likely the same.
    fn find(&self, one: &NamedPerson) -> Option<(Likeness, String)> {
        let near = one.words().into_iter().filter_map(|word| self.by_word.get(word)).flatten();
        let like = near.filter_map(|other| Some((one.likeness(other)?, &other.field)));
        // the first of several
        let best = like.fold(None, |best: Option<(Likeness, &String)>, found| match best {
            Some(best) if best.0 >= found.0 => Some(best),
            _ => Some(found),
        });
        best.map(|(likeness, field)| (likeness, field.clone()))
    }
}

/// Nobody is listed twice, or in both lists.
pub fn attendance(session: &Session, report: &mut Report<'_>) {
    let lists = [("present", &session.present), ("absent", &session.absent)];
    let [present, absent] = lists.map(|(list, people)| {
        let named = people.iter().enumerate().map(|(index, person)| {
            (person, NamedPerson::participant(format!("{list}[{index}]"), person))
        });
        named.collect::<Vec<_>>()
    });
    for (list, people) in [("present", &present), ("absent", &absent)] {
        let (mut listed, mut names) = (Attendance::default(), Listed::default());
        for (index, (person, named)) in people.iter().enumerate() {
            let same = listed.enter(person, index);
            let same = same.map(|first| (Likeness::Same, format!("{list}[{first}]")));
            let first = same.or_else(|| names.find(named.as_ref()?));
            named.iter().for_each(|named| names.enter(named));
            if let Some((likeness, first)) = first {
                let problem = report.found("attendance-twice", format!("{list}[{index}]"));
                report.problems.push(about(person, likeness, problem.with("first", first)));
            }
        }
    }
    // of a group that is only counted, some may be present and others absent
    let single = |one: &Participant| one.count.is_none();
    let mut listed = Attendance::default();
    for (index, (person, _)) in present.iter().enumerate().filter(|(_, (one, _))| single(one)) {
        listed.enter(person, index);
    }
    let offices = [("chair", &session.chair), ("secretary", &session.secretary)];
    let offices = offices.map(|(field, one)| NamedPerson::in_office(field, one.as_ref()?));
    let here = present.iter().filter_map(|(_, named)| named.as_ref());
    let names = Listed::of(here.chain(offices.iter().flatten()));
    for (index, (person, named)) in absent.iter().enumerate() {
        let same = listed.find(person).filter(|_| single(person));
        let same = same.map(|at| (Likeness::Same, format!("present[{at}]")));
        if let Some((likeness, present)) = same.or_else(|| names.find(named.as_ref()?)) {
            let problem = report.found("attendance-both", format!("absent[{index}]"));
            report.problems.push(about(person, likeness, problem.with("present", present)));
        }
    }
}

/// Adds the person to a problem. It is only a warning when the person may be somebody
/// else.
fn about(person: &Participant, likeness: Likeness, problem: Problem) -> Problem {
    let severity = match likeness {
        Likeness::Same => problem.severity,
        Likeness::Initials => Severity::Warning,
    };
    Problem { severity, ..problem.with("who", who(person)) }
}

fn who(person: &Participant) -> String {
    let name = person.name.as_ref().or(person.role.as_ref());
    name.map_or_else(
        || person.organisation.to_string(),
        |name| format!("{name}, {}", person.organisation),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_belong_to_no_name() {
        for (typed, name) in [
            ("Maija Meikäläinen klo 14 alkaen", "Maija Meikäläinen"),
            ("Maija Meikäläinen, klo 14.00 asti", "Maija Meikäläinen"),
            ("Maija Meikäläinen (14.00 alkaen)", "Maija Meikäläinen"),
            ("Maija Meikäläinen (etänä)", "Maija Meikäläinen"),
            ("Maija Meikäläinen från kl. 14", "Maija Meikäläinen"),
            ("maija MEIKÄLÄINEN (etänä)", "MAIJA MEIKÄLÄINEN"),
            ("Maija (Liisa) Meikäläinen", "Maija (Liisa) Meikäläinen"),
            ("johtaja Maija Meikäläinen", "johtaja Maija Meikäläinen"),
            ("Maija Meikäläinen", "Maija Meikäläinen"),
            ("Osallistuja 3", "Osallistuja 3"),
        ] {
            assert_eq!(without_remarks(typed), name, "{typed}");
        }
    }
}
