//! Plausibility check of the computer's clock. A register number bears its year for ever,
//! so a day without supporting evidence must be confirmed by a person. Reads no clock
//! itself.

use super::RegistryError;
use crate::model::{Date, Moment};

/// A date so many days after all evidence is not plausible.
const LONG: u16 = 2 * 366;
/// Before the first number, documents may be dated so many days ahead.
const AHEAD: u16 = 366;

/// Evidence for the current date.
pub(super) struct ClockEvidence<'a> {
    /// Time of the latest reservation, by its position in the log.
    pub last: Option<Moment>,
    /// Dates of the documents that need numbers.
    pub dates: &'a [Date],
    /// The date that a person confirmed.
    pub confirmed: Option<Date>,
}

impl ClockEvidence<'_> {
    /// Checks the time; returns whether a confirmation was needed.
    ///
    /// # Errors
    /// Fails if the clock must be corrected, or the date confirmed.
    pub fn check(&self, now: Moment) -> Result<bool, RegistryError> {
        let today = now.day();
        if let Some(confirmed) = self.confirmed
            && confirmed != today
        {
            return Err(RegistryError::OtherDay { confirmed, today });
        }
        match self.doubt(now) {
            Some(_) if self.confirmed.is_some() => Ok(true),
            Some(doubt) => Err(doubt),
            None => Ok(false),
        }
    }

    fn doubt(&self, now: Moment) -> Option<RegistryError> {
        let today = now.day();
        if let Some(last) = self.last.filter(|last| last.day() > today) {
            return Some(RegistryError::ClockBack { now, last, today });
        }
        let early = first_date_far_ahead(today, self.dates.iter().copied());
        if let Some(first) = early.filter(|_| self.last.is_none()) {
            return Some(RegistryError::ClockBeforeDocuments { now, first, today });
        }
        let newest = self.dates.iter().copied().chain(self.last.map(Moment::day)).max()?;
        let late = newest.days_later(LONG).is_some_and(|day| day < today);
        late.then(|| match self.last {
            Some(_) => RegistryError::ClockFarAhead { now, newest, today },
            None => RegistryError::ClockAfterDocuments { now, newest, today },
        })
    }
}

/// The first date of some documents, if all of them are more than a year after a day: one
/// date may be mistyped, but hardly all.
pub fn first_date_far_ahead(today: Date, dates: impl Iterator<Item = Date>) -> Option<Date> {
    let first = dates.min()?;
    today.days_later(AHEAD).is_some_and(|day| first > day).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(&format!("{text}T10:00:00Z")).unwrap()
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn an_implausible_date_must_be_confirmed() {
        use RegistryError::{
            ClockAfterDocuments, ClockBack, ClockBeforeDocuments, ClockFarAhead, OtherDay,
        };
        let judge = |now: &str, last: Option<&str>, dates: &[&str], confirmed: Option<&str>| {
            let dates: Vec<Date> = dates.iter().map(|text| day(text)).collect();
            let evidence =
                ClockEvidence { last: last.map(at), dates: &dates, confirmed: confirmed.map(day) };
            evidence.check(at(now))
        };
        assert_eq!(
            judge("2026-11-29", Some("2026-11-28"), &["2026-11-20"], None).ok(),
            Some(false)
        );
        // a first registration, and one after two quiet years
        assert_eq!(judge("2026-11-29", None, &["2025-10-23"], None).ok(), Some(false));
        assert_eq!(judge("2028-11-28", Some("2026-11-28"), &[], None).ok(), Some(false));
        // a record of today is sufficient evidence after ten quiet years
        assert_eq!(
            judge("2036-11-28", Some("2026-11-28"), &["2036-11-02"], None).ok(),
            Some(false)
        );
        // one mistyped date beside others does not matter
        assert_eq!(
            judge("2026-11-29", None, &["2026-11-02", "2062-11-02"], None).ok(),
            Some(false)
        );
        let far = judge("2199-01-02", Some("2026-11-28"), &["2026-11-20"], None);
        assert!(matches!(far, Err(ClockFarAhead { .. })));
        // before the first number, the message names no last one
        let far = judge("2199-01-02", None, &["2026-11-20"], None);
        assert!(matches!(&far, Err(ClockAfterDocuments { .. })));
        assert!(!far.unwrap_err().to_string().contains("last register number"));
        let back = judge("2026-11-28", Some("2026-11-29"), &["2026-11-20"], None);
        assert!(matches!(back, Err(ClockBack { .. })));
        let early = judge("2001-01-01", None, &["2026-11-20", "2026-11-21"], None);
        assert!(matches!(early, Err(ClockBeforeDocuments { .. })));
        // an item is prepared months before its meeting
        assert_eq!(
            judge("2025-11-25", Some("2025-11-24"), &["2026-12-01"], None).ok(),
            Some(false)
        );
        // a confirmation is valid for that day only
        let now = "2026-11-29";
        assert_eq!(judge(now, Some("2199-01-02"), &[], Some(now)).ok(), Some(true));
        let other = judge("2199-01-02", Some("2026-11-28"), &[], Some(now));
        assert!(matches!(other, Err(OtherDay { .. })));
    }
}
