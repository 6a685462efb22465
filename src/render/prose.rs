//! Running text in a markup position: inert, and with names kept whole. A word
//! with a capital letter is taken for a name, and is never hyphenated.

use super::escape::push_markup;

/// Shortest name that could be broken, in letters.
const SHORTEST: usize = 6;
/// Longest name that is kept whole: what is longer may have to be broken in a
/// narrow column.
const LONGEST: usize = 18;
/// The same at the beginning of a sentence, where any word has a capital.
const LONGEST_FIRST: usize = 12;

/// Typst markup of a text with its names whole.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    push_prose(&mut out, text);
    out
}

/// As [`prose`], on to the end of `out`.
pub fn push_prose(out: &mut String, text: &str) {
    let (mut rest, mut first) = (text, true);
    while let Some(start) = rest.find(char::is_alphanumeric) {
        push_markup(out, &rest[..start]);
        first |= rest[..start].contains(['.', '!', '?', ':', '\n']);
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

fn is_name(word: &str, longest: usize) -> bool {
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let length = word.chars().count();
    capital && (SHORTEST..=longest).contains(&length) && word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use typst::syntax::{SyntaxKind, SyntaxNode, parse};

    #[test]
    fn names_are_whole_and_long_words_are_not() {
        assert_eq!(prose("kunta Äänekoski,"), "kunta #whole[Äänekoski];\\,");
        assert_eq!(prose("Keski-Suomen THL"), "Keski\\-#whole[Suomen]; THL");
        let long = "Hyvinvointipalvelut ja Hyvinvointikoordinaattoreiden työ";
        assert_eq!(prose(long), long);
    }

    fn inert(node: &SyntaxNode) -> bool {
        match node.kind() {
            SyntaxKind::Markup => node.children().all(inert),
            SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape => true,
            SyntaxKind::Hash | SyntaxKind::Semicolon => true,
            SyntaxKind::FuncCall => {
                let call = node.full_text();
                call == "linebreak()" || call.starts_with("whole[")
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn whatever_the_text_no_markup_is_active(text in "[A-ZÄÖa-zäö#\\[\\]{};$*_`<>@/=+.\\- \\\\]{0,60}") {
            let markup = prose(&text);
            let tree = parse(&markup);
            prop_assert!(inert(&tree), "{text:?} became {markup:?}");
        }
    }
}
