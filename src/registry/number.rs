//! Register numbers: a pattern with the year and a running number, and the numbers that
//! documents can expect.

use serde::Deserialize;

use super::index::{Index, IndexError, Reservation};
use crate::model::Date;

/// When the running number begins at one again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// With each year.
    #[default]
    Yearly,
    /// Never.
    Continuous,
}

/// How register numbers look: `KJ-{year}-{number:5}` gives `KJ-2026-00012`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    parts: Vec<Part>,
    sequence: Sequence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    /// The running number with leading zeros up to this many digits.
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
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it could give one number twice, or holds anything unknown.
    pub fn parse(pattern: &str, sequence: Sequence) -> Result<Self, PatternError> {
        let (mut parts, mut rest) = (Vec::new(), pattern);
        while let Some((text, after)) = rest.split_once('{') {
            parts.push(Part::Text(text.to_owned()));
            let (name, after) = after.split_once('}').ok_or(PatternError::Unknown)?;
            parts.push(match name.split_once(':') {
                None if name == "year" => Part::Year,
                None if name == "number" => Part::Number(1),
                Some(("number", width)) => match width.parse() {
                    Ok(width @ 1..=9) => Part::Number(width),
                    _ => return Err(PatternError::Unknown),
                },
                _ => return Err(PatternError::Unknown),
            });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let fine = |c: char| c.is_alphanumeric() || "._/-".contains(c);
        let texts = parts.iter().all(|part| match part {
            Part::Text(text) => text.chars().all(fine),
            _ => true,
        });
        if !texts || pattern.len() > 60 {
            return Err(PatternError::Text);
        }
        if parts.iter().filter(|part| matches!(part, Part::Number(_))).count() != 1 {
            return Err(PatternError::NoNumber);
        }
        if sequence == Sequence::Yearly && !parts.contains(&Part::Year) {
            return Err(PatternError::NoYear);
        }
        // two running numbers side by side could be read in two ways
        let beside = parts.windows(3).any(|three| match three {
            [Part::Year, Part::Text(between), Part::Number(_)]
            | [Part::Number(_), Part::Text(between), Part::Year] => {
                between.is_empty() || between.ends_with(|c: char| c.is_ascii_digit())
            }
            _ => false,
        });
        if beside { Err(PatternError::Text) } else { Ok(Self { parts, sequence }) }
    }

    /// The series that the numbers of a year are counted in.
    pub fn series(&self, year: i16) -> String {
        let of_series = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Year if self.sequence == Sequence::Yearly => year.to_string(),
            Part::Year => "*".into(),
            Part::Number(_) => "#".into(),
        };
        self.parts.iter().map(of_series).collect()
    }

    /// A regular expression for the numbers of this pattern, of any year.
    pub fn expression(&self) -> String {
        let shown = |part: &Part| match part {
            Part::Text(text) => regex::escape(text),
            Part::Year => "[0-9]{4}".into(),
            Part::Number(_) => "[0-9]+".into(),
        };
        self.parts.iter().map(shown).collect()
    }

    /// The number at a position (from 1) in the series of a year.
    pub fn at(&self, year: i16, position: u64) -> String {
        let shown = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Year => year.to_string(),
            Part::Number(width) => format!("{position:0width$}"),
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
