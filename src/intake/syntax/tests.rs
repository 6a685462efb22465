//! Texts that are not JSON, with their faults and corrections.

use super::*;

/// The rules in text order, and the text with all certain corrections applied.
fn faults_and_fix(text: &str) -> (Vec<&'static str>, String) {
    let (faults, _) = faults(text);
    let mut edits: Vec<_> = faults.iter().flat_map(|fault| fault.edits.clone()).collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut fixed = text.to_owned();
    for (span, new) in edits.iter().rev() {
        fixed.replace_range(span.clone(), new);
    }
    (faults.iter().map(|fault| fault.rule).collect(), fixed)
}

#[test]
fn all_recognisable_faults_are_reported() {
    for (text, rules, fixed) in [
        (
            "{\"a\": 1\n \"b\": [1 2],\n}",
            vec!["json-missing-comma", "json-missing-comma", "json-trailing-comma"],
            "{\"a\": 1,\n \"b\": [1, 2]\n}",
        ),
        (
            "{“a”: “x”, 'b': 'it”s'}",
            vec!["json-quotes", "json-quotes", "json-quotes", "json-quotes"],
            "{\"a\": \"x\", \"b\": \"it”s\"}",
        ),
        (
            "{”a”: ”hän sanoi ”hei”, ja lähti”, ”b”: [”x”, true, 'y']}",
            vec!["json-quotes"; 5],
            "{\"a\": \"hän sanoi ”hei”, ja lähti\", \"b\": [\"x\", true, \"y\"]}",
        ),
        (
            "{“a”: “x”\n “b”: 1\n /* c */ “d”: 2}",
            vec![
                "json-quotes",
                "json-quotes",
                "json-missing-comma",
                "json-quotes",
                "json-comment",
                "json-missing-comma",
                "json-quotes",
            ],
            "{\"a\": \"x\",\n \"b\": 1,\n  \"d\": 2}",
        ),
        (
            "{a: 1, // why\n \"b\" 2}",
            vec!["json-name-bare", "json-comment", "json-missing-colon"],
            "{\"a\": 1, \n \"b\": 2}",
        ),
        (
            "{\"a\": \"x\ty\", \"b\": True, \"c\": 13.00.1}",
            vec!["json-control", "json-value-bare", "json-value-bare"],
            "{\"a\": \"x\\ty\", \"b\": true, \"c\": \"13.00.1\"}",
        ),
        (
            "{\"a\": \"x,\n \"b\": 27.11.2026;\n \"c\": 1}",
            vec!["json-quote-missing", "json-value-bare", "json-missing-comma"],
            "{\"a\": \"x\",\n \"b\": \"27.11.2026\",\n \"c\": 1}",
        ),
        (
            "{\"a\": \"C:\\data\",, \"b\": 007}",
            vec!["json-backslash", "json-comma-twice", "json-value-bare"],
            "{\"a\": \"C:\\\\data\", \"b\": \"007\"}",
        ),
        ("{\u{a0}\"a\": läsnä}", vec!["json-space", "json-value-bare"], "{ \"a\": \"läsnä\"}"),
    ] {
        let (found, after) = faults_and_fix(text);
        assert_eq!(found, rules, "{text}");
        assert_eq!(after, fixed, "{text}");
        assert!(is_whole(&after), "{after}");
    }
}

#[test]
fn valid_json_has_no_faults() {
    for text in ["{}", "[1, -2.5e3, true, null, \"a\\n\\u00e4”\"]", " {\"a\": {\"b\": [[]]}} "] {
        assert_eq!(faults(text), (Vec::new(), true), "{text}");
    }
}

#[test]
fn nothing_is_reported_after_an_unrecognisable_fault() {
    // the missing bracket may be anywhere: only the fault before it is certain
    let (rules, _) = faults_and_fix("{\"a\": 1 \"b\": [1, 2, \"c\": 3}");
    assert_eq!(rules, ["json-missing-comma"]);
    assert_eq!(faults_and_fix("{\"a\": ").0, [""; 0]);
    assert_eq!(faults_and_fix("{} {}").0, [""; 0]);
}
