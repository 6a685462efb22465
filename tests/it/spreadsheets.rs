//! `kirjuri import`: irregular spreadsheets with merged and hidden cells, decomposed
//! letters, misspelt headings and any separator. No note becomes public or changes its
//! place because of its cell format.

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::import::fresh;

/// The notes of a group's session.
pub fn notes(desk: &Desk, group: &str) -> Value {
    let text = desk.read(&format!("records/session-{group}.json"));
    serde_json::from_str::<Value>(&text).unwrap()["notes"].clone()
}

/// Imports a file into the round.
pub fn import(desk: &Desk, name: &str, more: &[&'static str]) -> Ran {
    let args = ["import", name, "--round", "talks"];
    desk.run(args.into_iter().chain(more.iter().copied()))
}

fn says(run: &Ran, said: &[&str]) {
    for said in said {
        assert!(run.stdout.contains(said), "`{said}` is not in:\n{}", run.stdout);
    }
}

/// A workbook with one sheet of texts, modified by a function.
fn workbook(rows: &[&[&str]], change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(at, column, *cell).unwrap();
        }
    }
    change(sheet);
    workbook.save_to_buffer().unwrap()
}

/// Merges cells, from 0: first row and column, last row and column.
fn merge(sheet: &mut Worksheet, [top, left, bottom, right]: [u16; 4], text: &str) {
    let (top, bottom) = (u32::from(top), u32::from(bottom));
    sheet.merge_range(top, left, bottom, right, text, &Format::new()).unwrap();
}

const HEAD: &[&str] = &["Group", "Priority", "Service area", "Note", "Secret"];

#[test]
fn a_merged_range_counts_for_each_of_its_rows() {
    let desk = fresh();
    let rows: &[&[&str]] =
        &[HEAD, &["", "", "", "One"], &["", "", "", "Two"], &["", "", "", "Three"]];
    let file = workbook(rows, |sheet| {
        merge(sheet, [1, 0, 3, 0], "north");
        merge(sheet, [1, 1, 2, 1], "safety");
        merge(sheet, [1, 2, 2, 2], "children");
        merge(sheet, [2, 4, 3, 4], "yes");
    });
    desk.write("notes.xlsx", file);
    says(&import(&desk, "notes.xlsx", &[]).exits(0), &["imported 3, not imported 0"]);
    let placed =
        |text: &str| json!({ "priority": "safety", "service_area": "children", "text": text });
    let mut two = placed("Two");
    two["secret"] = json!(true);
    let three = json!({ "text": "Three", "secret": true });
    assert_eq!(notes(&desk, "north"), json!([placed("One"), two, three]));
}

#[test]
fn an_ambiguous_merged_range_is_refused() {
    let desk = fresh();
    let rows: &[&[&str]] = &[
        HEAD,
        &["", "", "", "Across", ""],
        &["north", "", "", "", ""],
        &["north", "", "", "Plain", ""],
        &["north", "safety", "", "", ""],
        &["north", "mind", "", "", ""],
        &["north", "", "", "", ""],
        &["north", "", "", "", ""],
    ];
    let file = workbook(rows, |sheet| {
        merge(sheet, [1, 0, 1, 1], "north");
        merge(sheet, [2, 3, 2, 4], "Is it secret");
        // one text under two priorities, and one that continues
        merge(sheet, [4, 3, 5, 3], "Torn");
        merge(sheet, [6, 3, 7, 3], "Tall");
    });
    desk.write("notes.xlsx", file);
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    says(
        &run,
        &[
            "Row 2: not imported. Column Group or forum: because of the merged cells A2:B2",
            "Row 3: not imported. Column Note: because of the merged cells D3:E3",
            "Row 5: not imported. One text is merged over the rows 5–6",
            "Row 6: not imported. One text is merged over the rows 5–6",
            "Row 8: its text cell is merged with row 7; imported as one note",
            "Rows 7: imported 2, not imported 4, repeated 1",
        ],
    );
    assert_eq!(notes(&desk, "north"), json!([{ "text": "Plain" }, { "text": "Tall" }]));
}

