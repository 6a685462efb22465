//! `kirjuri import`: notes marked as secret outside the column of secrecy, and notes
//! outside the read area. None becomes public or is lost without a message.

use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::desk::{Desk, Ran};
use crate::import::{fresh, make_empty};
use crate::spreadsheets::{import, notes};

/// Fails unless the sheet stops the import with this message and nothing is written.
#[track_caller]
fn stops(sheet: &str, said: &[&str]) {
    let desk = fresh();
    let before = desk.records();
    desk.write("notes.csv", sheet);
    let mut run = import(&desk, "notes.csv", &[]).exits(2);
    for said in said {
        run = run.complains(said);
    }
    assert_eq!(desk.records(), before, "{sheet}");
}

/// Fails unless every row of the sheet is imported.
#[track_caller]
fn passes(sheet: &str) -> (Desk, Ran) {
    let desk = fresh();
    desk.write("notes.csv", sheet);
    let run = import(&desk, "notes.csv", &[]).exits(0);
    (desk, run)
}

#[test]
fn a_column_that_plainly_says_secret_stops_the_import() {
    for (heading, cell) in [
        ("Peruste", "JulkL 24 § 1 mom. 25 k"),
        ("Peruste", "24 § 1 mom. 25 k"),
        ("Grund", "OffL 24 § 1 mom. 25 punkten"),
        ("Turvallisuusluokka", "TL IV"),
        ("Merkintä", "ST III"),
        ("Luokitus", "Viranomaiskäyttö"),
        ("Luokitus", "Luottamuksellinen"),
        ("Vain viranomaisille", "x"),
        ("Ei nettiin", "x"),
        ("Onko tämä arka asia?", "kyllä"),
        ("Endast för myndigheter", "ja"),
        ("Känslig uppgift", "ja"),
        ("Not for the web", "yes"),
    ] {
        stops(&format!("Group;Note;{heading}\nnorth;A matter;{cell}\n"), &[heading, "Salassa"]);
    }
    for (heading, cell) in [
        ("Peruste", "Väestö ikääntyy"),
        ("Viranomainen", "THL"),
        ("Verkkosivu", "www.example.fi"),
        ("Luokka", "5 A"),
        ("Pykälä", "12 §"),
        ("Onko kiireellinen", "kyllä"),
    ] {
        let (_, run) = passes(&format!("Group;Note;{heading}\nnorth;A matter;{cell}\n"));
        assert!(run.stdout.contains(&format!("Columns ignored: {heading}")), "{}", run.stdout);
    }
}

#[test]
fn a_note_described_as_secret_must_be_marked() {
    for text in ["SALAINEN: asia", "(salassa) Asia", "Hemligt: saken", "Asia (JulkL 24 §)"] {
        stops(&format!("Group;Note\nnorth;{text}\n"), &["row 2", "not marked as secret"]);
        // a marked note is imported
        let (desk, _) = passes(&format!("Group;Note;Secret\nnorth;{text};yes\n"));
        assert_eq!(notes(&desk, "north"), json!([{ "text": text, "secret": true }]));
    }
    for topic in ["Salassa pidettävä", "SEKRETESS", "Confidential"] {
        stops(&format!("Group;Topic;Note\nnorth;{topic};A matter\n"), &["row 2", topic]);
    }
    stops("Group;Note;Secret\nnorth;SALAINEN: asia;no\n", &["row 2", "SALAINEN"]);
    // a subject may be public if this is stated
    stops("Group;Topic;Note;Secret\nnorth;Salassapito;A matter;\n", &["Salassapito"]);
    passes("Group;Topic;Note;Secret\nnorth;Salassapito;A matter;no\n");
    passes("Group;Note\nnorth;Salassapito vaikeuttaa yhteistyötä\n");
}

