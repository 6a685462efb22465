//! Excerpts for correction sheets: the lines of a record around a finding, and
//! corrected lines to copy. Any content of the record is shown so that it can be
//! typeset, read and copied. Knows only the strings of JSON.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Serialize;

use super::{FIELD, SheetContext};
use crate::model::Problem;
use crate::model::text::composed;

/// Most characters of a line of the record that are shown.
const WIDTH: usize = 90;
/// Most characters of a marked part.
const MARKED: usize = 50;
/// Lines that are shown before and after the marked one.
const AROUND: usize = 2;

/// A line of the record, in up to three parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordLine {
    pub number: usize,
    pub marked: bool,
    pub before: String,
    pub mark: Option<String>,
    /// A label in place of a mark without text.
    pub here: Option<String>,
    pub after: String,
}

/// A corrected line that can replace one in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Corrected {
    /// Names the field.
    pub label: String,
    pub line: String,
}

/// The marked line with the lines around it.
pub fn excerpt(problem: &Problem, context: &SheetContext<'_>) -> Vec<RecordLine> {
    let (Some(text), Some(span)) = (problem.place.text.as_deref(), &problem.place.span) else {
        return Vec::new();
    };
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let before = &text[..start];
    let marked = before.matches('\n').count();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let first = marked.saturating_sub(AROUND);
    let lines = text.split('\n').enumerate().skip(first).take(marked + AROUND + 1 - first);
    let mut lines: Vec<(usize, &str)> =
        lines.map(|(index, line)| (index, line.strip_suffix('\r').unwrap_or(line))).collect();
    while lines.last().is_some_and(|(index, line)| *index > marked && line.trim().is_empty()) {
        lines.pop();
    }
    let with_text = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    let shared = with_text.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let show = |(index, line): (usize, &str)| {
        let lead = shared.min(indent(line));
        if index == marked {
            let mark = (start - line_start).min(line.len())..(end - line_start).min(line.len());
            return marked_line(index + 1, line, lead, mark, context);
        }
        let before = legible(&cut(&line[lead..], WIDTH), context.shows);
        RecordLine {
            number: index + 1,
            marked: false,
            before,
            mark: None,
            here: None,
            after: "".into(),
        }
    };
    lines.into_iter().map(show).collect()
}

/// Number of spaces at the beginning of a line.
fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// A line shortened around its mark, without the first `lead` bytes.
fn marked_line(
    number: usize,
    line: &str,
    lead: usize,
    mark: Range<usize>,
    context: &SheetContext<'_>,
) -> RecordLine {
    let start = mark.start.max(lead);
    let (before, marked) = (&line[lead..start], &line[start..mark.end.max(start)]);
    let (after, mark) = (&line[mark.end.max(start)..], cut(marked, MARKED));
    let room = WIDTH.saturating_sub(mark.chars().count());
    let length = |part: &str| part.chars().take(WIDTH).count();
    let left = length(before).min(room.saturating_sub(length(after)).max(room / 2));
    let show = |part: &str| legible(part, context.shows);
    RecordLine {
        number,
        marked: true,
        before: show(&tail(before, left)),
        here: marked.is_empty().then(|| context.locale.label("sheet.here")),
        mark: (!marked.is_empty()).then(|| show(&mark)),
        after: show(&cut(after, room - left)),
    }
}

/// Each new text of the finding's correction, as it must be in the file.
pub fn corrected(problem: &Problem, context: &SheetContext<'_>) -> Vec<Corrected> {
    let fix = problem.fix.as_ref().filter(|_| problem.accepted.is_none());
    let text = problem.place.text.as_deref().unwrap_or_default();
    let correct = |(field, new): &(String, String)| {
        let old = (context.locate)(text, field);
        let behind = old.and_then(|span| text.get(span.end..)).unwrap_or_default();
        let comma = if behind.trim_start_matches([' ', '\t']).starts_with(',') { "," } else { "" };
        let literal = json_text(new, context.shows);
        let name = field.rsplit('.').next().unwrap_or_default();
        let line = match name.ends_with(']') {
            true => format!("{literal}{comma}"),
            false => format!("{}: {literal}{comma}", json_text(name, context.shows)),
        };
        let field = legible(&cut(field, FIELD), context.shows);
        Corrected { label: context.locale.fill("sheet.instead", &[("field", &field)]), line }
    };
    fix.into_iter().flat_map(|fix| &fix.edits).map(correct).collect()
}

/// A JSON string in which every character is visible and can be copied.
fn json_text(text: &str, shows: &dyn Fn(char) -> bool) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) && shows(c) => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