#[test]
fn a_heading_over_several_columns_names_only_its_first() {
    let desk = fresh();
    let rows: &[&[&str]] =
        &[&["Group"], &["north", "Plain"], &["north", "Wide", "and more"], &["south", "Secret"]];
    let file = workbook(rows, |sheet| {
        merge(sheet, [0, 1, 0, 2], "Note");
        merge(sheet, [0, 3, 0, 4], "Secret");
        sheet.write_string(3, 4, "yes").unwrap();
    });
    desk.write("notes.xlsx", file);
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    says(
        &run,
        &[
            "Row 3: not imported. The heading of the column Note is merged",
            "Row 4: not imported. The heading of the column Secret is merged",
        ],
    );
    assert_eq!(notes(&desk, "north"), json!([{ "text": "Plain" }]));
    assert!(!desk.path("records/session-south.json").exists());
}

#[test]
fn headings_may_stand_in_two_rows() {
    let desk = fresh();
    let rows: &[&[&str]] = &[&[], &["", "", "Secret", "Topic"], &["north", "One", "yes", "Rooms"]];
    let file = workbook(rows, |sheet| {
        merge(sheet, [0, 0, 1, 0], "Group");
        merge(sheet, [0, 1, 1, 1], "Note");
        merge(sheet, [0, 2, 0, 3], "More");
    });
    desk.write("notes.xlsx", file);
    says(&import(&desk, "notes.xlsx", &[]).exits(0), &["Rows 1: imported 1"]);
    let note = json!({ "topic": "Rooms", "text": "One", "secret": true });
    assert_eq!(notes(&desk, "north"), json!([note]));
    // a misspelt heading in the second row counts too
    let rows: &[&[&str]] = &[&[], &["", "", "Secrt"], &["north", "One", "yes"]];
    let file = workbook(rows, |sheet| {
        merge(sheet, [0, 0, 1, 0], "Group");
        merge(sheet, [0, 1, 1, 1], "Note");
        sheet.write_string(0, 2, "More").unwrap();
    });
    let desk = fresh();
    desk.write("notes.xlsx", file);
    import(&desk, "notes.xlsx", &[]).exits(2).complains("`More Secrt` may say");
    assert!(!desk.path("records/session-north.json").exists());
}

#[test]
fn a_heading_that_extends_into_the_notes_is_not_a_note() {
    let desk = fresh();
    let rows: &[&[&str]] = &[&["Group"], &["north"], &["north", "Plain"]];
    desk.write("notes.xlsx", workbook(rows, |sheet| merge(sheet, [0, 1, 1, 1], "Note")));
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    says(&run, &["Row 2: not imported. Column Note: because of the merged cells B1:B2"]);
    assert_eq!(notes(&desk, "north"), json!([{ "text": "Plain" }]));
}

#[test]
fn hidden_rows_are_imported_only_on_request() {
    let rows: &[&[&str]] = &[
        HEAD,
        &["north", "", "", "Seen"],
        &["north", "", "", "Filtered away"],
        &["north", "", "", "In a closed group"],
        &["north", "", "", "Of no height"],
    ];
    let file = workbook(rows, |sheet| {
        sheet.set_row_hidden(2).unwrap();
        sheet.group_rows_collapsed(3, 3).unwrap();
        // a text of two points is invisible
        sheet.set_row_height(4, 2).unwrap();
    });
    let desk = fresh();
    desk.write("notes.xlsx", &file);
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    let hidden = "not imported. The row is hidden in the spreadsheet";
    says(
        &run,
        &[&format!("Row 3: {hidden}"), &format!("Row 4: {hidden}"), &format!("Row 5: {hidden}")],
    );
    assert_eq!(notes(&desk, "north"), json!([{ "text": "Seen" }]));
    let desk = fresh();
    desk.write("notes.xlsx", &file);
    let run = import(&desk, "notes.xlsx", &["--include-hidden"]).exits(0);
    says(&run, &["read because of --include-hidden: 3–5", "imported 4"]);
}