#[test]
fn a_subheading_of_secrecy_applies_to_the_rows_below() {
    // so does the heading of an imported column
    stops("Group;Note (luottamuksellinen)\nnorth;A matter\n", &["row 1", "row 2"]);
    for heading in [
        "Salassa pidettävät: Jämsä;",
        "Salassa pidettävät:;",
        "Sekretessbelagda;",
        ";Secret:",
        "SALASSA PIDETTÄVÄT;",
    ] {
        let sheet = format!("Group;Note\nnorth;Rooms\n{heading}\nnorth;A matter\n");
        stops(&sheet, &["row 3"]);
    }
    stops("No.;Group;Note\n1;north;Rooms\n1;Salassa:;\n2;north;A matter\n", &["row 3", "row 4"]);
    let desk = fresh();
    desk.write(
        "notes.csv",
        "Group;Note;Secret\nnorth;Rooms;\nSalassa pidettävät:;;\nnorth;A matter;yes\nnorth;Halls;no\n",
    );
    import(&desk, "notes.csv", &[]).exits(1);
    assert_eq!(notes(&desk, "north")[1]["secret"], true);
    // another subheading is only refused itself
    let desk = fresh();
    desk.write("notes.csv", "Group;Note\nLasten palvelut:;\nnorth;Rooms\n");
    import(&desk, "notes.csv", &[]).exits(1);
    assert_eq!(notes(&desk, "north"), json!([{ "text": "Rooms" }]));
}

#[test]
fn rows_above_the_headings_are_named_and_no_note_is_lost_there() {
    let (_, run) = passes("Notes 2025;\nGroup;Note\nnorth;Rooms\n");
    let said = "Rows above the headings, ignored: 1 (Notes 2025)";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    passes("1;2;3\nGroup;Note;Secret\nnorth;Rooms;\n");
    stops("north;A matter;yes\nGroup;Note;Secret\nnorth;Rooms;no\n", &["row 1", "A matter"]);
    stops("north;A matter;\nGroup;Note;Secret\nnorth;Rooms;no\n", &["row 1", "A matter"]);
    stops("Salassa pidettävät;\nGroup;Note\nnorth;A matter\n", &["row 1", "row 3"]);
    passes("Salassa pidettävät;;\nGroup;Note;Secret\nnorth;A matter;yes\n");
}

/// A workbook of sheets, each with its name and rows.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (at, row) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*row) {
                sheet.write_string(at, column, *cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

const HEAD: &[&str] = &["Group", "Note", "Secret"];

#[test]
fn no_sheet_is_skipped_silently() {
    let desk = fresh();
    let file = workbook(&[
        ("North", &[HEAD, &["north", "First", "no"]]),
        ("South", &[HEAD, &["south", "A matter", "yes"]]),
        ("Empty", &[]),
    ]);
    desk.write("notes.xlsx", file);
    let run = import(&desk, "notes.xlsx", &[]).exits(2);
    let run = run.complains("sheets: South").complains("--sheet");
    assert!(!run.stderr.contains("Empty"), "{}", run.stderr);
    assert!(!desk.path("records/session-north.json").exists());
    // one after the other
    let run = import(&desk, "notes.xlsx", &["--sheet", "North"]).exits(0);
    assert!(run.stdout.contains("Sheets not read: South"), "{}", run.stdout);
    import(&desk, "notes.xlsx", &["--sheet", "South"]).exits(0);
    assert_eq!(notes(&desk, "south"), json!([{ "text": "A matter", "secret": true }]));
}

#[test]
fn the_sheet_that_explains_the_columns_needs_no_word() {
    for language in ["fi", "sv", "en"] {
        let desk = fresh();
        make_empty(&desk, language);
        // the empty spreadsheet has no rows, and no other sheet to be named
        let run = import(&desk, "talks.xlsx", &[]).exits(0);
        assert!(!run.stdout.contains("not read"), "{}", run.stdout);
    }
}

#[test]
fn the_name_of_a_sheet_may_call_its_notes_secret() {
    let desk = fresh();
    desk.write(
        "notes.xlsx",
        workbook(&[("Salassa pidettävät", &[&["Group", "Note"], &["north", "A matter"]])]),
    );
    import(&desk, "notes.xlsx", &[]).exits(2).complains("Salassa pidettävät").complains("row 2");
    desk.write(
        "notes.xlsx",
        workbook(&[("Salassa pidettävät", &[HEAD, &["north", "A matter", "yes"]])]),
    );
    import(&desk, "notes.xlsx", &[]).exits(0);
}
