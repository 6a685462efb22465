//! Battery `escapes`: hostile texts in every place of the Typst source. Typst's own
//! parser must see only text.

use std::path::Path;
use std::time::Instant;

use kirjuri::bundle::Bundle;
use kirjuri::locale::Locale;
use kirjuri::model::markup::printed;
use kirjuri::model::{Language, Long, Short};
use kirjuri::render::{long_to_typst, markup, string_literal};
use serde_json::{Value, json};
use typst::syntax::{SyntaxKind, SyntaxNode, parse, parse_code};

use crate::calls::by_all;
use crate::chance::Chance;
use crate::desk::{Desk, small};
use crate::{is_broken, number};

/// Default number of texts, of which some are typeset.
const TEXTS: u64 = 20_000;
const COMPILED: u64 = 60;
/// `??` is a placeholder to be filled in.
const SETTINGS: &str = "[check.rules]\ntext-placeholder = \"off\"\n";
/// Texts in one document.
const TOGETHER: u64 = 60;
/// Lines of the long text in one document.
const LINES: u64 = 40;
/// Number of texts per work unit.
const PART: u64 = 1000;
/// Maximum number of failures shown.
const SHOWN: usize = 10;

/// Functions that generated long text may call.
const CALLS: [&str; 10] =
    ["linebreak", "emph", "strong", "link", "list", "enum", "whole", "loose", "box", "slide-ref"];

/// Characters that no font has, that a line omits, or that mean slides.
const UNSHOWN: [&str; 6] = ["😀", "\u{10ffff}", "\u{200b}", "\u{ad}", "{slides:goals}", "{slides"];

const PIECES: &[&str] = &[
    "#",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    "=",
    "= ",
    "- ",
    "+ ",
    "1. ",
    "/ a: b",
    "*",
    "**",
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
    "\n\n",
    "\r\n",
    "\u{2028}",
    "\u{85}",
    " ",
    "  ",
    "\t",
    "a",
    "ä",
    "Äänekoski",
    "Keski-Suomen",
    "2026–2029",
    "-toiminta",
    "0",
    "\\u{41}",
    ";",
    ":",
    ",",
    "-?",
    "\u{ad}",
    "\u{a0}",
    "\u{200b}",
    "\u{202e}",
    "\u{0}",
    "\u{7}",
    "#linebreak();",
    "#panic()",
    "#read(\"/etc/passwd\")",
    "#let x = 1",
    "#import \"x\": *",
    "{{x}}",
    "{{{x}}}",
    "{{> x}}",
    "{slides:goals}",
    "{slides",
    "[a](https://x.example/\"#b)",
    "![a](b)",
    "<b>",
    "&lt;",
    "|",
    "^",
    "%",
    "!",
    "?",
    "&",
    "24 §",
    "1 000 €",
    "😀",
    "\u{10ffff}",
    "- a\n  - b",
    "> a",
    "# ",
    "* ",
    "2. ",
    "18. ",
    "3) ",
    "*a*",
    "**b**",
    "3*60",
    "+ 5",
    "- 3",
    "[1]: https://a.example",
    "| a | b |",
    "&amp;",
    "R&D",
    "<18",
    "a_b_c",
    "\\*",
    "ǩǥǯ",
    "liite_1.pdf",
    "a.b@c.example",
];

/// Escapes the texts; true when all were inert.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let count = number("KIRJURI_TEXTS", TEXTS);
    let locale = Locale::load(&Bundle::built_in(), Language::Fi).unwrap();
    let parts: Vec<u64> = (0..count).step_by(usize::try_from(PART).unwrap()).collect();
    let active = by_all(&parts, |first| {
        let texts = *first..(*first + PART).min(count);
        texts
            .flat_map(|at| active(&hostile(&mut Chance::of(seed, at)), &locale))
            .collect::<Vec<_>>()
    });
    let active: Vec<String> = active.into_iter().flatten().collect();
    for failure in active.iter().take(SHOWN) {
        println!("FAILED {failure}");
    }
    let failed = active.len();
    println!("each as markup, as long text and as a string");
    let typeset = number("KIRJURI_COMPILED", COMPILED);
    let lost = lost(seed, typeset);
    for failure in lost.iter().take(SHOWN) {
        println!("FAILED {failure}");
    }
    let (gone, took) = (lost.len(), started.elapsed());
    println!("escapes: {count} texts, {failed} active; {typeset} typeset, {gone} lost, {took:.1?}");
    active.is_empty() && lost.is_empty()
}

/// Texts that do not come out of the PDF unchanged.
fn lost(seed: u64, count: u64) -> Vec<String> {
    let mut lost = Vec::new();
    for first in (0..count).step_by(usize::try_from(TOGETHER).unwrap()) {
        // other texts: these must be one line of printable characters
        let numbers = first..(first + TOGETHER).min(count);
        let mut texts: Vec<String> =
            numbers.map(|at| line(&mut Chance::of(seed ^ 1, at))).collect();
        let long = lines(&mut Chance::of(seed ^ 2, first));
        let desk = Desk::plain(SETTINGS);
        for file in ["round.json", "north.json"] {
            desk.write(&format!("records/{file}"), std::fs::read(small().join(file)).unwrap());
        }
        desk.edit("records/north.json", |north| {
            fill(north, &texts);
            north["follow_up"] = Value::from(long.clone());
        });
        // visible text, line by line: pages may end between lines
        texts.extend(printed(&long).lines().map(str::to_owned));
        let ran = desk.run(&["build"]);
        let Some(bytes) = desk.pdfs().remove(Path::new("talks-north-memo.pdf")) else {
            let error = ran.stderr.lines().find(|line| line.starts_with("error"));
            lost.push(format!("no document: {error:?}"));
            continue;
        };
        let page = bare(&kirjuri::typeset::read(&bytes).unwrap().pages.concat());
        let page = if is_broken() { page.replace('#', "") } else { page };
        lost.extend(texts.into_iter().filter(|text| !page.contains(&bare(text))));
    }
    lost
}

