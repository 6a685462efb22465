//! The text of a cell as a record writes it. A cell is plain text, whatever
//! CommonMark could make of it: it comes out as it stood in the cell, line by
//! line.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Reason;
use crate::model::text::{FIELD_LIMIT, is_line_break};
use crate::model::{Long, Short, TextFault, markup};

/// A cell as long text; escaped only when it would be misread otherwise. `shows`
/// tells whether a font has a character.
pub(super) fn long(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<Long, Reason> {
    match Long::fault(cell) {
        Some(TextFault::Blank) => return Err(Reason::NoText),
        Some(TextFault::TooLong) => return Err(Reason::TooLong),
        Some(TextFault::LongWord) => return Err(Reason::LongWord),
        Some(TextFault::Control(c)) => return Err(Reason::Control(c)),
        Some(TextFault::LongLine | TextFault::LineBreak | TextFault::Markup(_)) | None => {}
    }
    shown(cell, shows)?;
    let text = cell.replace("\r\n", "\n").replace(is_line_break, "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let paragraphs: Vec<&[&str]> =
        lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).collect();
    // two spaces before it make a line break one that documents keep
    let plain = write(&paragraphs, "  \n", str::to_owned);
    let said = write(&paragraphs, "\n", str::to_owned);
    // a reference to slides would be a mistake anywhere but in a summary
    let as_it_is =
        says(&plain).is_some_and(|text| text == said) && markup::next_reference(&plain).is_none();
    let text = if as_it_is { plain } else { write(&paragraphs, "  \n", markup::plain) };
    // the backslashes may have made it too long, or a word of it
    let fault = || if text.len() > FIELD_LIMIT { Reason::TooLong } else { Reason::LongWord };
    Long::parse(&text).ok_or_else(fault)
}

fn shown(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<(), Reason> {
    let hidden = cell.chars().find(|c| !shows(*c) && !is_line_break(*c));
    hidden.map_or(Ok(()), |c| Err(Reason::Unshown(c)))
}

/// A cell as one line.
pub(super) fn short(cell: &str, shows: &dyn Fn(char) -> bool) -> Result<Short, Reason> {
    let line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    match Short::fault(&line) {
        Some(TextFault::Control(c)) => Err(Reason::Control(c)),
        Some(TextFault::LongWord) => Err(Reason::LongWord),
        Some(TextFault::LongLine) => Err(Reason::LongLine),
        _ => {
            shown(&line, shows)?;
            Short::parse(&line).ok_or(Reason::TooLong)
        }
    }
}

fn write(paragraphs: &[&[&str]], line_break: &str, how: fn(&str) -> String) -> String {
    let paragraph =
        |lines: &&[&str]| lines.iter().map(|line| how(line)).collect::<Vec<_>>().join(line_break);
    paragraphs.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// What a text says when it is read as CommonMark; `None` when that is more
/// than paragraphs and lines.
fn says(text: &str) -> Option<String> {
    let mut said = String::new();
    for event in markup::parser(text) {
        match event {
            Event::Text(part) => said.push_str(&part),
            Event::HardBreak | Event::SoftBreak => said.push('\n'),
            Event::Start(Tag::Paragraph) if said.is_empty() => {}
            Event::Start(Tag::Paragraph) => said.push_str("\n\n"),
            Event::End(TagEnd::Paragraph) => {}
            _ => return None,
        }
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(cell: &str) -> Result<Long, Reason> {
        super::long(cell, &|_| true)
    }

    fn short(cell: &str) -> Result<Short, Reason> {
        super::short(cell, &|_| true)
    }

    fn written(cell: &str) -> String {
        long(cell).unwrap().to_string()
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["Kylätalot auki", "=1+1", "5 < 6 & 7 > 3", "a * b, c_d", "10 % (2025)"] {
            assert_eq!(written(text), text);
        }
        assert_eq!(written(" yksi \r\nkaksi\n\n\nkolme\u{2028}"), "yksi  \nkaksi\n\nkolme");
    }

    #[test]
    fn what_would_be_misread_is_escaped() {
        for text in ["- a\n- b", "# a", "2025. vuosi", "*a*", "a\n===", "<b>x</b>", "`x`", "&amp;"]
            .into_iter()
            .chain(["[x](https://a.example)", "{slides:goals}", "\\*", "> a", "***", "1) a"])
        {
            let written = written(text);
            assert!(written.contains('\\'), "{text}: {written}");
            assert_eq!(says(&written).as_deref(), Some(text), "{written}");
        }
    }

    #[test]
    fn what_no_font_shows_is_refused() {
        let plain = |c: char| c.is_ascii();
        assert_eq!(super::long("a １2", &plain), Err(Reason::Unshown('１')));
        assert_eq!(super::short("ab\u{1F600}", &plain), Err(Reason::Unshown('\u{1F600}')));
        assert!(super::long("a\n\u{2028}b", &plain).is_ok());
    }

    #[test]
    fn what_no_record_may_hold_is_refused() {
        assert_eq!(long("a\u{1B}[2J"), Err(Reason::Control('\u{1B}')));
        assert_eq!(long("a\u{202E}b"), Err(Reason::Control('\u{202E}')));
        assert_eq!(long(&"x ".repeat(32 * 1024 + 1)), Err(Reason::TooLong));
        assert_eq!(long(&"**** ".repeat(12 * 1024)), Err(Reason::TooLong));
        assert_eq!(long(&"x".repeat(2001)), Err(Reason::LongWord));
        assert_eq!(long(&"*".repeat(2000)), Err(Reason::LongWord));
        assert_eq!(short(&"x".repeat(2001)), Err(Reason::LongWord));
        assert_eq!(short(&"a ".repeat(4001)), Err(Reason::LongLine));
        assert_eq!(short("a\n b\t c").unwrap().as_str(), "a b c");
        assert_eq!(short("a\u{0}"), Err(Reason::Control('\u{0}')));
    }
}
