//! A language's rules: labels, messages, dates, times, ranges, lists, citations.
//! Pure; knows neither records nor layout.

mod built_in;
mod labels;
mod spaces;
mod system;
mod typography;
mod wording;

use unicode_normalization::UnicodeNormalization;

pub use labels::{Labels, LabelsError};
pub use wording::Wording;

use crate::bundle::Bundle;
use crate::model::{Date, Language, Moment, Time};

/// Non-breaking space, kept inside "6 §", "klo 13.00" and the like.
pub const NBSP: char = '\u{a0}';

/// One language with its labels and messages.
#[derive(Debug, Clone)]
pub struct Locale {
    pub language: Language,
    labels: Labels,
}

/// The three languages.
#[derive(Debug, Clone)]
pub struct Locales {
    fi: Locale,
    sv: Locale,
    en: Locale,
}

impl Locales {
    /// Reads `labels/{fi,sv,en}.json` of a bundle.
    ///
    /// # Errors
    /// When a file is missing or not an object of texts.
    pub fn load(bundle: &Bundle) -> Result<Self, LabelsError> {
        let load = |language| Locale::load(bundle, language);
        let locales =
            Self { fi: load(Language::Fi)?, sv: load(Language::Sv)?, en: load(Language::En)? };
        locales.tell_files_apart()?;
        Ok(locales)
    }

    /// Documents of one record in two languages must not share a file name.
    fn tell_files_apart(&self) -> Result<(), LabelsError> {
        for (a, b) in [(&self.fi, &self.sv), (&self.fi, &self.en), (&self.sv, &self.en)] {
            for (key, word) in b.labels.of_group("file.") {
                if a.labels.of_group("file.").any(|(_, other)| other == word) {
                    let path = format!("labels/{}.json", b.language.code());
                    let (key, word) = (key.to_owned(), word.to_owned());
                    let other = a.language.code();
                    return Err(LabelsError::SharedName { path, key, word, other });
                }
            }
        }
        Ok(())
    }

    /// The locale of a language.
    pub fn of(&self, language: Language) -> &Locale {
        match language {
            Language::Fi => &self.fi,
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}

impl Locale {
    /// Reads `labels/<language>.json` of a bundle.
    ///
    /// # Errors
    /// When the file is missing or not an object of texts.
    pub fn load(bundle: &Bundle, language: Language) -> Result<Self, LabelsError> {
        Ok(Self { language, labels: Labels::load(bundle, language)? })
    }

    /// The label or message under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.message(key).or_else(|| self.labels.get(key))
    }

    /// The message under a key: words of checks and interface, which no template
    /// bundle replaces.
    pub fn message(&self, key: &str) -> Option<&'static str> {
        built_in::messages(self.language).get(key)
    }

    /// The fixed word under a key; the key itself in `⟨⟩` when there is none,
    /// which a test over all templates and views forbids.
    pub fn label(&self, key: &str) -> String {
        self.get(key).map_or_else(|| format!("⟨{key}⟩"), str::to_owned)
    }

