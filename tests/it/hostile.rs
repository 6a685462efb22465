//! Escaping: text that looks like Typst, Handlebars or Markdown is printed unchanged, in
//! every field of a record.

use std::cell::RefCell;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::pdf::bare;

/// One line of text, for any field.
const LINES: &[&str] = &[
    "#panic(\"x\") a",
    "#{1 + 1} b",
    "$x^2$ c",
    "= Heading d",
    "- item e",
    "+ item f",
    "/ term: g",
    "*bold* _emph_ h",
    "`raw` ```raw``` i",
    "<label> @ref j",
    "\\u{41} \\n \\ k",
    "]#panic()[ l",
    "\"); panic(\"x\") m",
    "{{title}} {{{lead}}} n",
    "{{> partials/prelude}} \\{{x}} o",
    "// line /* block */ p",
    "https://evil.example/x?a=b#c q",
    "1. x r",
    "#include \"x.typ\" s",
    "#read(\"/record.json\") t",
    "ends with a backslash \\",
    "'single' \"double\" u",
    "[link](https://x.example) v",
    "<script>alert(1)</script> w",
    "&amp; &lt; &#65; x",
    "# Heading z",
    "#linebreak(); å",
    "{{#each x}}{{/each}} ä",
    "⟨memo.time⟩ ö",
    "#import \"@preview/x:1.0.0\": * 1",
    "{name} {0} %s ${HOME} 2",
    "a ~ b ... c 3",
    "-? 4",
];

/// Texts without intended markup.
const TEXTS: &[&str] = &[
    "#panic(\"x\") a",
    "#{1 + 1} b",
    "$x^2$ c",
    "= Heading d",
    "/ term: g",
    "@ref j",
    "]#panic()[ l",
    "\"); panic(\"x\") m",
    "{{title}} {{{lead}}} n",
    "{{> partials/prelude}} o",
    "// line p",
    "https://evil.example/x?a=b#c q",
    "#include \"x.typ\" s",
    "#read(\"/record.json\") t",
    "\\u{41} u",
    "'single' \"double\" v",
    "{{#each x}}{{/each}} ä",
    "#linebreak(); å",
    "a ~ b ... c 3",
    "{slides} {slides: 5",
    "a | b | c 6",
    "#import \"@preview/x:1.0.0\": * 7",
    "¶ § † ‡ 8",
    "a\\b 9",
    "# `b` <b>c</b> &amp; 10",
    "> 3*60 ja 2*45 | 11",
    "2025. [1]: x 12",
    "\\*d\\* __ --- 13",
];

/// Supplies texts in turn, from any start, and remembers those that the document prints.
struct Source<'a> {
    lines: &'a [String],
    texts: &'a [String],
    next: RefCell<usize>,
    printed: RefCell<Vec<String>>,
}

impl<'a> Source<'a> {
    fn new(lines: &'a [String], texts: &'a [String], begin: usize) -> Self {
        Self { lines, texts, next: RefCell::new(begin), printed: RefCell::default() }
    }

    fn take(&self, from: &[String]) -> Value {
        let number = self.next.replace_with(|next| *next + 1);
        let text = from[number % from.len()].clone();
        self.printed.borrow_mut().push(text.clone());
        text.into()
    }

    /// Text for a field of one line.
    fn line(&self) -> Value {
        self.take(self.lines)
    }

    /// Text for a field of several lines.
    fn text(&self) -> Value {
        self.take(self.texts)
    }
}

