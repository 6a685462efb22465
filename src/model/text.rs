//! Validated texts and identifiers: a value of these types needs no further check.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::markup;

/// Maximum length of a text in one field, in bytes of UTF-8.
pub const FIELD_LIMIT: usize = 64 * 1024;
/// Maximum length of a text of one line, in characters. Titles and bookmarks of a PDF/A are
/// strings of at most 32,767 bytes (ISO 19005-2, 6.1.13), with up to four bytes per
/// character.
pub const LINE_LIMIT: usize = 8000;
/// Maximum length of a word, in characters. Each is a string in the tags of the PDF, with
/// the same limit; web addresses are hardly ever longer.
pub const WORD_LIMIT: usize = 2000;

/// The stable name of a record or of a part of one: `[a-z0-9-]`, 1 to 80
/// characters, a letter or digit first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

/// One line of plain text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Short(String);

/// Text of several lines, with lists, emphasis and links where they are plainly
/// meant (`markup`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Long(String);

/// Number of a statute in the Statutes of Finland, `612/2021`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct StatuteNumber(String);

impl Id {
    /// Parses an id.
    pub fn parse(text: &str) -> Option<Self> {
        let first = text.as_bytes().first()?;
        let allowed = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        (text.len() <= 80 && *first != b'-' && text.as_bytes().iter().all(allowed))
            .then(|| Self(text.to_owned()))
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    Blank,
    /// Longer than [`FIELD_LIMIT`].
    TooLong,
    /// Longer than [`LINE_LIMIT`] in a field of one line.
    LongLine,
    /// A word longer than [`WORD_LIMIT`].
    LongWord,
    /// A line break in a field of one line.
    LineBreak,
    /// A control character, or one that changes the writing direction.
    Control(char),
    /// An unsupported construct that would be misread.
    Markup(&'static str),
}

impl Short {
    /// Parses one line that is not blank.
    pub fn parse(text: &str) -> Option<Self> {
        Self::fault(text).is_none().then(|| Self(composed(text).into_owned()))
    }

    /// Why `parse` refuses the text.
    pub fn fault(text: &str) -> Option<TextFault> {
        if text.contains(is_line_break) {
            return Some(TextFault::LineBreak);
        }
        let is_long = text.chars().nth(LINE_LIMIT).is_some();
        common_fault(text).or(is_long.then_some(TextFault::LongLine))
    }
}

impl Long {
    /// Parses text with lists, emphasis and links.
    pub fn parse(text: &str) -> Option<Self> {
        Self::fault(text).is_none().then(|| Self(sanitise(text)))
    }

    /// Why `parse` refuses the text.
    pub fn fault(text: &str) -> Option<TextFault> {
        common_fault(text).or_else(|| markup::forbidden(&sanitise(text)).map(TextFault::Markup))
    }
}

impl Short {
    /// A dash in place of the text.
    #[must_use]
    pub fn hidden(&self) -> Self {
        Self("–".into())
    }
}

impl Long {
    /// A dash in place of the text.
    #[must_use]
    pub fn hidden(&self) -> Self {
        Self("–".into())
    }
}

fn common_fault(text: &str) -> Option<TextFault> {
    if text.trim().is_empty() {
        Some(TextFault::Blank)
    } else if text.len() > FIELD_LIMIT {
        Some(TextFault::TooLong)
    } else if text.split_whitespace().any(|word| word.chars().nth(WORD_LIMIT).is_some()) {
        Some(TextFault::LongWord)
    } else {
        text.chars().find(|c| is_control(*c)).map(TextFault::Control)
    }
}

/// Characters that are not allowed in documents: controls (except line breaks and the tab),
/// those that change the writing direction (Unicode Bidi), and noncharacters.
pub fn is_control(c: char) -> bool {
    let bidi = matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let inside =
        matches!(c as u32 & 0xFFFF, 0xFFFE | 0xFFFF) || matches!(c, '\u{FDD0}'..='\u{FDEF}');
    bidi || inside || (c.is_control() && c != '\t' && !is_line_break(c))
}

impl StatuteNumber {
    /// Parses `number/year`.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, year) = text.split_once('/')?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        ((1..=4).contains(&number.len()) && digits(number) && year.len() == 4 && digits(year))
            .then(|| Self(text.to_owned()))
    }
}

/// True for every line break in Unicode.
pub fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Replaces all line breaks by `\n` and composes letters; nothing else changes.
fn sanitise(text: &str) -> String {
    composed(text).replace("\r\n", "\n").replace(is_line_break, "\n")
}

/// Composes letters (Unicode NFC): `a` and `¨` become `ä`.
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

macro_rules! text_type {
    ($name:ident, $accepts:literal, $expected:literal, $schema:tt) => {
        impl $name {
            /// The text as it is.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                Self::parse(&text)
                    .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &$expected))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!($schema);
                schema.insert("x-accepts".into(), $accepts.into());
                schema
            }
        }
    };
}