    /// The labels.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The fixed sentence under a key with its `{name}` places filled. What a
    /// value holds is not filled again.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let sentence = self.label(key);
        let mut out = String::with_capacity(sentence.len());
        let mut rest = sentence.as_str();
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let name = rest[1..].split('}').next().unwrap_or_default();
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => {
                    out.push_str(value);
                    rest = &rest[name.len() + 2..];
                }
                None => {
                    out.push('{');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// `23.10.2025` in Finnish and Swedish, `23 October 2025` in English.
    pub fn date(&self, date: Date) -> String {
        match self.language {
            Language::Fi | Language::Sv => {
                format!("{}.{}.{}", date.day(), date.month(), date.year())
            }
            Language::En => self.long_date(date),
        }
    }

    /// `9.00` in Finnish and Swedish, `09:00` in English.
    pub fn time(&self, time: Time) -> String {
        match self.language {
            Language::En => format!("{:02}:{:02}", time.hour(), time.minute()),
            Language::Fi | Language::Sv => format!("{}.{:02}", time.hour(), time.minute()),
        }
    }

    /// `klo 13.00–15.30`, `kl. 13.00–15.30`, `13:00–15:30`; the end may be open.
    pub fn times(&self, start: Time, end: Option<Time>) -> String {
        let range = match end {
            Some(end) => format!("{}–{}", self.time(start), self.time(end)),
            None => self.time(start),
        };
        match self.label("time.prefix").as_str() {
            "" => range,
            prefix => format!("{prefix}{NBSP}{range}"),
        }
    }

    /// A moment by the clock in Finland: `29.11.2026 klo 0.04`, `29.11.2026 kl. 0.04`,
    /// `29 November 2026 00:04`.
    pub fn moment(&self, moment: Moment) -> String {
        format!("{} {}", self.date(moment.day()), self.times(moment.time(), None))
    }

    /// `2025`, or `2026–2029` with an en dash.
    pub fn years(&self, from: i16, to: Option<i16>) -> String {
        match to {
            Some(to) if to != from => format!("{from}–{to}"),
            _ => from.to_string(),
        }
    }

    /// `Joutsa, Luhanka ja Toivakka`.
    pub fn list<T: AsRef<str>>(&self, items: &[T]) -> String {
        match items {
            [] => String::new(),
            [only] => only.as_ref().to_owned(),
            [head @ .., last] => {
                let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
                format!("{} {} {}", head.join(", "), self.label("list.and"), last.as_ref())
            }
        }
    }

    /// `6 § 4 mom.`; in English `section 6, subsection 4`.
    pub fn citation(&self, section: u16, moment: Option<u16>) -> String {
        match (self.language, moment) {
            (Language::En, Some(moment)) => {
                format!("section{NBSP}{section}, subsection{NBSP}{moment}")
            }
            (Language::En, None) => format!("section{NBSP}{section}"),
            (_, Some(moment)) => format!("{section}{NBSP}§{NBSP}{moment}{NBSP}mom."),
            (_, None) => format!("{section}{NBSP}§"),
        }
    }

    /// The number of a decision in its meeting: `§ 80`.
    pub fn decision_number(&self, section: u32) -> String {
        format!("§{NBSP}{section}")
    }

    /// Plain text as the language sets it: non-breaking spaces (`24 §`,
    /// `4 mom.`, `klo 13`, `1 000 €`), its own quotation marks, dashes for
    /// ranges.
    pub fn tie(&self, text: &str) -> String {
        self.tie_between(None, text, None)
    }

    /// As [`Self::tie`], for a part of a text: the characters around it tell
    /// which way its quotation marks turn.
    pub fn tie_between(&self, before: Option<char>, text: &str, after: Option<char>) -> String {
        let text = spaces::breakable(text);
        typography::tie(&typography::set(before, &text, after, self.language))
    }

    /// `15. joulukuuta 2025`, `15 december 2025`, `15 December 2025`.
    pub fn long_date(&self, date: Date) -> String {
        let month = self.label(&format!("month.{}", date.month()));
        let stop = if self.language == Language::Fi { "." } else { "" };
        format!("{}{stop}{NBSP}{month}{NBSP}{}", date.day(), date.year())
    }

    /// Sorts names by the alphabet of Finnish and Swedish: å, ä and ö after z.
    pub fn sort_names(&self, names: &mut [String]) {
        names.sort_by(|a, b| alphabetical(a, b));
    }
}

/// A name as it is compared with others: composed, in small letters, without
/// spaces around it and with single ones inside.
pub fn folded(name: &str) -> String {
    let name: String = name.nfc().collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The order of two names in the alphabet of Finnish and Swedish: å, ä and ö
/// after z. It is one for all lists, whatever the language of the document.
pub fn alphabetical(a: &str, b: &str) -> std::cmp::Ordering {
    typography::collation_key(a).cmp(&typography::collation_key(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(language: Language) -> Locale {
        Locale::load(&Bundle::built_in(), language).unwrap()
    }

    #[test]
    fn lists_join_with_the_languages_own_and() {
        let names = ["Joutsa", "Luhanka", "Toivakka"];
        assert_eq!(locale(Language::Fi).list(&names), "Joutsa, Luhanka ja Toivakka");
        assert_eq!(locale(Language::Sv).list(&names), "Joutsa, Luhanka och Toivakka");
        assert_eq!(locale(Language::En).list(&names[..2]), "Joutsa and Luhanka");
        assert_eq!(locale(Language::Fi).list(&names[..1]), "Joutsa");
    }

    #[test]
    fn dates_times_and_citations_follow_the_language() {
        let date = Date::new(2025, 10, 3).unwrap();
        let (start, end) = (Time::parse("17:30").unwrap(), Time::parse("19:30"));
        let fi = locale(Language::Fi);
        assert_eq!(fi.date(date), "3.10.2025");
        assert_eq!(fi.times(start, end), "klo\u{a0}17.30–19.30");
        assert_eq!(fi.citation(6, Some(4)), "6\u{a0}§\u{a0}4\u{a0}mom.");
        let sv = locale(Language::Sv);
        assert_eq!(sv.times(start, None), "kl.\u{a0}17.30");
        let en = locale(Language::En);
        assert_eq!(en.date(date), "3\u{a0}October\u{a0}2025");
        assert_eq!(en.times(start, end), "17:30–19:30");
        assert_eq!(en.citation(7, None), "section\u{a0}7");
        let moment = Moment::parse("2026-11-28T22:04:00Z").unwrap();
        assert_eq!(fi.moment(moment), "29.11.2026 klo\u{a0}0.04");
        assert_eq!(sv.moment(moment), "29.11.2026 kl.\u{a0}0.04");
        assert_eq!(en.moment(moment), "29\u{a0}November\u{a0}2026 00:04");
        let summer = Moment::parse("2026-07-01T09:00:00Z").unwrap();
        assert_eq!(fi.moment(summer), "1.7.2026 klo\u{a0}12.00");
    }

    #[test]
    fn names_sort_with_the_nordic_letters_last() {
        let mut names: Vec<String> =
            ["Äänekoski", "Jyväskylä", "Jämsä", "Joutsa", "Uurainen"].map(String::from).into();
        locale(Language::Fi).sort_names(&mut names);
        assert_eq!(names, ["Joutsa", "Jyväskylä", "Jämsä", "Uurainen", "Äänekoski"]);
    }
}