#[test]
fn a_hidden_column_counts_and_is_named() {
    let rows: &[&[&str]] = &[HEAD, &["north", "", "", "A person's matter", "yes"]];
    let desk = fresh();
    desk.write("notes.xlsx", workbook(rows, |sheet| _ = sheet.set_column_hidden(4).unwrap()));
    let run = import(&desk, "notes.xlsx", &[]).exits(0);
    says(&run, &["Hidden columns, imported anyway: Secret"]);
    assert_eq!(notes(&desk, "north")[0]["secret"], true);
}

#[test]
fn spelling_variants_of_a_word_are_equal() {
    let desk = fresh();
    desk.edit("records/round.json", |round| round["groups"][0]["short"] = json!("Pöytyä"));
    // the first is the usual format
    let groups =
        ["Pöytyä", "Po\u{308}ytya\u{308}", "PÖYTYÄ\u{A0}", "\u{200B}Pöy\u{AD}tyä", "ｐöytyä"];
    let texts = [
        "Työ näkyy",
        "Tyo\u{308} na\u{308}kyy",
        "Työ\u{A0}näkyy",
        "Työ nä\u{AD}kyy",
        "\u{FEFF}Työ näkyy\u{200B}",
    ];
    let mut text = "Ryhma\u{308};Nosto;Salassapidetta\u{308}va\u{308}\n".to_owned();
    for (group, note) in groups.iter().zip(texts) {
        text += &format!("{group};{note};\n");
    }
    text += "Pöytyä;Toinen;kylla\u{308}\nPöytyä;Kolmas;\u{200B}KYLLÄ\u{A0}\n";
    desk.write("notes.csv", text);
    let run = import(&desk, "notes.csv", &[]).exits(0);
    says(&run, &["imported 3, not imported 0, repeated 4"]);
    assert_eq!(
        notes(&desk, "north"),
        json!([
            { "text": "Työ näkyy" },
            { "text": "Toinen", "secret": true },
            { "text": "Kolmas", "secret": true },
        ])
    );
}

#[test]
fn a_cell_has_the_displayed_value() {
    let desk = fresh();
    let form = |code: &str| Format::new().set_num_format(code);
    let file = workbook(&[HEAD], |sheet| {
        let notes = [
            (0.15, "0%"),
            (0.155, "0.0 %"),
            (1234.5, "#,##0.00 \"€\""),
            (45953.0, "d.m.yyyy"),
            (0.5, "hh:mm"),
            (7.0, "0000"),
            (0.5, "# ?/?"),
            (1.0, ";;;"),
        ];
        for (row, (value, code)) in (1..).zip(notes) {
            sheet.write_string(row, 0, "north").unwrap();
            sheet.write_number_with_format(row, 3, value, &form(code)).unwrap();
        }
        // hidden by its format
        sheet.write_string(9, 0, "north").unwrap();
        sheet.write_string_with_format(9, 3, "Unseen", &form(";;;")).unwrap();
        sheet.write_string(10, 0, "north").unwrap();
        sheet.write_boolean(10, 3, true).unwrap();
    });
    desk.write("notes.xlsx", file);
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    says(
        &run,
        &[
            "Row 8: not imported. Column Note: the cell D8 contains “0.5”",
            "Row 9: not imported. Column Note: the cell D9 contains “1”",
            "Row 10: not imported. Column Note: the cell D10 contains “Unseen”",
            "imported 7, not imported 3",
        ],
    );
    let texts = ["15%", "15.5 %", "1,234.50 €", "23.10.2025", "12:00", "0007", "TRUE"];
    assert_eq!(notes(&desk, "north"), json!(texts.map(|text| json!({ "text": text }))));
    // as it is written in Finnish
    let desk = fresh();
    desk.edit("records/round.json", |round| round["language"] = json!("fi"));
    let file = workbook(&[HEAD, &["north", "", "", "", ""]], |sheet| {
        sheet.write_number_with_format(1, 3, 0.15, &form("0%")).unwrap();
    });
    desk.write("notes.xlsx", file);
    import(&desk, "notes.xlsx", &["--dry-run"]).exits(0);
    import(&desk, "notes.xlsx", &[]).exits(0);
    assert_eq!(notes(&desk, "north"), json!([{ "text": "15 %" }]));
}