/// A text without characters that typography changes: spaces, hyphens and dashes, break
/// opportunities, the form of quotation marks.
fn bare(text: &str) -> String {
    let straight = |c| match c {
        '”' | '“' => '"',
        '’' | '‘' => '\'',
        other => other,
    };
    let changed = ['-', '–', '•', '\u{ad}', '\u{2010}', '\u{2060}', '\u{200b}'];
    let kept = |c: &char| !c.is_whitespace() && !changed.contains(c);
    text.chars().map(straight).filter(kept).collect()
}

/// One line of fragments with a meaning in Typst, Handlebars or CommonMark.
fn line(chance: &mut Chance) -> String {
    let mut text = "q".to_owned();
    for _ in 0..=chance.below(16) {
        let piece = chance.pick::<&str>(PIECES);
        if Short::parse(&format!("x{piece}x")).is_some() && !UNSHOWN.contains(piece) {
            text.push_str(piece);
        }
    }
    text + "z"
}

/// Lines of a long text: each ends in unique words, whatever it begins with.
fn lines(chance: &mut Chance) -> String {
    let mut text = String::new();
    for number in 0..LINES {
        let mut line = String::new();
        for _ in 0..chance.below(6) {
            let piece = chance.pick::<&str>(PIECES);
            if Short::parse(&format!("x{piece}x")).is_some() && !UNSHOWN.contains(piece) {
                line.push_str(piece);
            }
        }
        line.push_str(&format!(" z{number}z"));
        line.push_str(if chance.below(3) > 0 { "\n" } else { "\n\n" });
        if Long::parse(&format!("{text}{line}")).is_some() {
            text.push_str(&line);
        }
    }
    text + "loppu"
}

/// Inserts the texts into every kind of single-line field.
fn fill(session: &mut Value, texts: &[String]) {
    let mut texts = texts.iter().cycle().take(texts.len().max(12)).cloned();
    let mut next = || Value::from(texts.next());
    session["place"] = next();
    session["chair"]["role"] = next();
    session["present"][0]["role"] = next();
    session["distribution"][0]["recipient"] = next();
    session["corrects"] = next();
    session["version"] = 2.into();
    session["agreed"] = json!([{"what": next(), "who": next(), "by": "2026-03-31"}]);
    session["attachments"] = json!([{"title": next(), "link": "https://x.example/a"}]);
    session["questions"] = json!([next()]);
    session["programme"] = texts.map(Value::from).collect();
}

/// A text of fragments with a meaning in Typst, Handlebars or CommonMark, and of random
/// characters.
fn hostile(chance: &mut Chance) -> String {
    let mut text = String::new();
    for _ in 0..=chance.below(24) {
        if chance.below(4) > 0 {
            text.push_str(chance.pick::<&str>(PIECES));
        } else {
            let code = u32::try_from(chance.below(0x11_0000)).unwrap();
            text.extend(char::from_u32(code));
        }
    }
    text
}

/// The ways in which a text is not inert.
fn active(text: &str, locale: &Locale) -> Vec<String> {
    // the result without escaping
    let raw = is_broken().then(|| text.to_owned());
    let (short, long) = (raw.unwrap_or_else(|| markup(text)), long_to_typst(text, locale));
    let literal = string_literal(text);
    let mut found = Vec::new();
    let mut look = |what: &str, source: &str, tree: &SyntaxNode, inert: bool| {
        if !inert || !tree.errors_and_warnings().0.is_empty() {
            found.push(format!("{what}: {text:?} became {source:?}"));
        }
    };
    let tree = parse(&short);
    look("markup", &short, &tree, is_plain(&tree));
    let tree = parse(&long);
    look("long text", &long, &tree, is_made_of_calls(&tree));
    let tree = parse_code(&literal);
    let is_string = tree.children().map(SyntaxNode::kind).eq([SyntaxKind::Str]);
    look("string", &literal, &tree, is_string);
    found
}

/// True for only text and line breaks.
fn is_plain(node: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::Markup => node.children().all(is_plain),
        SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape => true,
        SyntaxKind::Hash | SyntaxKind::Semicolon => true,
        SyntaxKind::FuncCall => node.full_text() == "linebreak()",
        _ => false,
    }
}

/// True for only text, and calls of allowed functions with strings, numbers and content
/// as arguments.
fn is_made_of_calls(node: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::Markup | SyntaxKind::ContentBlock | SyntaxKind::Args | SyntaxKind::Named => {
            node.children().all(is_made_of_calls)
        }
        SyntaxKind::FuncCall => {
            let call = node.full_text();
            let name = call.split(['(', '[']).next().unwrap_or_default();
            CALLS.contains(&name) && node.children().all(is_made_of_calls)
        }
        SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::Escape | SyntaxKind::Parbreak => true,
        SyntaxKind::Hash | SyntaxKind::Semicolon | SyntaxKind::Comma | SyntaxKind::Colon => true,
        SyntaxKind::LeftParen | SyntaxKind::RightParen => true,
        SyntaxKind::LeftBracket | SyntaxKind::RightBracket => true,
        SyntaxKind::Ident | SyntaxKind::Str | SyntaxKind::Int => true,
        _ => false,
    }
}
