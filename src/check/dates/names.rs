//! Names of months and weekdays in the three languages. Knows no rule.

use crate::model::Language;

pub(super) const MONTHS_FI: [&str; 12] = [
    "tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras",
    "joulu",
];
pub(super) const MONTHS_SV: [&str; 12] = [
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
];
pub(super) const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Weekdays from Monday on: beginnings of the words.
pub(super) const DAYS_FI: [&str; 7] =
    ["maanantai", "tiistai", "keskiviik", "torstai", "perjantai", "lauantai", "sunnuntai"];
pub(super) const DAYS_SV: [&str; 7] =
    ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];
pub(super) const DAYS_EN: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Weekdays as they are shortened before a date.
pub(super) const SHORT_FI: [&str; 7] = ["ma", "ti", "ke", "to", "pe", "la", "su"];
pub(super) const SHORT_SV: [&str; 7] = ["må", "ti", "on", "to", "fr", "lö", "sö"];
pub(super) const SHORT_EN: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The months of a language, as they begin.
pub(super) fn months(language: Language) -> [&'static str; 12] {
    match language {
        Language::Fi => MONTHS_FI,
        Language::Sv => MONTHS_SV,
        Language::En => MONTHS_EN,
    }
}
