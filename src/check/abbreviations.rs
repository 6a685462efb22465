//! Rules about abbreviations: each is explained where it is first used. An explanation is
//! recognised by the letters of the abbreviation, or from the table.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Report;
use super::prose::{Texts, without_addresses};
use super::stems::runs;
use crate::model::Language;

/// Abbreviations and what they stand for (`data/abbreviations.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviations {
    fi: BTreeMap<String, String>,
    sv: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
    /// Abbreviations that need no explanation.
    known: BTreeSet<String>,
}

impl Abbreviations {
    fn own(&self, language: Language) -> &BTreeMap<String, String> {
        match language {
            Language::Fi => &self.fi,
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }

    /// All spellings of an abbreviation with the same meaning: `hva` and `HVA`. An
    /// explanation of one applies to all.
    fn spellings(&self, language: Language, word: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([word.to_owned()]);
        if let Some((key, meaning)) = self.entry(language, word) {
            let small = key.to_lowercase();
            for (other, of) in self.own(language) {
                if other.to_lowercase() == small && of == meaning {
                    all.insert(other.clone());
                }
            }
            if key == small {
                all.insert(key.to_uppercase());
            }
        }
        all
    }

    /// The entry of a word. A lower-case abbreviation may begin a sentence or be written
    /// in capitals: `hva`, `Hva`, `HVA`.
    fn entry(&self, language: Language, word: &str) -> Option<(&str, &str)> {
        let own = self.own(language);
        let small = word.to_lowercase();
        let entry = own.get_key_value(word).or_else(|| own.get_key_value(&small))?;
        // "AVI" is not "avi"
        let well = entry.0 == word || entry.0.chars().all(char::is_lowercase);
        well.then_some((entry.0.as_str(), entry.1.as_str()))
    }
}

/// Reports abbreviations that the record never explains, at their first use.
pub fn unexplained(
    texts: &Texts,
    table: &Abbreviations,
    variants: &BTreeSet<&str>,
    report: &mut Report<'_>,
) {
    let mut seen = BTreeSet::new();
    let small: Vec<String> = texts.written().map(|prose| prose.text.to_lowercase()).collect();
    // the first use in running text, names aside
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        for range in runs(&text).filter(|range| is_short(&text[range.clone()])) {
            let word = &text[range.clone()];
            let capitals = word.chars().filter(|c| c.is_uppercase()).count() >= 2
                && !word.chars().any(char::is_lowercase);
            let listed = table.entry(texts.language, word);
            if (!capitals && listed.is_none()) || table.known.contains(word) {
                continue;
            }
            // a Roman numeral, or part of a case number
            let figures = listed.is_none() && word.chars().all(|c| "IVXLCDM0123456789".contains(c));
            let around = |c: char| c.is_ascii_digit() || c == '/';
            let numbered =
                text[range.end..].starts_with(around) || text[..range.start].ends_with(around);
            let other_rule = variants.contains(word)
                || matches!(word, "TBD" | "TBC" | "TODO" | "NN" | "XX" | "XXX");
            let enough = seen.len() > 200;
            let key = match listed {
                Some((key, meaning)) => format!("{} {meaning}", key.to_lowercase()),
                None => word.to_owned(),
            };
            if figures || numbered || other_rule || enough || !seen.insert(key) {
                continue;
            }
            // the name of the authority explains nothing: only a text does
            let meaning = listed.map(|(_, meaning)| meaning);
            let spellings = table.spellings(texts.language, word);
            let mut all = texts.written().zip(&small);
            let explained = all.any(|(other, small)| {
                spellings.iter().any(|word| explains(&other.text, small, word, meaning))
            });
            if explained {
                continue;
            }
            let rule =
                if listed.is_some() { "abbreviation-unexplained" } else { "abbreviation-unknown" };
            let problem = report.found(rule, &prose.field).within(range.clone());
            let problem = problem.with("word", word);
            let problem = match meaning {
                Some(meaning) => problem.with("meaning", meaning),
                None => problem,
            };
            report.problems.push(problem);
        }
    }
}

/// A word of two to seven letters and digits that begins with a letter.
fn is_short(word: &str) -> bool {
    let inside = |c: char| c.is_alphabetic() || c.is_ascii_digit();
    (2..=7).contains(&word.chars().count())
        && word.starts_with(char::is_alphabetic)
        && word.chars().all(inside)
}

