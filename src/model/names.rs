//! Names of people in running text: inflected, turned round, with initials.
//! Knows Finnish endings and the Swedish genitive, and no dictionary.

mod forms;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::reader::Seen;
use forms::Forms;

/// A person, as a field for a name has them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Given names, each with its forms.
    given: Vec<Name>,
    surname: Vec<Name>,
    /// Titles that stand before the surname alone: `toiminnanjohtaja`.
    titles: Vec<String>,
    /// The name as it was written.
    pub shown: String,
}

/// A name, or a part of one that is joined by a hyphen.
#[derive(Debug, Clone)]
struct Name {
    /// Folded; a single letter is an initial.
    text: String,
    forms: Forms,
    /// Those of the parts of a double name.
    parts: Vec<Forms>,
}

impl Name {
    fn of(text: &str) -> Self {
        let parts = text.split('-').filter(|part| part.len() > 2);
        let parts = if text.contains('-') { parts.map(Forms::of).collect() } else { Vec::new() };
        Self { text: text.to_owned(), forms: Forms::of(text), parts }
    }

    fn is_initial(&self) -> bool {
        self.text.chars().nth(1).is_none()
    }

    /// Whether a word of a text is this name in some case.
    fn is(&self, token: &Token) -> bool {
        let same_parts = token.text.matches('-').count() == self.text.matches('-').count();
        same_parts && self.forms.has(&token.text)
    }

    /// Whether a word is the name or a part of a double name in some case.
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

/// A word of a text, with what stands before it.
#[derive(Debug, Clone)]
pub struct Token {
    /// Folded, with the hyphens inside.
    text: String,
    /// What parts it from the word before.
    gap: String,
    /// Whether it begins with a capital letter.
    upper: bool,
    /// Bytes of the text.
    place: Range<usize>,
}

impl Token {
    fn is_initial(&self) -> bool {
        self.upper && self.text.split('-').all(|part| part.chars().nth(1).is_none())
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split('-')
    }

    /// Whether nothing but space, or the stop of an initial, stands before it.
    fn follows(&self, before: &Token) -> bool {
        let gap = self.gap.trim();
        gap.is_empty() || gap == "." && before.is_initial()
    }
}

/// The words of a text, ready for names to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    all: Vec<Token>,
    /// Places of words with a capital letter, by how their parts begin.
    starts: HashMap<String, Vec<usize>>,
}

impl Tokens {
    /// The words of a text; `seen` is what a reader sees of it.
    pub fn of(text: &str, seen: &Seen) -> Self {
        let all = tokens(text, seen);
        let mut starts: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, token) in all.iter().enumerate().filter(|(_, token)| token.upper) {
            for part in token.parts() {
                starts.entry(start(part)).or_default().push(at);
            }
        }
        Self { all, starts }
    }

    /// Places of the words that may be one of the names, in order.
    fn like(&self, names: &[&Name]) -> BTreeSet<usize> {
        let parts = names.iter().flat_map(|name| name.text.split('-'));
        parts
            .flat_map(|part| self.starts.get(&start(part)).into_iter().flatten().copied())
            .collect()
    }
}

/// The letters that no case changes.
fn start(name: &str) -> String {
    name.chars().take(2).collect()
}

fn tokens(text: &str, seen: &Seen) -> Vec<Token> {
    let folded = seen.folded();
    let signs = folded.signs();
    let c = |at: usize| signs.get(at).map(|sign| sign.c);
    let is_letter = |at: usize| c(at).is_some_and(char::is_alphanumeric);
    let joins = |at: usize| {
        let between = at > 0 && is_letter(at - 1) && is_letter(at + 1);
        between && matches!(c(at), Some('-' | '\''))
    };
    // a word goes on behind a soft hyphen at the end of a line
    let broken = |at: usize| {
        let soft =
            |from: usize, to: usize| text.get(from..to).is_some_and(|t| t.contains('\u{ad}'));
        let at_end = at > 0 && c(at) == Some('\n') && is_letter(at + 1);
        at_end && soft(signs[at - 1].place().end, signs[at].place().start)
    };
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut gap) = (0, String::new());
    while at < signs.len() {
        if !is_letter(at) {
            gap.push(signs[at].c);
            at += 1;
            continue;
        }
        let from = at;
        let mut word = String::new();
        while is_letter(at) || joins(at) || broken(at) {
            if !matches!(signs[at].c, '\'' | '\n') {
                word.push(signs[at].c);
            }
            at += 1;
        }
        let place = folded.place(from..at);
        let typed = text.get(place.clone()).unwrap_or_default();
        let upper = typed.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        tokens.push(Token { text: word, gap: std::mem::take(&mut gap), upper, place });
    }
    tokens
}