fn session(source: &Source<'_>) -> Value {
    let (line, text) = (|| source.line(), || source.text());
    json!({
        "kind": "session", "id": "talks-north", "status": "final", "language": "en",
        "case": {"number": line(), "publicity": "partly-secret", "secrecy_basis": line()},
        "version": 2, "corrects": line(),
        "round": "talks", "group": "north", "date": "2025-10-23", "start": "13:00", "end": "15:30",
        "mode": "remote", "place": line(),
        "chair": {"name": line(), "role": line(), "organisation": line()},
        "secretary": {"name": line(), "role": line(), "organisation": line()},
        "present": [{"sector": "municipality", "organisation": line(), "role": line(), "name": line()}],
        "absent": [{"sector": "parish", "organisation": line(), "role": line(), "name": line()}],
        "notes": [
            {"priority": "safety", "service_area": "children", "text": text()},
            {"priority": "mind", "text": text()},
            {"priority": "mind", "service_areas": ["children", "adults"], "text": text()},
            {"municipality": "Birch", "text": text()},
            {"sector": "organisation", "text": text()},
            {"priority": "safety", "service_area": "adults", "text": text(), "secret": true},
        ],
        "agreed": [{"what": line(), "who": line(), "by": "2026-03-31"}],
        "comments": [{"from": line(), "sector": "company", "received": "2025-12-01", "text": text()}],
        "programme": [line(), line()], "questions": [line()], "outcome": text(), "follow_up": text(),
        "attachments": [{"title": line(), "link": "https://x.example/\"#panic()[]\\"}],
        "distribution": [
            {"recipient": line(), "municipality": "Alder", "email": line()},
            {"recipient": line(), "municipality": "Birch"},
        ],
    })
}

fn proposal(source: &Source<'_>) -> Value {
    let (line, text) = (|| source.line(), || source.text());
    json!({
        "kind": "proposal", "id": "item", "status": "final", "language": "en",
        "case": {"number": line()}, "version": 2, "corrects": line(),
        "body": line(), "meeting_date": "2025-09-02", "section": 12, "title": line(), "round": "talks",
        "earlier_handling": [{"body": line(), "date": "2025-02-11", "section": 4, "text": line()}],
        "sections": [{"heading": line(), "text": text(), "block": "schedule"}, {"text": text()}],
        "strategy": text(), "competence": line(),
        "presenter": {"acting": true, "title": line(), "name": line()},
        "preparers": [{"name": line(), "title": line(), "email": line()}],
        "action": "approve", "motion": text(), "decision": {"text": text(), "date": "2025-09-02"},
        "attachments": [{"title": line(), "link": "https://x.example/"}],
        "distribution": [{"recipient": line()}],
    })
}

fn measures(source: &Source<'_>) -> Value {
    let (line, text) = (|| source.line(), || source.text());
    json!({
        "kind": "measures", "id": "plan", "status": "final", "language": "en",
        "issued": "2026-02-24", "case": {"number": line()}, "version": 2, "corrects": line(),
        "plan": {
            "title": line(), "authority": line(), "completes": line(), "valid_from": "2026-03-01",
        },
        "measures": [
            {"number": 1, "title": line(), "purpose": text(), "who": [line(), line()],
             "by": "2026-12-31", "indicators": [line(), line()]},
            {"number": 2, "title": line(), "who": [line()]},
        ],
        "follow_up": [{"year": 2026, "measure": 1, "status": "under-way", "text": text()}],
        "working_group": [{"name": line(), "title": line(), "organisation": line()}],
    })
}

/// Typst's escape of a text at a markup position, as `typst_of` shows it.
fn escaped(text: &str) -> String {
    let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    plain(&text.chars().map(escape).collect::<String>())
}

/// Source without blanks and without what small typography changes: marks for
/// names, quotation marks, dashes.
fn plain(typst: &str) -> String {
    let unmarked =
        typst.replace("#whole[", "").replace("#box[", "").replace("#loose[", "").replace("];", "");
    let quoted = unmarked.replace(['”', '“'], "\\\"").replace(['’', '‘'], "\\'");
    quoted.replace('–', "\\-").chars().filter(|c| !c.is_whitespace()).collect()
}