/// The text with every invisible character replaced by its code point.
pub fn legible(text: &str, shows: &dyn Fn(char) -> bool) -> String {
    let (open, close) = if shows('⟨') && shows('⟩') { ('⟨', '⟩') } else { ('[', ']') };
    let mut out = String::with_capacity(text.len());
    for c in composed(text).chars() {
        if is_plain(c) && shows(c) {
            out.push(c);
        } else {
            let _ = write!(out, "{open}U+{:04X}{close}", c as u32);
        }
    }
    out
}

/// False for control characters, private-use characters, characters without width
/// and those that change the direction of writing.
fn is_plain(c: char) -> bool {
    let code = c as u32;
    let unseen = matches!(
        code,
        0xAD | 0x34F | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF
    );
    let private = matches!(code, 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
    !(c.is_control() || unseen || private || code & 0xFFFE == 0xFFFE)
}

/// At most `most` characters from the beginning.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// At most `most` characters from the end.
fn tail(text: &str, most: usize) -> String {
    match text.char_indices().rev().nth(most) {
        Some((at, c)) => format!("…{}", &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::locale::Locale;
    use crate::model::{Fix, Language, Place};

    fn with_means<T>(work: impl FnOnce(&SheetContext<'_>) -> T) -> T {
        let locale = Locale::load(&Bundle::built_in(), Language::En).unwrap();
        let locate = |text: &str, field: &str| {
            let at = text.find(&format!("\"{field}\": "))? + field.len() + 4;
            Some(at..at + text[at + 1..].find('"')? + 2)
        };
        work(&SheetContext { locale: &locale, shows: &|c| c != '😀', locate: &locate })
    }

    fn problem(text: &str, marked: &str) -> Problem {
        let at = text.find(marked).unwrap();
        let span = Some(at..at + marked.len());
        Problem::error("x", Place { text: Some(text.into()), span, ..Place::default() })
    }

    #[test]
    fn the_line_is_shown_with_its_neighbours_and_without_their_margin() {
        let text = "{\r\n  \"a\": [\r\n    \"öl 😀\u{7}\",\r\n    2\r\n  ]\r\n}\r\n";
        let lines = with_means(|context| excerpt(&problem(text, "öl"), context));
        let shown: Vec<String> = lines
            .iter()
            .map(|l| {
                format!("{}{}|{}|{}", l.number, l.before, l.mark.as_deref().unwrap_or(""), l.after)
            })
            .collect();
        let marked = "3    \"|öl| ⟨U+1F600⟩⟨U+0007⟩\",";
        assert_eq!(shown, ["1{||", "2  \"a\": [||", marked, "4    2||", "5  ]||"]);
        assert_eq!(lines.iter().filter(|line| line.marked).count(), 1);
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("{}mark{}", "ä".repeat(500), "ö".repeat(500));
        let lines = with_means(|context| excerpt(&problem(&text, "mark"), context));
        let line = &lines[0];
        assert_eq!(line.mark.as_deref(), Some("mark"));
        assert!(line.before.starts_with('…') && line.after.ends_with('…'));
        let length = line.before.chars().count() + 4 + line.after.chars().count();
        assert!(length <= WIDTH + 2, "{length}");
        let all = with_means(|context| excerpt(&problem(&text, &text), context));
        assert!(all[0].mark.as_ref().unwrap().chars().count() <= MARKED + 1);
    }

    #[test]
    fn a_place_without_text_is_marked_by_a_word() {
        for text in ["", "{", "{\n", "{\n\n"] {
            let span = Some(text.len()..text.len() + 5);
            let place = Place { text: Some(text.into()), span, ..Place::default() };
            let lines = with_means(|context| excerpt(&Problem::error("x", place), context));
            let last = lines.last().unwrap();
            assert!(last.marked && last.mark.is_none() && last.here.is_some(), "{text:?}");
        }
    }

    #[test]
    fn corrected_lines_are_json_with_the_comma_of_the_old_line() {
        let text = "{\"a\": \"x\", \"b\": \"y\"}";
        let edit = |field: &str, new: &str| (field.to_owned(), new.to_owned());
        let edits = vec![edit("a", "1 \"2\"\n\\😀\u{7}"), edit("b", "ä"), edit("c[0]", "z")];
        let problem = problem(text, "x").fixed_by(Fix { edits, safe: true });
        let lines = with_means(|context| corrected(&problem, context));
        let lines: Vec<&str> = lines.iter().map(|one| one.line.as_str()).collect();
        let first = r#""a": "1 \"2\"\n\\\ud83d\ude00\u0007","#;
        assert_eq!(lines, [first, r#""b": "ä""#, r#""z""#]);
        let value: serde_json::Value =
            serde_json::from_str(&format!("{{{}}}", first.trim_end_matches(','))).unwrap();
        assert_eq!(value["a"], "1 \"2\"\n\\😀\u{7}");
    }
}
