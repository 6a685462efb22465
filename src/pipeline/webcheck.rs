//! Has anything secret come into a copy for the web? The finished PDF is read
//! and held against the records: neither a secret text nor five words of it in
//! a row may stand in the text, the metadata, a bookmark or an attachment.

use std::collections::BTreeSet;

use crate::document::{Document, DocumentId, private_names, public_texts, secret_texts};
use crate::model::{Place, Problem, Publicity, Record, RecordSet, Source};
use crate::typeset;

/// Words in a row that give a secret text away.
const RUN: usize = 5;
/// The same for a text of a record that the document does not draw on: a quote.
const QUOTE: usize = 8;
/// Letters from which on words run together are told apart without spaces.
const LONG: usize = 12;

/// Every secret text of any record, and every name that the copy should not
/// have, which stands in a PDF all the same: problems of the document's record.
pub fn leaks(pdf: &[u8], document: &Document, id: &DocumentId, set: &RecordSet) -> Vec<Problem> {
    let Some(own) = set.source(&document.source) else { return Vec::new() };
    let read = match typeset::read(pdf) {
        Ok(read) => read,
        Err(error) => return vec![problem(own, "web-unread", id).with("cause", error)],
    };
    let texts: Vec<Words> = read.pages.iter().chain(&read.others).map(|t| Words::of(t)).collect();
    let place = |run: &[String]| texts.iter().position(|text| text.has(run));
    let known: Vec<Words> = set.iter().filter_map(public_words).collect();
    let is_known = |run: &[String]| known.iter().any(|text| text.has(run));
    let said = set.iter().flat_map(|source| public_texts(&source.record));
    let shared: BTreeSet<String> = said.map(|text| Words::of(&text).run).collect();
    let mut problems = Vec::new();
    if read.attachments {
        problems.push(problem(own, "web-attachment", id));
    }
    for source in set.iter() {
        let records = || std::iter::once(&source.record).chain(&source.translations);
        let secrets = records().flat_map(|record| secret_texts(record));
        let names = records().flat_map(|record| private_names(record));
        let secrets = secrets.map(|text| (text, "web-leak"));
        for (text, rule) in secrets.chain(names.map(|text| (text, "web-name"))) {
            let words = Words::of(&text);
            let drawn_on = document.draws_on.contains(source.record.id());
            if !drawn_on && shared.contains(&words.run) {
                continue;
            }
            let runs = match (rule, drawn_on) {
                ("web-leak", true) => words.runs(RUN),
                ("web-leak", false) => words.runs(QUOTE),
                _ => words.runs(usize::MAX),
            };
            let mut found = runs.filter_map(|run| Some((place(run)?, run)));
            if let Some((page, run)) = found.find(|(_, run)| !is_known(run)) {
                let page =
                    if page < read.pages.len() { (page + 1).to_string() } else { "–".into() };
                let found = problem(own, rule, id)
                    .with("words", run.join(" "))
                    .with("page", page)
                    .with("of", source.file.display());
                if !problems.contains(&found) {
                    problems.push(found);
                }
            }
        }
    }
    problems
}

/// Names of goals, priorities and the like, which are public in any case: that
/// a secret text names one does not make the name secret.
fn public_words(source: &Source) -> Option<Words> {
    match &*source.record {
        Record::Round(round) if round.case.publicity() == Publicity::Public => {
            Some(Words::of(&source.text))
        }
        _ => None,
    }
}

fn problem(source: &Source, rule: &'static str, id: &DocumentId) -> Problem {
    let place = Place {
        file: source.file.clone(),
        field: String::new(),
        span: None,
        text: Some(source.text.clone()),
        ..Place::default()
    };
    Problem::error(rule, place).with("document", id)
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

    /// Every run of so many words; the whole when there are fewer.
    fn runs(&self, size: usize) -> std::slice::Windows<'_, String> {
        let size = size.min(self.words.len()).max(1);
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
        secret.runs(RUN).any(|run| text.has(run))
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
