//! Problems of a text that is not JSON: each recognisable syntax fault, with a
//! correction.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{FaultContext, SCHEMAS, cut};
use crate::intake::suggestions::{self, FieldType};
use crate::intake::syntax::{self, SyntaxFault};
use crate::model::problem::MORE;
use crate::model::{Place, Problem, Rewrite};

/// Faults of one kind that are reported separately; more are reported as one, as when a
/// word processor replaced all quotation marks.
const SEPARATE: usize = 5;

/// Types of the fields of all kinds of records, by field name.
static FIELDS: LazyLock<BTreeMap<String, Vec<FieldType>>> = LazyLock::new(|| {
    let schemas: Vec<&Value> = SCHEMAS.kinds.iter().map(|(_, schema, _)| schema).collect();
    suggestions::fields(&schemas)
});

impl FaultContext<'_> {
    /// Byte range of the character at serde's line and column.
    pub(super) fn span_at(&self, line: usize, column: usize) -> Option<Range<usize>> {
        let start: usize =
            self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        // serde counts bytes, and may point beyond the end
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
            // serde has no other way to recognise this error
            _ if error.to_string().starts_with("recursion limit") => "json-deep",
            _ => syntax::fault(self.text, at),
        };
        Problem::error(rule, self.at("", span)).with("found", found)
    }

    /// All recognisable syntax faults. Where the lenient parser stops, the error of serde
    /// is added.
    pub(super) fn syntax_faults(&self, error: &serde_json::Error) -> Vec<Problem> {
        let first = self.syntax(error);
        let (faults, whole) = syntax::faults(self.text);
        if faults.is_empty() || first.rule == "json-deep" {
            return vec![first];
        }
        let mut edits: Vec<_> = faults.iter().flat_map(|fault| fault.edits.clone()).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let certain = faults.iter().all(|fault| !fault.edits.is_empty());
        let mut problems = self.grouped(faults);
        let fixed = Rewrite { edits: edits.clone(), safe: true }.apply(self.text);
        if let Some(fixed) = fixed.filter(|_| !whole && certain) {
            let fixed: Arc<str> = fixed.into();
            if let Err(error) = serde_json::from_str::<IgnoredAny>(&fixed) {
                let context = FaultContext { text: &fixed, translated: Vec::new(), ..*self };
                let mut last = context.syntax(&error);
                let span = last
                    .place
                    .span
                    .take()
                    .map(|span| original_position(span.start, &edits, self.text));
                last.place = Place { span, ..self.at("", None) };
                problems.push(last);
            }
        }
        problems
    }

    /// Reports few faults of one kind separately, and many as one problem that fixes them
    /// all.
    fn grouped(&self, mut faults: Vec<SyntaxFault>) -> Vec<Problem> {
        faults.iter_mut().for_each(|fault| self.interpret_bare_value(fault));
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for fault in &faults {
            *counts.entry(fault.rule).or_default() += 1;
        }
        let mut problems: Vec<Problem> = Vec::new();
        // index of the combined problem of a rule
        let mut combined: BTreeMap<&'static str, usize> = BTreeMap::new();
        for mut fault in faults {
            let rule = fault.rule;
            if let Some(at) = combined.get(rule).copied() {
                if let Some(rewrite) = problems[at].rewrite.as_mut() {
                    rewrite.edits.append(&mut fault.edits);
                }
                continue;
            }
            let mut problem = self.syntax_fault(fault);
            let count = counts.get(rule).copied().unwrap_or_default();
            if count > SEPARATE {
                combined.insert(rule, problems.len());
                problem = problem.with(MORE, count - 1);
            }
            problems.push(problem);
        }
        for rewrite in problems.iter_mut().filter_map(|problem| problem.rewrite.as_mut()) {
            rewrite.edits.sort_by_key(|(span, _)| (span.start, span.end));
        }
        problems
    }

    /// Interprets a value without quotation marks by the type of its field.
    fn interpret_bare_value(&self, fault: &mut SyntaxFault) {
        if fault.rule != "json-value-bare" {
            return;
        }
        let (raw, name) = (&self.text[fault.span.clone()], &self.text[fault.name.clone()]);
        if let [(_, written)] = fault.edits.as_mut_slice()
            && let Some(suggestion) =
                suggestions::bare_value(name, raw, &FIELDS).filter(|suggestion| suggestion.sure)
        {
            *written = suggestions::literal(&suggestion.value);
            if suggestion.value.is_number() {
                fault.rule = "json-number";
            }
        }
    }

    fn syntax_fault(&self, fault: SyntaxFault) -> Problem {
        let found = cut(&self.text[fault.span.clone()]);
        let problem = Problem::error(fault.rule, self.at("", Some(fault.span)));
        let problem = problem.with("found", found);
        // a comment may contain information, and where a text without an end mark ends is
        // a guess
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

/// Maps a byte of the corrected text back to a character of the original text.
fn original_position(at: usize, edits: &[(Range<usize>, String)], text: &str) -> Range<usize> {
    // positions up to which both texts correspond
    let (mut before, mut fixed) = (0, 0);
    for (span, written) in edits {
        let same = span.start.saturating_sub(before);
        if at < fixed + same {
            break;
        }
        (before, fixed) = (span.start, fixed + same);
        if at < fixed + written.len() {
            // within a replacement
            fixed = at;
            break;
        }
        (before, fixed) = (span.end, fixed + written.len());
    }
    let mut start = (before + at.saturating_sub(fixed)).min(text.len());
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

    fn problems_of(text: &str) -> Vec<Problem> {
        crate::intake::parse(Path::new("a.json"), text.as_bytes()).unwrap_err()
    }

    /// Rule, line and column, and the number of further places.
    fn places(text: &str) -> Vec<(&'static str, (usize, usize), Option<usize>)> {
        let place = |problem: &Problem| {
            let more = problem.args.get(MORE).map(|more| more.parse::<usize>().unwrap());
            (problem.rule, problem.line_column().unwrap(), more)
        };
        problems_of(text).iter().map(place).collect()
    }

    fn fixed(text: &str) -> String {
        let problems = problems_of(text);
        let rewrites = problems.iter().filter_map(|problem| problem.rewrite.clone());
        let mut edits: Vec<_> = rewrites.flat_map(|rewrite| rewrite.edits).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        Rewrite { edits, safe: true }.apply(text).unwrap()
    }

    #[test]
    fn a_fault_after_others_has_its_original_position() {
        let quotes = "{\n  “kind”: “session”, “id”: “aaa-bbb”, “status”: “draft”,\n  \"x\": `1`\n}";
        assert_eq!(
            places(quotes),
            [("json-quotes", (2, 3), Some(5)), ("json-syntax", (3, 8), None),]
        );
        // texts that get shorter by each edit, longer, and both
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
    fn a_repeated_fault_is_one_problem_that_fixes_all() {
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
            let fixed: Value = serde_json::from_str(&fixed(&text)).unwrap();
            assert_eq!(fixed.as_object().unwrap().len(), 300, "{rule}");
        }
        // two kinds in one text are two problems
        let found = places(&list("“a#”: “x”", "\n"));
        let rules: Vec<_> = found.iter().map(|(rule, _, more)| (*rule, *more)).collect();
        assert_eq!(rules, [("json-quotes", Some(599)), ("json-missing-comma", Some(298))]);
        let text = list("“a#”: “x”", "\n");
        assert!(serde_json::from_str::<Value>(&fixed(&text)).is_ok());
    }

    #[test]
    fn a_record_of_maximum_size_is_fixed_completely() {
        let mut text = String::from("{");
        for n in 0..60_000 {
            write!(text, "“a{n}”: “Teksti, jossa on sanoja”, ").unwrap();
        }
        text.push_str("“z”: 1}");
        assert_eq!(places(&text).len(), 1);
        assert!(serde_json::from_str::<Value>(&fixed(&text)).is_ok());
    }

    #[test]
    fn a_number_is_suggested_where_a_number_is_expected() {
        for (value, instead) in
            [("\"count\": 04", "4"), ("\"count\": 4.", "4"), ("\"title\": 04", "\"04\"")]
        {
            let problems = problems_of(&format!("{{{value}}}"));
            assert_eq!(problems[0].args["instead"], instead, "{value}");
            let rule = if value.contains("title") { "json-value-bare" } else { "json-number" };
            assert_eq!(problems[0].rule, rule, "{value}");
        }
    }
}
