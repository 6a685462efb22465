//! How much a template may come to. Handlebars itself knows no bounds: loops in
//! loops and partials in partials would hold up every document, or fill the
//! memory. What is bounded is counted and never timed, so that the same
//! template and view always end alike.

use std::io;

use handlebars::Output;

/// A bound that a template passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    #[error("the file is larger than {} KiB; move parts of it into partials", Bound::TEXT / 1024)]
    Text,
    #[error("the file has more than {} tags; move parts of it into partials", Bound::WRITTEN)]
    Written,
    #[error(
        "blocks, partials or parentheses are nested more than {} levels deep; remove some of them",
        Bound::DEPTH
    )]
    Depth,
    #[error(
        "it includes more than {} partials, directly and through other partials; include fewer",
        Bound::PARTIALS
    )]
    Partials,
    #[error(
        "partials pass on values by name so often that the data can grow more than {} times; pass on fewer",
        Bound::GROWTH
    )]
    Growth,
    #[error(
        "its loops run more than {} million times; remove a loop that is inside another one",
        Bound::ROUNDS / 1_000_000
    )]
    Rounds,
    #[error(
        "it takes more than {} million steps; move tags and partials out of its loops",
        Bound::STEPS / 1_000_000
    )]
    Steps,
    #[error(
        "it writes more than {} MiB of Typst source; remove a loop that is inside another one",
        Bound::OUTPUT / 1024 / 1024
    )]
    Output,
}

impl Bound {
    /// Bytes of a template. For the line of each tag the parser counts from the
    /// beginning, so that both bounds together keep it quick.
    pub const TEXT: usize = 256 * 1024;
    /// Tags of a template.
    pub const WRITTEN: usize = 5_000;
    /// Blocks, partials and parentheses inside each other: parser and renderer
    /// go one deeper on the stack with each.
    pub const DEPTH: usize = 64;
    /// Partials that a template comes to, each as often as it is included.
    pub const PARTIALS: usize = 10_000;
    /// How many times as large data may become from partial to partial: each
    /// gets a copy of the data, and of every value that is handed on by name.
    pub const GROWTH: usize = 16;
    /// Rounds of all loops of one rendering.
    pub const ROUNDS: usize = 1_000_000;
    /// Tags and their values, each time that they are carried out.
    pub const STEPS: usize = 10_000_000;
    /// Steps that an included partial counts for: it gets a copy of the data
    /// around it, which takes as long as some hundred tags where a record is
    /// large.
    pub const COPY: usize = 200;
    /// Bytes that one rendering may write.
    pub const OUTPUT: usize = 64 * 1024 * 1024;
}

/// The bound that the text of a template passes before it is parsed, and its
/// line. A plain look, only so that the parser is not led too deep: what is
/// really there, `extent` tells of the parsed template.
pub fn of_text(text: &str) -> Option<(usize, Bound)> {
    if text.len() > Bound::TEXT {
        return Some((1, Bound::Text));
    }
    let (mut tags, mut depth, mut opened) = (0_usize, 0_usize, Vec::new());
    let mut next = 0;
    while let Some(found) = text[next..].find("{{") {
        let at = next + found;
        let tag = &text[at..];
        tags += 1;
        let mut opens = 0;
        if let Some(length) = comment(tag) {
            next = at + length;
        } else {
            let is_sign = |c: char| c == '{' || c == '~' || c.is_ascii_whitespace();
            let word = tag.trim_start_matches(is_sign);
            if word.starts_with('#') {
                opened.push(depth);
                depth += 1;
            } else if word.starts_with('/') {
                depth = opened.pop().unwrap_or(0);
            } else if is_chained(word) {
                depth += 1;
            }
            opens = parentheses(tag);
            next = at + "{{".len();
        }
        let line = || text[..at].matches('\n').count() + 1;
        if tags > Bound::WRITTEN {
            return Some((line(), Bound::Written));
        }
        if depth.max(opens) > Bound::DEPTH {
            return Some((line(), Bound::Depth));
        }
    }
    None
}

