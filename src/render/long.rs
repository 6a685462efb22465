//! Conversion of long text with lists, emphasis and links into Typst markup, node
//! by node, so that nothing in the text is read as Typst.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::escape::{push_markup, string_literal};
use super::prose::{LongWords, push_prose};
use crate::locale::Locale;
use crate::model::markup::{LITERAL, is_bracketed, located, next_reference};

/// Between a link and the rest of its word: Typst must not break the word there,
/// which fails in tagged PDF (typst issue 8608). Used only where the rest of the
/// word is too long to be kept whole, because copied text contains it.
const WORD_JOINER: char = '\u{2060}';
/// Longest rest of a word that is kept whole.
const LONGEST_REST: usize = 18;

/// Typst markup of a long text. A single paragraph becomes inline content, several
/// become paragraphs. `{slides:goals}` becomes a reference to slides.
pub fn long_to_typst(text: &str, locale: &Locale) -> String {
    long_with(text, locale, LongWords::Marked)
}

/// The same for a design library that may not have `loose`.
pub fn long_with(text: &str, locale: &Locale, long_words: LongWords) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut writer =
        LongTextWriter { out: &mut out, locale, long_words, before: None, linked: false };
    // the parser may split a text anywhere, and references must be complete
    let mut pending = String::new();
    for (event, range) in located(text) {
        match &event {
            Event::Text(part) => pending.push_str(part),
            Event::Start(Tag::List(Some(first))) => {
                writer.text(&std::mem::take(&mut pending), None);
                writer.numbered(*first, is_bracketed(&text[range]));
            }
            event => {
                let after = around(event).then(|| first_visible(&text[range.end..])).flatten();
                let after = match event {
                    Event::Start(tag) if is_inline(tag) => first_visible(&text[range]),
                    _ => after,
                };
                writer.text(&std::mem::take(&mut pending), after);
                writer.event(event);
            }
        }
    }
    writer.text(&pending, None);
    out.truncate(out.trim_end().len());
    out
}

/// True for the end of an inline element.
fn around(event: &Event<'_>) -> bool {
    matches!(event, Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link))
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. })
}

/// The first character of a text, without markup characters.
fn first_visible(text: &str) -> Option<char> {
    text.chars().find(|c| *c != LITERAL && !"*_[".contains(*c))
}

struct LongTextWriter<'a> {
    out: &'a mut String,
    locale: &'a Locale,
    long_words: LongWords,
    /// The last character in the same line.
    before: Option<char>,
    /// Whether a link has just ended.
    linked: bool,
}

