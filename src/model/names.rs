//! Recognizes names of people in running text: inflected, in reverse order, with initials.
//! Knows Finnish case endings and the Swedish genitive; uses no dictionary.

mod inflection;
mod joined;
mod likeness;
mod role;
mod search;
mod token;
mod tokens;

use super::reader::Seen;
use inflection::Forms;
pub use likeness::Likeness;
pub use role::people_in_role;
pub use search::NameSearch;
use token::Token;
pub use tokens::Tokens;
use tokens::tokens;

/// A person's name in a field.
#[derive(Debug, Clone)]
pub struct PersonName {
    /// Given names with their inflected forms.
    given: Vec<NameWord>,
    surname: Vec<NameWord>,
    /// Titles that may precede the surname alone: `toiminnanjohtaja`.
    titles: Vec<String>,
    /// The name as written.
    pub shown: String,
}

/// A word of a name, or a part of a hyphenated one.
#[derive(Debug, Clone)]
struct NameWord {
    /// Folded; a single letter is an initial.
    text: String,
    forms: Forms,
    /// Forms of the parts of a hyphenated name.
    parts: Vec<Forms>,
}

impl NameWord {
    fn of(text: &str) -> Self {
        let parts = text.split('-').filter(|part| part.len() > 2);
        let parts = if text.contains('-') { parts.map(Forms::of).collect() } else { Vec::new() };
        Self { text: text.to_owned(), forms: Forms::of(text), parts }
    }

    fn is_initial(&self) -> bool {
        self.text.chars().nth(1).is_none()
    }

    /// Whether a word is this name in any case.
    fn is(&self, token: &Token) -> bool {
        let same_parts = token.text.matches('-').count() == self.text.matches('-').count();
        same_parts && self.forms.has(&token.text)
    }

    /// Whether a word is the name, or a part of a hyphenated name, in any case.
    fn is_part_of(&self, token: &Token) -> bool {
        let own = std::iter::once(&self.forms).chain(&self.parts);
        self.is(token) || own.into_iter().any(|forms| token.parts().any(|part| forms.has(part)))
    }

    /// Whether a word is the initial of the name, or begins with its initial.
    fn shortens(&self, token: &Token) -> bool {
        let first = |text: &str| text.chars().next();
        let one = token.is_initial() || self.is_initial() && token.upper;
        one && first(&token.text) == first(&self.text)
    }
}

/// Words between two people in one field.
const AND: &[&str] = &["ja", "seka", "och", "samt", "and"];
/// Particles of the following surname.
const PARTICLES: &[&str] = &["von", "af", "de", "van", "der", "den", "da", "di", "la", "zu"];
/// Words that may precede a surname alone.
const HONORIFICS: &[&str] = &[
    "herra", "rouva", "neiti", "hra", "rva", "nti", "herr", "fru", "froken", "hr", "mr", "mrs",
    "ms", "miss",
];

/// Whether a word before a name is a title, by its ending.
fn is_title(word: &str) -> bool {
    const ENDS: &[&str] = &[
        "johtaja",
        "paallikko",
        "sihteeri",
        "edustaja",
        "koordinaattori",
        "suunnittelija",
        "vastaava",
        "asiantuntija",
        "pastori",
        "kirkkoherra",
        "diakoni",
        "yrittaja",
        "tyontekija",
        "puheenjohtaja",
        "jasen",
        "tohtori",
        "professori",
        "direktor",
        "chef",
        "ordforande",
        "sekreterare",
        "koordinator",
        "kyrkoherde",
        "director",
        "manager",
        "chair",
        "secretary",
        "coordinator",
        "professor",
        "doctor",
    ];
    ENDS.iter().any(|end| word.ends_with(end))
}

/// The people in a field for a name; `role` is their office.
pub fn people(field: &str, role: Option<&str>) -> Vec<PersonName> {
    let mut found = people_as_written(field, role);
    // "Maija (Liisa) Meikäläinen" may also be Maija Meikäläinen, or Maija Liisa
    // Meikäläinen
    let without = |inside: bool| -> String {
        let (mut depth, mut kept) = (0_usize, String::new());
        for c in field.chars() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                c if inside || depth == 0 => kept.push(c),
                _ => {}
            }
        }
        kept
    };
    let is_between = field.split_once(')').is_some_and(|(before, behind)| {
        let first = before.trim_start().chars().next();
        first.is_some_and(char::is_alphabetic) && behind.contains(char::is_alphabetic)
    });
    if is_between && !field.contains([',', ';', '/', '&', '+', '|', '\n']) {
        let others = [without(false), without(true)];
        for mut person in others.iter().flat_map(|other| people_as_written(other, role)) {
            person.shown = field.to_owned();
            if !found.iter().any(|one| one.has_names_of(&person)) {
                found.push(person);
            }
        }
    }
    found
}

