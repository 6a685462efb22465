//! Searches a text for the name of a person: given name and surname that occur together.

use std::ops::Range;

use super::token::Token;
use super::{AND, PARTICLES, PersonName, Tokens};

/// A person who is looked for.
#[derive(Debug, Clone, Copy)]
pub struct NameSearch<'a> {
    pub person: &'a PersonName,
    /// Whether somebody who may be named has the surname too: then only the
    /// whole name tells which of the two is meant.
    pub(super) shared: bool,
}

impl NameSearch<'_> {
    /// Where a text names the person: surname and given name or initial beside
    /// each other in any order and case, or the surname behind a title. A given
    /// name alone says nothing, nor does a surname alone.
    pub fn named_in(&self, text: &Tokens) -> Option<Range<usize>> {
        let PersonName { given, surname, .. } = self.person;
        let names = surname.iter().chain(given).map(|name| name.text.as_str());
        text.like(names).into_iter().find_map(|here| {
            self.by_surname(text, here).or_else(|| self.by_given_name(&text.all, here))
        })
    }

    fn by_surname(&self, text: &Tokens, here: usize) -> Option<Range<usize>> {
        let tokens = text.all.as_slice();
        let (person, token) = (self.person, tokens.get(here)?);
        // "Lasten ilona piha": words that are names too, and no name here
        if !token.upper && !text.small {
            return None;
        }
        if !person.surname.iter().any(|name| !name.is_initial() && name.is_part_of(token)) {
            return None;
        }
        let first = here.checked_sub(1).map(|at| &tokens[at]).filter(|one| token.follows(one));
        if let Some(one) = first.filter(|one| !self.shared && token.upper && person.is_titled(one))
        {
            return Some(one.place.start..token.place.end);
        }
        // in small letters only the two names side by side
        let is_given = |other: &Token| {
            let initial = !self.shared && token.upper && person.is_initial(other);
            person.is_given(other) && other.upper == token.upper || initial
        };
        let reach = if token.upper { REACH } else { 1 };
        if let Some(first) = before(tokens, here, reach, is_given) {
            return Some(tokens[first].place.start..token.place.end);
        }
        // which of two names is the surname, the record may not tell
        let previous = here.checked_sub(1).map(|at| &tokens[at]);
        let ends = tokens.get(here + 1).is_none_or(Token::closes);
        let parted = token.gap.trim() == "," || token.opens() && ends;
        let turned = previous.filter(|one| parted && one.upper && is_given(one));
        if let Some(previous) = turned {
            return Some(previous.place.start..token.place.end);
        }
        // "Maija (Liisa) Meikäläinen", "(Maija) Meikäläinen"
        if let Some(inside) = previous.filter(|one| token.closes() && token.upper && one.opens()) {
            let outside = here.checked_sub(2).map(|at| &tokens[at]);
            if let Some(first) = [outside, Some(inside)].into_iter().flatten().find(|t| is_given(t))
            {
                return Some(first.place.start..token.place.end);
            }
        }
        let last = behind(tokens, here, is_given)?;
        Some(token.place.start..tokens[last].place.end)
    }

    /// A surname that is recorded as an initial: "Maija M.", "M., Maija"; or one
    /// that the record has for a given name: "M. Virta" of "Virta Maija".
    fn by_given_name(&self, tokens: &[Token], here: usize) -> Option<Range<usize>> {
        let (person, token) = (self.person, tokens.get(here)?);
        let is_given = person.given.iter().any(|name| !name.is_initial() && name.is(token));
        if !token.upper || !is_given {
            return None;
        }
        let mut surname = person.surname.iter().filter(|name| !name.is_initial());
        let previous = here.checked_sub(1).map(|at| &tokens[at]);
        let initial = previous.filter(|one| !self.shared && one.is_initial() && one.upper);
        if let Some(initial) = initial.filter(|one| token.follows(one))
            && surname.any(|name| name.shortens(initial))
        {
            return Some(initial.place.start..token.place.end);
        }
        let shortened = |other: &Token| {
            let mut surname = person.surname.iter().filter(|name| name.is_initial());
            other.upper && surname.any(|name| name.shortens(other))
        };
        if let Some(next) = tokens.get(here + 1).filter(|n| n.follows(token) && shortened(n)) {
            return Some(token.place.start..next.place.end);
        }
        let turned = [",", ".,", ".", ""].contains(&token.gap.trim());
        let previous = previous.filter(|one| turned && one.is_initial() && shortened(one))?;
        Some(previous.place.start..token.place.end)
    }
}

/// The given name behind a surname, with or without a comma, initials between them.
fn behind(tokens: &[Token], surname: usize, is_given: impl Fn(&Token) -> bool) -> Option<usize> {
    let mut at = surname;
    for _ in 0..REACH {
        let token = tokens.get(at + 1)?;
        // "Meikäläinen, Maija", "Meikäläinen (Maija)"
        let ends = || tokens.get(at + 2).is_none_or(Token::closes);
        let comma = at == surname && (token.gap.trim() == "," || token.opens() && ends());
        if !comma && !token.follows(&tokens[at]) {
            return None;
        }
        at += 1;
        if is_given(token) {
            return Some(at);
        }
        if !(token.upper && token.is_initial()) {
            return None;
        }
    }
    None
}

/// Words between a given name and its surname.
const REACH: usize = 3;

/// The given name before a surname, other names or initials between them, or
/// that of a couple: "Maija ja Matti Meikäläinen".
fn before(
    tokens: &[Token],
    surname: usize,
    reach: usize,
    is_given: impl Fn(&Token) -> bool,
) -> Option<usize> {
    let mut at = surname;
    for _ in 0..reach {
        let next = &tokens[at];
        at = at.checked_sub(1)?;
        let token = &tokens[at];
        let and = next.gap.trim() == "&" && at + 1 < surname;
        if !next.follows(token) && !and {
            return None;
        }
        if is_given(token) {
            return Some(at);
        }
        let word = token.text.as_str();
        let joins = PARTICLES.contains(&word) || AND.contains(&word) && at + 1 < surname;
        if !token.upper && !joins {
            return None;
        }
    }
    None
}
