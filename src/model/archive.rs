//! Archival classification of a document (publicity, retention, secrecy), and timestamps.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::envelope::{PersonalData, Publicity, Retention};
use super::{Date, Short, Time};

/// Complete classification of a document, from the records management plan and the record
/// (SÄHKE2 `Function`, `Restriction`, `RetentionPeriod`, `RetentionReason`,
/// `SecurityPeriod`, `SecurityReason`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// Function class, for example 00.01.02.
    pub function: Short,
    pub publicity: Publicity,
    pub personal_data: PersonalData,
    pub retention: Retention,
    /// The provision that makes it secret, unless it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_basis: Option<Short>,
    /// Years of secrecy from the document's date, unless it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_years: Option<u16>,
}

impl Classification {
    /// Last day of retention of a document with this date: the end of a year, since
    /// retention counts from the end of the year of the date. `None` if it is permanent.
    pub fn retention_ends(&self, date: Date) -> Option<Date> {
        let years = i16::try_from(self.retention.years?).ok()?;
        Date::new(date.year().checked_add(years)?, 12, 31)
    }

    /// Last day of secrecy of a document with this date (621/1999 31 §).
    pub fn secrecy_ends(&self, date: Date) -> Option<Date> {
        if self.publicity == Publicity::Public {
            return None;
        }
        date.years_later(self.secrecy_years?)
    }
}

/// A timestamp with seconds, in UTC: `2026-11-24T08:15:00Z` (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(Timestamp::UNIX_EPOCH);

    /// The time some seconds after 1970-01-01T00:00:00Z; `None` beyond the calendar.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Parses `2026-11-24T08:15:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let moment = Self(text.parse().ok()?);
        (moment.to_string() == text).then_some(moment)
    }

    /// Seconds since another time; negative if that is later.
    pub fn seconds_since(self, other: Self) -> i64 {
        self.0.as_second() - other.0.as_second()
    }

    /// The day in Finland, where the documents are registered.
    pub fn day(self) -> Date {
        Date::from(self.in_finland().date())
    }

    /// The time of day in Finland.
    pub fn time(self) -> Time {
        Time::from(self.in_finland().time())
    }

    fn in_finland(self) -> jiff::Zoned {
        self.0.to_zoned(TimeZone::get("Europe/Helsinki").unwrap_or(TimeZone::UTC))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}", self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::invalid_value(de::Unexpected::Str(&text), &"a moment 2026-11-24T08:15:00Z")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_finland() {
        let late = Moment::parse("2026-11-24T22:30:00Z").unwrap();
        assert_eq!(late.day(), Date::new(2026, 11, 25).unwrap());
        assert_eq!(late.to_string(), "2026-11-24T22:30:00Z");
        assert_eq!(Moment::parse("2026-11-24"), None);
    }

    #[test]
    fn retention_counts_from_the_end_of_the_year() {
        let plan = |years, permanent| Classification {
            function: Short::parse("00.01.02").unwrap(),
            publicity: Publicity::Public,
            personal_data: PersonalData::None,
            retention: Retention { years, permanent, reason: Short::parse("plan").unwrap() },
            secrecy_basis: None,
            secrecy_years: None,
        };
        let date = Date::new(2025, 3, 1).unwrap();
        assert_eq!(plan(Some(10), false).retention_ends(date), Date::new(2035, 12, 31));
        assert_eq!(plan(None, true).retention_ends(date), None);
    }
}
