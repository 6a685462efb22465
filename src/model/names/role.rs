//! Finds people named in a field for an office, as in "chair Liisa Virtanen".

use std::ops::Range;

use super::token::Token;
use super::tokens::tokens;
use super::{AND, PARTICLES, PersonName, is_title, people};
use crate::model::reader::Seen;

/// Maximum number of words of a name.
const LONGEST: usize = 4;
/// Maximum number of letters of an abbreviation.
const ABBREVIATION: usize = 4;
/// Words that do not precede a person: "chair of Alder Village".
const BEFORE_OTHERS: &[&str] = &[
    "of", "for", "from", "in", "at", "on", "the", "to", "by", "with", "av", "i", "pa", "vid",
    "fran", "hos", "till", "med", "den", "det",
];
/// Endings of words for an office or a body, in addition to titles.
const OFFICES: &[&str] = &[
    "member",
    "officer",
    "nurse",
    "teacher",
    "worker",
    "planner",
    "leader",
    "trainer",
    "treasurer",
    "representative",
    "assistant",
    "adviser",
    "advisor",
    "expert",
    "chairman",
    "chairperson",
    "president",
    "head",
    "board",
    "council",
    "committee",
    "association",
    "club",
    "society",
    "office",
    "centre",
    "yhdistys",
    "liitto",
    "seura",
    "kerho",
    "kunta",
    "kaupunki",
    "osasto",
    "toimisto",
    "hallitus",
    "medlem",
    "ledare",
    "representant",
    "forening",
    "foreningen",
    "kommun",
];

/// The people named in the field: capitalized words that are alone, or after the office.
pub fn people_in_role(role: &str) -> Vec<PersonName> {
    let tokens = tokens(role, &Seen::typed(role));
    let shouts = !role.contains(char::is_lowercase);
    let runs = runs(&tokens).into_iter().filter(|run| is_person(&tokens, run, shouts));
    let typed = runs.filter_map(|run| {
        let (first, last) = (tokens.get(run.start)?, tokens.get(run.end.checked_sub(1)?)?);
        role.get(first.place.start..last.place.end)
    });
    typed.flat_map(|name| people(name, None)).collect()
}

/// Runs of capitalized words, without titles before them.
fn runs(tokens: &[Token]) -> Vec<Range<usize>> {
    let is_upper = |at: usize| tokens.get(at).is_some_and(|token| token.upper);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let follows = before.is_some_and(|before| token.follows(before));
        let goes_on = runs.last().is_some_and(|run| run.end == at) && follows;
        let joins = goes_on && PARTICLES.contains(&token.text.as_str()) && is_upper(at + 1);
        if !token.upper && !joins {
            continue;
        }
        let begins = !goes_on || is_title(&token.text) && !joins;
        match runs.last_mut() {
            Some(run) if !begins => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    for run in &mut runs {
        while run.start < run.end && is_title(&tokens[run.start].text) {
            run.start += 1;
        }
    }
    runs
}

/// Whether capitalized words can only be a person's name.
fn is_person(tokens: &[Token], run: &Range<usize>, shouts: bool) -> bool {
    let Some(words) = tokens.get(run.clone()) else { return false };
    let before = run.start.checked_sub(1).and_then(|at| tokens.get(at));
    let of = before.zip(words.first()).is_some_and(|(before, first)| {
        first.follows(before) && BEFORE_OTHERS.contains(&before.text.as_str())
    });
    // "Suomen Punaisen Ristin edustaja"
    let owns = tokens
        .get(run.end)
        .zip(words.last())
        .is_some_and(|(next, last)| next.follows(last) && !AND.contains(&next.text.as_str()));
    let is_office = |token: &Token| {
        is_title(&token.text) || OFFICES.iter().any(|end| token.text.ends_with(end))
    };
    let has_digit = |token: &Token| token.text.contains(char::is_numeric);
    let none = |token: &Token| is_office(token) || has_digit(token);
    // "SPR Keuruu"
    let short = words.first().is_some_and(|first| {
        let letters = first.text.chars().count();
        first.shouts && (2..=ABBREVIATION).contains(&letters) && !shouts
    });
    (2..=LONGEST).contains(&words.len()) && !of && !owns && !short && !words.iter().any(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beside_an_office_is_found() {
        for (role, count) in [
            ("chair Liisa Virtanen", 1),
            ("puheenjohtaja Liisa Virtanen", 1),
            ("Toiminnanjohtaja Liisa Virtanen", 1),
            ("Liisa Virtanen, puheenjohtaja", 1),
            ("Liisa Virtanen", 1),
            ("puheenjohtaja (Liisa Virtanen)", 1),
            ("ordförande Carl von Essen", 1),
            ("chair L. Virtanen", 1),
            ("CHAIR LIISA VIRTANEN", 1),
            ("puheenjohtaja Liisa Virtanen ja sihteeri Pekka Malli", 2),
            ("Liisa Virtanen ja Pekka Malli", 2),
        ] {
            assert_eq!(people_in_role(role).len(), count, "{role}");
        }
    }

    #[test]
    fn an_office_is_nobody() {
        for role in [
            "toiminnanjohtaja",
            "hallituksen puheenjohtaja",
            "Hallituksen puheenjohtaja",
            "Project Manager",
            "Vice Chair",
            "Board Member",
            "Executive Director",
            "chair of Alder Village",
            "Suomen Punaisen Ristin edustaja",
            "Varsinais-Suomen edustaja",
            "edustaja SPR Keuruu",
            "Keuruun Seudun Osasto",
            "",
        ] {
            assert_eq!(people_in_role(role).len(), 0, "{role}");
        }
    }
}
