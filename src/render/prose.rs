//! Running text as Typst markup: escaped, with line breaks controlled. A word with
//! a capital letter is treated as a name and never hyphenated.

use std::borrow::Cow;

use super::escape::push_markup;

/// Shortest name that could be broken, in letters.
const SHORTEST: usize = 6;
/// Longest name that is kept whole: a longer one may have to be broken in a
/// narrow column.
const LONGEST: usize = 18;
/// The same at the beginning of a sentence, where any word has a capital.
const LONGEST_FIRST: usize = 12;
/// Longest word that fits into every line of running text.
const LONGEST_PIECE: usize = 36;
/// Most consecutive letters, or digits, of an address that fit into every line.
const LONGEST_PART: usize = 24;
/// Longest word with a hyphen or dash that is kept whole.
const LONGEST_JOINED: usize = 24;

/// Whether words that may not fit into a line are marked with `loose`, so that
/// they break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LongWords {
    Marked,
    /// For a design library that has no `loose`: an authority's own, or that of an
    /// earlier version in the archive.
    Plain,
}

/// Typst markup of a text with its names whole.
pub fn prose(text: &str, long: LongWords) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    push_prose(&mut out, text, long);
    out
}

/// As [`prose`], appended to `out`.
pub fn push_prose(out: &mut String, text: &str, long_words: LongWords) {
    let text = without_idle_hyphens(text);
    let mut first = true;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let word = chunk.trim_end();
        if long_words == LongWords::Marked && is_in_one_piece(word) {
            let long = word.chars().count() > LONGEST_PIECE;
            out.push_str(if long { "#loose[" } else { "" });
            push_markup(out, word);
            out.push_str(if long { "];" } else { "" });
            push_markup(out, &chunk[word.len()..]);
            first = chunk.ends_with('\n');
            continue;
        }
        let core = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
        if is_unbreakable(core) {
            let start = word.find(core).unwrap_or(0);
            push_markup(out, &word[..start]);
            out.push_str("#box[");
            push_markup(out, core);
            out.push_str("];");
            push_markup(out, &chunk[start + core.len()..]);
        } else {
            push_words(out, chunk, first);
        }
        if !core.is_empty() {
            first = word.ends_with(['.', '!', '?', ':']);
        }
        first |= chunk.ends_with('\n');
    }
}

/// A text without soft hyphens that no letter follows: Typst would print them.
fn without_idle_hyphens(text: &str) -> Cow<'_, str> {
    const SOFT_HYPHEN: char = '\u{ad}';
    if !text.contains(SOFT_HYPHEN) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        if c != SOFT_HYPHEN || next.is_some_and(char::is_alphanumeric) {
            kept.push(c);
        }
    }
    Cow::Owned(kept)
}

fn push_words(out: &mut String, text: &str, mut first: bool) {
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        push_markup(out, &rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let word = &rest[..end];
        if is_name(word, if first { LONGEST_FIRST } else { LONGEST }) {
            out.push_str("#whole[");
            push_markup(out, word);
            out.push_str("];");
        } else {
            push_markup(out, word);
        }
        (rest, first) = (&rest[end..], false);
    }
    push_markup(out, rest);
}

/// True for what is not running text, such as addresses and file names, and for
/// words that fit into no column. Their parts are not names.
fn is_in_one_piece(word: &str) -> bool {
    let sign = |c: char| matches!(c, '@' | '_' | '\\');
    let is_long = word.chars().count() > LONGEST_PIECE && (!is_link(word) || has_long_part(word));
    word.contains(sign) || is_file(word) || is_long
}

/// True for addresses with more consecutive letters, or digits, than fit into a
/// narrow column: Typst breaks addresses only at other characters.
fn has_long_part(word: &str) -> bool {
    let long = |part: &str| part.chars().count() > LONGEST_PART;
    word.split(|c: char| !c.is_alphabetic()).any(long)
        || word.split(|c: char| !c.is_numeric()).any(long)
}

/// `liite.pdf`: a dot between two letters.
fn is_file(word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    !is_link(word)
        && word.match_indices('.').any(|(at, _)| {
            inside(word[..at].chars().next_back()) && inside(word[at + 1..].chars().next())
        })
}