text_type!(Id, "id", "an id of a-z, 0-9 and -", {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9-]{0,79}$",
    "description": "an id: small letters a-z, digits and hyphens"
});
text_type!(Short, "short", "one line of text", {
    "type": "string",
    "maxLength": 8000,
    "pattern": "^[^\\n\\r\\u000b\\u000c\\u0085\\u2028\\u2029]*\\S[^\\n\\r\\u000b\\u000c\\u0085\\u2028\\u2029]*$",
    "format": "short-text",
    "description": "one line of plain text"
});
text_type!(Long, "long", "text", {
    "type": "string",
    "maxLength": 65536,
    "pattern": "\\S",
    "format": "long-text",
    "description": "text of several lines; markup is only: bullets (\"- \"), numbered lists, *emphasis*, [links](https://…)"
});
text_type!(StatuteNumber, "statute", "a statute number such as 612/2021", {
    "type": "string",
    "pattern": "^[0-9]{1,4}/[0-9]{4}$",
    "description": "number of a statute, for example 612/2021"
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_to_the_file_name_alphabet() {
        assert!(Id::parse("hyte-2025-jamsa").is_some());
        for wrong in ["", "-a", "Jämsä", "a b", "a/b", "..", "a.json", &"x".repeat(81)] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn short_text_is_one_line() {
        assert!(Short::parse("Jämsän kaupunki").is_some());
        for wrong in ["", "  ", "a\nb", "a\u{2028}b"] {
            assert_eq!(Short::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        assert_eq!(Short::fault("a\u{0}b"), Some(TextFault::Control('\u{0}')));
        assert_eq!(Long::fault("a\u{202E}b"), Some(TextFault::Control('\u{202E}')));
        assert_eq!(Long::fault("a\u{FDD0}*b"), Some(TextFault::Control('\u{FDD0}')));
        assert_eq!(Long::fault("[x](file:///a)"), Some(TextFault::Markup("link")));
        assert_eq!(Long::fault("<b>x</b>"), None);
    }

    #[test]
    fn letters_in_two_parts_become_one() {
        for (typed, kept) in [
            ("A\u{308}hta\u{308}ri C\u{30c}a\u{301}hppi A\u{30a}sa", "Ähtäri Čáhppi Åsa"),
            ("k\u{30c} g\u{30c} \u{292}\u{30c} N\u{303}andu", "ǩ ǧ ǯ Ñandu"),
            // a character of its own, and marks in another order
            ("\u{212b} q\u{30c}", "Å q\u{30c}"),
            ("\u{1100}\u{1161}", "가"),
        ] {
            assert_eq!(Short::parse(typed).map(|text| text.to_string()).as_deref(), Some(kept));
            assert_eq!(Long::parse(typed).map(|text| text.to_string()).as_deref(), Some(kept));
        }
    }

    #[test]
    fn every_line_break_of_long_text_becomes_a_newline() {
        let text = Long::parse("a\r\nb\u{2028}c\u{85}d");
        assert_eq!(text.as_ref().map(Long::as_str), Some("a\nb\nc\nd"));
    }
}
