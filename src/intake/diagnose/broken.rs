//! What is told of a text that is not JSON: every fault of syntax that can be
//! told apart, with what to write.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{SCHEMAS, Scene, cut};
use crate::intake::meant::{self, Takes};
use crate::intake::syntax::{self, SyntaxFault};
use crate::model::problem::MORE;
use crate::model::{Place, Problem, Rewrite};

/// Most slips of one kind that are told one by one. What is wrong in the same way
/// everywhere, as when a word processor wrote the marks, is one thing to say.
const FEW: usize = 5;

/// What the fields of all kinds of records take, by their names.
static FIELDS: LazyLock<BTreeMap<String, Vec<Takes>>> = LazyLock::new(|| {
    let schemas: Vec<&Value> = SCHEMAS.kinds.iter().map(|(_, schema, _)| schema).collect();
    meant::fields(&schemas)
});

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
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let certain = faults.iter().all(|fault| !fault.edits.is_empty());
        let mut problems = self.gathered(faults);
        let mended = Rewrite { edits: edits.clone(), safe: true }.apply(self.text);
        if let Some(mended) = mended.filter(|_| !whole && certain) {
            let mended: Arc<str> = mended.into();
            if let Err(error) = serde_json::from_str::<IgnoredAny>(&mended) {
                let scene = Scene { text: &mended, translated: Vec::new(), ..*self };
                let mut last = scene.syntax(&error);
                let span =
                    last.place.span.take().map(|span| original(span.start, &edits, self.text));
                last.place = Place { span, ..self.at("", None) };
                problems.push(last);
            }
        }
        problems
    }

    /// Few faults of a kind each for itself; many as one, which mends them all.
    fn gathered(&self, mut faults: Vec<SyntaxFault>) -> Vec<Problem> {
        faults.iter_mut().for_each(|fault| self.understand(fault));
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for fault in &faults {
            *counts.entry(fault.rule).or_default() += 1;
        }
        let mut problems: Vec<Problem> = Vec::new();
        // where the one problem of a rule stands
        let mut told: BTreeMap<&'static str, usize> = BTreeMap::new();
        for mut fault in faults {
            let rule = fault.rule;
            if let Some(at) = told.get(rule).copied() {
                if let Some(rewrite) = problems[at].rewrite.as_mut() {
                    rewrite.edits.append(&mut fault.edits);
                }
                continue;
            }
            let mut problem = self.syntax_fault(fault);
            let count = counts.get(rule).copied().unwrap_or_default();
            if count > FEW {
                told.insert(rule, problems.len());
                problem = problem.with(MORE, count - 1);
            }
            problems.push(problem);
        }
        for rewrite in problems.iter_mut().filter_map(|problem| problem.rewrite.as_mut()) {
            rewrite.edits.sort_by_key(|(span, _)| (span.start, span.end));
        }
        problems
    }

    /// Puts what was meant by a value without marks in its place.
    fn understand(&self, fault: &mut SyntaxFault) {
        if fault.rule != "json-value-bare" {
            return;
        }
        let (raw, name) = (&self.text[fault.span.clone()], &self.text[fault.name.clone()]);
        if let [(_, written)] = fault.edits.as_mut_slice()
            && let Some(meant) = meant::bare(name, raw, &FIELDS).filter(|meant| meant.sure)
        {
            *written = meant::literal(&meant.value);
            if meant.value.is_number() {
                fault.rule = "json-number";
            }
        }
    }

    fn syntax_fault(&self, fault: SyntaxFault) -> Problem {
        let found = cut(&self.text[fault.span.clone()]);
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

/// The character of a text that stands at a byte of the text mended with `edits`.
fn original(at: usize, edits: &[(Range<usize>, String)], text: &str) -> Range<usize> {
    // how far both texts are read: up to there they are the same but for the edits
    let (mut before, mut mended) = (0, 0);
    for (span, written) in edits {
        let same = span.start.saturating_sub(before);
        if at < mended + same {
            break;
        }
        (before, mended) = (span.start, mended + same);
        if at < mended + written.len() {
            // within what was written
            mended = at;
            break;
        }
        (before, mended) = (span.end, mended + written.len());
    }
    let mut start = (before + at.saturating_sub(mended)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + width
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::path::Path;

    use super::*;

    fn told(text: &str) -> Vec<Problem> {
        crate::intake::parse(Path::new("a.json"), text.as_bytes()).unwrap_err()
    }

    /// Rule, line and column, and how many more such places there are.
    fn places(text: &str) -> Vec<(&'static str, (usize, usize), Option<usize>)> {
        let place = |problem: &Problem| {
            let more = problem.args.get(MORE).map(|more| more.parse::<usize>().unwrap());
            (problem.rule, problem.line_column().unwrap(), more)
        };
        told(text).iter().map(place).collect()
    }

    fn mended(text: &str) -> String {
        let problems = told(text);
        let rewrites = problems.iter().filter_map(|problem| problem.rewrite.clone());
        let mut edits: Vec<_> = rewrites.flat_map(|rewrite| rewrite.edits).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        Rewrite { edits, safe: true }.apply(text).unwrap()
    }

    #[test]
    fn a_fault_behind_others_is_shown_where_it_stands() {
        let quotes = "{\n  “kind”: “session”, “id”: “aaa-bbb”, “status”: “draft”,\n  \"x\": `1`\n}";
        assert_eq!(
            places(quotes),
            [("json-quotes", (2, 3), Some(5)), ("json-syntax", (3, 8), None),]
        );
        // shorter by each edit, longer by each edit, and both
        for (text, place) in [
            ("{“ä”: 1, “b”: `1`}", (1, 15)),
            ("{aa: 1, bb: 2, c: `1`}", (1, 19)),
            ("{“ä”: 1 b: 2,, “c”: 3; d: `1`}", (1, 27)),
            ("{/* why */ \"ä\": 1, “b”: ‘x’,\n\"c\": `1`}", (2, 6)),
            ("{a: `1`}", (1, 5)),
        ] {
            let last = places(text).pop();
            assert_eq!(last, Some(("json-syntax", place, None)), "{text}");
        }
    }

    #[test]
    fn a_slip_that_is_everywhere_is_one_finding_that_mends_all() {
        let list = |item: &str, between: &str| {
            let items: Vec<String> = (0..300).map(|n| item.replace('#', &n.to_string())).collect();
            format!("{{\n{}\n}}", items.join(between))
        };
        for (rule, text, count) in [
            ("json-quotes", list("“a#”: “x”", ",\n"), 600),
            ("json-quotes", list("'a#': 'x'", ",\n"), 600),
            ("json-quotes", list("\"a#\": \"x”", ",\n"), 300),
            ("json-missing-comma", list("\"a#\": 1", "\n"), 299),
            ("json-missing-comma", list("\"a#\": 1", ";\n"), 299),
            ("json-name-bare", list("a#: 1", ",\n"), 300),
            ("json-missing-colon", list("\"a#\" 1", ",\n"), 300),
            ("json-value-bare", list("\"a#\": True", ",\n"), 300),
            ("json-comma-twice", list("\"a#\": 1", ",,\n"), 299),
            ("json-space", list("\u{a0}\"a#\": 1", ",\n"), 300),
            ("json-comment", list("\"a#\": 1 /* # */", ",\n"), 300),
            ("json-backslash", list("\"a#\": \"C:\\data\"", ",\n"), 300),
        ] {
            let found = places(&text);
            assert_eq!(found.len(), 1, "{rule}");
            assert_eq!((found[0].0, found[0].2), (rule, Some(count - 1)), "{rule}");
            let mended: Value = serde_json::from_str(&mended(&text)).unwrap();
            assert_eq!(mended.as_object().unwrap().len(), 300, "{rule}");
        }
        // two kinds in one text are two findings
        let found = places(&list("“a#”: “x”", "\n"));
        let rules: Vec<_> = found.iter().map(|(rule, _, more)| (*rule, *more)).collect();
        assert_eq!(rules, [("json-quotes", Some(599)), ("json-missing-comma", Some(298))]);
        let text = list("“a#”: “x”", "\n");
        assert!(serde_json::from_str::<Value>(&mended(&text)).is_ok());
    }

    #[test]
    fn a_record_of_the_largest_size_is_mended_as_a_whole() {
        let mut text = String::from("{");
        for n in 0..60_000 {
            write!(text, "“a{n}”: “Teksti, jossa on sanoja”, ").unwrap();
        }
        text.push_str("“z”: 1}");
        assert_eq!(places(&text).len(), 1);
        assert!(serde_json::from_str::<Value>(&mended(&text)).is_ok());
    }

    #[test]
    fn a_number_is_advised_where_a_number_belongs() {
        for (value, instead) in
            [("\"count\": 04", "4"), ("\"count\": 4.", "4"), ("\"title\": 04", "\"04\"")]
        {
            let problems = told(&format!("{{{value}}}"));
            assert_eq!(problems[0].args["instead"], instead, "{value}");
            let rule = if value.contains("title") { "json-value-bare" } else { "json-number" };
            assert_eq!(problems[0].rule, rule, "{value}");
        }
    }
}
