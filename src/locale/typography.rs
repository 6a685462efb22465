//! Small typography of plain text: which spaces must not break, quotation
//! marks, dashes, and how names sort. Works on words, so that no template needs
//! a regular expression.

use unicode_normalization::UnicodeNormalization;

use super::NBSP;
use crate::model::Language;

/// Signs and units that stay on the line of the number before them.
const AFTER_NUMBER: &[&str] = &[
    "§", "§:n", "§:ssä", "§:ää", "mom.", "momentti", "momentin", "mom", "k", "kohta", "kohdan",
    "kohdassa", "punkten", "€", "%", "kpl", "km", "t", "h",
];
/// Words that stay on the line of the number after them.
const BEFORE_NUMBER: [&str; 13] = [
    "klo", "kl.", "§", "nro", "nr", "No.", "dia", "sivu", "bild", "sida", "slide", "page",
    "section",
];

/// Quotation marks of the language instead of straight ones, and dashes for
/// ranges and between words instead of hyphens. `before` and `after` are what
/// stands around a part of a text.
pub fn set(before: Option<char>, text: &str, after: Option<char>, language: Language) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut open = Open::default();
    let mut last = before;
    // the last character that is no space
    let mut said = before.filter(|c| !c.is_whitespace());
    let words: Vec<&str> = text.split(' ').collect();
    for (index, word) in words.iter().copied().enumerate() {
        if index > 0 {
            out.push(' ');
            last = Some(' ');
        }
        let next = if index + 1 < words.len() { Some(' ') } else { after };
        let alone = last.is_some_and(char::is_whitespace) && next.is_none_or(char::is_whitespace);
        let follows = || words[index + 1..].iter().find_map(|word| word.chars().next()).or(after);
        match word {
            "-" | "--" if alone && said.is_some_and(ends) && follows().is_some_and(begins) => {
                out.push('–');
            }
            _ => set_word((last, next), word, language, &mut open, &mut out),
        }
        last = word.chars().next_back().or(last);
        said = word.chars().rfind(|c| !c.is_whitespace()).or(said);
    }
    out
}

/// True for what a dash may follow. Behind a comma or a colon a hyphen may be a
/// minus, and one in a row of signs stays what it is.
fn ends(c: char) -> bool {
    c.is_alphanumeric() || "\"'”’»)]}.!?…%°§€".contains(c)
}

/// True for what a dash may stand before.
fn begins(c: char) -> bool {
    c.is_alphanumeric() || "\"'“”‘’«([{§".contains(c)
}

/// Straight quotation marks that opened and wait for their counterparts.
#[derive(Default)]
struct Open {
    double: usize,
    single: usize,
}

/// Sets a word; `around` is what stands before and behind it.
fn set_word(
    around: (Option<char>, Option<char>),
    word: &str,
    language: Language,
    open: &mut Open,
    out: &mut String,
) {
    let (before, next) = around;
    // an address must lead where it led
    if word.contains("://") || word.contains('@') || word.starts_with("www.") {
        out.push_str(word);
        return;
    }
    let range = range_hyphen(word);
    let (mut before, mut within_opening) = (before, false);
    for (at, c) in word.char_indices() {
        let rest = &word[at + c.len_utf8()..];
        let after = rest.chars().next().or(next);
        // a mark after a letter or a stop closes, any other opens
        let border =
            within_opening || before.is_none_or(|b| b.is_whitespace() || "([{–—―/“‘".contains(b));
        let opens = border
            && after.is_some_and(|a| !a.is_whitespace() && !",;:!?)]}".contains(a))
            && (after != Some('.') || rest.starts_with(".."));
        // `19"` and `5'10"` are measures, unless something that was opened ends there
        let measure = at > 0 && before.is_some_and(|b| b.is_ascii_digit());
        let letter = after.is_some_and(char::is_alphabetic);
        out.push(match (c, language) {
            ('"', _) if measure && open.double == 0 => '"',
            ('\'', _) if measure && open.single == 0 && !letter => '\'',
            ('"', Language::En) if opens => '“',
            ('"', _) => '”',
            // `'90`
            ('\'', _) if after.is_some_and(|a| a.is_ascii_digit()) => '’',
            ('\'', Language::En) if opens && !is_elision(rest) => '‘',
            ('\'', _) => '’',
            ('-', _) if range == Some(at) => '–',
            (c, _) => c,
        });
        within_opening = opens && matches!(c, '"' | '\'');
        match c {
            '"' if opens => open.double += 1,
            '"' => open.double = open.double.saturating_sub(1),
            // `'90` and `'tis` open nothing
            '\'' if opens && !after.is_some_and(|a| a.is_ascii_digit()) && !is_elision(rest) => {
                open.single += 1;
            }
            '\'' if !opens && !letter => open.single = open.single.saturating_sub(1),
            _ => {}
        }
        before = Some(c);
    }
}