#[test]
fn a_number_that_is_shown_as_a_word_is_the_word() {
    let desk = fresh();
    let rows: &[&[&str]] =
        &[HEAD, &["north", "", "", "A"], &["north", "", "", "B"], &["north", "", "", "C"]];
    let file = workbook(rows, |sheet| {
        let word = Format::new().set_num_format("\"ei\";;\"salassa\"");
        sheet.write_number_with_format(1, 4, 1, &word).unwrap();
        sheet.write_number_with_format(2, 4, 0, &word).unwrap();
        let odd = Format::new().set_num_format("[=0]\"salassa\";\"ei\"");
        sheet.write_number_with_format(3, 4, 0, &odd).unwrap();
    });
    desk.write("notes.xlsx", file);
    let run = import(&desk, "notes.xlsx", &[]).exits(1);
    says(&run, &["Row 4: not imported. Column Secret: the cell E4 contains “0”"]);
    assert_eq!(notes(&desk, "north"), json!([{ "text": "A" }, { "text": "B", "secret": true }]));
}

#[test]
fn a_heading_that_may_tell_what_is_secret_stops_the_import() {
    for heading in [
        "Secrt",
        "Secrecy",
        "Salasapidettävä",
        "Sekretes",
        "Hemligt?",
        "Confidental",
        "Ei julkinen",
        "Julkisuus",
        "Saa julkaista",
        "Offentlighet",
        "Not secret",
        "Ei salassa",
        "Sa\u{308}lassa",
    ] {
        let desk = fresh();
        let before = desk.records();
        desk.write("notes.csv", format!("Group;Note;{heading}\nnorth;A person's matter;x\n"));
        let run = import(&desk, "notes.csv", &[]).exits(2);
        run.complains("may say which notes are secret").complains("Salassa");
        assert_eq!(desk.records(), before, "{heading}");
    }
    // a cell may say it as well
    let desk = fresh();
    desk.write("notes.csv", "Group;Note;Remarks\nnorth;Rooms;\nnorth;A matter;Salassa pidettävä\n");
    import(&desk, "notes.csv", &[]).exits(2).complains("row 3").complains("Salassa pidettävä");
    // nor may an answer be next to the headings: an extra cell shifts the others
    let desk = fresh();
    desk.write("notes.csv", "Group;Note;Secret\nnorth;Rooms;no;extra\nnorth;A matter;;yes\n");
    import(&desk, "notes.csv", &[]).exits(2).complains("the column `D` may say");
    // other columns are ignored and reported
    let desk = fresh();
    desk.write("notes.csv", "Group;Note;Sekreterare;Time\nnorth;Rooms;Ada;12.00\n");
    says(&import(&desk, "notes.csv", &[]).exits(0), &["Columns ignored: Sekreterare, Time"]);
}

#[test]
fn a_heading_about_something_else_is_left_out_unless_its_cells_answer() {
    for heading in ["Julkinen liikenne", "Salainen ystävä", "Julkiset hankinnat"] {
        let sheet = |cell: &str| format!("Group;Note;{heading}\nnorth;A matter;{cell}\n");
        let desk = fresh();
        desk.write("notes.csv", sheet("Bussit kulkevat harvoin"));
        let left_out = format!("Columns ignored: {heading}");
        says(&import(&desk, "notes.csv", &[]).exits(0), &[&left_out]);
        for cell in ["kyllä", "ei", "x", "Salassa pidettävä"] {
            let desk = fresh();
            desk.write("notes.csv", sheet(cell));
            // a column of secrecy refuses unknown values
            let run = import(&desk, "notes.csv", &[]);
            let notes = desk.path("records/session-north.json").exists();
            assert!(run.code == Some(2) || notes, "{heading}: {cell}");
            if notes {
                let secret = self::notes(&desk, "north")[0]["secret"] == true;
                assert_eq!(secret, cell != "ei", "{heading}: {cell}");
            }
        }
    }
    // next to a column of secrecy
    let desk = fresh();
    desk.write(
        "notes.csv",
        "Group;Note;Salassa;Salainen ystävä\nnorth;A matter;kyllä;Matti Malli\n",
    );
    says(&import(&desk, "notes.csv", &[]).exits(0), &["Columns ignored: Salainen ystävä"]);
    assert_eq!(notes(&desk, "north")[0]["secret"], true);
}

