//! Finds names of statutes in texts, inflected as Finnish texts inflect them.
//! Knows no statute.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::stems::{in_word, length_of, small};

/// Names by their first letter, each with the number of its statute.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<char, Vec<Name>>);

/// A name as texts write it.
#[derive(Debug, Clone)]
struct Name {
    /// What is the same in every form, in small letters where case does not matter.
    stem: String,
    form: Form,
    number: String,
}

/// How a name goes on behind its stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Not at all.
    Whole,
    /// Not at all, and its case matters: an abbreviation.
    Exact,
    /// With a form of "laki".
    Laki,
    /// With "annettu laki" in any case form.
    Given,
}

/// The forms of "laki" that texts use.
const LAKI: [&str; 12] = [
    "laki", "lakia", "lakiin", "lakina", "lakien", "lain", "laissa", "laista", "lailla", "lailta",
    "laille", "laiksi",
];

impl Names {
    /// Adds the names of a statute in Finnish, Swedish and English, and its short
    /// names.
    pub fn add(&mut self, [fi, sv, en]: [&String; 3], also: &[String], number: &str) {
        let mut add = |stem: &str, form| {
            let stem = if form == Form::Exact { stem.to_owned() } else { stem.to_lowercase() };
            let Some(first) = stem.chars().next().and_then(small) else { return };
            self.0.entry(first).or_default().push(Name { stem, form, number: number.to_owned() });
        };
        for name in [fi, sv, en].into_iter().chain(also) {
            // with capitals inside it is an abbreviation, which has no endings
            let inside = name.chars().skip(1).any(char::is_uppercase) && !name.contains(' ');
            match name.strip_suffix("laki") {
                _ if inside => add(name, Form::Exact),
                Some(stem) => add(stem, Form::Laki),
                None => add(name, Form::Whole),
            }
        }
        if let Some(subject) = fi.strip_prefix("Laki ") {
            add(&format!("{subject} annet"), Form::Given);
        }
        if let Some(subject) = sv.strip_prefix("Lag om ") {
            add(&format!("lagen om {subject}"), Form::Whole);
        }
    }

    /// Where a text has names, with the number of each; of two that begin alike
    /// the longer one is meant.
    pub fn find_all(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let mut found = Vec::new();
        let (mut from, mut before) = (0, None);
        for (at, c) in text.char_indices() {
            let begins = !before.is_some_and(in_word) && at >= from;
            before = Some(c);
            let names = small(c).filter(|_| begins).and_then(|first| self.0.get(&first));
            let ends = names.into_iter().flatten().filter_map(|name| {
                let length = name.length_in(&text[at..])?;
                Some((length, &*name.number))
            });
            // of statutes with one name the first is meant
            if let Some((length, number)) = ends.rev().max_by_key(|(length, _)| *length) {
                from = at + length;
                found.push((at..from, number));
            }
        }
        found
    }
}

impl Name {
    /// How much of a text's beginning is this name, when it is.
    fn length_in(&self, text: &str) -> Option<usize> {
        let stem = match self.form {
            Form::Exact => text.starts_with(&self.stem).then_some(self.stem.len())?,
            _ => length_of(&self.stem, text)?,
        };
        let rest = &text[stem..];
        let length = match self.form {
            Form::Whole | Form::Exact => stem,
            Form::Laki => {
                let ending = &rest[..word_length(rest)];
                let known = LAKI.iter().any(|form| length_of(form, ending) == Some(ending.len()));
                known.then_some(stem + ending.len())?
            }
            Form::Given => {
                let first = letters(rest)?;
                let second = length_of(" la", &rest[first..])? + first;
                stem + second + letters(&rest[second..])?
            }
        };
        (!text[length..].chars().next().is_some_and(in_word)).then_some(length)
    }
}

/// The letters that a text begins with, when there are some.
fn letters(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    (length > 0).then_some(length)
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !in_word(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_forms_and_only_whole() {
        let mut names = Names::default();
        let own = |names: [&str; 3]| names.map(str::to_owned);
        let [fi, sv, en] = own(["Kuntalaki", "Kommunallag", "Local Government Act"]);
        names.add([&fi, &sv, &en], &own(["kommunallagen", "KuntaL", "x"]), "410/2015");
        let [fi, sv, en] = own(["Laki hyvinvointialueesta", "Lag om välfärdsområden", "Act"]);
        names.add([&fi, &sv, &en], &[], "611/2021");
        let [fi, sv, en] = own(["Kuntalaki", "Lag om välfärdsområdenas finansiering", "-"]);
        names.add([&fi, &sv, &en], &[], "617/2021");
        let found = |text: &'static str| -> Vec<(&str, String)> {
            let all = names.find_all(text).into_iter();
            all.map(|(range, number)| (&text[range], number.to_owned())).collect()
        };
        for (text, name, number) in [
            ("KUNTALAIN 1 §", "KUNTALAIN", "410/2015"),
            ("(kuntalakiin)", "kuntalakiin", "410/2015"),
            ("kommunallagen", "kommunallagen", "410/2015"),
            ("se KuntaL 5 §", "KuntaL", "410/2015"),
            ("hyvinvointialueesta annetun lain", "hyvinvointialueesta annetun lain", "611/2021"),
            ("lagen om välfärdsområden.", "lagen om välfärdsområden", "611/2021"),
            ("Lag om Välfärdsområden", "Lag om Välfärdsområden", "611/2021"),
            (
                "lag om välfärdsområdenas finansiering",
                "lag om välfärdsområdenas finansiering",
                "617/2021",
            ),
        ] {
            assert_eq!(found(text), [(name, number.to_owned())], "{text}");
        }
        for text in ["kuntalaissani", "äkuntalaki", "esikuntalaki", "kuntal", "kuntalakeja"] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found("kuntalaki, kuntalaki ja kommunallag").len(), 3);
    }
}
