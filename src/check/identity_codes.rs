//! The rule about personal identity codes, in whatever form they are typed and printed
//! (661/2009 11 §). A number of that form with a wrong check character is not one.

use std::ops::Range;

use super::Report;
use super::prose::Texts;
use crate::model::reader::{Seen, Sign};
use crate::model::translation::Prose;

/// Check characters, by the remainder of the number divided by 31.
const CHECK: &[u8; 31] = b"0123456789abcdefhjklmnprstuvwxy";
/// Markup characters that may occur inside what is printed as a code.
const MARKS: [char; 4] = ['*', '\\', '`', '~'];
/// Most spaces and hyphens between the two parts of a code.
const GAP: usize = 6;

/// Reports a personal identity code in any text of the record.
pub fn identity_codes(texts: &Texts, report: &mut Report<'_>) {
    let envelope = report.source.record.clone();
    let envelope = envelope.envelope();
    // reasons in `accept` are part of the record, which may be attached to the PDF
    let accepted = envelope.accept.iter().enumerate().map(|(at, accepted)| Prose {
        field: format!("accept[{at}].reason"),
        text: accepted.reason.to_string(),
        long: false,
    });
    let id = Prose { field: "id".into(), text: envelope.id.to_string(), long: false };
    let beside: Vec<Prose> = accepted.chain([id]).collect();
    for prose in texts.all.iter().chain(&beside) {
        if let Some(place) = code_in(&prose.text, prose.long) {
            let problem = report.found("identity-code", &prose.field).within(place);
            report.problems.push(problem);
        }
    }
}

/// Where a text has a code: as printed, or as typed.
fn code_in(text: &str, long: bool) -> Option<Range<usize>> {
    let printed = || long.then(|| code(&Seen::printed(text))).flatten();
    printed().or_else(|| code(&Seen::typed(text)))
}

fn code(seen: &Seen) -> Option<Range<usize>> {
    let folded = seen.folded();
    let signs = folded.signs().iter().filter(|sign| !MARKS.contains(&sign.c));
    let signs: Vec<Sign> = signs.copied().collect();
    let text: Vec<char> = signs.iter().map(|sign| sign.c).collect();
    for start in 0..text.len() {
        let inside = start > 0 && text[start - 1].is_alphanumeric();
        if !inside && let Some(end) = end_of_code(&text, start) {
            let places = signs[start..end].iter().map(Sign::place);
            let first = places.clone().map(|place| place.start).min()?;
            return Some(first..places.map(|place| place.end).max()?);
        }
    }
    None
}

/// The end of a code that begins at a place. A four-digit year is tried first.
fn end_of_code(text: &[char], start: usize) -> Option<usize> {
    [true, false].into_iter().find_map(|long| end_of(text, start, long))
}

fn end_of(text: &[char], start: usize, long: bool) -> Option<usize> {
    let mut at = start;
    let (mut dotted, mut spread) = (false, false);
    let day = digits(text, &mut at, 2, &mut spread)?;
    between(text, &mut at, &mut dotted, &mut spread);
    let month = digits(text, &mut at, 2, &mut spread)?;
    between(text, &mut at, &mut dotted, &mut spread);
    if long && !(18..=20).contains(&digits(text, &mut at, 2, &mut spread)?) {
        return None;
    }
    if long && spread {
        skip(text, &mut at, ' ');
    }
    let year = digits(text, &mut at, 2, &mut spread)?;
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let last = days.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if !(1..=*last).contains(&day) {
        return None;
    }
    let gap = text[at..].iter().take(GAP).take_while(|c| matches!(c, ' ' | '\n' | '-')).count();
    let hyphen = text[at..at + gap].contains(&'-');
    at += gap;
    let sign = text.get(at).copied()?;
    let mut parted = hyphen;
    if !hyphen && matches!(sign, '+' | 'a'..='f' | 'u'..='y' | '_' | '.' | '/' | ':' | '=') {
        parted = !matches!(sign, '_' | '.' | '/' | ':' | '=');
        at += 1;
        at += text[at..].iter().take(GAP).take_while(|c| matches!(c, ' ' | '\n')).count();
    }
    let number = digits(text, &mut at, 3, &mut spread)?;
    // amounts and dates occur beside others, a code has its sign
    if (spread || long) && !parted {
        return None;
    }
    let spaced = text.get(at) == Some(&' ');
    at += usize::from(spaced);
    let check = text.get(at).copied()?;
    if text.get(at + 1).is_some_and(|next| next.is_alphanumeric()) {
        return None;
    }
    // ten digits may be anything else unless they are written as a code
    if check.is_ascii_digit() && (!parted || spaced || dotted || spread) {
        return None;
    }
    let whole = ((day * 100 + month) * 100 + year) * 1000 + number;
    let right = CHECK.get(usize::try_from(whole % 31).ok()?).map(|byte| char::from(*byte));
    (number > 1 && right == Some(check)).then_some(at + 1)
}

