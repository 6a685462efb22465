//! What the operating system said, in the reader's language. Knows no file.

use std::io::{Error, ErrorKind};

use super::Locale;
use crate::model::Language;

impl Locale {
    /// What the system said: in the reader's language where it is something that is
    /// often said, or else in the system's own words.
    pub fn system(&self, error: &Error) -> String {
        match key_of(error.kind()) {
            Some(key) if self.language != Language::En => self.label(key),
            _ => error.to_string(),
        }
    }

    /// A text in which the system's English words stand before their number, with
    /// those words in the reader's language.
    pub fn with_system(&self, text: &str) -> String {
        if self.language == Language::En {
            return text.to_owned();
        }
        let said = text.split_once(NUMBER).and_then(|(before, rest)| {
            let (number, after) = rest.split_once(')')?;
            let key = key_of(Error::from_raw_os_error(number.parse().ok()?).kind())?;
            let begin = before.rfind(": ").map_or(0, |at| at + 2);
            let words = self.label(key);
            Some(format!("{}{words}{NUMBER}{number}){after}", &before[..begin]))
        });
        said.unwrap_or_else(|| text.to_owned())
    }
}

/// How the number of a system's error begins.
const NUMBER: &str = " (os error ";

fn key_of(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "failure.system_not_found",
        ErrorKind::PermissionDenied => "failure.system_denied",
        ErrorKind::AlreadyExists => "failure.system_exists",
        ErrorKind::NotADirectory => "failure.system_no_folder",
        ErrorKind::IsADirectory => "failure.system_folder",
        ErrorKind::StorageFull => "failure.system_full",
        ErrorKind::ReadOnlyFilesystem => "failure.system_read_only",
        ErrorKind::ResourceBusy => "failure.system_busy",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;

    #[cfg(unix)]
    #[test]
    fn what_the_system_said_is_in_the_language_of_the_reader() {
        let said = |language, text| {
            let locale = Locale::load(&Bundle::built_in(), language).unwrap();
            locale.with_system(text)
        };
        let text = "cannot open `a: b.json`: Permission denied (os error 13)";
        assert_eq!(said(Language::En, text), text);
        let finnish = "cannot open `a: b.json`: käyttöoikeus puuttuu (os error 13)";
        assert_eq!(said(Language::Fi, text), finnish);
        let full = "No space left on device (os error 28)";
        assert_eq!(said(Language::Fi, full), "levy on täynnä (os error 28)");
        for other in ["", "nothing", "odd (os error x)", "odd (os error 99999)", " (os error 13"] {
            assert_eq!(said(Language::Sv, other), other);
        }
    }
}
