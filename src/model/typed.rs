//! Parses dates and times as people type them, to suggest how a record writes them.
//! Understands what Finnish, Swedish and English have in common: day before month, and the
//! names of months.

use super::{Date, Time};

/// A value parsed from typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed<T> {
    pub value: T,
    /// Whether nothing else can be meant.
    pub sure: bool,
}

/// Month names by their beginnings in Finnish, Swedish and English.
const MONTHS: [&[&str]; 12] = [
    &["tammik", "jan"],
    &["helmik", "feb"],
    &["maalisk", "mars", "march"],
    &["huhtik", "apr"],
    &["toukok", "maj", "may"],
    &["kesäk", "kesa\u{308}k", "jun"],
    &["heinäk", "heina\u{308}k", "jul"],
    &["elok", "aug"],
    &["syysk", "sep"],
    &["lokak", "okt", "oct"],
    &["marrask", "nov"],
    &["jouluk", "dec"],
];

/// Parses a date such as `27.11.2026`, `2026/11/27`, `2026-11-27T13:00` or `27. marraskuuta
/// 2026`.
pub fn date(text: &str) -> Option<Typed<Date>> {
    let text = text.trim().to_lowercase();
    // ISO 8601 without hyphens
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let value = Date::parse(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))?;
        return Some(Typed { value, sure: true });
    }
    let (day, rest) = split_clock(&text);
    let parts: Vec<&str> = day
        .split(|c: char| c.is_whitespace() || ".,/-–\u{2011}".contains(c))
        .filter(|part| !part.is_empty())
        .collect();
    // the weekday may precede the date
    let weekday = |part: &&str| part.chars().all(char::is_alphabetic) && month(part).is_none();
    let parts = match parts.as_slice() {
        [first, rest @ ..] if weekday(first) && rest.len() == 3 => rest.to_vec(),
        _ => parts,
    };
    let [a, b, c] = parts.as_slice() else { return None };
    let slashes = day.contains('/') && !day.contains('.');
    let (year, month_of, day_of, sure) = match (number(a), number(b), number(c)) {
        (Some(year), Some(month), Some(day)) if a.len() == 4 => (year, month, day, true),
        // 3/4/2026 is 3 April here, but 4 March elsewhere
        (Some(day), Some(month), Some(year)) if c.len() == 4 => {
            (year, month, day, !slashes || day > 12 || day == month)
        }
        (Some(day), Some(month), Some(year)) if c.len() == 2 && day_first(&text) => {
            (2000 + year, month, day, false)
        }
        (Some(day), None, Some(year)) if c.len() == 4 => (year, month(b)?, day, true),
        (None, Some(day), Some(year)) if c.len() == 4 => (year, month(a)?, day, true),
        _ => return None,
    };
    let value = Date::parse(&format!("{year:04}-{month_of:02}-{day_of:02}"))?;
    // a time in another zone may be on the day before or after
    let zone = rest.is_some_and(|rest| rest.contains(['z', '+']) || rest.matches('-').count() > 0);
    Some(Typed { value, sure: sure && !zone })
}

/// `27.11.26` with periods: a year of two digits comes last.
fn day_first(text: &str) -> bool {
    text.matches('.').count() == 2
}

/// A date and the time after it.
fn split_clock(text: &str) -> (&str, Option<&str>) {
    let clock = |at: usize| {
        let rest = text[at + 1..].trim_start();
        let rest = rest.strip_prefix("klo").or_else(|| rest.strip_prefix("kl.")).unwrap_or(rest);
        rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) && rest.contains([':', '.'])
    };
    for (at, c) in text.char_indices() {
        let behind_year = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count() >= 2;
        if (c == 't' || c == ' ') && behind_year && clock(at) {
            return (&text[..at], Some(&text[at + 1..]));
        }
    }
    (text, None)
}

fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn month(text: &str) -> Option<u32> {
    let found = MONTHS.iter().position(|names| names.iter().any(|name| text.starts_with(name)))?;
    u32::try_from(found + 1).ok()
}