/// `'tis`: an apostrophe begins the word, not a quotation.
fn is_elision(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    ["tis", "twas", "twere", "em", "til"].iter().any(|word| rest[..end].eq_ignore_ascii_case(word))
}

/// Where the hyphen of a range stands in a word: `2026-2029`, `17.30-19.30`,
/// `8-16.30`, `1.3.-31.5.2026`, `6-7`, `5,5-6,5`, `7-9-vuotiaat`. Whatever else
/// has a hyphen between digits may be a telephone number, a code, an address or
/// a version, and stays as it is.
fn range_hyphen(word: &str) -> Option<usize> {
    let start = word.find(|c: char| c.is_ascii_digit())?;
    let length = word[start..].find(|c: char| !c.is_ascii_digit() && !"-.,".contains(c));
    let body = length.map_or(&word[start..], |length| &word[start..start + length]);
    // `7-9-vuotiaat`
    let body = body.strip_suffix('-').unwrap_or(body);
    let (before, after) = (&word[..start], &word[start + body.len()..]);
    let opens = |c: char| "([\"'”“’‘".contains(c);
    let closes = |c: char| "])\"'”“’‘,;:!?".contains(c);
    let suffix = after.strip_prefix('-').or_else(|| after.strip_prefix(':')).unwrap_or_default();
    let ends = after.chars().all(closes) || suffix.starts_with(char::is_alphabetic);
    if !before.chars().all(opens) || !ends {
        return None;
    }
    let (from, to) = body.split_once('-')?;
    let year = |part: &str| number(part).filter(|n| part.len() == 4 && (1900..2200).contains(n));
    let small = |part: &str| number(part).filter(|_| part.len() <= 2 && !part.starts_with('0'));
    let rising = |a: Option<u32>, b: Option<u32>| matches!((a, b), (Some(a), Some(b)) if a < b);
    let last = to.trim_end_matches(['.', ',']);
    let dotted = from.contains('.') || last.contains('.');
    let range = rising(year(from), year(last))
        || rising(small(from), small(last))
        || (dotted && is_time(from) && is_time(last))
        || (is_date(from) && is_date(to))
        || (is_decimal(from) && is_decimal(last));
    range.then_some(start + from.len())
}

fn number(part: &str) -> Option<u32> {
    part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
}

/// `17.30` or `8`.
fn is_time(part: &str) -> bool {
    let (hour, minute) = part.split_once('.').unwrap_or((part, "00"));
    let below = |text: &str, limit: u32| number(text).is_some_and(|n| n < limit);
    hour.len() <= 2 && minute.len() == 2 && below(hour, 25) && below(minute, 60)
}

/// `1.3.` or `31.5.2026`.
fn is_date(part: &str) -> bool {
    let parts: Vec<&str> = part.trim_end_matches('.').split('.').collect();
    let day = |text: &str| text.len() <= 2 && number(text).is_some_and(|n| (1..32).contains(&n));
    match parts.as_slice() {
        [a, b] => part.ends_with('.') && day(a) && day(b),
        [a, b, year] => day(a) && day(b) && year.len() == 4 && number(year).is_some(),
        _ => false,
    }
}

