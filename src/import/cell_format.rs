//! Renders cell values by their number format, as spreadsheet programs do ([ECMA-376-1]
//! 18.8.31). What depends on the computer, or is not supported, is unknown; it is never
//! guessed.

mod parser;

use crate::model::Language;

/// Maximum length of a number in General format, in characters.
const GENERAL: usize = 11;

/// A token of a number format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FormatToken {
    /// A literal character.
    Plain(char),
    /// A digit placeholder: `0`, or `#` and `?`, which are omitted if not significant.
    Digit(char),
    Point,
    Comma,
    Percent,
    /// The text of the cell.
    Text,
    /// The number in General format.
    General,
    /// A part of a date or time: its letter, and the number of repetitions.
    Part(char, usize),
    /// Elapsed hours, minutes or seconds, which may exceed a day, an hour, a minute.
    Elapsed(char),
}

/// Year, month, day, hour, minute, second, millisecond.
pub(super) type CellDateTime = (u16, u8, u8, u8, u8, u8, u16);

/// A number format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellFormat {
    /// For positive, negative and zero numbers.
    numbers: Vec<Vec<FormatToken>>,
    texts: Option<Vec<FormatToken>>,
}

impl CellFormat {
    /// Parses a format code; `None` if it is not supported.
    pub fn of(code: &str) -> Option<Self> {
        let code = if code.is_empty() { "General" } else { code };
        let mut numbers = parser::sections(code)?;
        let last = numbers.last().is_some_and(|last| last.contains(&FormatToken::Text));
        let texts = if last || numbers.len() > 3 { numbers.pop() } else { None };
        (numbers.len() <= 3).then_some(Self { numbers, texts })
    }

    /// True if the format hides every value.
    pub fn hides(&self) -> bool {
        let empty = |section: &Vec<FormatToken>| section.is_empty();
        self.numbers.len() > 1 && self.numbers.iter().chain(&self.texts).all(empty)
    }

    /// The displayed form of a text; `None` if it is unknown or empty.
    pub fn text(&self, text: &str) -> Option<String> {
        let Some(section) = &self.texts else {
            return (!self.hides()).then(|| text.to_owned());
        };
        let mut shown = String::new();
        for token in section {
            match token {
                FormatToken::Plain(c) => shown.push(*c),
                FormatToken::Text => shown.push_str(text),
                _ => return None,
            }
        }
        (!shown.trim().is_empty()).then_some(shown)
    }

    /// The displayed form of a number; `None` if it is unknown or empty.
    pub fn number(&self, number: f64, language: Language) -> Option<String> {
        let (section, size) = self.section(number);
        let Some(section) = section else {
            return general(number, language);
        };
        let mut shown = if size < 0.0 { "-".to_owned() } else { String::new() };
        let size = size.abs();
        if section.iter().any(|token| matches!(token, FormatToken::General | FormatToken::Text)) {
            for token in section {
                match token {
                    FormatToken::Plain(c) => shown.push(*c),
                    FormatToken::General | FormatToken::Text => shown += &general(size, language)?,
                    _ => return None,
                }
            }
            return seen(shown);
        }
        let is_digits =
            |token: &FormatToken| matches!(token, FormatToken::Digit(_) | FormatToken::Point);
        let first = section.iter().position(is_digits);
        let last = section.iter().rposition(is_digits);
        let percent = section.iter().filter(|token| **token == FormatToken::Percent).count();
        let (before, digits, behind) = match (first, last) {
            (Some(first), Some(last)) => {
                (&section[..first], &section[first..=last], &section[last + 1..])
            }
            _ if percent > 0 => return None,
            _ => (section, &section[..0], &section[..0]),
        };
        plain(before, language, &mut shown)?;
        if !digits.is_empty() {
            let digits = digits_of(size, digits, percent, language)?;
            // programs differ in whether they show the sign of a number rounded to zero
            if number < 0.0 && !digits.contains(|c| matches!(c, '1'..='9')) {
                return None;
            }
            shown += &digits;
        }
        plain(behind, language, &mut shown)?;
        seen(shown)
    }

    /// The displayed form of a date or time; `None` if it is unknown.
    pub fn moment(&self, value: f64, moment: CellDateTime, language: Language) -> Option<String> {
        if value < 0.0 {
            return None;
        }
        let section = self.section(value).0?;
        let (year, month, day, hour, minute, second, milli) = moment;
        let total = (value * 86_400.0).round();
        let mut shown = String::new();
        for (at, token) in section.iter().enumerate() {
            let (letter, count) = match token {
                // the separator of hours and minutes depends on the computer
                FormatToken::Plain(':') if language == Language::Fi => {
                    shown.push('.');
                    continue;
                }
                FormatToken::Plain(c) => {
                    shown.push(*c);
                    continue;
                }
                FormatToken::Point => {
                    shown.push('.');
                    continue;
                }
                FormatToken::Elapsed(letter) => {
                    let unit = match letter {
                        'h' => 3600.0,
                        'm' => 60.0,
                        _ => 1.0,
                    };
                    shown += &(total / unit).floor().to_string();
                    continue;
                }
                FormatToken::Part(letter, count) => (*letter, *count),
                _ => return None,
            };
            let is_date = matches!(letter, 'y' | 'd') || letter == 'm' && !is_minute(section, at);
            let rounded = letter == 's' && milli >= 500;
            if is_date && value < 1.0 || rounded {
                return None;
            }
            let number = match (letter, count) {
                ('y', 3 | 4) => {
                    shown += &format!("{year:04}");
                    continue;
                }
                ('y', 1 | 2) => {
                    shown += &format!("{:02}", year % 100);
                    continue;
                }
                ('d', 1 | 2) => day,
                ('m', 1 | 2) if is_date => month,
                ('m', 1 | 2) => minute,
                ('h', 1 | 2) => hour,
                ('s', 1 | 2) => second,
                // names of days and months
                _ => return None,
            };
            shown += &if count == 2 { format!("{number:02}") } else { number.to_string() };
        }
        seen(shown)
    }