/// Words after which a bracket introduces an abbreviation.
const INTRODUCTIONS: &[&str] = &[
    "jäljempänä ",
    "jatkossa ",
    "lyhenne ",
    "lyhennettynä ",
    "myöhemmin ",
    "nedan ",
    "härefter ",
    "förkortat ",
    "förkortning ",
    "hereinafter ",
    "abbreviated ",
    "short ",
];

/// The most words before a bracket that an abbreviation may stand for.
const WORDS: usize = 8;

/// Longest introduction of an abbreviation in its bracket, in bytes.
const NEAR: usize = 40;

/// True when a text explains an abbreviation: in brackets before or after it, or by a
/// name of several words that it clearly shortens.
fn explains(text: &str, small: &str, word: &str, meaning: Option<&str>) -> bool {
    if !text.contains(word) {
        return names(small, meaning);
    }
    // a meaning of one word directly precedes its bracket: "Äänekosken kaupunki (Äki)"
    let words = if meaning.is_some_and(|meaning| !meaning.contains(' ')) { 2 } else { WORDS };
    for (at, _) in text.match_indices(&format!("{word} (")) {
        let inside = first_words(&text[at + word.len() + 2..]);
        let inside = inside.split(')').next().unwrap_or_default();
        if stands_for(inside, word, meaning) {
            return true;
        }
    }
    for (at, _) in text.match_indices(word) {
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        // an introduction is short, and a text may have many brackets
        let near = before.floor_char_boundary(at.saturating_sub(NEAR));
        let Some(open) = before[near..].rfind('(').map(|open| near + open) else { continue };
        let introduction = before[open + 1..].to_lowercase();
        let introduced = introduction.is_empty() || INTRODUCTIONS.contains(&introduction.as_str());
        if introduced
            && behind.starts_with([')', ',', ';', ':'])
            && stands_for(last_words(&before[..open], words), word, meaning)
        {
            return true;
        }
    }
    for joint in [" eli ", " dvs. ", " d.v.s. "] {
        for (at, _) in text.match_indices(joint) {
            let (before, behind) = (&text[..at], &text[at + joint.len()..]);
            let first = before.ends_with(word) && stands_for(first_words(behind), word, meaning);
            let last =
                behind.starts_with(word) && stands_for(last_words(before, words), word, meaning);
            if first || last {
                return true;
            }
        }
    }
    names(small, meaning)
}

/// True when the text has the name of several words somewhere: "Terveyden ja hyvinvoinnin
/// laitos". A single word, such as "seurakunta" or "hyvinvointialue", occurs in nearly
/// every text and explains an abbreviation only beside it.
fn names(small: &str, meaning: Option<&str>) -> bool {
    meaning.is_some_and(|meaning| meaning.contains(' ') && has_name(small, meaning))
}

/// True when the words are the meaning in the table, or the abbreviation is made of them.
fn stands_for(words: &str, word: &str, meaning: Option<&str>) -> bool {
    let of_table = meaning.is_some_and(|meaning| has_name(&words.to_lowercase(), meaning));
    of_table || fits(words, word)
}

/// True when a text has the meaning, or one of two meanings of several words that a comma
/// separates in the table.
fn has_name(small: &str, meaning: &str) -> bool {
    let long = |part: &&str| part.chars().count() > 12 && part.contains(' ');
    has_stem(small, meaning) || meaning.split(", ").filter(long).any(|part| has_stem(small, part))
}

/// Names are inflected: their beginning is enough.
fn has_stem(small: &str, meaning: &str) -> bool {
    let count = meaning.chars().count();
    let ending = if meaning.contains(' ') { 4 } else { 2 };
    let stem: String = meaning.chars().take(count.saturating_sub(ending)).collect();
    stem.chars().count() > 3 && small.contains(&stem.to_lowercase())
}

/// The last words of a text, at most `count`.
fn last_words(before: &str, count: usize) -> &str {
    let before = before.trim_end();
    let start = before.rmatch_indices([' ', '\n']).nth(count - 1).map_or(0, |(at, _)| at);
    &before[start..]
}

fn first_words(behind: &str) -> &str {
    let end = behind.match_indices([' ', '\n']).nth(WORDS).map_or(behind.len(), |(at, _)| at);
    &behind[..end]
}

/// True when an abbreviation is made of the words: its first letter begins one of them,
/// and each other letter begins a later one or is in the same one.
fn fits(words: &str, abbreviation: &str) -> bool {
    let words = words.split(|c: char| !c.is_alphanumeric());
    let words: Vec<Vec<char>> =
        words.filter(|w| !w.is_empty()).map(|w| w.to_lowercase().chars().collect()).collect();
    let letters: Vec<char> = abbreviation.to_lowercase().chars().collect();
    (0..words.len()).any(|start| spells(&words[start..], &letters))
}

