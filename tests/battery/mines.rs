//! Battery `mines`: templates that use unlimited time or memory. Their documents are
//! stopped at the limits and reported, other documents are made, and everything is made
//! when the template is corrected.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::bombs::{Run, burst, fault};
use crate::calls::some;
use crate::desk::{Desk, small};
use crate::kills::plan;
use crate::{is_broken, number};

/// Default number of mines.
const MINES: u64 = 2;
/// Limits of one document.
const SETTINGS: &str = "workers = 1\n[typeset]\ndeadline = 2\nmemory = 768\n";
/// Memory limit of the program and its workers, in MiB.
const MEMORY: u64 = 1536;
/// Time limit of a build: three attempts, and the other documents.
const LIMIT: Duration = Duration::from_secs(60);
/// Length of the list that loops iterate over.
const ITEMS: usize = 100;
/// Place of a mine in the template.
const LEAD: &str = "#lead[{{lead}}]";

/// A mine: an edit of a template.
type Mine = fn(&Desk);

/// Each mine with texts of the expected message.
const ALL: [(&str, &str, Mine); 16] = [
    ("loops in loops", "typeset-killed-", |desk| {
        let calm = "for a in range(9000) { for b in range(9000) { for c in range(9000) { } } }";
        code(desk, calm);
    }),
    ("a text doubled again and again", "typeset-killed-", |desk| {
        code(desk, "let s = \"x\"; for i in range(40) { s += s }");
    }),
    ("content doubled again and again", "typeset-killed-", |desk| {
        code(desk, "let c = [x ]; for i in range(40) { c += c }; c");
    }),
    ("a huge list", "typeset-killed-", |desk| code(desk, "let a = range(500000000)")),
    ("a function that calls itself", "typeset-failed", |desk| {
        code(desk, "let f(x) = f(x + 1); f(0)")
    }),
    ("a tall block", "typeset-killed-", |desk| code(desk, "block(height: 1000000cm)")),
    ("pages without end", "typeset-killed-", |desk| {
        code(desk, "for a in range(9999) { for b in range(999) { pagebreak() } }");
    }),
    ("boxes in boxes", "typeset-failed", |desk| {
        code(desk, "let c = [x]; for i in range(9999) { c = box(c) }; c")
    }),
    ("a big picture", "typeset-killed-", |desk| {
        let form = "(encoding: \"luma8\", width: w, height: w)";
        code(desk, &format!("let w = 16000; image(bytes((0,) * (w * w)), format: {form})"));
    }),
    ("a picture of pictures", "typeset-failed", |desk| {
        desk.write("templates/laughs.svg", laughs());
        code(desk, "image(\"/laughs.svg\", alt: \"x\")");
    }),
    ("rounds in rounds", "template-steps", |desk| {
        let (open, close) = ("{{#each @root.programme.body}}", "{{/each}}");
        tags(desk, &format!("{}{}", open.repeat(6), close.repeat(6)));
    }),
    ("rounds that write", "template-output", |desk| {
        let (open, close) = ("{{#each @root.programme.body}}", "{{/each}}");
        let line = "// a line ".repeat(20);
        tags(desk, &format!("{}{line}{}", open.repeat(6), close.repeat(6)));
    }),
    ("copies of all data in rounds", "template-steps", |desk| {
        desk.write("templates/own/empty.typ.hbs", "");
        let (open, close) = ("{{#each @root.programme.body}}", "{{/each}}");
        tags(desk, &format!("{}{{{{> own/empty @root.this}}}}{}", open.repeat(3), close.repeat(3)));
    }),
    ("a partial that includes itself", "includes itself", |desk| {
        desk.write("templates/own/again.typ.hbs", "{{> own/again}}");
        tags(desk, "{{> own/again}}");
    }),
    ("partials that double", "template-steps", |desk| {
        for at in 0..40 {
            let next = format!("{{{{> own/p{}}}}}", at + 1);
            desk.write(&format!("templates/own/p{at}.typ.hbs"), format!("{next}{next}"));
        }
        desk.write("templates/own/p40.typ.hbs", "");
        tags(desk, "{{> own/p0}}");
    }),
    ("blocks in blocks", "more than", |desk| {
        let depth = 2_000;
        tags(desk, &format!("{}{}", "{{#if lead}}".repeat(depth), "{{/if}}".repeat(depth)));
    }),
];

