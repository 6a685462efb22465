//! Correction sheets: written for records with errors or warnings, in the record's
//! language, and removed when the record is correct.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use crate::desk::{Desk, walk};
use crate::pdf::Pdf;
use crate::tags::tags;

const NORTH: &str = "records/north.json";
const NOTE: &str = "Family centres need a common way of working";
const SHEET: &str = "talks-north";

/// The small set with a double space in a note, which is a warning with a fix.
fn warned() -> Desk {
    let desk = Desk::fixture("small");
    desk.replace(NORTH, NOTE, "Family centres need  a common way of working");
    desk
}

/// Files in the folder of the sheets.
fn sheets(desk: &Desk) -> BTreeSet<String> {
    files(desk).into_keys().collect()
}

/// Modification times of the files in the folder of the sheets.
fn files(desk: &Desk) -> BTreeMap<String, SystemTime> {
    let mut files = BTreeMap::new();
    let folder = desk.path("output/corrections");
    if folder.is_dir() {
        walk(&folder, &mut |path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::metadata(path).unwrap().modified().unwrap());
        });
    }
    files
}

fn both<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.iter().flat_map(|name| [format!("{name}.html"), format!("{name}.pdf")]).collect()
}

fn page(desk: &Desk, name: &str) -> String {
    let text = desk.read(&format!("output/corrections/{name}.html"));
    let entities =
        [("&quot;", "\""), ("&#x27;", "'"), ("&#x60;", "`"), ("&#x3D;", "="), ("&lt;", "<")];
    let read = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    let text = entities.iter().fold(text, read);
    text.replace("&gt;", ">").replace("&amp;", "&")
}

fn paper(desk: &Desk, name: &str) -> Pdf {
    desk.pdf(&format!("corrections/{name}"))
}

#[test]
fn a_warned_record_gets_a_sheet_with_the_corrected_line() {
    let desk = warned();
    desk.run(["build"]).exits(0).complains("text-spaces");
    assert_eq!(sheets(&desk), both([SHEET]));
    let line = desk.read(NORTH).lines().position(|line| line.contains("need  a")).unwrap() + 1;
    let (page, paper) = (page(&desk, SHEET), paper(&desk, SHEET));
    let corrected = format!("\"text\": \"{NOTE}\"");
    for part in ["notes[0].text", "text-spaces", &corrected, &format!("line {line}, column ")] {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
        assert!(paper.says(part), "`{part}` is not in the PDF");
    }
    assert!(page.contains("<mark>d  a</mark>"), "{page}");
    assert!(page.contains("records/north.json") && paper.says("records/north.json"));
    assert!(page.contains("documents of this record are created"), "{page}");
    // its documents are made anyway
    assert!(desk.pdfs().contains_key("talks-north-memo.pdf"));
}

#[test]
fn the_corrected_line_can_take_the_place_of_the_old_one() {
    let desk = warned();
    let text = desk.read(NORTH);
    let old = text.lines().find(|line| line.contains("need  a")).unwrap();
    desk.run(["build"]).exits(0);
    let page = page(&desk, SHEET);
    let new = page.split("<pre class=\"copy\">").nth(1).unwrap().split("</pre>").next().unwrap();
    desk.replace(NORTH, old.trim_start(), new);
    desk.run(["build"]).exits(0);
    assert_eq!(sheets(&desk), BTreeSet::new());
    assert_eq!(desk.read(NORTH), Desk::fixture("small").read(NORTH));
}

#[test]
fn a_refused_record_gets_a_sheet_with_every_error() {
    let desk = Desk::fixture("small").lay("enums");
    let run = desk.run(["build"]).exits(1);
    assert_eq!(sheets(&desk), both([SHEET]));
    let (page, paper) = (page(&desk, SHEET), paper(&desk, SHEET));
    for field in ["status", "language", "case.publicity", "mode"] {
        assert!(page.contains(&format!("field {field}")), "{field}\n{page}");
        assert!(paper.says(&format!("field {field}")), "{field}");
    }
    assert!(page.contains("No documents are created from this record"), "{page}");
    // the messages of the terminal are in it as sentences
    let said = run.stderr.lines().find_map(|line| line.split_once("]: ")).unwrap().1;
    assert!(page.to_lowercase().contains(&said.to_lowercase()), "{said}\n{page}");
}

#[test]
fn a_sheet_is_removed_when_its_record_is_corrected() {
    let desk = warned();
    desk.replace("records/south.json", "\"status\": \"final\"", "\"status\": \"finished\"");
    desk.run(["build"]).exits(1);
    assert_eq!(sheets(&desk), both([SHEET, "talks-south"]));
    let before = files(&desk);
    desk.replace(NORTH, "need  a", "need a");
    desk.run(["build"]).exits(1);
    assert_eq!(sheets(&desk), both(["talks-south"]));
    assert!(files(&desk).iter().all(|(name, time)| before[name] == *time));
    desk.replace("records/south.json", "\"status\": \"finished\"", "\"status\": \"final\"");
    desk.run(["build"]).exits(0);
    assert_eq!(sheets(&desk), BTreeSet::new());
}

#[test]
fn a_sheet_is_removed_with_its_record() {
    let desk = warned();
    desk.run(["build"]).exits(0);
    desk.write("output/corrections/own.pdf", "own").write("output/corrections/own.html", "own");
    desk.remove("output/.kirjuri-ledger.json");
    desk.replace(NORTH, "need  a", "need a");
    desk.run(["build"]).exits(0);
    // other files are not touched
    assert_eq!(sheets(&desk), both(["own"]));
}