    /// The section for a number, and the number as the section shows it; `None` if all
    /// numbers are shown in General format.
    fn section(&self, number: f64) -> (Option<&[FormatToken]>, f64) {
        let section = |at: usize| self.numbers.get(at).map(Vec::as_slice);
        match self.numbers.len() {
            2 | 3 if number < 0.0 => (section(1), -number),
            3 if number == 0.0 => (section(2), number),
            _ => (section(0), number),
        }
    }
}

/// A number in General format; `None` if its displayed form depends on the program and the
/// width of the column.
pub(super) fn general(number: f64, language: Language) -> Option<String> {
    let size = number.abs();
    let shown = to_fifteen_digits(size);
    let known = size == 0.0 || (1e-4..1e11).contains(&size) && shown.len() <= GENERAL;
    let sign = if number < 0.0 { "-" } else { "" };
    known.then(|| format!("{sign}{}", shown.replace('.', point(language))))
}

/// Rounds to fifteen significant digits, as spreadsheet programs do.
pub(super) fn to_fifteen_digits(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

fn point(language: Language) -> &'static str {
    if language == Language::En { "." } else { "," }
}

/// Trims the text and collapses spaces; `None` if nothing is visible.
fn seen(shown: String) -> Option<String> {
    let shown = if shown.contains("  ") {
        shown.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        shown
    };
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// Renders the tokens before and after the digits.
fn plain(tokens: &[FormatToken], language: Language, shown: &mut String) -> Option<()> {
    for token in tokens {
        match token {
            FormatToken::Plain(c) => shown.push(*c),
            FormatToken::Percent => {
                let digit = shown.ends_with(|c: char| c.is_ascii_digit());
                if digit && language != Language::En {
                    shown.push(' ');
                }
                shown.push('%');
            }
            _ => return None,
        }
    }
    Some(())
}

/// Renders the digits of a number, rounded half up from fifteen significant digits, as
/// spreadsheet programs do.
fn digits_of(
    number: f64,
    form: &[FormatToken],
    percent: usize,
    language: Language,
) -> Option<String> {
    let at = form.iter().position(|token| *token == FormatToken::Point);
    let (whole, part) = at.map_or((form, &form[..0]), |at| (&form[..at], &form[at + 1..]));
    if whole.iter().any(|token| !matches!(token, FormatToken::Digit(_) | FormatToken::Comma)) {
        return None;
    }
    let decimals = part
        .iter()
        .map(|token| if let FormatToken::Digit(c) = token { Some(*c) } else { None })
        .collect::<Option<Vec<char>>>()?;
    let units = rounded(number, decimals.len(), percent)?;
    let one = 10_u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let least = whole.iter().filter(|token| **token == FormatToken::Digit('0')).count();
    let mut front = if units / one == 0 { String::new() } else { (units / one).to_string() };
    while front.len() < least {
        front.insert(0, '0');
    }
    if whole.contains(&FormatToken::Comma) {
        front = in_thousands(&front, if language == Language::En { ',' } else { ' ' });
    }
    let mut back = match decimals.len() {
        0 => String::new(),
        width => format!("{:0width$}", units % one),
    };
    for kind in decimals.iter().rev() {
        if *kind == '0' || !back.ends_with('0') {
            break;
        }
        back.pop();
    }
    let point = if at.is_some() { point(language) } else { "" };
    Some(format!("{front}{point}{back}"))
}

/// A number in units of its last decimal.
fn rounded(number: f64, decimals: usize, percent: usize) -> Option<u128> {
    let text = format!("{number:.14e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let mantissa: u128 = mantissa.replace('.', "").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let shift = i32::try_from(decimals + 2 * percent).ok()?;
    let places = exponent.checked_sub(14)?.checked_add(shift)?;
    let power = 10_u128.checked_pow(places.unsigned_abs());
    match power {
        Some(power) if places >= 0 => mantissa.checked_mul(power),
        Some(power) => Some((mantissa + power / 2) / power),
        None if places < 0 => Some(0),
        None => None,
    }
}

fn in_thousands(digits: &str, sign: char) -> String {
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(sign);
        }
        shown.push(digit);
    }
    shown
}

/// Whether an `m` means minutes: after hours or before seconds.
fn is_minute(section: &[FormatToken], at: usize) -> bool {
    let part = |token: &FormatToken| match token {
        FormatToken::Part(letter, _) | FormatToken::Elapsed(letter) => Some(*letter),
        _ => None,
    };
    section[..at].iter().rev().find_map(part) == Some('h')
        || section[at + 1..].iter().find_map(part) == Some('s')
}

#[cfg(test)]
#[path = "cell_format/tests.rs"]
mod tests;
