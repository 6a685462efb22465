//! Folds texts that look the same into one form: entities, percent-encoding, marks, case,
//! look-alikes.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::{Sign, alike};
use crate::model::markup;

/// Rounds of decoding: encoded text may have been encoded again.
const ROUNDS: usize = 3;
/// Longest entity, `&CounterClockwiseContourIntegral;`, in characters.
const ENTITY: usize = 34;

pub fn folded(signs: &[Sign]) -> Vec<Sign> {
    let mut signs = signs.to_vec();
    for _ in 0..ROUNDS {
        let before = signs.len();
        if signs.iter().any(|sign| sign.c == '&') {
            signs = without_entities(&signs);
        }
        if signs.iter().any(|sign| sign.c == '%') {
            signs = without_percent(&signs);
        }
        if signs.len() == before {
            break;
        }
    }
    let mut out = Vec::with_capacity(signs.len());
    for sign in signs {
        if sign.c.is_ascii() {
            out.push(sign.with(plain(sign.c.to_ascii_lowercase())));
        } else if !is_ignorable(sign.c) {
            decompose_compatible(sign.c, |c| {
                if !is_combining_mark(c) && !is_ignorable(c) {
                    let c = alike::latin(c).unwrap_or(c);
                    let lower = c.to_uppercase().flat_map(char::to_lowercase);
                    let marks = lower.filter(|c| !is_combining_mark(*c));
                    out.extend(marks.map(|c| match digit(c) {
                        Some(digit) => sign.with(digit),
                        None => sign.with(plain(c)),
                    }));
                }
            });
        }
    }
    out
}

/// Replaces look-alikes of punctuation, and all kinds of spaces.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2e3a}'
        | '\u{2e3b}' => '-',
        '\u{58a}' | '\u{5be}' | '\u{1806}' | '\u{2e17}' | '\u{30fb}' | '\u{2e40}' => '-',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{2b9}' | '\u{b4}' | '`' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        '\n' => '\n',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Invisible characters (Unicode: `Default_Ignorable_Code_Point`).
pub fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The zeros of all scripts, each followed by its digits up to nine (Unicode: `Nd`).
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
    0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// A decimal digit of any script as one of 0–9.
fn digit(c: char) -> Option<char> {
    if !c.is_numeric() || c.is_ascii() {
        return None;
    }
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code.checked_sub(*zero).filter(|value| *value < 10)?, 10)
}

/// Decodes entities such as `&#45;` and `&auml;`.
fn without_entities(signs: &[Sign]) -> Vec<Sign> {
    let mut out = Vec::with_capacity(signs.len());
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let near = &signs[at..(at + ENTITY).min(signs.len())];
        let end = near.iter().position(|sign| sign.c == ';').filter(|_| sign.c == '&');
        let name = end.map(|end| near[..=end].iter().map(|sign| sign.c).collect::<String>());
        match (end, name.as_deref().and_then(markup::entity)) {
            (Some(end), Some(said)) => {
                let whole = Sign { end: near[end].end, ..*sign };
                out.extend(said.chars().map(|c| whole.with(c)));
                at += end + 1;
            }
            _ => {
                out.push(*sign);
                at += 1;
            }
        }
    }
    out
}

/// Decodes `%C3%A4` to `ä`; what is not UTF-8 is left.
fn without_percent(signs: &[Sign]) -> Vec<Sign> {
    let byte = |at: usize| -> Option<u8> {
        let digit = |at: usize| signs.get(at)?.c.to_digit(16);
        let is_percent = signs.get(at).is_some_and(|sign| sign.c == '%');
        u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok().filter(|_| is_percent)
    };
    let mut out = Vec::with_capacity(signs.len());
    let mut at = 0;
    while at < signs.len() {
        let bytes: Vec<u8> = (0..4).map_while(|n| byte(at + 3 * n)).collect();
        let lengths = 1..=bytes.len();
        let c = lengths.into_iter().find_map(|n| {
            let c = std::str::from_utf8(&bytes[..n]).ok()?.chars().next()?;
            Some((c, 3 * n))
        });
        match c {
            Some((c, length)) => {
                out.push(Sign { c, end: signs[at + length - 1].end, ..signs[at] });
                at += length;
            }
            None => {
                out.push(signs[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_are_digits() {
        let decimal = regex::Regex::new(r"^\p{Nd}$").unwrap();
        let mut text = [0; 4];
        let all = ('\u{80}'..=char::MAX).filter(|c| decimal.is_match(c.encode_utf8(&mut text)));
        let all: Vec<char> = all.collect();
        assert!(all.len() > 600);
        for (at, c) in all.iter().enumerate() {
            let value = digit(*c).and_then(|digit| digit.to_digit(10));
            assert_eq!(value, Some(u32::try_from(at % 10).unwrap()), "{c} {:x}", u32::from(*c));
        }
        assert_eq!(digit('½').or(digit('Ⅷ')).or(digit('5')), None);
    }

    #[test]
    fn what_is_no_encoding_stays() {
        for text in ["50 %", "100%ab", "R&D; x", "a&b", "%ff%fe", "&nosuch;", "%", "&", "%2"] {
            let signs: Vec<Sign> =
                text.char_indices().map(|(at, c)| Sign::new(c, &(at..at + c.len_utf8()))).collect();
            let out: String = folded(&signs).iter().map(|sign| sign.c).collect();
            // "%ab" is one byte of no character
            assert_eq!(out, text.to_lowercase(), "{text}");
        }
    }
}
