//! The rule about words split in two, as copying from the columns of a document leaves
//! them. Finnish only: a split is recognised by sounds that no Finnish word begins or
//! ends with. Uses no dictionary.

use std::ops::Range;

use super::Report;
use super::languages::FINNISH;
use super::prose::fix;
use super::stems::runs;
use crate::model::translation::Prose;

/// How a word can be broken in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// No word ends so: "puuttum iseen", "suunnitelm a".
    BadEnd,
    /// A rest that is no word: "terveystarkast uksien".
    Inflected,
    /// No word begins so: "hyvinvoi nnin", "tavoi tteet".
    BadStart,
    /// One letter alone behind a word: "tavoittee t".
    LetterBehind,
    /// And before one: "k ehittäminen".
    LetterBefore,
    /// Another rest that is no word: "palvelu jen", "kuntou tus".
    Rest,
    /// Short, and a word of another language: "toimin ta".
    Short,
    /// "tervey den", "turvallisuu dessa".
    BehindVowels,
}

impl Break {
    /// In this order: of two that begin at one place the first is reported.
    const ALL: [Self; 8] = [
        Self::BadEnd,
        Self::Inflected,
        Self::BadStart,
        Self::LetterBehind,
        Self::LetterBefore,
        Self::Rest,
        Self::Short,
        Self::BehindVowels,
    ];

    /// Whether two neighbours in small letters are a word that was broken so.
    fn is_between(self, pair: &Pair<'_>) -> bool {
        let (left, right) = (pair.left, pair.right);
        let long = |least: usize| left.chars().nth(least - 1).is_some();
        match self {
            Self::BadEnd => has_bad_end(left) && is_vowel_ending(right),
            Self::Inflected => long(3) && FINNISH.broken.inflected.contains(right),
            Self::BadStart => long(2) && has_bad_start(right),
            Self::LetterBehind => {
                let one = pair.gap == " " || pair.gap == "\u{a0}";
                let alone = one && matches!(right, "n" | "t");
                alone && long(6) && left.ends_with(VOWELS) && ends_clause(pair.after)
            }
            Self::LetterBefore => pair.gap == " " && !long(2) && right.chars().nth(3).is_some(),
            Self::Rest => long(3) && FINNISH.broken.rests.contains(right),
            Self::Short => long(5) && matches!(right, "ta" | "tä" | "na" | "nä" | "ten"),
            Self::BehindVowels => {
                FINNISH.broken.behind_vowels.contains(right) && ends_with_two_vowels(left)
            }
        }
    }

    /// Whether a pair is broken, and not written so for another reason.
    fn holds(self, pair: &Pair<'_>) -> bool {
        let (left, before) = (pair.left, pair.before);
        // a part of another word or of an abbreviation: "hyte-hank e", "n."
        let one_letter = matches!(self, Self::LetterBehind | Self::LetterBefore);
        let around = pair.after.starts_with(['-', '\'', '’', ':', '/', ')'])
            || before.ends_with(['-', '\'', '’', '/', '(']) && one_letter;
        match self {
            _ if around => false,
            Self::BadEnd => !FINNISH.broken.loans.contains(left),
            Self::LetterBehind => !FINNISH.broken.numbered.contains(left),
            // "25 k mukaan", "kohta c koskee", "a la", "o ja"
            Self::LetterBefore => {
                let word = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
                let numbered = word.ends_with(|c: char| c.is_numeric() || "§.)".contains(c))
                    || FINNISH.broken.numbered.contains(&word.to_lowercase());
                "hjklmnprstv".contains(left) && !numbered && before.ends_with(' ')
            }
            _ => true,
        }
    }
}

const VOWELS: [char; 8] = ['a', 'e', 'i', 'o', 'u', 'y', 'ä', 'ö'];

/// Three letters or more, and then what no word ends with.
fn has_bad_end(left: &str) -> bool {
    let mut letters = left.chars().rev();
    match (letters.next(), letters.next()) {
        (Some('l' | 'n' | 't' | 'r'), second) if second == left.chars().next_back() => {
            letters.count() >= 3
        }
        (Some(last), Some(_)) if "bcdfghjkmpqvwxz".contains(last) => letters.count() >= 2,
        _ => false,
    }
}

/// `a`, `in`, `iseen`: a vowel, an ending of two letters, or more.
fn is_vowel_ending(right: &str) -> bool {
    let mut letters = right.chars();
    let (first, second) = (letters.next().unwrap_or_default(), letters.next());
    match second {
        _ if !VOWELS.contains(&first) => false,
        None => true,
        Some(_) if letters.next().is_some() => true,
        Some('n' | 'a' | 'ä') => "aouäöyi".contains(first),
        Some(second) => second == 't' && "aouäöy".contains(first),
    }
}

fn has_bad_start(right: &str) -> bool {
    let mut clusters = FINNISH.broken.clusters.iter();
    let cluster = clusters.find_map(|cluster| right.strip_prefix(cluster.as_str()));
    cluster.is_some_and(|rest| rest.contains(VOWELS))
}

/// A letter, and then a diphthong.
fn ends_with_two_vowels(left: &str) -> bool {
    let mut letters = left.chars().rev();
    let two = match (letters.next(), letters.next()) {
        (Some('i' | 'u' | 'y'), Some(first)) => VOWELS.contains(&first),
        (last, first) => last == Some('o') && first == Some('u'),
    };
    two && letters.next().is_some()
}

/// The end of a text, of a part of a sentence or of a sentence.
fn ends_clause(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        None | Some(' ' | ',' | ';') => true,
        Some('.' | '!' | '?') => {
            let rest = chars.as_str();
            let next = rest.trim_start();
            rest.is_empty() || next.len() < rest.len() && next.starts_with(char::is_uppercase)
        }
        Some(_) => false,
    }
}

