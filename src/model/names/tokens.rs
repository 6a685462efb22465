//! Splits a text into tokens and indexes them.

use std::collections::{BTreeSet, HashMap};

use super::joined;
use super::token::Token;
use crate::model::reader::Seen;

/// Index of the words of a text, to search for names.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    pub(super) all: Vec<Token>,
    /// Positions of words, by the beginnings of their parts.
    starts: HashMap<String, Vec<usize>>,
    /// Whether the text has no capital letters: then names have none either.
    pub(super) small: bool,
}

impl Tokens {
    /// Indexes the words of a text; `seen` is the text as a reader sees it.
    pub fn of(text: &str, seen: &Seen) -> Self {
        let folded = seen.folded();
        let mut all = apart(text, &folded);
        let small = !all.iter().any(|token| token.capital);
        all.extend(joined::tokens(text, &folded));
        let mut starts: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, token) in all.iter().enumerate() {
            for part in token.parts() {
                starts.entry(start(part)).or_default().push(at);
            }
        }
        Self { all, starts, small }
    }

    /// Positions of the words that may be one of the names, in order.
    pub(super) fn like<'a>(&self, names: impl Iterator<Item = &'a str>) -> BTreeSet<usize> {
        let parts = names.flat_map(|name| name.split('-'));
        parts
            .flat_map(|part| self.starts.get(&start(part)).into_iter().flatten().copied())
            .collect()
    }
}

/// The letters that do not change by case.
fn start(name: &str) -> String {
    name.chars().take(2).collect()
}

/// The words of a text in order.
pub(super) fn tokens(text: &str, seen: &Seen) -> Vec<Token> {
    apart(text, &seen.folded())
}

fn apart(text: &str, folded: &Seen) -> Vec<Token> {
    let signs = folded.signs();
    let c = |at: usize| signs.get(at).map(|sign| sign.c);
    let is_letter = |at: usize| c(at).is_some_and(char::is_alphanumeric);
    let joins = |at: usize| {
        let between = at > 0 && is_letter(at - 1) && is_letter(at + 1);
        between && matches!(c(at), Some('-' | '\''))
    };
    // a word continues after a soft hyphen at a line end
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
        let capital = typed.contains(char::is_uppercase);
        let shouts = capital && !typed.contains(char::is_lowercase);
        let gap = std::mem::take(&mut gap);
        tokens.push(Token { text: word, gap, upper, capital, shouts, place });
    }
    tokens
}