#[test]
fn the_separator_is_found_or_given() {
    for text in [
        "Group, or forum;Priority, one;Note, in your own words\nnorth;safety;Rooms\n",
        "Time;Municipality, yours;Note (one, short, own)\n1.10.2025;Birch;Rooms\n",
        "Group|Note\r\nnorth|Rooms; halls, clubs\r\n",
        "Group;Note\rnorth;Rooms\r",
        "sep=;\r\nGroup;Note\r\nnorth;Rooms\r\n",
    ] {
        let desk = fresh();
        desk.write("notes.csv", text);
        says(&import(&desk, "notes.csv", &[]).exits(0), &["imported 1, not imported 0"]);
    }
    let desk = fresh();
    desk.write("notes.csv", "Group,a;Note,b\nnorth,c;Rooms,d\n");
    import(&desk, "notes.csv", &[]).exits(2).complains("--separator");
    says(&import(&desk, "notes.csv", &["--separator", ","]).exits(0), &["imported 1"]);
    assert_eq!(notes(&desk, "north"), json!([{ "text": "c;Rooms" }]));
    let desk = fresh();
    desk.write("notes.csv", "Group,a;Note,b\nnorth,c;Rooms,d\n");
    import(&desk, "notes.csv", &["--separator", "tab"]).exits(2).complains("no column");
    import(&desk, "notes.csv", &["--separator", "x"]).exits(2);
}

#[test]
fn an_unknown_separator_stops_the_import() {
    for sign in ["^", "#", "~", "*", "¤", ":", "   "] {
        let desk = fresh();
        let row = |cells: [&str; 3]| cells.join(sign) + "\n";
        let text = row(["Group", "Note", "Secret"])
            + &row(["north", "A note, group by group", "yes"])
            + &row(["north", "Rooms, halls", "no"]);
        desk.write("notes.csv", text);
        import(&desk, "notes.csv", &[]).exits(2).complains("--separator");
        assert!(!desk.path("records/session-north.json").exists(), "{sign}");
    }
    // a row of notes that looks like headings
    let desk = fresh();
    desk.write("notes.csv", "Comment%Reply\nnorth%Note that it is late\nsouth%x\n");
    import(&desk, "notes.csv", &[]).exits(2).complains("--separator");
}

#[test]
fn an_import_does_not_suggest_its_own_changes() {
    let desk = fresh();
    desk.write("notes.csv", "Group;Note;Secret\nnorth;A person's matter;yes\n");
    let run = import(&desk, "notes.csv", &[]).exits(0);
    says(&run, &["secret notes: 1. Name the provision in `case.secrecy_basis`"]);
    assert!(!run.stdout.contains("partly-secret"), "{}", run.stdout);
    // an existing record may not state it yet
    let desk = fresh();
    desk.write("notes.csv", "Group;Note\nnorth;Rooms\n");
    import(&desk, "notes.csv", &[]).exits(0);
    desk.write("notes.csv", "Group;Note;Secret\nnorth;A person's matter;yes\n");
    says(&import(&desk, "notes.csv", &[]).exits(1), &["`case.publicity` to partly-secret"]);
}

#[test]
fn characters_that_no_font_shows_are_refused_as_in_a_record() {
    let desk = fresh();
    desk.write(
        "notes.csv",
        "Group;Note;Topic\nnorth;Order １２３４５６-7890;\nnorth;a;\u{1F600}\n",
    );
    let run = import(&desk, "notes.csv", &[]).exits(1);
    says(
        &run,
        &[
            "Row 2: not imported. Column Note: no font has the character “１” (U+FF11)",
            "Row 3: not imported. Column Topic: no font has the character",
        ],
    );
    assert!(!desk.path("records/session-north.json").exists());
}