/// Two words in small letters with nothing but a gap between them.
struct Pair<'a> {
    range: Range<usize>,
    left: &'a str,
    right: &'a str,
    gap: &'a str,
    before: &'a str,
    after: &'a str,
}

/// What may part the two: a space, the end of a line, or both.
fn is_gap(text: &str) -> bool {
    let space = |text: &str| text.is_empty() || matches!(text, " " | "\u{a0}");
    let spaces = |text: &str| {
        let mut chars = text.chars();
        chars.by_ref().take(2).all(|c| matches!(c, ' ' | '\u{a0}')) && chars.next().is_none()
    };
    match text.split_once('\n') {
        Some((before, behind)) => space(before) && space(behind),
        None => !text.is_empty() && spaces(text),
    }
}

/// Reports the first word of a field that is split in two.
pub fn split_words(prose: &Prose, text: &str, report: &mut Report<'_>) {
    let Some((range, joined)) = find_all(text).into_iter().next() else { return };
    let mut new = prose.text.clone();
    new.replace_range(range.clone(), &joined);
    let problem = report.found("text-word-broken", &prose.field).within(range.clone());
    let problem = problem.with("words", &prose.text[range]).with("joined", joined);
    report.problems.push(problem.fixed_by(fix(prose, new, false)));
}

/// All words of a text that are split in two, each with its joined form.
pub fn find_all(text: &str) -> Vec<(Range<usize>, String)> {
    let small = |word: &Range<usize>| text[word.clone()].chars().all(char::is_lowercase);
    let words: Vec<Range<usize>> = runs(text).filter(small).collect();
    let pair = |two: &[Range<usize>]| {
        let [left, right] = two else { return None };
        let gap = &text[left.end..right.start];
        is_gap(gap).then(|| Pair {
            range: left.start..right.end,
            left: &text[left.clone()],
            right: &text[right.clone()],
            gap,
            before: &text[..left.start],
            after: &text[right.end..],
        })
    };
    let pairs: Vec<Pair<'_>> = words.windows(2).filter_map(pair).collect();
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for rule in Break::ALL {
        let mut from = 0;
        for pair in pairs.iter().filter(|pair| rule.is_between(pair)) {
            // what ends a word does not begin the next one
            if pair.range.start < from {
                continue;
            }
            from = pair.range.end;
            if rule.holds(pair) {
                found.push((pair.range.clone(), format!("{}{}", pair.left, pair.right)));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found.dedup_by(|later, earlier| later.0.start < earlier.0.end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        find_all(text).into_iter().map(|(_, joined)| joined).collect()
    }

    #[test]
    fn broken_words_are_found() {
        for (text, word) in [
            ("alueellinen hyvinvointisuunnitelm a 2026", "hyvinvointisuunnitelma"),
            ("työttömien terveystarkast uksien saatavuus", "terveystarkastuksien"),
            ("varhainen puuttum iseen", "puuttumiseen"),
            ("varhainen puuttum\niseen", "puuttumiseen"),
            ("hyvinvoi nnin edistäminen", "hyvinvoinnin"),
            ("yhteiset tavoi tteet sovitaan", "tavoitteet"),
            ("palvelujen kehitt äminen jatkuu", "kehittäminen"),
            ("kuntien tavoittee t, jotka", "tavoitteet"),
            ("nuorten k ehittäminen jatkuu", "kehittäminen"),
            ("osallis uuden vahvistaminen, osallis isuuden", "osallisisuuden"),
            ("toimintamall in käyttöönotto", "toimintamallin"),
            ("sosiaalisten palvelu jen saatavuus", "palvelujen"),
            ("ikäänty neiden palvelut", "ikääntyneiden"),
            ("terveyden edistämi nen", "edistäminen"),
            ("hyvinvointialu een johtaja", "hyvinvointialueen"),
            ("yhteinen toimin ta jatkuu", "toiminta"),
            ("lasten kuntou tus", "kuntoutus"),
            ("terveyden edis\ntäminen", "edistäminen"),
            ("tervey den edistäminen", "terveyden"),
            ("asukkaiden turvallisuu den tunne", "turvallisuuden"),
            ("kunnat vastaa vat itse", "vastaavat"),
            ("työ etenee tavoitteellise sti", "tavoitteellisesti"),
            ("nuor ten palvelut, julkis ten tilojen käyttö", "julkisten"),
        ] {
            assert!(joined(text).contains(&word.to_owned()), "{text}: {:?}", joined(text));
        }
    }

    #[test]
    fn whole_words_are_left_alone() {
        for text in [
            "Lain 24 § 1 mom. 25 k mukaan ja kohdan a perusteella",
            "esim. ikääntyneet, esim ikääntyneet ja noin 3 milj euroa",
            "yksi, yksin ja yksien välillä uusi uuden uutta",
            "vaihtoehto n ja liite t",
            "n. 30 henkilöä ja s. 5",
            "Ei ole, on oltu, en ja et, ja me",
            "sosiaali- ja terveyspalvelut sekä hyte-työ",
            "kello 13 ja klo 15 asti, ks. liite",
            "työpaja on web ohjattu",
            "strategia spontaani kriisi psykologi traktori tshekki",
            "liikunta ja asia ovat, olla ilman",
            "hyvinvointialueen ilta ja ilo",
            "srk:t ja pth alueella",
            "nyt sovittiin kuin nyt, teet sen, luiden terveys ja mistä alkaen",
            "lag om den kommunala, se den, vi ska ta del",
            "mistä teiden kunto, keiden tehtävä",
        ] {
            assert_eq!(joined(text), Vec::<String>::new(), "{text}");
        }
    }
}
