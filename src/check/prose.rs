//! The texts of a record as rules read them: with their fields, split into sentences and
//! words, and separated from names and addresses.

use std::ops::Range;

use super::addresses::addresses;

use crate::model::translation::{Prose, texts};
use crate::model::{Fix, Language, Record, schema_of};

/// The texts of a record in one language.
pub struct Texts {
    pub language: Language,
    pub all: Vec<Prose>,
}

impl Texts {
    /// The texts of a record. Reasons in `accept` are about the record, not part of it.
    pub fn of(record: &Record) -> Self {
        let value = serde_json::to_value(record).unwrap_or_default();
        let mut all = texts(&value, schema_of(record.kind()));
        all.retain(|prose| !prose.field.starts_with("accept["));
        Self { language: record.language(), all }
    }

    /// Texts that somebody composed: without names, addresses, offices and organisations.
    pub fn written(&self) -> impl Iterator<Item = &Prose> {
        self.all.iter().filter(|prose| !is_name(&prose.field))
    }
}

/// A correction that gives a field a new text.
pub fn fix(prose: &Prose, new: String, safe: bool) -> Fix {
    Fix { edits: vec![(prose.field.clone(), new)], safe }
}

/// Names of the fields that hold names and addresses.
const NAMES: &[&str] = &[
    "name",
    "names",
    "organisation",
    "recipient",
    "municipality",
    "municipalities",
    "email",
    "link",
    "channel",
    "role",
    "from",
    "who",
    "place",
    "sites",
    "number",
    "function",
    "reason",
    "short",
    "body",
    "authority",
    "unit",
    "statute",
    "competence",
    "secrecy_basis",
    "completes",
];

/// Parts of a round whose names are headings that somebody composed.
const HEADINGS: &[&str] = &["priorities[", "service_areas[", "groups["];

/// True for a field that holds a name.
pub fn is_name(field: &str) -> bool {
    let heading = HEADINGS.iter().any(|part| field.starts_with(part));
    if heading && matches!(last_step(field), "name" | "short") {
        return false;
    }
    NAMES.contains(&last_step(field))
}

/// `who` of `measures[0].who[2]`.
pub fn last_step(field: &str) -> &str {
    let last = field.rsplit('.').next().unwrap_or_default();
    last.split('[').next().unwrap_or_default()
}

/// Abbreviations with a full stop that does not end a sentence.
const SHORTENED: &[&str] = &[
    "mom", "esim", "ks", "vrt", "klo", "mm", "ym", "yms", "jne", "nk", "ns", "ts", "tms", "n",
    "nro", "vt", "v", "s", "kpl", "em", "ao", "kts", "os", "puh", "kl", "bl", "t.ex", "t.o.m",
    "fr.o.m", "s.k", "jfr", "nr", "st", "dvs", "osv", "e.g", "i.e", "etc", "no", "mr", "ms", "dr",
    "p", "pp", "alk", "ent", "huom", "ko", "so", "ml", "mml", "milj", "mrd", "vs", "va", "pj",
    "vpj", "siht", "joht", "toim", "yht", "k", "vko", "kk", "prof", "tri", "toht", "ap", "ip",
    "puh.joht", "jr", "sr", "esitt", "f.d", "m.m", "enl", "ang", "inkl", "exkl", "resp", "mr",
];

/// Byte ranges of the sentences and list items of a text.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let ends = match c {
            '\n' => is_break(rest),
            '.' | '!' | '?' => ends_sentence(&text[start..at], c, rest),
            _ => false,
        };
        if ends {
            found.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    found.push(start..text.len());
    found.retain(|range| !text[range.clone()].trim().is_empty());
    found
}

/// True when a new paragraph or list item begins after a line break.
fn is_break(rest: &str) -> bool {
    let line = rest.trim_start_matches(' ');
    let numbered = || line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ");
    let item = || ["- ", "* ", "• ", "– ", "· "].iter().any(|mark| line.starts_with(mark));
    line.starts_with('\n') || item() || numbered()
}

fn ends_sentence(before: &str, mark: char, rest: &str) -> bool {
    let rest = rest.trim_start_matches(['"', '”', '’', ')', '*', '_', ']']);
    let mut next = rest.chars();
    match next.next() {
        None => return true,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    let begins = rest.trim_start().trim_start_matches(['"', '”', '“', '(', '*', '[']);
    if !begins.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()) {
        return begins.is_empty();
    }
    if mark != '.' {
        return true;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    !SHORTENED.contains(&word.to_lowercase().as_str())
}

/// The start of the word at a place: after the last character before it that separates
/// words, however many bytes that has.
pub fn word_start(text: &str, at: usize, parts: impl Fn(char) -> bool) -> usize {
    let before = text[..at].char_indices().rev().find(|(_, c)| parts(*c));
    before.map_or(0, |(at, c)| at + c.len_utf8())
}

/// The sentence around a place, as a byte range.
pub fn sentence_at(text: &str, at: usize) -> Range<usize> {
    // only the vicinity in a long text: rules ask for many places
    let start = text.floor_char_boundary(at.saturating_sub(NEAR));
    let end = text.floor_char_boundary((at + NEAR).min(text.len()));
    let around = |range: Range<usize>| range.start + start..range.end + start;
    let near = sentences(&text[start..end]).into_iter().map(around);
    near.into_iter().find(|range| range.contains(&at)).unwrap_or(start..end)
}

/// How far from a place its sentence is looked for, in bytes.
const NEAR: usize = 3000;

/// The words of a text: letters first, with hyphens and apostrophes inside.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(char::is_alphabetic)?;
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '\u{301}');
        let end = text[start..].find(|c| !inside(c)).map_or(text.len(), |end| start + end);
        rest = end;
        Some((start..end, &text[start..end]))
    })
}

/// The same text with everything that is not prose blanked out byte by byte, so that places
/// stay the same.
pub fn without_addresses(text: &str) -> String {
    let mut blank = text.to_owned();
    for range in addresses(text) {
        blank.replace_range(range.clone(), &"0".repeat(range.len()));
    }
    blank
}

/// Changes only the parts of a text that are prose.
pub fn outside_addresses(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for range in addresses(text) {
        out.push_str(&change(&text[end..range.start]));
        out.push_str(&text[range.clone()]);
        end = range.end;
    }
    out.push_str(&change(&text[end..]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| text[range].trim()).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            cut("Kokous oli 23.10.2025 klo 13. Se päättyi (7 § 4 mom. Laki). Uusi alkoi"),
            ["Kokous oli 23.10.2025 klo 13.", "Se päättyi (7 § 4 mom. Laki).", "Uusi alkoi"]
        );
        assert_eq!(cut("Kolme asiaa:\n\n- yksi\n- kaksi"), ["Kolme asiaa:", "- yksi", "- kaksi"]);
        assert_eq!(cut("esim. Jämsä ja 15. joulukuuta"), ["esim. Jämsä ja 15. joulukuuta"]);
        assert_eq!(cut("Hän sanoi: ”Ei.” Sitten"), ["Hän sanoi: ”Ei.", "” Sitten"]);
    }

    #[test]
    fn addresses_are_blanked_out_in_place() {
        let text = "Katso https://a.example/b-c ja kirjaamo@a.example nyt";
        let blank = without_addresses(text);
        assert_eq!(blank.len(), text.len());
        assert!(!blank.contains("example") && blank.ends_with(" nyt"));
    }

    #[test]
    fn names_are_told_from_texts() {
        assert!(is_name("distribution[0].recipient") && is_name("groups[1].municipalities[0]"));
        assert!(!is_name("notes[0].text") && !is_name("title"));
    }
}