fn people_as_written(field: &str, role: Option<&str>) -> Vec<PersonName> {
    let tokens = tokens(field, &Seen::typed(field));
    // groups separated by "ja", "&" and the like, each split at commas
    let mut groups: Vec<Vec<Vec<&Token>>> = vec![vec![Vec::new()]];
    for token in &tokens {
        let parts = AND.contains(&token.text.as_str()) && !token.upper;
        if parts || token.gap.contains(['&', '+', ';', '/', '|', '\n']) {
            groups.push(vec![Vec::new()]);
        } else if token.gap.contains([',', '(', ')', ':']) {
            groups.last_mut().into_iter().for_each(|group| group.push(Vec::new()));
        }
        if !parts && let Some(part) = groups.last_mut().and_then(|group| group.last_mut()) {
            part.push(token);
        }
    }
    let capital = tokens.iter().any(|token| token.upper);
    let several = groups.iter().map(Vec::len).sum::<usize>() > 1;
    let mut titles: Vec<String> = role.into_iter().flat_map(last_word).collect();
    let mut found: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for group in groups {
        let parts: Vec<Vec<String>> = group
            .iter()
            .map(|part| names_in(part, (capital, several), &mut titles))
            .filter(|part| !part.is_empty())
            .collect();
        let mut parts = parts.into_iter().peekable();
        while let Some(part) = parts.next() {
            // "Meikäläinen, Maija Kaarina"
            let turned = part.len() == 1 && parts.peek().is_some_and(|next| next.len() <= 2);
            let given = if turned { parts.next() } else { None };
            found.push(match &given {
                Some(given) => (given.clone(), part),
                None => in_order(part),
            });
            // or the part before the comma is not a name
            found.extend(given.filter(|given| given.len() == 2).map(in_order));
        }
    }
    // "Maija ja Matti Meikäläinen" share a surname
    let mut surname = Vec::new();
    for (given, own) in found.iter_mut().rev() {
        if given.is_empty() && own.len() == 1 && !surname.is_empty() {
            *given = std::mem::replace(own, Vec::clone(&surname));
        }
        surname.clone_from(own);
    }
    found.retain(|(given, surname)| !given.is_empty() && !surname.is_empty());
    let name = |words: Vec<String>| words.iter().map(|word| NameWord::of(word)).collect();
    let person = |(given, surname)| PersonName {
        given: name(given),
        surname: name(surname),
        titles: titles.clone(),
        shown: field.to_owned(),
    };
    found.into_iter().map(person).collect()
}

fn last_word(role: &str) -> Option<String> {
    super::reader::words(role, false).pop().filter(|word| word.len() > 4)
}

/// The names of a part of a field. Titles before them are recognized by lower case, if the
/// field has upper case, and by their endings.
fn names_in(
    part: &[&Token],
    (capital, several): (bool, bool),
    titles: &mut Vec<String>,
) -> Vec<String> {
    let kept = |token: &&&Token| {
        let word = token.text.as_str();
        !HONORIFICS.contains(&word) && !PARTICLES.contains(&word) && (token.upper || !capital)
    };
    let mut names: Vec<&str> = part.iter().filter(kept).map(|token| token.text.as_str()).collect();
    titles.extend(
        part.iter().filter(|t| capital && !t.upper && t.text.len() > 4).map(|t| t.text.clone()),
    );
    let alone = several && names.len() == 1;
    while let Some(first) = names.first().copied()
        && is_title(first)
        && (names.len() > 2 || !capital || alone)
    {
        titles.push(names.remove(0).to_owned());
    }
    names
        .into_iter()
        .filter(|name| !name.chars().any(char::is_numeric))
        .map(str::to_owned)
        .collect()
}

/// Given names and surname of a name without a comma.
fn in_order(mut names: Vec<String>) -> (Vec<String>, Vec<String>) {
    let turned = names.len() > 1
        && names.first().is_some_and(|first| first.ends_with("nen"))
        && names.last().is_some_and(|last| !last.ends_with("nen"));
    if turned {
        let given = names.split_off(1);
        return (given, names);
    }
    let surname = names.split_off(names.len().saturating_sub(1));
    (names, surname)
}

impl PersonName {
    /// A search for the person, unless somebody who may be named has the same name.
    pub fn among<'a>(&'a self, known: &[&PersonName]) -> Option<NameSearch<'a>> {
        let free = known.iter().any(|other| self.may_be(other));
        let shared = known.iter().any(|other| self.shares_surname(other));
        (!free).then_some(NameSearch { person: self, shared })
    }

    /// Whether it may be the same person: either given name or surname may be an initial.
    fn may_be(&self, other: &PersonName) -> bool {
        // 2 for the same name, 1 for the same initial
        let like = |a: &NameWord, b: &NameWord| match a.forms.has(&b.text) || b.forms.has(&a.text) {
            true => 2,
            false => u8::from(a.fits(b)),
        };
        let best = |a: &[NameWord], b: &[NameWord]| {
            a.iter().flat_map(|a| b.iter().map(|b| like(a, b))).max().unwrap_or_default()
        };
        let both = |one: u8, other: u8| one.min(other) > 0 && one.max(other) > 1;
        both(best(&self.given, &other.given), best(&self.surname, &other.surname))
            || both(best(&self.given, &other.surname), best(&self.surname, &other.given))
    }

    fn has_names_of(&self, other: &PersonName) -> bool {
        let like = |a: &[NameWord], b: &[NameWord]| {
            a.iter().map(|n| &n.text).eq(b.iter().map(|n| &n.text))
        };
        like(&self.given, &other.given) && like(&self.surname, &other.surname)
    }

    fn shares_surname(&self, other: &PersonName) -> bool {
        self.surname.iter().any(|a| other.surname.iter().any(|b| a.text == b.text))
    }

    fn is_given(&self, token: &Token) -> bool {
        self.given.iter().any(|name| name.is(token))
    }

    fn is_initial(&self, token: &Token) -> bool {
        token.upper && self.given.iter().any(|name| name.shortens(token))
    }

    fn is_titled(&self, token: &Token) -> bool {
        self.titles.contains(&token.text) || HONORIFICS.contains(&token.text.as_str())
    }
}

#[cfg(test)]
#[path = "names/tests.rs"]
mod tests;