/// Length of a comment, if the tag is one.
fn comment(tag: &str) -> Option<usize> {
    let inside = tag.strip_prefix("{{!")?.trim_start();
    let long = inside.strip_prefix("--").and_then(|inside| {
        let end = inside.find("--}}")? + "--}}".len();
        Some(tag.len() - inside.len() + end)
    });
    let short = || tag.find("}}").map(|end| end + "}}".len());
    Some(long.or_else(short).unwrap_or(tag.len()))
}

/// True for `{{else if}}` and its like: each stands inside the one before.
fn is_chained(word: &str) -> bool {
    let behind_else =
        word.strip_prefix("else").filter(|rest| rest.starts_with(char::is_whitespace));
    let rest = word.strip_prefix('^').or(behind_else);
    rest.is_some_and(|rest| {
        !rest.trim_start_matches(|c: char| c == '~' || c.is_whitespace()).starts_with("}}")
    })
}

/// How many parentheses and brackets a tag opens.
fn parentheses(tag: &str) -> usize {
    let inside = tag.trim_start_matches('{');
    let end = inside.find("}}").unwrap_or(inside.len());
    let inside = &inside[..end];
    let end = inside.find("{{").unwrap_or(inside.len());
    inside[..end].matches(['(', '[']).count()
}

/// What one rendering wrote, up to the bound.
#[derive(Default)]
pub struct Written {
    text: String,
    full: bool,
}

impl Written {
    /// True when the rendering wanted to write more than it may.
    pub fn is_full(&self) -> bool {
        self.full
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

impl Output for Written {
    fn write(&mut self, part: &str) -> Result<(), io::Error> {
        if self.text.len().saturating_add(part.len()) > Bound::OUTPUT {
            self.full = true;
            return Err(io::Error::other(Bound::Output));
        }
        self.text.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_look_counts_what_is_open() {
        let nested = |levels: usize| {
            format!("a\n{}b{}", "{{#if x}}\n".repeat(levels), "{{/if}}".repeat(levels))
        };
        assert_eq!(of_text(&nested(Bound::DEPTH)), None);
        assert_eq!(of_text(&nested(Bound::DEPTH + 1)), Some((66, Bound::Depth)));
        assert_eq!(of_text(&"{{#if x}}{{else}}{{~/if}}".repeat(1000)), None);
        assert_eq!(of_text(&"{{! {{#if x}} {{!-- {{#if x}} }} --}}".repeat(1000)), None);
        let chain =
            |links: usize| format!("{{{{#if x}}}}{}{{{{/if}}}}", "{{else if y}}".repeat(links));
        assert_eq!(of_text(&chain(Bound::DEPTH - 1).repeat(9)), None);
        assert_eq!(of_text(&chain(Bound::DEPTH)), Some((1, Bound::Depth)));
        assert_eq!(of_text(&format!("{{{{#if {}", "(not ".repeat(65))), Some((1, Bound::Depth)));
        assert_eq!(of_text(&format!("{{{{x}}}} {}", "(".repeat(65))), None);
        assert_eq!(of_text(&format!("{{{{!-- {} --}}}}", "(".repeat(65))), None);
    }

    #[test]
    fn long_files_and_many_tags_are_refused() {
        assert_eq!(of_text(&"a".repeat(Bound::TEXT)), None);
        assert_eq!(of_text(&"a".repeat(Bound::TEXT + 1)), Some((1, Bound::Text)));
        assert_eq!(of_text(&"{{x}}\n".repeat(Bound::WRITTEN)), None);
        assert_eq!(of_text(&"{{x}}\n".repeat(Bound::WRITTEN + 1)), Some((5001, Bound::Written)));
    }

    #[test]
    fn no_more_is_written_than_may_be() {
        let mut written = Written::default();
        let part = "a".repeat(Bound::OUTPUT / 64);
        for _ in 0..64 {
            written.write(&part).unwrap();
        }
        assert!(!written.is_full());
        assert!(written.write("a").is_err() && written.is_full());
        assert_eq!(written.into_text().len(), Bound::OUTPUT);
    }
}