/// True when the letters occur in the words in order, the first at the beginning of the
/// first word.
fn spells(words: &[Vec<char>], letters: &[char]) -> bool {
    let (Some(first), Some(wanted)) = (words.first(), letters.first()) else { return false };
    if first.first() != Some(wanted) || first.len() < 3 {
        return false;
    }
    let (mut word, mut at) = (0, 0);
    for letter in &letters[1..] {
        let later = (word + 1..words.len()).find(|index| words[*index].first() == Some(letter));
        let inside = words[word][at + 1..].iter().position(|c| c == letter);
        match (later, inside) {
            (Some(index), _) if index == word + 1 || inside.is_none() => (word, at) = (index, 0),
            (_, Some(further)) => at += 1 + further,
            (Some(index), None) => (word, at) = (index, 0),
            (None, None) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_is_told_from_words_that_only_stand_before_it() {
        for (words, short) in [
            ("Keski-Suomen Yhteisöjen Tuen", "KYT"),
            ("Keski-Suomen Yhteisöjen Tuki ry", "KYT"),
            ("seurakunnan", "srk"),
            ("alueen hyvinvointialue", "hva"),
            ("Suomen Punaisen Ristin", "SPR"),
            ("Terveyden ja hyvinvoinnin laitoksen", "THL"),
            ("yhteinen kehittämistyöryhmä", "YKT"),
        ] {
            assert!(fits(words, short), "{words}: {short}");
        }
        for (words, short) in [
            ("Lastensuojelun haasteiden ratkaiseminen", "Äki"),
            ("nuorten palvelujen kehittäminen", "hva"),
            ("puhumisen tarve ja järjestöt", "srk"),
            ("the working group", "KSAK"),
            ("", "THL"),
        ] {
            assert!(!fits(words, short), "{words}: {short}");
        }
    }

    #[test]
    fn spellings_that_mean_the_same_are_one_abbreviation() {
        let table: Abbreviations = serde_json::from_str(
            r#"{"fi": {"hva": "hyvinvointialue", "HVA": "hyvinvointialue", "srk": "seurakunta",
                "AVI": "aluehallintovirasto"}, "sv": {}, "en": {}, "known": []}"#,
        )
        .unwrap();
        let of = |word| table.spellings(Language::Fi, word).into_iter().collect::<Vec<_>>();
        assert_eq!(of("hva"), ["HVA", "hva"]);
        assert_eq!(of("HVA"), ["HVA", "hva"]);
        assert_eq!(of("SRK"), ["SRK", "srk"]);
        assert_eq!(of("AVI"), ["AVI"]);
        assert_eq!(of("avi"), ["avi"]);
    }

    #[test]
    fn a_bracket_explains_what_fits_only() {
        let said = |text: &str, word, meaning| explains(text, &text.to_lowercase(), word, meaning);
        let hva = Some("hyvinvointialue");
        assert!(said("Keski-Suomen hyvinvointialue (hva) vastaa.", "hva", hva));
        assert!(said("Keski-Suomen hyvinvointialue (jäljempänä hva) vastaa.", "hva", hva));
        assert!(said("hva (hyvinvointialue) vastaa", "hva", hva));
        assert!(said("hyvinvointialue eli hva vastaa", "hva", hva));
        // that the word is somewhere says nothing
        assert!(!said("Keski-Suomen hyvinvointialue vastaa. Kunta ja hva sopivat.", "hva", hva));
        assert!(!said("Palvelujen kehittäminen (hva)", "hva", hva));
        assert!(said("Äänekosken (Äki) ja muiden", "Äki", Some("Äänekoski")));
        assert!(!said("Ratkaiseminen (Äki) ja tuki", "Äki", Some("Äänekoski")));
        assert!(!said("Äänekoski ja ratkaiseminen (Äki)", "Äki", Some("Äänekoski")));
        let audit = Some("Alcohol Use Disorders Identification Test, alkoholinkäytön riskitesti");
        assert!(said("Alkoholinkäytön riskitestin (AUDIT) tulos", "AUDIT", audit));
        let thl = Some("Terveyden ja hyvinvoinnin laitos");
        assert!(said("Terveyden ja hyvinvoinnin laitoksen tiedot. THL:n tiedot.", "THL", thl));
        assert!(!said("Tiedot (THL, ks. liite)", "THL", thl));
        assert!(!said("THL (liite 2)", "THL", thl));
    }
}
