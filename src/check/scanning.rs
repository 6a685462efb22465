//! Rules over what scanning, copying and wrong encodings do to texts: lost
//! letters, stray characters, words broken in two.

use std::borrow::Cow;
use std::sync::LazyLock;

use pulldown_cmark::Event;
use regex::Captures;
use unicode_normalization::is_nfc;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, last_step, without_addresses, words};
use super::tables::{Scanning, Spoilt};
use super::text::walk;
use super::wording::fix;
use crate::model::problem::Fix;
use crate::model::text::composed;
use crate::model::translation::Prose;
use crate::model::{Language, Long, markup};

/// All rules over spoilt texts.
pub fn scanning(texts: &Texts, table: &Scanning, report: &mut Report<'_>) {
    let spoilt = match texts.language {
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
        if let Some(spoilt) = spoilt {
            umlauts(prose, &text, spoilt, report);
        }
    }
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        if texts.language == Language::Fi {
            broken(prose, &text, report);
        }
    }
}

/// Reports the texts of the file in which letters stand in two parts (Unicode
/// NFD, as some programs copy them). Documents have them in one part all the
/// same; in the file, who searches for a word does not find it.
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

/// A backslash before a sign, as CommonMark takes the meaning of signs away: it
/// is printed.
fn backslashes(prose: &Prose, report: &mut Report<'_>) {
    static ESCAPE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\\([!-/:-@\[\]^-`{-~])"));
    if !prose.long || !prose.text.contains('\\') {
        return;
    }
    let Some(first) = ESCAPE.find(&prose.text).map(|found| found.range()) else { return };
    let new = ESCAPE.replace_all(&prose.text, "$1").into_owned();
    let mut problem = report.found("text-backslash", &prose.field).within(first.clone());
    problem = problem.with("sign", &prose.text[first]);
    // without it the sign must not begin to mean something
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

/// Words that have lost their ä and ö.
fn umlauts(prose: &Prose, text: &str, spoilt: &Spoilt, report: &mut Report<'_>) {
    let mut new = String::new();
    let (mut end, mut first) = (0, None);
    for (range, word) in words(text) {
        let small = word.to_lowercase();
        let right = spoilt.words.get(&small).map(|right| (small.len(), right));
        let right = right.or_else(|| longest_stem(&small, spoilt));
        let Some((length, right)) = right else { continue };
        // small letters may be longer than capitals: then it is no such word
        let own = word.get(..length).filter(|own| own.eq_ignore_ascii_case(&small[..length]));
        let Some(rest) = own.and_then(|_| word.get(length..)) else { continue };
        let mut mended: String = right.clone();
        if word.chars().next().is_some_and(char::is_uppercase) {
            let mut chars = right.chars();
            let capital = chars.next().into_iter().flat_map(char::to_uppercase);
            mended = capital.chain(chars).collect();
        }
        mended.push_str(rest);
        new.push_str(&prose.text[end..range.start]);
        new.push_str(&mended);
        end = range.end;
        first.get_or_insert((range, word.to_owned(), mended));
    }
    new.push_str(&prose.text[end..]);
    if let Some((range, word, mended)) = first {
        let problem = report.found("text-umlauts-lost", &prose.field).within(range);
        let problem = problem.with("word", word).with("right", mended);
        report.problems.push(problem.fixed_by(fix(prose, new, false)));
    }
}

/// The longest beginning of a word that is spoilt, with what it should be.
fn longest_stem<'a>(word: &str, spoilt: &'a Spoilt) -> Option<(usize, &'a String)> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = ends.filter(|end| *end >= 4).collect();
    ends.into_iter().rev().find_map(|end| Some((end, spoilt.stems.get(&word[..end])?)))
}

/// Characters that come from a wrong encoding, from a scanner or from nowhere.
fn stray(prose: &Prose, table: &Scanning, language: Language, report: &mut Report<'_>) {
    // no Finnish or Swedish word begins so: a capital I was read as a small l
    static DOUBLE_L: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\bll\p{Ll}{3,}"));
    let broken = table.broken.as_ref().and_then(|broken| broken.find(&prose.text));
    let broken = broken.map(|found| found.range());
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

/// Words that end as no Finnish word does, and are whole all the same.
const LOANS: &[&str] = &[
    "esim",
    "workshop",
    "feedback",
    "team",
    "drop",
    "club",
    "startup",
    "film",
    "web",
    "blog",
    "rock",
    "stop",
    "gym",
    "cup",
    "show",
    "know",
    "benchmark",
    "framework",
    "backlog",
    "scrum",
    "stream",
    "zoom",
    "dialog",
    "ensimm",
    "puh",
];

/// A word broken in two: Finnish words end in a vowel or in n, t, l, r or s,
/// and none begins with an ending.
fn broken(prose: &Prose, text: &str, report: &mut Report<'_>) {
    static BROKEN: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"\b(\p{Ll}{3,}[bcdfghjkmpqvwxz]) ([aeiouyäö]\p{Ll}{2,})\b"));
    // what stands alone as a rest of a word
    static REST: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"\b(\p{Ll}{3,}) ((?:mis|mise|misen|miseen|misesta|minen|iseen|isen|isesta|isten|illa|illä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|iden|ien)|(?:ttä|tta|tää|taan|tään))\b",
        )
    });
    let whole = |found: &Captures<'_>| !LOANS.contains(&&found[1]);
    let found = BROKEN.captures_iter(text).find(whole).or_else(|| REST.captures(text));
    let Some(found) = found else { return };
    let Some(all) = found.get(0) else { return };
    let joined = format!("{}{}", &found[1], &found[2]);
    let mut new = prose.text.clone();
    new.replace_range(all.range(), &joined);
    let problem = report.found("text-word-broken", &prose.field).within(all.range());
    let problem = problem.with("words", all.as_str()).with("joined", joined);
    report.problems.push(problem.fixed_by(fix(prose, new, false)));
}