#[test]
fn a_file_that_cannot_be_read_as_json_is_named_after_what_can_be_seen() {
    let desk = Desk::fixture("small").lay("syntax-cut");
    desk.write("records/Äijälä (kopio).json", "{\"kind\": \"session\", \"language\": \"sv\", ");
    desk.run(["build"]).exits(1);
    assert_eq!(sheets(&desk), both([SHEET, "aijala-kopio"]));
    assert!(page(&desk, SHEET).contains("json-cut"));
    let swedish = page(&desk, "aijala-kopio");
    assert!(swedish.contains("<html lang=\"sv\">"), "{swedish}");
    assert_eq!(paper(&desk, "aijala-kopio").language().as_deref(), Some("sv-FI"));
}

#[test]
fn two_files_with_one_id_get_a_sheet_each() {
    let desk = Desk::fixture("small").lay("id-in-two-files");
    desk.run(["build"]).exits(1);
    let made = sheets(&desk);
    assert!(made.len() == 4 && made.iter().all(|name| name.contains('.')), "{made:?}");
    assert_eq!(made.iter().filter(|name| name.ends_with("-2.pdf")).count(), 1, "{made:?}");
}

#[test]
fn a_sheet_is_in_the_language_of_its_record() {
    for (language, word) in [("fi", "Korjausohje"), ("sv", "Rättelseanvisning")] {
        let desk = warned();
        desk.replace(NORTH, "\"language\": \"en\"", &format!("\"language\": \"{language}\""));
        // whatever else another language brings
        desk.run(["build"]);
        let (page, paper) = (page(&desk, SHEET), paper(&desk, SHEET));
        assert!(page.contains(&format!("<html lang=\"{language}\">")) && page.contains(word));
        assert!(paper.says(word));
        assert!(paper.language().unwrap().starts_with(language));
    }
}

#[test]
fn a_record_in_order_gets_no_sheet() {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    assert_eq!(sheets(&desk), BTreeSet::new());
}

#[test]
fn nothing_is_written_again_that_is_there() {
    let desk = warned();
    desk.replace("records/south.json", "\"status\": \"final\"", "\"status\": \"finished\"");
    desk.run(["build"]).exits(1);
    let before = files(&desk);
    desk.run(["build"]).exits(1);
    assert_eq!(files(&desk), before);
    // a lost sheet is restored with the same bytes
    let bytes = desk.bytes("output/corrections/talks-south.pdf");
    desk.remove("output/corrections/talks-south.pdf");
    desk.run(["build"]).exits(1);
    assert!(desk.bytes("output/corrections/talks-south.pdf") == bytes);
}

#[test]
fn sheets_of_hostile_records_are_complete_and_inert() {
    let long = "unbroken".repeat(80);
    let hostile = [
        "</pre><script>alert(1)</script>",
        "#panic(\\\"x\\\") ]#panic()[ $x$ *b* `r` <label> @ref",
        "{{title}} {{{lead}}} {{> partials/prelude}}",
        "\\ud83d\\ude00 漢字 \u{202e}turned",
        "\\u0007\\u0085",
        long.as_str(),
    ];
    for text in hostile {
        let desk = Desk::fixture("small");
        desk.replace(NORTH, NOTE, text).replace(NORTH, "\"status\": \"final\"", "\"status\": 3");
        let unknown = format!("\"mode\": \"{text}\"");
        desk.replace(NORTH, "\"mode\": \"remote\"", &unknown);
        let run = desk.run(["build"]).exits(1);
        assert!(!run.stderr.contains("sheet-failed"), "{}", run.stderr);
        assert_eq!(sheets(&desk), both([SHEET]), "{text}");
        let html = desk.read(&format!("output/corrections/{SHEET}.html"));
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains(['\u{202e}', '\u{7}', '\u{85}']));
        assert_eq!(html.matches("<pre").count(), html.matches("</pre>").count());
        assert!(paper(&desk, SHEET).is_tagged());
    }
}

#[test]
fn a_sheet_is_marked_as_no_document_and_accessible() {
    let desk = Desk::fixture("small").lay("enums");
    desk.run(["build"]).exits(1);
    let paper = paper(&desk, SHEET);
    for page in paper.pages() {
        assert!(page.contains("FORCORRECTIONONLY"), "{page}");
    }
    assert!(paper.says("not an official document"));
    let bytes = desk.bytes(&format!("output/corrections/{SHEET}.pdf"));
    let mut levels = Vec::new();
    tags(&bytes).visit(&mut |tag| {
        if let Some(level) = tag.kind.strip_prefix('H').and_then(|l| l.parse::<u8>().ok()) {
            levels.push(level);
        }
    });
    assert_eq!(levels.first(), Some(&1));
    assert!(levels.len() > 4 && levels[1..].iter().all(|level| *level == 2), "{levels:?}");
}

#[test]
fn a_failing_sheet_template_only_loses_the_pdf() {
    let desk = warned();
    desk.template("corrections.typ.hbs");
    desk.replace("templates/corrections.typ.hbs", "#show: loose", "#nonsense()");
    desk.run(["build"]).exits(0).complains("sheet-failed");
    assert_eq!(sheets(&desk), BTreeSet::from([format!("{SHEET}.html")]));
    assert!(desk.pdfs().contains_key("talks-north-memo.pdf"));
    // it is removed anyway
    desk.replace(NORTH, "need  a", "need a");
    desk.run(["build"]).exits(0);
    assert_eq!(sheets(&desk), BTreeSet::new());
}
