//! Long text: the accepted part of CommonMark, turned into Typst markup node
//! by node, so that nothing in the text is ever read as Typst.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::escape::string_literal;
use super::prose::push_prose;
use crate::locale::Locale;
use crate::model::markup::{next_reference, parser};

/// Word joiner: after a link it keeps Typst from breaking a word that goes on
/// behind it, which fails in tagged PDF (typst issue 8608).
const WORD_JOINER: char = '\u{2060}';

/// Typst markup of a long text. A text of one paragraph is inline content;
/// more become paragraphs. `{slides:goals}` becomes a reference to slides.
pub fn long_to_typst(text: &str, locale: &Locale) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut writer = Writer { out: &mut out, locale, lists: Vec::new() };
    // the parser splits text at every bracket; references must be seen whole
    let mut pending = String::new();
    for event in parser(text) {
        if let Event::Text(text) = event {
            pending.push_str(&text);
        } else {
            writer.text(&std::mem::take(&mut pending));
            writer.event(event);
        }
    }
    writer.text(&pending);
    out.truncate(out.trim_end().len());
    out
}

struct Writer<'a> {
    out: &'a mut String,
    locale: &'a Locale,
    /// Open lists; true for a numbered one.
    lists: Vec<bool>,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.out.push_str("#linebreak();"),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // everything else is refused at the border
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                let call = match first {
                    Some(1) => "#enum(".to_owned(),
                    Some(first) => format!("#enum(start: {first}, "),
                    None => "#list(".to_owned(),
                };
                self.out.push_str(&call);
                self.lists.push(first.is_some());
            }
            Tag::Item => self.out.push('['),
            Tag::Emphasis => self.out.push_str("#emph["),
            Tag::Strong => self.out.push_str("#strong["),
            Tag::Link { dest_url, .. } => {
                self.out.push_str(&format!("#link({})[", string_literal(&dest_url)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("\n\n"),
            TagEnd::List(_) => {
                self.lists.pop();
                self.out.push_str(");\n\n");
            }
            TagEnd::Item => {
                self.out.truncate(self.out.trim_end().len());
                self.out.push_str("], ");
            }
            TagEnd::Emphasis | TagEnd::Strong => self.out.push_str("];"),
            TagEnd::Link => {
                self.out.push_str("];");
                self.out.push(WORD_JOINER);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let tied = self.locale.tie(text);
        let mut rest = tied.as_str();
        while let Some(reference) = next_reference(rest) {
            push_prose(self.out, &rest[..reference.start]);
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
        push_prose(self.out, rest);
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
        assert_eq!(typst("2. a\n   - b"), "#enum(start: 2, [a#list([b], );], );");
        assert_eq!(
            typst("[THL](https://thl.fi/a\"b)"),
            "#link(\"https://thl.fi/a%22b\")[THL];\u{2060}".replace("%22", "\\\"")
        );
    }

    #[test]
    fn typst_in_the_text_stays_text() {
        assert_eq!(typst("#panic() $x$ @a"), "\\#panic\\(\\) \\$x\\$ \\@a");
    }

    #[test]
    fn slide_references_become_calls() {
        assert_eq!(
            typst("ks. {slides:goals}."),
            "ks\\. #slide-ref(\"goals\", one: \"dia\", many: \"diat\");\\."
        );
    }
}