/// Builds a document with hostile texts and searches for each.
fn comes_out(desk: &Desk, document: &str, source: &Source<'_>) -> Result<(), String> {
    let run = desk.run(["build"]);
    if run.code != Some(0) {
        return Err(format!("exit {:?}\n{}\n{}", run.code, run.stdout, run.stderr));
    }
    // a hyphen may have become a dash
    let text = desk.pdf(document).text().replace('–', "");
    let typst = desk.run(["render", document, "--format", "typ"]).exits(0).stdout;
    let typst = plain(&typst);
    for printed in source.printed.borrow().iter() {
        if !text.contains(&bare(printed).replace('–', "")) {
            return Err(format!("`{printed}` is not in the PDF:\n{text}"));
        }
        if !typst.contains(&escaped(printed)) {
            return Err(format!("`{printed}` is not escaped in the source:\n{typst}"));
        }
    }
    Ok(())
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn everywhere(document: &str, make: fn(&Source<'_>) -> Value) {
    let (lines, texts) = (owned(LINES), owned(TEXTS));
    let desk = Desk::fixture("small").without_judgement();
    let file = match document {
        "item-extract" => "records/item.json",
        "plan-measures" => "records/plan.json",
        _ => "records/north.json",
    };
    // each field gets each text in turn
    for begin in 0..lines.len() {
        let source = Source::new(&lines, &texts, begin);
        desk.write(file, make(&source).to_string());
        comes_out(&desk, document, &source).unwrap_or_else(|fault| panic!("{fault}"));
    }
}

#[test]
fn hostile_text_in_every_field_of_a_session_comes_out_as_it_is() {
    everywhere("talks-north-memo", session);
}

#[test]
fn hostile_text_in_every_field_of_a_proposal_comes_out_as_it_is() {
    everywhere("item-extract", proposal);
}

#[test]
fn hostile_text_in_every_field_of_measures_comes_out_as_it_is() {
    everywhere("plan-measures", measures);
}

#[test]
fn hostile_text_reaches_the_slides_as_it_is() {
    let (lines, texts) = (owned(LINES), owned(TEXTS));
    let desk = Desk::fixture("small").without_judgement();
    for begin in 0..8 {
        let source = Source::new(&lines, &texts, begin * 5);
        let (line, text) = (|| source.line(), || source.text());
        desk.edit("records/round.json", |round| {
            round["title"] = line();
            round["authority"]["name"] = line();
            round["authority"]["unit"] = line();
            round["priorities"][0]["short"] = line();
            round["service_areas"][0]["name"] = line();
            round["goals"][0]["goal"] = line();
            round["goals"][0]["background"] = line();
            round["materials"] = json!([{"title": line(), "link": "https://x.example/#a"}]);
            round["groups"][0]["name"] = line();
        });
        desk.edit("records/south.json", |south| {
            south["notes"][0] = json!({
                "priority": "safety", "service_area": "adults", "text": text()
            })
        });
        desk.edit("records/summary.json", |summary| {
            summary["general"] = json!([text(), text()]);
            summary["implementation"] = json!([text()]);
            summary["highlights"] = json!([{
                "priority": "safety", "service_area": "children", "bullets": [text(), text()]
            }]);
        });
        comes_out(&desk, "talks-summary", &source).unwrap_or_else(|fault| panic!("{fault}"));
    }
}

/// Pieces of Typst, Handlebars and JSON, and letters between them.
fn hostile() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "#",
        "\\",
        "[",
        "]",
        "{",
        "}",
        "{{",
        "}}",
        "{{{",
        "(",
        ")",
        "\"",
        "=",
        "= ",
        "/",
        "*",
        "_",
        "`",
        "$",
        "@a",
        "<a>",
        "~",
        "...",
        "//",
        "/*",
        "*/",
        "https://a.example",
        " ",
        "a",
        "ä",
        "0",
        "'",
        "\\u{41}",
        ";",
        ":",
        ",",
        "?",
        "!",
        "&",
        "|",
        "^",
        "%",
        "§",
        "”",
        "é",
        "€",
        "#linebreak();",
        "#panic()",
        "1. ",
        "> ",
    ]);
    // letters at both ends: blank texts are refused
    prop::collection::vec(bits, 1..24).prop_map(|bits| format!("x{}x", bits.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn random_text_in_every_line_comes_out_as_it_is(lines in prop::collection::vec(hostile(), 40..60)) {
        let texts = owned(TEXTS);
        let desk = Desk::fixture("small").without_judgement();
        let source = Source::new(&lines, &texts, 0);
        desk.write("records/north.json", session(&source).to_string());
        prop_assert_eq!(comes_out(&desk, "talks-north-memo", &source), Ok(()));
        let source = Source::new(&lines, &texts, 0);
        desk.write("records/item.json", proposal(&source).to_string());
        prop_assert_eq!(comes_out(&desk, "item-extract", &source), Ok(()));
    }
}
