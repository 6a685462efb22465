//! Problems of records as data: a rule, its arguments and a place. Messages come from the
//! labels of a language.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::lint;
use super::severity::Severity;

/// Place of a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Path as a user would write it.
    pub file: PathBuf,
    /// Field path such as `notes[3].text`; empty for the whole record.
    pub field: String,
    /// Byte range in the field's decoded text.
    pub within: Option<Range<usize>>,
    /// Byte range in the file's text.
    pub span: Option<Range<usize>>,
    /// The file's text, if it could be read.
    pub text: Option<Arc<str>>,
}

/// A problem of a record or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// Key of the rule in the table of lints.
    pub rule: &'static str,
    /// Arguments of the message, by placeholder.
    pub args: BTreeMap<&'static str, String>,
    pub place: Place,
    /// What to write instead, if known.
    pub fix: Option<Fix>,
    /// What to write in the file instead, if known.
    pub rewrite: Option<Rewrite>,
    /// Why the record's author accepts it (`accept` in the record).
    pub accepted: Option<String>,
}

/// Replacements of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// New texts of fields, by field path.
    pub edits: Vec<(String, String)>,
    /// True if the meaning does not change, so that it may be applied without confirmation:
    /// spaces, dashes, citations, order of names.
    pub safe: bool,
}

/// Replacements of parts of a file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Byte ranges with their replacements, in order.
    pub edits: Vec<(Range<usize>, String)>,
    /// True if nothing else can be meant.
    pub safe: bool,
}

impl Rewrite {
    /// The text with all replacements; `None` if the ranges do not fit the text.
    pub fn apply(&self, text: &str) -> Option<String> {
        let (mut written, mut read) = (String::with_capacity(text.len()), 0);
        for (span, new) in &self.edits {
            written.push_str(text.get(read..span.start)?);
            written.push_str(new);
            text.get(span.clone())?;
            read = span.end;
        }
        written.push_str(text.get(read..)?);
        Some(written)
    }
}

impl Problem {
    /// A breach of a rule with its default severity; an error when the rule is unknown.
    pub fn new(rule: &'static str, place: Place) -> Self {
        let severity = lint::find(rule).map_or(Severity::Error, |lint| lint.severity);
        Self { severity, ..Self::error(rule, place) }
    }

    /// An error that breaks `rule` at a place.
    pub fn error(rule: &'static str, place: Place) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            args: BTreeMap::new(),
            place,
            fix: None,
            rewrite: None,
            accepted: None,
        }
    }

    /// A warning.
    pub fn warning(rule: &'static str, place: Place) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, place) }
    }

    /// A hint.
    pub fn hint(rule: &'static str, place: Place) -> Self {
        Self { severity: Severity::Hint, ..Self::error(rule, place) }
    }

    /// Adds an argument of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// Adds an error as the argument `cause`, with the errors behind it; the last one is
    /// the system's message.
    #[must_use]
    pub fn caused_by(self, error: &dyn Error) -> Self {
        self.with("cause", with_causes(error))
    }

    /// Adds the message key of the cause, with its arguments, so that it is shown in the
    /// reader's language.
    #[must_use]
    pub fn in_words(self, said: Option<(&'static str, Vec<(&'static str, String)>)>) -> Self {
        let Some((key, values)) = said else { return self };
        let named = self.with(CAUSE_KEY, key);
        values.into_iter().fold(named, |problem, (name, value)| match name {
            // the error behind the cause; the cause has a message of its own
            "cause" => problem.with(BEHIND, value),
            name => problem.with(name, value),
        })
    }

    /// Narrows the place to a part of the field's text.
    #[must_use]
    pub fn within(mut self, range: Range<usize>) -> Self {
        self.place.within = Some(range);
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn fixed_by(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Adds what to write in the file instead.
    #[must_use]
    pub fn rewritten_by(mut self, rewrite: Rewrite) -> Self {
        self.rewrite = Some(rewrite);
        self
    }

    /// Line and column, from 1, in characters. `None` if the position in the text is
    /// unknown.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let (span, text) = (self.place.span.as_ref()?, self.place.text.as_ref()?);
        let before = text.get(..span.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((line, column))
    }
}

/// The argument with the number of other places with the same problem.
pub const MORE: &str = "more";

/// The argument with the message key of the cause.
pub const CAUSE_KEY: &str = "cause_key";

/// The argument with the error behind the cause.
pub const BEHIND: &str = "behind";

/// An error with its chain of causes.
pub fn with_causes(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(behind) = cause {
        let text = behind.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = behind.source();
    }
    said
}

/// Minimum similarity of a suggested word, from 0 to 1.
const LIKE: f64 = 0.6;

/// The most similar word, if it is similar enough.
pub fn nearest<'a, T: AsRef<str>>(word: &str, known: &'a [T]) -> Option<&'a str> {
    // known words are shorter, and comparing long words takes time
    let known = if word.len() > 100 { &[] } else { known };
    let like = known.iter().map(|other| {
        let other = other.as_ref();
        (strsim::normalized_damerau_levenshtein(word, other), other)
    });
    let like = like.filter(|(likeness, _)| *likeness > LIKE);
    like.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}

/// Words for a message: in backticks, joined by commas.
pub fn quoted<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_rewritten_in_the_order_of_its_parts() {
        let apply = |edits: &[(Range<usize>, &str)]| {
            let edits = edits.iter().map(|(span, new)| (span.clone(), (*new).to_owned()));
            Rewrite { edits: edits.collect(), safe: true }.apply("“a” b")
        };
        assert_eq!(apply(&[(0..3, "\""), (4..7, "\""), (7..7, ",")]).unwrap(), "\"a\", b");
        assert_eq!(apply(&[]).unwrap(), "“a” b");
        for wrong in [[(4..7, ""), (0..3, "")], [(0..4, ""), (3..4, "")], [(0..1, ""), (9..9, "")]]
        {
            assert_eq!(apply(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let place =
            Place { text: Some("{\n  \"ä\": 1".into()), span: Some(9..10), ..Place::default() };
        assert_eq!(Problem::error("x", place).line_column(), Some((2, 7)));
    }
}
