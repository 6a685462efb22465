//! Escaping of text for Typst, in markup and in string literals.

use std::fmt::Write as _;

use crate::model::markup::LITERAL;

/// Escapes text for a markup position: a backslash before every ASCII
/// punctuation character, and `#linebreak();` for line breaks. Typst reads the
/// result as plain text.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_markup(&mut out, text);
    out
}

/// As [`markup`], appended to `out`.
pub fn push_markup(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push_str("#linebreak();");
            }
            '\t' => out.push(' '),
            LITERAL => {}
            c if c.is_ascii_punctuation() => {
                out.push('\\');
                out.push(c);
            }
            // Typst has no shorthands other than punctuation; control characters
            // are refused earlier, but would stay visible
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
}

/// A Typst string literal, quotes included, for a code position.
pub fn string_literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use typst::syntax::{SyntaxKind, SyntaxNode, parse, parse_code};

    /// Every leaf of the tree is text, space, an escape or a line break call.
    fn inert(node: &SyntaxNode) -> bool {
        match node.kind() {
            SyntaxKind::Markup => node.children().all(inert),
            SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape => true,
            SyntaxKind::Hash | SyntaxKind::Semicolon => true,
            SyntaxKind::FuncCall => node.full_text() == "linebreak()",
            _ => false,
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "#",
            "\\",
            "[",
            "]",
            "{",
            "}",
            "(",
            ")",
            "\"",
            "=",
            "= ",
            "- ",
            "+ ",
            "1. ",
            "/ a: b",
            "*",
            "_",
            "`",
            "```",
            "$",
            "@a",
            "<a>",
            "~",
            "--",
            "---",
            "...",
            "//",
            "/*",
            "*/",
            "https://a.example",
            "\n",
            "\u{2028}",
            "\u{85}",
            "\r\n",
            " ",
            "a",
            "ä",
            "0",
            "'",
            "\\u{41}",
            ";",
            ":",
            ",",
            "-?",
            "\u{ad}",
            "\u{a0}",
            "linebreak()",
            "#linebreak();",
        ]);
        prop::collection::vec(
            prop_oneof![bits.prop_map(str::to_owned), any::<char>().prop_map(String::from)],
            0..24,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_text_is_active_in_markup(text in hostile()) {
            let source = markup(&text);
            let tree = parse(&source);
            prop_assert!(tree.errors_and_warnings().0.is_empty(), "{source:?}");
            prop_assert!(inert(&tree), "{source:?}");
        }

        #[test]
        fn no_text_leaves_a_string_literal(text in hostile()) {
            let source = string_literal(&text);
            let tree = parse_code(&source);
            let kinds: Vec<SyntaxKind> = tree.children().map(SyntaxNode::kind).collect();
            prop_assert!(tree.errors_and_warnings().0.is_empty(), "{source:?}");
            prop_assert_eq!(kinds, [SyntaxKind::Str]);
        }
    }
}
