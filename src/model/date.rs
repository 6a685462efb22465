//! Dates and times of day as records write them: `YYYY-MM-DD` and `HH:MM`,
//! nothing else. Never asks what day it is today.

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
    /// Builds a date; `None` when the day does not exist in the calendar.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `YYYY-MM-DD` exactly; `None` for any other form, a day that does not
    /// exist, or a year before 1900 or after 2200.
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

impl Time {
    /// Reads `HH:MM` exactly (00:00 to 23:59).
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
    fn times_are_read_in_one_form_only() {
        assert_eq!(Time::parse("09:30").map(|t| t.to_string()).as_deref(), Some("09:30"));
        for wrong in ["9:30", "24:00", "13.00", "13:60", "13:00:00", ""] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }
}