/// Runs the mines; true when each was stopped and nothing else.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let chosen = some(&ALL, number("KIRJURI_MINES", MINES), seed);
    println!("{:36}{:>10}{:>10}{:>8}  told as", "template", "seconds", "MiB", "exit");
    let mut failed = 0;
    for (name, words, mine) in &chosen {
        let desk = desk();
        if !is_broken() {
            mine(&desk);
        }
        let run = burst(&desk, MEMORY, LIMIT);
        let exit = run.code.map_or("-".to_owned(), |code| code.to_string());
        let (seconds, mib) = (run.time.as_secs_f64(), run.memory / 1024);
        println!("{name:36}{seconds:>10.1}{mib:>10}{exit:>8}  {}", told(&run));
        let silent = !run.said.contains(words);
        let silent = silent.then(|| format!("`{words}` is not said: {}", run.said));
        let faults = [silent, went_off(&run), mended(&desk)];
        for fault in faults.into_iter().flatten() {
            println!("FAILED {name}: {}", fault.chars().take(600).collect::<String>());
            failed += 1;
        }
    }
    println!("mines: {} templates, {failed} failures, {:.1?}", chosen.len(), started.elapsed());
    failed == 0
}

/// The rule for which the memo was refused, or what ended the program.
fn told(run: &Run) -> &str {
    let rest = run.said.split_once("error[").map(|(_, rest)| rest);
    let rule = rest.and_then(|rest| rest.split(']').next());
    rule.or_else(|| run.said.lines().next()).unwrap_or("nothing")
}

/// The fault in how a build with a mine ended.
fn went_off(run: &Run) -> Option<String> {
    // templates refused at load stop everything immediately
    if run.code == Some(2) && run.said.contains(".typ.hbs") && run.memory < MEMORY * 1024 {
        return None;
    }
    if run.said.contains("talks-north-memo.pdf: issued,") {
        return Some("it was not stopped".to_owned());
    }
    if !run.said.contains(".hbs") && !run.said.contains("records/north.json") {
        return Some(format!("no place is said: {}", run.said));
    }
    fault(run, MEMORY, run.said.contains("beside-measures.pdf: issued,"))
}

/// Faults after the template was corrected.
fn mended(desk: &Desk) -> Option<String> {
    std::fs::remove_dir_all(desk.path("templates")).unwrap();
    let ran = desk.run(&["build"]);
    (ran.code != Some(0)).then(|| format!("afterwards: {}", ran.said()))
}

/// Two memos with one template, of which the northern one has a programme, and another
/// document.
fn desk() -> Desk {
    let desk = Desk::plain(SETTINGS);
    for file in ["round.json", "north.json", "south.json"] {
        desk.write(&format!("records/{file}"), std::fs::read(small().join(file)).unwrap());
    }
    desk.write("records/beside.json", serde_json::to_vec(&plan("beside")).unwrap());
    let programme: Vec<String> = (0..ITEMS).map(|at| format!("Point {at}")).collect();
    desk.edit("records/north.json", |north| north["programme"] = json!(programme));
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let memo = std::fs::read(home.join("templates/memo.typ.hbs")).unwrap();
    desk.write("templates/memo.typ.hbs", memo);
    desk
}

/// Adds Handlebars to the template.
fn tags(desk: &Desk, tags: &str) {
    let memo = std::fs::read_to_string(desk.path("templates/memo.typ.hbs")).unwrap();
    assert!(memo.contains(LEAD), "the template has changed");
    desk.write("templates/memo.typ.hbs", memo.replace(LEAD, &format!("{LEAD}\n{tags}\n")));
}

/// Adds Typst to the template, for the northern memo only.
fn code(desk: &Desk, code: &str) {
    tags(desk, &format!("#if {{{{str lead}}}}.contains(\"Alder\") {{ {code} }}"));
}

/// Ten copies of ten copies, and so on: ten billion squares.
fn laughs() -> String {
    let mut defs = "<rect id=\"l0\" width=\"1\" height=\"1\"/>".to_owned();
    for level in 1..=10 {
        let copy = format!("<use href=\"#l{}\"/>", level - 1);
        write!(defs, "<g id=\"l{level}\">{}</g>", copy.repeat(10)).unwrap();
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><defs>{defs}</defs>\
         <use href=\"#l10\"/></svg>"
    )
}
