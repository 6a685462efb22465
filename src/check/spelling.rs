//! The rule about spelling: words that are in no dictionary. The caller provides the
//! dictionaries, if any.

use std::collections::BTreeSet;
use std::ops::Range;

use super::prose::{Texts, without_addresses, words};
use super::{CheckContext, Report};
use crate::model::Language;
use crate::model::translation::Prose;

/// A spell checker.
pub trait Speller: Sync {
    /// The words that are not in the language's dictionary; none when there is no
    /// dictionary.
    fn unknown<'a>(&self, language: Language, words: &[&'a str]) -> Vec<&'a str>;
}

/// Longest word that is looked up, in characters.
const LONGEST: usize = 100;

/// Most words that are reported per record.
const MOST: usize = 20;

/// Reports each unknown word at its first use, outside damaged texts.
pub fn spelling(
    texts: &Texts,
    ruined: &BTreeSet<String>,
    context: &CheckContext<'_>,
    report: &mut Report<'_>,
) {
    let Some(speller) = context.speller else { return };
    let names = names(context);
    let mut seen = BTreeSet::new();
    let mut places: Vec<(&Prose, Range<usize>)> = Vec::new();
    for prose in texts.written().filter(|prose| !ruined.contains(&prose.field)) {
        let text = without_addresses(&prose.text);
        for (range, word) in words(&text) {
            let small = word.to_lowercase();
            let listed = context.tables.words.know(&small)
                || names.iter().any(|name| small.starts_with(name.as_str()));
            // "syys–marraskuu": the first word continues in the second
            let part = text[range.end..].starts_with(['–', '-', ':']);
            if is_word(word, &text[..range.start]) && !part && !listed && seen.insert(small) {
                places.push((prose, range));
            }
        }
    }
    let all: Vec<&str> = places.iter().map(|(prose, range)| &prose.text[range.clone()]).collect();
    let unknown: BTreeSet<&str> = speller.unknown(texts.language, &all).into_iter().collect();
    // each part of a hyphenated word may be known
    let parts: Vec<&str> = unknown.iter().flat_map(|word| word.split('-')).collect();
    let strange: BTreeSet<&str> = speller.unknown(texts.language, &parts).into_iter().collect();
    let is_wrong = |word: &str| {
        unknown.contains(word)
            && word.split('-').any(|part| {
                strange.contains(part) && !context.tables.words.know(&part.to_lowercase())
            })
    };
    // what another rule has reported is not reported again
    let said = |prose: &Prose, range: &Range<usize>| {
        report.problems.iter().any(|problem| {
            let other = problem.place.within.as_ref();
            problem.place.field == prose.field
                && other.is_some_and(|o| o.start < range.end && range.start < o.end)
        })
    };
    let wrong: Vec<_> = places
        .into_iter()
        .zip(all)
        .filter(|((prose, range), word)| is_wrong(word) && !said(prose, range))
        .collect();
    for ((prose, range), word) in wrong.into_iter().take(MOST) {
        let problem = report.found("spelling", &prose.field).within(range);
        report.problems.push(problem.with("word", word));
    }
}

/// True for words that can be looked up: no names and no abbreviations.
fn is_word(word: &str, before: &str) -> bool {
    let before = before.trim_end();
    let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '-', '*', '(']);
    let name = word.chars().next().is_some_and(char::is_uppercase) && !begins;
    let capitals = word.chars().filter(|c| c.is_uppercase()).count() > 1;
    // anything longer is not a word, and dictionaries are not made for it
    let length = (4..=LONGEST).contains(&word.chars().count());
    !name && !capitals && length && !word.ends_with('-')
}

/// Names of municipalities in lower case without their last letters, since they are
/// inflected.
fn names(context: &CheckContext<'_>) -> Vec<String> {
    let stem = |name: &String| {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        letters[..letters.len().saturating_sub(2).max(letters.len().min(4))].iter().collect()
    };
    context.municipalities.iter().map(stem).collect()
}