impl LongTextWriter<'_> {
    fn event(&mut self, event: &Event<'_>) {
        self.linked = matches!(event, Event::End(TagEnd::Link));
        match event {
            Event::HardBreak => {
                self.out.push_str("#linebreak();");
                self.before = None;
            }
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            // the parser produces no others
            _ => {}
        }
    }

    /// Begins a list with the numbers of the text.
    fn numbered(&mut self, first: u64, bracketed: bool) {
        self.out.push_str("#enum(");
        if first != 1 {
            self.out.push_str(&format!("start: {first}, "));
        }
        if bracketed {
            self.out.push_str("numbering: \"1)\", ");
        }
        self.before = None;
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(_) => self.out.push_str("#list("),
            Tag::Item => {
                self.out.push('[');
                self.before = None;
            }
            Tag::Emphasis => self.out.push_str("#emph["),
            Tag::Strong => self.out.push_str("#strong["),
            Tag::Link { dest_url, .. } => {
                self.out.push_str(&format!("#link({})[", string_literal(dest_url)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.out.push_str("\n\n");
                self.before = None;
            }
            TagEnd::List(_) => {
                self.out.push_str(");\n\n");
                self.before = None;
            }
            TagEnd::Item => {
                self.out.truncate(self.out.trim_end().len());
                self.out.push_str("], ");
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link => self.out.push_str("];"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, after: Option<char>) {
        let tied = self.locale.tie_between(self.before, text, after);
        self.before = text.chars().next_back().or(self.before);
        let mut rest = tied.as_str();
        if std::mem::take(&mut self.linked) {
            rest = self.rest_of_word(rest);
        }
        while let Some(reference) = next_reference(rest) {
            push_prose(self.out, &rest[..reference.start], self.long_words);
            let word = |number: &str| {
                string_literal(
                    &self.locale.label(&format!("slide_ref.{}.{number}", reference.form)),
                )
            };
            self.out.push_str(&format!(
                "#slide-ref({}, one: {}, many: {});",
                string_literal(reference.key),
                word("one"),
                word("many")
            ));
            rest = &rest[reference.end..];
        }
        push_prose(self.out, rest, self.long_words);
    }

    /// Writes the rest of the word that a link ended in, and returns what follows.
    fn rest_of_word<'t>(&mut self, text: &'t str) -> &'t str {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, ':' | '\'' | '’' | '\u{ad}');
        let (word, rest) = text.split_at(text.find(|c: char| !inside(c)).unwrap_or(text.len()));
        if !word.contains(char::is_alphanumeric) {
            return text;
        }
        if word.chars().count() > LONGEST_REST {
            self.out.push(WORD_JOINER);
            return text;
        }
        self.out.push_str("#whole[");
        push_markup(self.out, word);
        self.out.push_str("];");
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::model::Language;

    fn typst(text: &str) -> String {
        long_to_typst(text, &Locale::load(&Bundle::built_in(), Language::Fi).unwrap())
    }

    #[test]
    fn paragraphs_lists_emphasis_and_links() {
        assert_eq!(typst("yksi *kaksi* **kolme**"), "yksi #emph[kaksi]; #strong[kolme];");
        assert_eq!(typst("a\n\nb"), "a\n\nb");
        assert_eq!(typst("- a\n- b"), "#list([a], [b], );");
        assert_eq!(typst("2. a\n   - b\n3. c"), "#enum(start: 2, [a#list([b], );], [c], );");
        assert_eq!(typst("1) a\n2) b"), "#enum(numbering: \"1)\", [a], [b], );");
        assert_eq!(typst("18. a\n2. b"), "18\\. a#linebreak();2\\. b");
        assert_eq!(
            typst("[THL](https://thl.fi/a\"b)"),
            "#link(\"https://thl.fi/a%22b\")[THL];".replace("%22", "\\\"")
        );
    }

    #[test]
    fn a_word_that_continues_after_a_link_is_not_broken_there() {
        let link = "#link(\"https://thl.fi\")[THL];";
        for (typed, expected) in [
            (" on", " on"),
            (".", "\\."),
            (":n sivu", "#whole[\\:n]; sivu"),
            ("kertomus.", "#whole[kertomus];\\."),
            ("-ohje", "#box[\\-ohje];"),
        ] {
            assert_eq!(
                typst(&format!("[THL](https://thl.fi){typed}")),
                format!("{link}{expected}")
            );
        }
        let long = "a".repeat(19);
        assert_eq!(typst(&format!("[THL](https://thl.fi){long}")), format!("{link}\u{2060}{long}"));
    }

    #[test]
    fn typst_in_the_text_stays_text() {
        assert_eq!(typst("#panic() $x$ @a"), "\\#panic\\(\\) \\$x\\$ \\@a");
    }

    #[test]
    fn quotes_turn_towards_what_they_enclose() {
        let english = Locale::load(&Bundle::built_in(), Language::En).unwrap();
        for (typed, expected) in [
            ("say *\"a\"* and \"*b*\".", "say #emph[“a”]; and “#emph[b];”\\."),
            ("**\"a\"**\n\"b\"", "#strong[“a”];#linebreak();“b”"),
            ("- \"a\"\n- 'b'", "#list([“a”], [‘b’], );"),
            ("\"[a](https://a.example)\"", "“#link(\"https://a.example\")[a];”"),
        ] {
            assert_eq!(long_to_typst(typed, &english), expected);
        }
    }

    #[test]
    fn slide_references_become_calls() {
        assert_eq!(
            typst("ks. {slides:goals}."),
            "ks\\. #slide-ref(\"goals\", one: \"dia\", many: \"diat\");\\."
        );
    }
}
