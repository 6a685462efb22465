//! What is told of a text that is not JSON: every fault of syntax that can be
//! told apart, with what to write.

use std::ops::Range;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{SCHEMAS, Scene, cut};
use crate::intake::meant;
use crate::intake::syntax::{self, SyntaxFault};
use crate::model::{Place, Problem, Rewrite};

impl Scene<'_> {
    /// Byte range of the character at a line and column of serde's.
    pub(super) fn span_at(&self, line: usize, column: usize) -> Option<Range<usize>> {
        let start: usize =
            self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        // serde counts bytes, and may point behind the end
        let mut at = (start + column.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        Some(at..at + width)
    }

    fn syntax(&self, error: &serde_json::Error) -> Problem {
        let span = self.span_at(error.line(), error.column());
        let at = span.as_ref().map_or(0, |span| span.start);
        let found = self.text[at..].chars().next().unwrap_or(' ');
        let rule = match error {
            _ if error.is_eof() => "json-cut",
            // the only word that serde has for it
            _ if error.to_string().starts_with("recursion limit") => "json-deep",
            _ => syntax::fault(self.text, at),
        };
        Problem::error(rule, self.at("", span)).with("found", found)
    }

    /// All faults of syntax that can be told apart. Where the reader that goes on
    /// behind a fault cannot go on, the parser has the last word.
    pub(super) fn syntax_faults(&self, error: &serde_json::Error) -> Vec<Problem> {
        let first = self.syntax(error);
        let (faults, whole) = syntax::faults(self.text);
        if faults.is_empty() || first.rule == "json-deep" {
            return vec![first];
        }
        let mut edits: Vec<_> = faults.iter().flat_map(|fault| fault.edits.clone()).collect();
        edits.sort_by_key(|(span, _)| span.start);
        let certain = faults.iter().all(|fault| !fault.edits.is_empty());
        let mut problems: Vec<Problem> = faults.into_iter().map(|f| self.syntax_fault(f)).collect();
        if !whole && certain {
            let mended = Rewrite { edits: edits.clone(), safe: true }.apply(self.text);
            let mended: Arc<str> = mended.unwrap_or_default().into();
            if let Err(error) = serde_json::from_str::<IgnoredAny>(&mended) {
                let scene = Scene { text: &mended, translated: Vec::new(), ..*self };
                let mut last = scene.syntax(&error);
                let span = last.place.span.take().map(|span| original(span, &edits, self.text));
                last.place = Place { span, ..self.at("", None) };
                problems.push(last);
            }
        }
        problems
    }

    fn syntax_fault(&self, mut fault: SyntaxFault) -> Problem {
        let raw = &self.text[fault.span.clone()];
        if fault.rule == "json-value-bare"
            && let [(_, written)] = fault.edits.as_mut_slice()
        {
            let schemas: Vec<&Value> = SCHEMAS.kinds.iter().map(|(_, schema, _)| schema).collect();
            let meant = meant::bare(&fault.name, raw, &schemas);
            if let Some(meant) = meant.filter(|meant| meant.sure) {
                *written = meant::literal(&meant.value);
            }
        }
        let found = cut(raw);
        let problem = Problem::error(fault.rule, self.at("", Some(fault.span)));
        let problem = problem.with("found", found);
        // a comment may say what nobody wants to lose; where a text ends, is a guess
        let safe = !["json-comment", "json-quote-missing"].contains(&fault.rule);
        let problem = match fault.edits.as_slice() {
            [(_, new)] if !new.trim().is_empty() => problem.with("instead", cut(new)),
            _ => problem,
        };
        if fault.edits.is_empty() {
            return problem;
        }
        problem.rewritten_by(Rewrite { edits: fault.edits, safe })
    }
}

/// A range of a mended text as one of the text before.
fn original(span: Range<usize>, edits: &[(Range<usize>, String)], text: &str) -> Range<usize> {
    let (mut start, mut moved) = (span.start, 0);
    for (before, after) in edits {
        // where the mended text has this edit
        let place = before.start + moved;
        if place + after.len() > span.start {
            start = start.min(place);
            break;
        }
        moved = (moved + after.len()).saturating_sub(before.len());
    }
    let mut start = start.saturating_sub(moved).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + width
}