/// Addresses, which Typst breaks by its own rules.
fn is_link(word: &str) -> bool {
    word.contains("://")
}

/// True for text without line breaks inside: ranges (`2026–2029`), names with a
/// hyphen (`Keski-Suomen`), and the second part of a compound of several words
/// (`-toiminta`).
fn is_unbreakable(word: &str) -> bool {
    if !(3..=LONGEST_JOINED).contains(&word.chars().count()) {
        return false;
    }
    let alphanumeric = |part: &str| !part.is_empty() && part.chars().all(char::is_alphanumeric);
    let numeric = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        digits && part.bytes().any(|b| b.is_ascii_digit())
    };
    let capital = |part: &str| alphanumeric(part) && part.starts_with(char::is_uppercase);
    if let Some((from, to)) = word.split_once('–') {
        return numeric(from) && numeric(to) || alphanumeric(from) && alphanumeric(to);
    }
    match word.split_once('-') {
        Some(("", rest)) => rest.chars().all(char::is_alphabetic),
        Some((first, second)) => capital(first) && capital(second),
        None => false,
    }
}

fn is_name(word: &str, longest: usize) -> bool {
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let length = word.chars().count();
    capital && (SHORTEST..=longest).contains(&length) && word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> String {
        super::prose(text, LongWords::Marked)
    }

    use proptest::prelude::*;
    use typst::syntax::{SyntaxKind, SyntaxNode, parse};

    #[test]
    fn names_are_whole_and_long_words_are_not() {
        assert_eq!(prose("kunta Äänekoski,"), "kunta #whole[Äänekoski];\\,");
        assert_eq!(prose("(Keski-Suomen) THL"), "\\(#box[Keski\\-Suomen];\\) THL");
        assert_eq!(prose("Lab -työ 2026–2029."), "Lab #box[\\-työ]; #box[2026–2029];\\.");
        assert_eq!(prose("a - b, hyte-työ\n- x"), "a \\- b\\, hyte\\-työ#linebreak();\\- x");
        let long = "Hyvinvointipalvelut ja Hyvinvointikoordinaattoreiden työ";
        assert_eq!(prose(long), long);
        let digest = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(prose(digest), format!("#loose[{digest}];"));
        assert_eq!(super::prose(digest, LongWords::Plain), digest);
        let address = "https://a.example/hyvinvointi/alue/2026/liitteet";
        assert!(!prose(address).contains("#loose["));
        assert!(prose(&format!("{address}/{}", "x".repeat(25))).starts_with("#loose["));
    }

    #[test]
    fn soft_hyphens_remain_only_inside_words() {
        assert_eq!(prose("a\u{ad}b c\u{ad} d\u{ad}. e\u{ad}"), "a\u{ad}b c d\\. e");
    }

    fn inert(node: &SyntaxNode) -> bool {
        match node.kind() {
            SyntaxKind::Markup => node.children().all(inert),
            SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape => true,
            SyntaxKind::Hash | SyntaxKind::Semicolon => true,
            SyntaxKind::FuncCall => {
                let call = node.full_text();
                let wraps = ["whole[", "box[", "loose["].iter().any(|own| call.starts_with(own));
                call == "linebreak()" || wraps && body(node).is_some_and(inert)
            }
            _ => false,
        }
    }

    /// What a call wraps.
    fn body(call: &SyntaxNode) -> Option<&SyntaxNode> {
        let args = call.children().find(|node| node.kind() == SyntaxKind::Args)?;
        let block = args.children().find(|node| node.kind() == SyntaxKind::ContentBlock)?;
        block.children().find(|node| node.kind() == SyntaxKind::Markup)
    }

    proptest! {
        #[test]
        fn whatever_the_text_no_markup_is_active(text in "[A-ZÄÖa-zäö0-9–#\\[\\]{};$*_`<>@/=+.\\- \\\\]{0,60}") {
            let markup = prose(&text);
            let tree = parse(&markup);
            prop_assert!(inert(&tree), "{text:?} became {markup:?}");
        }
    }
}
