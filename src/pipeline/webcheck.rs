//! Has anything secret come into a copy for the web? The finished PDF is read
//! and held against the records: neither a secret text nor five words of it in
//! a row may stand in the text, the metadata, a bookmark or an attachment.

use crate::document::{Document, secret_texts};
use crate::model::{Place, Problem, Publicity, Record, RecordSet, Source};
use crate::typeset;

/// Words in a row that give a secret text away.
const RUN: usize = 5;
/// Letters from which on words run together are told apart without spaces.
const LONG: usize = 12;

/// Every secret text of the records that a document draws on which stands in a
/// PDF, as a problem of its record.
pub fn leaks(pdf: &[u8], document: &Document, set: &RecordSet) -> Vec<Problem> {
    let sources = document.draws_on.iter().filter_map(|id| set.source(id));
    let of_own = |source: &&Source| *source.record.id() == document.source;
    let own = set.source(&document.source).into_iter();
    let all: Vec<&Source> = own.chain(sources.filter(|source| !of_own(source))).collect();
    let read = match typeset::read(pdf) {
        Ok(read) => read,
        Err(error) => return all.first().map(|s| unreadable(s, &error)).into_iter().collect(),
    };
    let texts: Vec<Words> = read.pages.iter().chain(&read.others).map(|t| Words::of(t)).collect();
    let known = public_words(&all);
    let mut problems = Vec::new();
    for source in all {
        if read.attachments && *source.record.id() == document.source {
            problems.push(problem(source, "web-attachment", ""));
        }
        let records = std::iter::once(&source.record).chain(&source.translations);
        for secret in records.flat_map(|record| secret_texts(record)) {
            let words = Words::of(&secret);
            let found = words.runs().find(|run| {
                texts.iter().any(|text| text.has(run)) && !known.iter().any(|text| text.has(run))
            });
            if let Some(run) = found {
                problems.push(problem(source, "web-leak", &run.join(" ")));
            }
        }
    }
    problems
}

/// Names of goals, priorities and the like, which are public in any case: that
/// a secret text names one does not make the name secret.
fn public_words(sources: &[&Source]) -> Vec<Words> {
    let rounds = sources.iter().filter(|source| {
        matches!(&*source.record, Record::Round(round) if round.case.publicity() == Publicity::Public)
    });
    rounds.map(|source| Words::of(&source.text)).collect()
}

fn problem(source: &Source, rule: &'static str, found: &str) -> Problem {
    let place = Place {
        file: source.file.clone(),
        field: String::new(),
        span: None,
        text: Some(source.text.clone()),
    };
    Problem::error(rule, place).with("words", found)
}

fn unreadable(source: &Source, error: &dyn std::error::Error) -> Problem {
    problem(source, "web-unread", "").with("cause", error)
}

/// A text as words in small letters.
struct Words {
    words: Vec<String>,
    /// The same without anything between, for words are broken at line ends.
    run: String,
    /// The same with one space between, and at both ends.
    spaced: String,
}

impl Words {
    fn of(text: &str) -> Self {
        let text = text.replace(['\u{ad}', '\u{2060}', '\u{200b}'], "").to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        let (run, spaced) = (words.concat(), format!(" {} ", words.join(" ")));
        Self { words, run, spaced }
    }

    /// Every run of five words; the whole when there are fewer.
    fn runs(&self) -> impl Iterator<Item = &[String]> {
        let size = RUN.min(self.words.len()).max(1);
        self.words.windows(size)
    }

    fn has(&self, run: &[String]) -> bool {
        let joined = run.concat();
        if joined.chars().count() >= LONG {
            self.run.contains(&joined)
        } else {
            self.spaced.contains(&format!(" {} ", run.join(" ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leak(secret: &str, text: &str) -> bool {
        let (secret, text) = (Words::of(secret), Words::of(text));
        secret.runs().any(|run| text.has(run))
    }

    #[test]
    fn five_words_in_a_row_are_a_leak() {
        let secret = "Perheen tilanteesta sovittiin erikseen lastensuojelun kanssa.";
        assert!(leak(secret, "…: perheen tilanteesta sovittiin erikseen lastensuo-\njelun …"));
        assert!(leak(secret, "Tilanteesta sovittiin erikseen lastensuojelun\u{a0}kanssa"));
        assert!(!leak(secret, "Perheen tilanteesta sovittiin erikseen"));
        assert!(!leak(secret, "sovittiin tilanteesta perheen erikseen lastensuojelun"));
        assert!(leak("Ei.", "vastaus: ei"));
        assert!(!leak("Ei.", "keino"));
    }
}
