//! Rules about errors of scanning, copying and wrong encodings: lost umlauts, stray
//! characters, words split in two.

use std::borrow::Cow;
use std::ops::{Bound, Range};
use std::sync::LazyLock;

use pulldown_cmark::Event;
use unicode_normalization::is_nfc;

use super::patterns::{Pattern, pattern};
use super::prose::{Texts, fix, last_step, without_addresses, words};
use super::tables::{Scanning, UmlautWords};
use super::text::walk;
use super::{Report, split_words};
use crate::model::problem::Fix;
use crate::model::text::composed;
use crate::model::translation::Prose;
use crate::model::{Language, Long, markup};

/// All rules about scan errors.
pub fn scan_errors(texts: &Texts, table: &Scanning, report: &mut Report<'_>) {
    let umlaut_words = match texts.language {
        Language::Fi => Some(&table.fi),
        Language::Sv => Some(&table.sv),
        Language::En => None,
    };
    for prose in &texts.all {
        stray(prose, table, texts.language, report);
        backslashes(prose, report);
    }
    let address = |prose: &&Prose| matches!(last_step(&prose.field), "link" | "email" | "channel");
    for prose in texts.all.iter().filter(|prose| !address(prose)) {
        let text = without_addresses(&prose.text);
        if let Some(umlaut_words) = umlaut_words {
            umlauts(prose, &text, umlaut_words, report);
        }
    }
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        if texts.language == Language::Fi {
            split_words::split_words(prose, &text, report);
        }
    }
}

