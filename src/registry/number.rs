//! Register numbers: a pattern with the year and a running number, and the numbers that
//! documents can expect.

use serde::Deserialize;

use super::index::{Index, IndexError, Reservation};
use crate::model::Date;

/// When the sequential number restarts at one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// Every year.
    #[default]
    Yearly,
    /// Never.
    Continuous,
}

/// Pattern of register numbers: `KJ-{year}-{number:5}` gives `KJ-2026-00012`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    parts: Vec<PatternPart>,
    sequence: Sequence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    Year,
    /// The sequential number with leading zeros up to this many digits.
    Number(usize),
}

/// A pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("the pattern needs `{{number}}` once, as in `KJ-{{year}}-{{number:5}}`")]
    NoNumber,
    #[error("the pattern needs `{{year}}`, because the sequence restarts each year")]
    NoYear,
    #[error(
        "the pattern may contain only `{{year}}`, `{{number}}` and `{{number:1}}` to `{{number:9}}`"
    )]
    Unknown,
    #[error("a register number may have at most 60 characters: letters, digits and `. _ / -`")]
    Text,
}

impl Numbering {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Fails if it could produce one number twice, or contains anything unknown.
    pub fn parse(pattern: &str, sequence: Sequence) -> Result<Self, PatternError> {
        let (mut parts, mut rest) = (Vec::new(), pattern);
        while let Some((text, after)) = rest.split_once('{') {
            parts.push(PatternPart::Text(text.to_owned()));
            let (name, after) = after.split_once('}').ok_or(PatternError::Unknown)?;
            parts.push(match name.split_once(':') {
                None if name == "year" => PatternPart::Year,
                None if name == "number" => PatternPart::Number(1),
                Some(("number", width)) => match width.parse() {
                    Ok(width @ 1..=9) => PatternPart::Number(width),
                    _ => return Err(PatternError::Unknown),
                },
                _ => return Err(PatternError::Unknown),
            });
            rest = after;
        }
        parts.push(PatternPart::Text(rest.to_owned()));
        let fine = |c: char| c.is_alphanumeric() || "._/-".contains(c);
        let texts = parts.iter().all(|part| match part {
            PatternPart::Text(text) => text.chars().all(fine),
            _ => true,
        });
        if !texts || pattern.len() > 60 {
            return Err(PatternError::Text);
        }
        if parts.iter().filter(|part| matches!(part, PatternPart::Number(_))).count() != 1 {
            return Err(PatternError::NoNumber);
        }
        if sequence == Sequence::Yearly && !parts.contains(&PatternPart::Year) {
            return Err(PatternError::NoYear);
        }
        // adjacent digits of year and number would be ambiguous
        let beside = parts.windows(3).any(|three| match three {
            [PatternPart::Year, PatternPart::Text(between), PatternPart::Number(_)]
            | [PatternPart::Number(_), PatternPart::Text(between), PatternPart::Year] => {
                between.is_empty() || between.ends_with(|c: char| c.is_ascii_digit())
            }
            _ => false,
        });
        if beside { Err(PatternError::Text) } else { Ok(Self { parts, sequence }) }
    }

    /// The series in which the numbers of a year are counted.
    pub fn series(&self, year: i16) -> String {
        let of_series = |part: &PatternPart| match part {
            PatternPart::Text(text) => text.clone(),
            PatternPart::Year if self.sequence == Sequence::Yearly => year.to_string(),
            PatternPart::Year => "*".into(),
            PatternPart::Number(_) => "#".into(),
        };
        self.parts.iter().map(of_series).collect()
    }

    /// A regular expression for the numbers of this pattern, of any year.
    pub fn expression(&self) -> String {
        let shown = |part: &PatternPart| match part {
            PatternPart::Text(text) => regex::escape(text),
            PatternPart::Year => "[0-9]{4}".into(),
            PatternPart::Number(_) => "[0-9]+".into(),
        };
        self.parts.iter().map(shown).collect()
    }

    /// The number at a position (from 1) in the series of a year.
    pub fn at(&self, year: i16, position: u64) -> String {
        let shown = |part: &PatternPart| match part {
            PatternPart::Text(text) => text.clone(),
            PatternPart::Year => year.to_string(),
            PatternPart::Number(width) => format!("{position:0width$}"),
        };
        self.parts.iter().map(shown).collect()
    }
}

/// The numbers that versions can expect on a day, when they ask in this order and nothing
/// else does: the ones that they were given earlier in the year, else the next ones.
#[derive(Debug)]
pub struct ExpectedNumbers {
    numbering: Numbering,
    day: Date,
    open: Vec<Reservation>,
    next: u64,
}

impl ExpectedNumbers {
    /// Reads what the index has of a day's year.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn of(index: &Index, numbering: &Numbering, day: Date) -> Result<Self, IndexError> {
        let open = index.open_reservations()?;
        let next = index.position_after(&numbering.series(day.year()))?;
        Ok(Self { numbering: numbering.clone(), day, open, next })
    }

    /// The number of a version, which no other version gets then.
    pub fn take(&mut self, document: &str, version: u16) -> Reservation {
        let is_own = |one: &&Reservation| {
            one.document == document && one.version == version && one.day.year() == self.day.year()
        };
        if let Some(own) = self.open.iter().find(is_own) {
            return Reservation { day: self.day, ..own.clone() };
        }
        let number = self.numbering.at(self.day.year(), self.next);
        self.next += 1;
        Reservation { number, day: self.day, document: document.to_owned(), version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_give_each_number_once() {
        let yearly = Numbering::parse("KJ-{year}-{number:5}", Sequence::Yearly).unwrap();
        assert_eq!(yearly.at(2026, 12), "KJ-2026-00012");
        assert_ne!(yearly.series(2026), yearly.series(2027));
        let ever = Numbering::parse("{number}/{year}", Sequence::Continuous).unwrap();
        assert_eq!(ever.at(2026, 7), "7/2026");
        assert_eq!(ever.series(2026), ever.series(2027));
        for (wrong, why) in [
            ("KJ-{year}", PatternError::NoNumber),
            ("{number}-{number}{year}", PatternError::NoNumber),
            ("KJ-{number}", PatternError::NoYear),
            ("{year}{number}", PatternError::Text),
            ("KJ {year}-{number}", PatternError::Text),
            ("{year}-{number:0}", PatternError::Unknown),
            ("{year}-{month}-{number}", PatternError::Unknown),
        ] {
            assert_eq!(Numbering::parse(wrong, Sequence::Yearly), Err(why), "{wrong}");
        }
    }
}
