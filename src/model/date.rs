//! Dates and times of day as records write them: `YYYY-MM-DD` and `HH:MM`, nothing else.

use std::borrow::Cow;
use std::fmt;

use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar date, written `2025-10-23` (ISO 8601, extended format).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// A time of day to the minute, written `13:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(civil::Time);

impl Date {
    /// A date; `None` if it does not exist in the calendar.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Parses `YYYY-MM-DD` exactly; `None` for any other form, a day that does not exist,
    /// or a year before 1900 or after 2200.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return None;
        }
        let date =
            Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)?;
        (1900..=2200).contains(&date.year()).then_some(date)
    }

    /// Year of the era, for example 2025.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl From<civil::Time> for Time {
    fn from(time: civil::Time) -> Self {
        Self(time)
    }
}

impl Date {
    /// The same day some years later, 28 February for a leap day; `None` beyond the
    /// calendar.
    pub fn years_later(self, years: u16) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().try_years(years).ok()?).ok().map(Self)
    }

    /// The day some days later; `None` beyond the calendar.
    pub fn days_later(self, days: u16) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Self)
    }

    /// Monday is 1, Sunday 7 (ISO 8601).
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// This day, or the next one on which offices are open: a period that ends on a
    /// Saturday, a holiday, Christmas Eve or Midsummer Eve ends on the next working day
    /// (150/1930 5 §).
    pub fn next_working_day(self) -> Option<Self> {
        let mut day = self;
        while day.is_free() {
            day = day.days_later(1)?;
        }
        Some(day)
    }

    fn is_free(self) -> bool {
        let fixed = matches!(
            (self.month(), self.day()),
            (1, 1) | (1, 6) | (5, 1) | (12, 6) | (12, 24) | (12, 25) | (12, 26)
        );
        // the Friday between 19 and 25 June
        let midsummer_eve =
            self.month() == 6 && self.weekday() == 5 && (19..=25).contains(&self.day());
        // Good Friday, Easter Monday, Ascension Day
        let after_easter = easter(self.year())
            .and_then(|easter| self.0.since(easter).ok())
            .is_some_and(|span| matches!(span.get_days(), -2 | 1 | 39));
        self.weekday() >= 6 || fixed || midsummer_eve || after_easter
    }
}

/// Easter Sunday of a year, Gregorian (after Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<civil::Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

impl Time {
    /// Parses `HH:MM` exactly (00:00 to 23:59).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 5
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 2 { *b == b':' } else { b.is_ascii_digit() });
        if !shaped {
            return None;
        }
        civil::Time::new(text[..2].parse().ok()?, text[3..].parse().ok()?, 0, 0).ok().map(Self)
    }

    /// Hour, 0 to 23.
    pub fn hour(self) -> i8 {
        self.0.hour()
    }

    /// Minute, 0 to 59.
    pub fn minute(self) -> i8 {
        self.0.minute()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::invalid_value(de::Unexpected::Str(&text), &"a date YYYY-MM-DD")
        })
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a time HH:MM"))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "a date, for example 2025-10-23",
            "x-accepts": "date"
        })
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            "description": "a time of day, for example 13:00",
            "x-accepts": "time"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_one_form_only() {
        assert_eq!(Date::parse("2025-10-23"), Date::new(2025, 10, 23));
        for wrong in ["23.10.2025", "2025-1-3", "2025-02-30", "2025-10-23T00", "2025/10/23", "äöå"]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_ends_on_a_working_day() {
        let next = |text| Date::parse(text).unwrap().next_working_day().unwrap().to_string();
        for (day, working) in [
            ("2026-11-24", "2026-11-24"),
            ("2026-11-28", "2026-11-30"),
            ("2026-12-24", "2026-12-28"),
            ("2026-04-03", "2026-04-07"),
            ("2026-05-14", "2026-05-15"),
            ("2026-06-19", "2026-06-22"),
            ("2027-01-06", "2027-01-07"),
            ("2025-04-18", "2025-04-22"),
        ] {
            assert_eq!(next(day), working, "{day}");
        }
    }

    #[test]
    fn times_are_read_in_one_form_only() {
        assert_eq!(Time::parse("09:30").map(|t| t.to_string()).as_deref(), Some("09:30"));
        for wrong in ["9:30", "24:00", "13.00", "13:60", "13:00:00", ""] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }
}