/// Words between two people in one field.
const AND: &[&str] = &["ja", "seka", "och", "samt", "and"];
/// Words that belong to the surname behind them.
const PARTICLES: &[&str] = &["von", "af", "de", "van", "der", "den", "da", "di", "la", "zu"];
/// What is said before a surname alone.
const HONORIFICS: &[&str] = &[
    "herra", "rouva", "neiti", "hra", "rva", "nti", "herr", "fru", "froken", "hr", "mr", "mrs",
    "ms", "miss",
];

/// Whether a word before a name is a title, by how such words end.
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

/// The people whom a field for a name has, `role` being their office: several
/// when it has several.
pub fn people(field: &str, role: Option<&str>) -> Vec<Person> {
    let tokens = tokens(field, &Seen::typed(field));
    // parts between "ja", "&" and the like, each cut at its commas
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
    let mut titles: Vec<String> = role.into_iter().flat_map(last_word).collect();
    let mut found: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for group in groups {
        let parts: Vec<Vec<String>> = group
            .iter()
            .map(|part| names_in(part, &mut titles))
            .filter(|part| !part.is_empty())
            .collect();
        let mut parts = parts.into_iter().peekable();
        while let Some(part) = parts.next() {
            // "Meikäläinen, Maija Kaarina"
            let turned = part.len() == 1 && parts.peek().is_some_and(|next| next.len() <= 2);
            let given = if turned { parts.next() } else { None };
            found.push(match given {
                Some(given) => (given, part),
                None => in_order(part),
            });
        }
    }
    // "Maija ja Matti Meikäläinen" have one surname
    let mut surname = Vec::new();
    for (given, own) in found.iter_mut().rev() {
        if given.is_empty() && own.len() == 1 && !surname.is_empty() {
            *given = std::mem::replace(own, Vec::clone(&surname));
        }
        surname.clone_from(own);
    }
    found.retain(|(given, surname)| !given.is_empty() && !surname.is_empty());
    let name = |words: Vec<String>| words.iter().map(|word| Name::of(word)).collect();
    let person = |(given, surname)| Person {
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

/// The names of a part of a field; titles before them are told apart.
fn names_in(part: &[&Token], titles: &mut Vec<String>) -> Vec<String> {
    let capital = part.iter().any(|token| token.upper);
    let kept = |token: &&&Token| {
        let word = token.text.as_str();
        !HONORIFICS.contains(&word) && !PARTICLES.contains(&word) && (token.upper || !capital)
    };
    let mut names: Vec<&str> = part.iter().filter(kept).map(|token| token.text.as_str()).collect();
    titles.extend(
        part.iter().filter(|t| capital && !t.upper && t.text.len() > 4).map(|t| t.text.clone()),
    );
    // without any capital letter a title can only be told by its ending
    while names.len() > 2 && is_title(names[0])
        || !capital && names.first().is_some_and(|n| is_title(n))
    {
        titles.push(names.remove(0).to_owned());
    }
    names
        .into_iter()
        .filter(|name| !name.chars().any(char::is_numeric))
        .map(str::to_owned)
        .collect()
}

/// Given names and surname of names without a comma.
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

impl Person {
    /// Whether it may be the same person by name.
    pub fn may_be(&self, other: &Person) -> bool {
        let same = |a: &Name, b: &Name| {
            let short = a.is_initial() || b.is_initial();
            a.forms.has(&b.text)
                || b.forms.has(&a.text)
                || short && a.text.chars().next() == b.text.chars().next()
        };
        let any = |a: &[Name], b: &[Name]| a.iter().any(|a| b.iter().any(|b| same(a, b)));
        any(&self.given, &other.given) && any(&self.surname, &other.surname)
            || any(&self.given, &other.surname) && any(&self.surname, &other.given)
    }

    /// Whether somebody else has the same surname.
    fn shares_surname(&self, other: &Person) -> bool {
        self.surname.iter().any(|a| other.surname.iter().any(|b| a.text == b.text))
    }

    /// Where a text names the person: surname and given name or initial beside
    /// each other in any order and case, or the surname behind a title. A given
    /// name alone says nothing, nor does a surname alone. `known` are people who
    /// may be named.
    pub fn named_in(&self, text: &Tokens, known: &[Person]) -> Option<Range<usize>> {
        if known.iter().any(|other| self.may_be(other)) {
            return None;
        }
        // of two with one surname only the whole name tells which
        let shared = known.iter().any(|other| self.shares_surname(other));
        let tokens = text.all.as_slice();
        let at = |at: usize| tokens.get(at);
        let initial = self.surname.iter().any(Name::is_initial);
        let given = self.given.iter().filter(|_| initial);
        let names: Vec<&Name> = self.surname.iter().chain(given).collect();
        for here in text.like(&names) {
            let token = &tokens[here];
            let whole =
                self.surname.iter().any(|name| !name.is_initial() && name.is_part_of(token));
            if whole {
                let given = |at: usize, token: &Token| {
                    let initial = || !shared && self.given.iter().any(|name| name.shortens(token));
                    let name = self.given.iter().any(|name| name.is(token));
                    let titled = !shared
                        && at + 1 == here
                        && (self.titles.iter().any(|title| *title == token.text)
                            || HONORIFICS.contains(&token.text.as_str()));
                    name || titled || token.upper && initial()
                };
                if let Some(first) = before(tokens, here, given) {
                    return Some(tokens[first].place.start..token.place.end);
                }
                let last = at(here + 1).filter(|next| {
                    let turned = next.gap.trim() == "," || next.follows(token);
                    turned && next.upper && given(usize::MAX - 1, next)
                });
                if let Some(last) = last {
                    return Some(token.place.start..last.place.end);
                }
            }
            // a surname that is recorded as an initial: "Maija M.", "M., Maija"
            let short = |token: &Token| {
                self.surname.iter().any(|name| name.is_initial() && name.shortens(token))
            };
            if self.given.iter().any(|name| !name.is_initial() && name.is(token)) {
                let next = at(here + 1).filter(|next| next.follows(token) && short(next));
                let previous = here.checked_sub(1).and_then(at).filter(|previous| {
                    let turned = [",", ".,", "."].contains(&token.gap.trim());
                    previous.is_initial() && (turned || token.follows(previous)) && short(previous)
                });
                if let Some(other) = next.or(previous) {
                    let (start, end) = (&token.place, &other.place);
                    return Some(start.start.min(end.start)..start.end.max(end.end));
                }
            }
        }
        None
    }
}

/// The given name before a surname, other names or initials between them, or
/// that of a couple: "Maija ja Matti Meikäläinen".
fn before(
    tokens: &[Token],
    surname: usize,
    is_given: impl Fn(usize, &Token) -> bool,
) -> Option<usize> {
    let mut at = surname;
    for _ in 0..3 {
        let previous = at.checked_sub(1)?;
        if !tokens[at].follows(&tokens[previous]) {
            return tokens[at]
                .gap
                .trim()
                .eq("&")
                .then(|| previous)
                .filter(|p| is_given(*p, &tokens[*p]));
        }
        at = previous;
        if is_given(at, &tokens[at]) {
            return Some(at);
        }
        let goes_on = tokens[at].upper
            || AND.contains(&tokens[at].text.as_str())
            || PARTICLES.contains(&tokens[at].text.as_str());
        if !goes_on {
            return None;
        }
    }
    None
}

#[cfg(test)]
#[path = "names/tests.rs"]
mod tests;
