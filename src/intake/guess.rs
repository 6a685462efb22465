//! Guesses language and date of a record that cannot be parsed; its text may be
//! truncated.

use crate::model::{Date, Language};

/// The language named in a text.
pub fn language_in(text: &str) -> Option<Language> {
    text.match_indices("\"language\"").find_map(|(at, name)| {
        let value = text[at + name.len()..].trim_start().strip_prefix(':')?;
        let value = value.trim_start().strip_prefix('"')?.split('"').next()?;
        Language::ALL.into_iter().find(|language| language.code() == value)
    })
}

/// The first date in a text.
pub fn date_in(text: &str) -> Option<Date> {
    text.match_indices('"').find_map(|(at, _)| Date::parse(text.get(at + 1..at + 11)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_and_date_are_found_in_a_truncated_text() {
        let text = "{\"kind\": \"language\", \"language\" : \"sv\", \"date\": \"2025-10-23\", ";
        assert_eq!(language_in(text), Some(Language::Sv));
        assert_eq!(date_in(text), Date::new(2025, 10, 23));
        assert_eq!(language_in("{\"language\": \"svenska"), None);
        assert_eq!(date_in("\"2025-13-01\" ä\""), None);
    }
}