/// Reports texts of the file with decomposed letters (Unicode NFD, as some programs copy
/// them). Documents have them composed; in the file, a search for a word does not find
/// it.
pub fn decomposed(report: &mut Report<'_>) {
    let text = report.source.text.clone();
    if is_nfc(&text) && !text.contains("\\u0") && !text.contains("\\u1") {
        return;
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(&text) {
        walk(&value, String::new(), &mut |field, text| {
            if let Cow::Owned(new) = composed(text) {
                found.push((field.to_owned(), new));
            }
        });
    }
    for (field, new) in found {
        let problem = report.found("text-decomposed", field.clone());
        report.problems.push(problem.fixed_by(Fix { edits: vec![(field, new)], safe: true }));
    }
}

/// A backslash before a character, the escape of CommonMark: it is printed.
fn backslashes(prose: &Prose, report: &mut Report<'_>) {
    static ESCAPE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\\([!-/:-@\[\]^-`{-~])"));
    if !prose.long || !prose.text.contains('\\') {
        return;
    }
    let Some(first) = ESCAPE.find(&prose.text).map(|found| found.range()) else { return };
    let new = ESCAPE.replace_all(&prose.text, "$1").into_owned();
    let mut problem = report.found("text-backslash", &prose.field).within(first.clone());
    problem = problem.with("sign", &prose.text[first]);
    // without it the character must not gain a meaning
    let plain = |text: &str| {
        let inside = |event: &Event<'_>| !matches!(event, Event::Text(_));
        markup::parser(text).filter(inside).map(Event::into_static).collect::<Vec<_>>()
    };
    let same = plain(&prose.text) == plain(&new)
        && ESCAPE.replace_all(&markup::printed(&prose.text), "$1") == markup::printed(&new);
    if same && Long::parse(&new).is_some() {
        problem = problem.fixed_by(fix(prose, new, true));
    }
    report.problems.push(problem);
}

/// A word that lost its umlauts.
pub struct LostUmlauts {
    pub range: Range<usize>,
    /// The correct word or its beginning, when that can be told.
    pub right: String,
    pub whole: bool,
}

/// Reports words without their ä and ö.
fn umlauts(prose: &Prose, text: &str, umlaut_words: &UmlautWords, report: &mut Report<'_>) {
    let all = lost_umlauts(text, umlaut_words);
    // one that can be fixed is the better example
    let Some(first) = all.iter().find(|one| one.whole).or(all.first()) else { return };
    let mut new = String::new();
    let mut end = 0;
    for one in all.iter().filter(|one| one.whole) {
        new.push_str(&prose.text[end..one.range.start]);
        new.push_str(&one.right);
        end = one.range.end;
    }
    new.push_str(&prose.text[end..]);
    let problem = report.found("text-umlauts-lost", &prose.field).within(first.range.clone());
    let problem = problem.with("word", &prose.text[first.range.clone()]);
    let more = if first.whole { "" } else { "…" };
    let problem = problem.with("right", format!("{}{more}", first.right));
    let mended = end > 0;
    report.problems.push(if mended { problem.fixed_by(fix(prose, new, false)) } else { problem });
}

/// All words of a text without their umlauts.
pub fn lost_umlauts(text: &str, umlaut_words: &UmlautWords) -> Vec<LostUmlauts> {
    let mut found = Vec::new();
    for (range, word) in words(text) {
        let small = word.to_lowercase();
        let right = umlaut_words.words.get(&small).map(|right| (small.len(), right));
        let right = right.or_else(|| longest_stem(&small, umlaut_words));
        let Some((length, right)) = right else { continue };
        // lower case may be longer than capitals: then it is not such a word
        let own = word.get(..length).filter(|own| own.eq_ignore_ascii_case(&small[..length]));
        let Some(rest) = own.and_then(|_| word.get(length..)) else { continue };
        let mut mended: String = right.clone();
        if word.chars().next().is_some_and(char::is_uppercase) {
            let mut chars = right.chars();
            let capital = chars.next().into_iter().flat_map(char::to_uppercase);
            mended = capital.chain(chars).collect();
        }
        let ending = ending(right, rest);
        mended.push_str(ending.as_deref().unwrap_or_default());
        found.push(LostUmlauts { range, right: mended, whole: ending.is_some() });
    }
    found
}

/// Endings with a, o or u, which words with ä, ö or y have with ä, ö and y (vowel
/// harmony).
const HARMONIC: &[&str] = &[
    "a", "aa", "an", "at", "aan", "aksi", "alla", "alle", "alta", "ana", "ansa", "assa", "asta",
    "ia", "illa", "ille", "ilta", "ina", "in", "ineen", "issa", "ista", "itta", "ja", "jaa", "jan",
    "jat", "jalla", "jalle", "jana", "jien", "jilla", "jille", "lla", "llaan", "llansa", "lta",
    "ma", "maan", "malla", "man", "massa", "masta", "mat", "mia", "mista", "na", "nsa", "o", "on",
    "ot", "oa", "oon", "ossa", "osta", "olla", "olle", "oita", "oissa", "oja", "ojen", "sa", "ssa",
    "ssaan", "sta", "staan", "ta", "taa", "taan", "tava", "tavaa", "tavaksi", "tavalla", "tavan",
    "tavat", "tavia", "tta", "ttaa", "ttaan", "ttava", "ttavaa", "ttavan", "tu", "ttu", "un", "ua",
    "uu", "va", "vaa", "vaan", "vaksi", "van", "vat", "via", "vien",
];

/// The corrected ending after the corrected beginning of a word: nothing, an ending
/// without a, o and u, a corrected one, or a second part of some length. `None` when it
/// cannot be told.
fn ending(right: &str, rest: &str) -> Option<String> {
    let small = rest.to_lowercase();
    let front = right.chars().rev().find(|c| "aouäöy".contains(*c));
    let fronted = front.is_none_or(|c| "äöy".contains(c));
    if !fronted || !small.contains(['a', 'o', 'u']) || small.contains(['ä', 'ö', '-']) {
        return Some(rest.to_owned());
    }
    if HARMONIC.contains(&small.as_str()) {
        let mend = |c: char| match c {
            'a' => 'ä',
            'o' => 'ö',
            'u' => 'y',
            c => c,
        };
        return Some(small.chars().map(mend).collect());
    }
    const PARTS: &[&str] = &[
        "kunt", "kunn", "alue", "alu", "asia", "palvel", "suunnit", "toimin", "toimij", "ohjel",
        "kohta", "koht", "ajat", "aika", "aja", "osast", "osa", "ohja", "verkost", "kokou",
        "johta", "johd", "foorum", "areen", "avust", "puol", "pala", "kausi", "kaud", "muoto",
        "lautak", "lain", "laki", "maa", "sopimu", "neuvo", "taso", "ryhm",
    ];
    PARTS.iter().any(|part| small.starts_with(part)).then(|| rest.to_owned())
}

/// The longest known misspelt beginning of a word, with the correct one.
fn longest_stem<'a>(word: &str, umlaut_words: &'a UmlautWords) -> Option<(usize, &'a String)> {
    let beginning = word.as_bytes().get(..SHORTEST)?;
    let before =
        umlaut_words.stems.range::<str, _>((Bound::Unbounded, Bound::Included(word))).rev();
    let mut alike = before.take_while(|(stem, _)| stem.as_bytes().starts_with(beginning));
    let (stem, right) = alike.find(|(stem, _)| word.starts_with(stem.as_str()))?;
    Some((stem.len(), right))
}

/// Bytes of the shortest stem that is looked for.
const SHORTEST: usize = 4;

/// Characters from a wrong encoding or a scanner.
fn stray(prose: &Prose, table: &Scanning, language: Language, report: &mut Report<'_>) {
    // no Finnish or Swedish word begins like this: a capital I was read as an l
    static DOUBLE_L: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"\bll\p{Ll}{3,}").if_begun(&["ll"]));
    let broken = table.first_broken(&prose.text);
    let double = || (language != Language::En).then(|| DOUBLE_L.find(&prose.text)).flatten();
    if let Some(range) = broken.or_else(|| double().map(|found| found.range())) {
        let shown = &prose.text[range.clone()];
        let codes: Vec<String> = shown.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
        let visible = shown.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '\u{ad}')
            && !shown.contains(['\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}', '\u{2060}']);
        let words = if visible { shown.to_owned() } else { codes.join(" ") };
        let problem = report.found("text-stray", &prose.field).within(range);
        report.problems.push(problem.with("words", words));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_proposed_is_a_word() {
        let stems = [("vahinta", "vähintä"), ("jarjest", "järjest"), ("henkilo", "henkilö")];
        let own = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
        let umlaut_words = UmlautWords { stems: stems.map(own).into(), words: BTreeMap::new() };
        let mended = |word: &str| {
            let one = lost_umlauts(word, &umlaut_words).pop().unwrap();
            one.whole.then_some(one.right)
        };
        for (word, right) in [
            ("vahintaan", "vähintään"),
            ("Jarjestaa", "Järjestää"),
            ("jarjestot", "järjestöt"),
            ("jarjestoissa", "järjestöissä"),
            ("henkilokunta", "henkilökunta"),
            ("henkiloille", "henkilöille"),
            ("jarjestelyn", "järjestelyn"),
        ] {
            assert_eq!(mended(word).as_deref(), Some(right), "{word}");
        }
        // what cannot be told is not proposed
        assert_eq!(mended("vahintaxamo"), None);
    }
}