/// `5,5`.
fn is_decimal(part: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && number(text).is_some();
    part.split_once(',').is_some_and(|(a, b)| digits(a) && digits(b))
}

/// Replaces the spaces of `24 §`, `4 mom.`, `klo 13.00`, `§ 80` and `1 000 €`
/// by non-breaking ones.
pub fn tie(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    let mut before = "";
    while let Some(space) = rest.find(' ') {
        let word = &rest[..space];
        out.push_str(word);
        if !word.is_empty() {
            before = word;
        }
        rest = &rest[space + 1..];
        let after = rest.split([' ', '\n']).next().unwrap_or_default();
        out.push(if sticks(before.rsplit('\n').next().unwrap_or_default(), after) {
            NBSP
        } else {
            ' '
        });
    }
    out.push_str(rest);
    out
}

fn sticks(before: &str, after: &str) -> bool {
    let core = after.trim_end_matches([',', ')', ';', ':', '!', '?', '”']);
    let unit = AFTER_NUMBER.contains(&core) || AFTER_NUMBER.contains(&core.trim_end_matches('.'));
    let number_before = before.ends_with(|c: char| c.is_ascii_digit());
    let number_after = after.starts_with(|c: char| c.is_ascii_digit());
    let opened = before.trim_start_matches(['(', '”', '"']);
    let thousands = is_group_start(opened) && is_group(core);
    (number_before && unit) || (number_after && BEFORE_NUMBER.contains(&opened)) || thousands
}

/// `1`, `12`, `123`: may start a number written in groups of three.
fn is_group_start(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
}

/// `000`, `000.` or `000,50`: goes on with a number written in groups.
fn is_group(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3 && word[3..].bytes().all(|b| b == b'.' || b == b',' || b.is_ascii_digit())
}

/// Sorts as Finnish and Swedish do: å, ä and ö are letters after z, every other
/// mark counts only where all else is equal. Numbers go by what they amount to.
pub fn collation_key(name: &str) -> Vec<u32> {
    let small: Vec<char> = name.nfc().flat_map(char::to_lowercase).nfc().collect();
    let mut key = Vec::with_capacity(2 * small.len() + 1);
    let mut at = 0;
    while let Some(c) = small.get(at).copied() {
        let digits = small[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if digits > 0 {
            let number = &small[at..at + digits];
            let zeros = number.iter().take_while(|c| **c == '0').count();
            key.push('0' as u32);
            key.push(u32::try_from(digits - zeros).unwrap_or(u32::MAX));
            key.extend(number[zeros..].iter().map(|c| *c as u32));
            at += digits;
            continue;
        }
        at += 1;
        key.extend(letters(c).into_iter().flatten());
    }
    key.push(0);
    key.extend(small.iter().map(|c| *c as u32));
    key
}

/// The letters that one is sorted as.
fn letters(c: char) -> [Option<u32>; 2] {
    let plain = match c {
        'å' => return [Some('z' as u32 + 1), None],
        'ä' | 'æ' => return [Some('z' as u32 + 2), None],
        'ö' | 'ø' | 'œ' => return [Some('z' as u32 + 3), None],
        'ü' | 'ű' => 'y',
        'đ' | 'ð' => 'd',
        'ǥ' => 'g',
        'ı' => 'i',
        'ł' => 'l',
        'ŋ' => 'n',
        'ŧ' => 't',
        'ʒ' | 'ǯ' => 'z',
        'ß' => return [Some('s' as u32), Some('s' as u32)],
        'þ' => return [Some('t' as u32), Some('h' as u32)],
        // the soft sign of Skolt Sámi
        'ʹ' | 'ʼ' => return [None, None],
        c => c.nfd().next().unwrap_or(c),
    };
    if plain > 'z' { [Some(plain as u32 + 10), None] } else { [Some(plain as u32), None] }
}

#[cfg(test)]
mod tests;