/// Skips what separates day, month and year: a full stop, a space, or both.
fn between(text: &[char], at: &mut usize, dotted: &mut bool, spread: &mut bool) {
    *dotted |= skip(text, at, '.');
    *spread |= skip(text, at, ' ');
}

/// The number of `count` digits, between which spaces may occur; they are noted.
fn digits(text: &[char], at: &mut usize, count: usize, spread: &mut bool) -> Option<u32> {
    let mut number = 0;
    for index in 0..count {
        if index > 0 {
            *spread |= skip(text, at, ' ');
        }
        number = number * 10 + text.get(*at)?.to_digit(10)?;
        *at += 1;
    }
    Some(number)
}

fn skip(text: &[char], at: &mut usize, c: char) -> bool {
    let there = text.get(*at) == Some(&c);
    *at += usize::from(there);
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of a text is taken for a code.
    fn found(text: &str) -> Option<&str> {
        code_in(text, true).map(|place| &text[place])
    }

    #[test]
    fn codes_are_found_however_they_were_typed() {
        for typed in [
            "131052-308T",
            "131052-308t",
            "131052\u{2010}308T",
            "131052\u{2011}308T",
            "131052\u{2012}308T",
            "131052–308T",
            "131052—308T",
            "131052\u{2212}308T",
            "131052\u{fe63}308T",
            "131052\u{ff0d}308T",
            "131052-\u{2060}308T",
            "131052\u{ad}-308T",
            "1310\u{ad}52-308T",
            "131052\u{ad}308T",
            "131052-\u{200b}308T",
            "131052 -308T",
            "131052- 308T",
            "131052 - 308T",
            "131052\u{a0}–\u{a0}308T",
            "131052-\n308T",
            "131052 308T",
            "131052308T",
            "131052_308T",
            "131052/308T",
            "13.10.52-308T",
            "131052-308 T",
            "131052\\-308T",
            "131052*-308T",
            "131052**-**308T",
            "131052&#45;308T",
            "131052&#x2d;308T",
            "131052&hyphen;308T",
            "&#49;31052-308T",
            "131052%2D308T",
            "131052%2d308T",
            "１３１０５２-308T",
            "१३१०५२-३०८T",
            "١٣١٠٥٢-٣٠٨T",
            "\u{1d7cf}\u{1d7d1}1052-308T",
            "131052-308Ｔ",
            "131052A308T",
            "131052a308t",
            "131052Y308T",
            "131052+308T",
            "010594Y9032",
            "010190-900P",
            "13 10 52-308T",
            "13 10 52 - 308 T",
            "131052-3 0 8 T",
            "1 3 1 0 5 2 - 3 0 8 T",
            "13.10.1952-308T",
            "13. 10. 1952 - 308T",
            "13 10 1952-308T",
            "13101952-308T",
        ] {
            let text = format!("Asiakas {typed} soitti.");
            assert_eq!(found(&text), Some(typed), "{typed}");
            assert!(found(&format!("({typed})")).is_some(), "{typed}");
            assert!(found(&format!("Ääkköset {typed}: x")).is_some(), "{typed}");
        }
        for text in [
            "Asiakas *131052*-308T soitti.",
            "Asiakas [131052](https://a.example)-308T soitti.",
            "https://a.example/?hetu=131052-308T&x=1",
            "https://a.example/131052%2D308T",
            "a131052@x.example, 131052-308T@x.example",
            "kahva_131052-308T",
        ] {
            assert!(found(text).is_some(), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_codes() {
        for text in [
            "131052-308U",
            "321052-308T",
            "310252-308T",
            "131352-308T",
            "131052-308T2",
            "9131052-308T",
            "040 506 1234",
            "0401234567",
            "1310523081",
            "131052 3081",
            "13 10 52-308U",
            "1 3 1 0 5 2 - 3 0 8 U",
            "13.10.1952-308U",
            "13.10.2152-308T",
            "13 10 52 308 T",
            "13.10.1952 308 T",
            "13.10.1952",
            "13 10 52-3081",
            "31 12 2025 - 100 000",
            "Kokoukset 13.10.2025-14.11.2025 ja 1 000 - 2 000 euroa",
            "KJ-2025-00001",
            "HYVAKS/1042/00.01.02/2025",
            "24.11.25-1300",
            "1.1.2025–31.12.2025",
            "FI12 3456 7890 1234 56",
            "131052",
            "",
            "١",
            "１２３４５６-7890",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn no_text_ends_the_search() {
        let all = ('\0'..=char::MAX).enumerate();
        for (_, c) in all.filter(|(at, c)| c.is_numeric() || at % 31 == 0) {
            let text = format!("{c}{c}{c}{c}{c}{c}-{c}{c}{c}{c}");
            code_in(&text, false);
        }
    }
}
