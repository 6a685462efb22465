//! Searches a text for the name of a person: given name and surname that occur together.

use std::ops::Range;

use super::token::Token;
use super::{AND, PARTICLES, PersonName, Tokens};

/// A search for a person.
#[derive(Debug, Clone, Copy)]
pub struct NameSearch<'a> {
    pub person: &'a PersonName,
    /// Whether somebody who may be named has the same surname: then only the full name
    /// identifies the person.
    pub(super) shared: bool,
}

impl NameSearch<'_> {
    /// Where a text names the person: surname with given name or initial in any order and
    /// case, or the surname after a title. Neither a given name nor a surname alone is a
    /// match.
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
        // "Lasten ilona piha": common words that are also names
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
        // in lower case, only both names next to each other
        let is_given = |other: &Token| {
            let initial = !self.shared && token.upper && person.is_initial(other);
            person.is_given(other) && other.upper == token.upper || initial
        };
        let reach = if token.upper { REACH } else { 1 };
        if let Some(first) = before(tokens, here, reach, is_given) {
            return Some(tokens[first].place.start..token.place.end);
        }
        // the record may not tell which of two names is the surname
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

    /// A surname that is recorded as an initial: "Maija M.", "M., Maija"; or recorded as a
    /// given name: "M. Virta" for "Virta Maija".
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

/// The given name after a surname, with or without a comma, possibly after initials.
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

/// Maximum number of words between a given name and its surname.
const REACH: usize = 3;

/// The given name before a surname, possibly with other names or initials between them, or
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
