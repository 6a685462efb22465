//! Converts the text of a cell to the text of a record.

use super::report::RefusalReason;
use crate::model::normal::same_words;
use crate::model::text::is_line_break;
use crate::model::{Long, Short, TextFault};

/// Converts a cell to long text. `shows` tells whether a font has a character.
pub(super) fn long(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<Long, RefusalReason> {
    let text = cell.replace("\r\n", "\n").replace(is_line_break, "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    let paragraphs: Vec<String> = lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join("\n"))
        .collect();
    let text = paragraphs.join("\n\n");
    match Long::fault(text.trim()) {
        Some(TextFault::Blank) => Err(RefusalReason::NoText),
        Some(TextFault::LongWord) => Err(RefusalReason::LongWord),
        Some(TextFault::Control(c)) => Err(RefusalReason::Control(c)),
        Some(TextFault::Markup(construct)) => Err(RefusalReason::Markup(construct)),
        _ => {
            shown(&text, shows)?;
            Long::parse(text.trim()).ok_or(RefusalReason::TooLong)
        }
    }
}

/// True if two texts are the same. Records made by earlier versions of the program have
/// backslashes before punctuation, and spaces at the ends of lines.
pub(super) fn says_the_same(own: &str, cell: &str) -> bool {
    let bare = |text: &str| -> String {
        let mut chars = text.chars().peekable();
        std::iter::from_fn(|| match chars.next()? {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => chars.next(),
            c => Some(c),
        })
        .collect()
    };
    let lines = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let (own, cell) = (lines(own), lines(cell));
    own == cell || bare(&own) == cell || same_words(&own) == same_words(&cell)
}

fn shown(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<(), RefusalReason> {
    let hidden = cell.chars().find(|c| !shows(*c) && !is_line_break(*c));
    hidden.map_or(Ok(()), |c| Err(RefusalReason::Unshown(c)))
}

/// Converts a cell to one line of text.
pub(super) fn short(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<Short, RefusalReason> {
    let line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    match Short::fault(&line) {
        Some(TextFault::Control(c)) => Err(RefusalReason::Control(c)),
        Some(TextFault::LongWord) => Err(RefusalReason::LongWord),
        Some(TextFault::LongLine) => Err(RefusalReason::LongLine),
        _ => {
            shown(&line, shows)?;
            Short::parse(&line).ok_or(RefusalReason::TooLong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(cell: &str) -> Result<Long, RefusalReason> {
        super::long(cell, &|_| true)
    }

    fn short(cell: &str) -> Result<Short, RefusalReason> {
        super::short(cell, &|_| true)
    }

    fn written(cell: &str) -> String {
        long(cell).unwrap().to_string()
    }

    #[test]
    fn text_stays_as_it_is() {
        for text in ["Kylätalot auki", "=1+1", "5 < 6 & 7 > 3", "a * b, c_d", "10 % (2025)"]
            .into_iter()
            .chain(["- a\n- b", "# a", "2025. vuosi", "a\n===", "<b>x</b>", "`x`", "&amp;", "\\*"])
            .chain(["> a", "***", "1) a", "3*60 ja 2*45", "- a\n  - b", "[x](https://a.example)"])
        {
            assert_eq!(written(text), text);
        }
        assert_eq!(written(" yksi \r\nkaksi\n\n\nkolme\u{2028}"), "yksi\nkaksi\n\nkolme");
        assert_eq!(written("A\u{308}hta\u{308}ri"), "Ähtäri");
    }

    #[test]
    fn texts_of_earlier_versions_are_equal() {
        assert!(says_the_same("2025\\. vuosi  \n\\*a\\*", "2025. vuosi\n*a*"));
        assert!(says_the_same("C:\\a", "C:\\a") && says_the_same("\\*", "\\*"));
        assert!(!says_the_same("a", "b") && !says_the_same("a\\.", "a"));
    }

    #[test]
    fn characters_without_a_glyph_are_refused() {
        let plain = |c: char| c.is_ascii();
        assert_eq!(super::long("a １2", &plain), Err(RefusalReason::Unshown('１')));
        assert_eq!(super::short("ab\u{1F600}", &plain), Err(RefusalReason::Unshown('\u{1F600}')));
        assert!(super::long("a\n\u{2028}b", &plain).is_ok());
    }

    #[test]
    fn unsupported_texts_are_refused() {
        assert_eq!(long("a\u{1B}[2J"), Err(RefusalReason::Control('\u{1B}')));
        assert_eq!(long("a\u{202E}b"), Err(RefusalReason::Control('\u{202E}')));
        assert_eq!(long(&"x ".repeat(32 * 1024 + 1)), Err(RefusalReason::TooLong));
        assert_eq!(long("[x](file:///a)"), Err(RefusalReason::Markup("link")));
        assert_eq!(long(" \n "), Err(RefusalReason::NoText));
        assert_eq!(long(&"x".repeat(2001)), Err(RefusalReason::LongWord));
        assert_eq!(short(&"x".repeat(2001)), Err(RefusalReason::LongWord));
        assert_eq!(short(&"a ".repeat(4001)), Err(RefusalReason::LongLine));
        assert_eq!(short("a\n b\t c").unwrap().as_str(), "a b c");
        assert_eq!(short("a\u{0}"), Err(RefusalReason::Control('\u{0}')));
    }
}