/// Parses a time such as `13.00`, `klo 9`, `kl. 9.30`, `13:00:00` or `1.30 pm`.
pub fn time(text: &str) -> Option<Typed<Time>> {
    let text = text.trim().to_lowercase().replace('\u{a0}', " ");
    let (rest, named) = match ["klo", "kello", "kl.", "kl", "at "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
    {
        Some(rest) => (rest.trim_start(), true),
        None => (text.as_str(), false),
    };
    let (rest, half) = match ["p.m.", "pm", "a.m.", "am"].iter().find_map(|word| {
        rest.strip_suffix(word).map(|rest| (rest.trim_end(), word.starts_with('p')))
    }) {
        Some((rest, afternoon)) => (rest, Some(afternoon)),
        None => (rest, None),
    };
    let rest = rest.trim_end_matches("h").trim_end_matches("uhr").trim_end();
    let parts: Vec<&str> = rest.split([':', '.', ',']).collect();
    let two = |text: &str| (1..=2).contains(&text.len()).then(|| number(text)).flatten();
    let full = |text: &str| (text.len() == 2).then(|| number(text)).flatten();
    let (hour, minute, sure) = match parts.as_slice() {
        [hour] if hour.len() == 4 && hour.is_ascii() => {
            (number(&hour[..2])?, number(&hour[2..])?, false)
        }
        [hour] => (two(hour)?, 0, named || half.is_some()),
        [hour, minute] => (two(hour)?, full(minute)?, true),
        // seconds are insignificant
        [hour, minute, "00"] => (two(hour)?, full(minute)?, true),
        _ => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        None => hour,
    };
    let value = Time::parse(&format!("{hour:02}:{minute:02}"))?;
    Some(Typed { value, sure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        for text in [
            "27.11.2026",
            "27. 11. 2026",
            " 27.11.2026 ",
            "2026/11/27",
            "2026.11.27",
            "2026-11-27T13:00",
            "27.11.2026 klo 13.00",
            "27.11.2026 13:00",
            "27/11/2026",
            "20261127",
            "27. marraskuuta 2026",
            "perjantai 27.11.2026",
            "27 november 2026",
            "27 NOV 2026",
            "November 27, 2026",
        ] {
            let typed = date(text);
            assert_eq!(
                typed.map(|t| (t.value.to_string(), t.sure)),
                Some(("2026-11-27".into(), true)),
                "{text}"
            );
        }
        for text in ["27.11.26", "2026-11-27T23:30:00Z"] {
            let typed = date(text).map(|t| (t.value.to_string(), t.sure));
            assert_eq!(typed, Some(("2026-11-27".into(), false)), "{text}");
        }
        for (month, text) in (1..).zip([
            "tammikuuta",
            "helmikuuta",
            "maaliskuuta",
            "huhtikuuta",
            "toukokuuta",
            "kesäkuuta",
            "heinäkuuta",
            "elokuuta",
            "syyskuuta",
            "lokakuuta",
            "marraskuuta",
            "joulukuuta",
        ]) {
            let read = date(&format!("5. {text} 2026")).map(|t| t.value.to_string());
            assert_eq!(read, Some(format!("2026-{month:02}-05")), "{text}");
        }
        for (month, text) in (1..).zip([
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ]) {
            let read = date(&format!("5 {text} 2026")).map(|t| t.value.to_string());
            assert_eq!(read, Some(format!("2026-{month:02}-05")), "{text}");
        }
        assert_eq!(date("3/4/2026").map(|t| t.sure), Some(false));
        assert_eq!(date("2026-1-5").map(|t| t.value.to_string()).as_deref(), Some("2026-01-05"));
        for text in ["31.2.2026", "27.11.", "syksy 2026", "", "1.2.3.4", "27.11.1026", "27112026"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (text, read) in [
            ("13.00", "13:00"),
            ("klo 13", "13:00"),
            ("klo 13.00", "13:00"),
            ("kl. 9.30", "09:30"),
            ("9.30", "09:30"),
            ("9:30", "09:30"),
            ("13:00:00", "13:00"),
            ("1.30 pm", "13:30"),
            ("12 am", "00:00"),
        ] {
            assert_eq!(
                time(text).map(|t| (t.value.to_string(), t.sure)),
                Some((read.into(), true)),
                "{text}"
            );
        }
        assert_eq!(
            time("13").map(|t| (t.value.to_string(), t.sure)),
            Some(("13:00".into(), false))
        );
        for text in ["25.00", "13.60", "13.5", "13:00:30", "iltapäivä", "13.00–15.00", ""] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
