//! `kirjuri import`: imported and refused rows, messages, the empty spreadsheet; nothing
//! is overwritten.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::pdf::bare;

/// A round without sessions.
pub fn fresh() -> Desk {
    let desk = Desk::fixture("small");
    desk.remove("records/north.json").remove("records/south.json").remove("records/summary.json");
    desk
}

/// Creates the empty spreadsheet, `talks.xlsx`.
pub fn make_empty(desk: &Desk, language: &str) {
    let template = ["--language", language, "import", "--template", "--round", "talks"];
    let mut command = std::process::Command::new(crate::desk::PROGRAM);
    let made = command.current_dir(desk.path("")).args(template).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn record(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&desk.read(&format!("records/{name}.json"))).unwrap()
}

/// A workbook with one sheet of text cells.
fn workbook<T: AsRef<str>>(rows: &[Vec<T>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(at, column, cell.as_ref()).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

const IMPORT: [&str; 4] = ["import", "notes.csv", "--round", "talks"];
const IMPORT_XLSX: [&str; 4] = ["import", "notes.xlsx", "--round", "talks"];

const NOTES: &str = "\
Respondent;Group;Priority;Service area;Municipality;Sector;Topic;Note;Secret
1;north;safety;children;;;Family centres;Family centres need rooms;
2; NORTH ;Peace of Mind;Adults;;;;Meeting places are closing;no
3;;;;Birch;;;The village school;
4;Cedar;;;;organisations;;Clubs need rooms;
;;;;;;;;
5;South;Safety;\"adults; Children and families\";;;;\"One line
and another\";
6;south;mind;;;;;Far away;
";

#[test]
fn rows_become_drafts_beside_the_round() {
    let desk = fresh();
    desk.write("notes.csv", NOTES);
    let run = desk.run(IMPORT).exits(0);
    for said in [
        "Columns ignored: Respondent",
        "records/session-north.json: written as a draft. Notes: 3",
        "records/session-south.json: written as a draft. Notes: 3",
        "Rows 6: imported 6, not imported 0, repeated 0",
    ] {
        assert!(run.stdout.contains(said), "`{said}` is not in:\n{}", run.stdout);
    }
    let text = desk.read("records/session-north.json");
    let head =
        "{\n  \"kind\": \"session\",\n  \"id\": \"talks-north\",\n  \"status\": \"draft\",\n";
    assert!(text.starts_with(head) && text.ends_with("  ]\n}\n"), "{text}");
    assert_eq!(
        record(&desk, "session-north"),
        json!({
            "kind": "session", "id": "talks-north", "status": "draft", "language": "en",
            "round": "talks", "group": "north", "date": "2025-10-23",
            "start": "13:00", "end": "15:30", "mode": "remote",
            "notes": [
                { "priority": "safety", "service_area": "children", "topic": "Family centres",
                  "text": "Family centres need rooms" },
                { "priority": "mind", "service_area": "adults",
                  "text": "Meeting places are closing" },
                { "municipality": "Birch", "text": "The village school" },
            ],
        })
    );
    assert_eq!(
        record(&desk, "session-south")["notes"],
        json!([
            { "sector": "organisation", "text": "Clubs need rooms" },
            { "priority": "safety", "service_areas": ["children", "adults"],
              "text": "One line\nand another" },
            { "priority": "mind", "text": "Far away" },
        ])
    );
    desk.run(["check"]).exits(0);
    desk.run(["build"]).exits(0);
    assert!(desk.pdf("talks-south-memo").says("Clubs need rooms"));
}

#[test]
fn three_hundred_notes_are_printed_in_the_memos() {
    let desk = fresh();
    let mut rows = vec![["Group", "Priority", "Service area", "Note"].map(String::from).to_vec()];
    let note = |number: usize| format!("Wish number {number:03} from the survey");
    for number in 0..300 {
        let pick = |of: [&str; 2], by: usize| of[number / by % 2].to_owned();
        rows.push(vec![
            pick(["north", "south"], 1),
            pick(["safety", "mind"], 2),
            pick(["children", "adults"], 4),
            note(number),
        ]);
    }
    desk.write("notes.xlsx", workbook(&rows));
    let run = desk.run(IMPORT_XLSX).exits(0);
    assert!(run.stdout.contains("Rows 300: imported 300"), "{}", run.stdout);
    desk.run(["build"]).exits(0);
    let memos = ["talks-north-memo", "talks-south-memo"].map(|name| desk.pdf(name).text());
    for number in 0..300 {
        assert!(memos[number % 2].contains(&bare(&note(number))), "note {number} is lost");
    }
}

#[test]
fn numbers_and_dates_become_their_text() {
    let desk = fresh();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = ExcelDateTime::from_ymd(2025, 10, 23).unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_row(0, 0, ["Group", "Note", "Topic"]).unwrap();
    sheet.write_row(1, 0, ["north"]).unwrap();
    sheet.write_number(1, 1, 42).unwrap();
    sheet.write_number(1, 2, 2.5).unwrap();
    sheet.write_row(2, 0, ["north"]).unwrap();
    sheet.write_datetime_with_format(2, 1, &date, &format).unwrap();
    desk.write("notes.xlsx", workbook.save_to_buffer().unwrap());
    desk.run(IMPORT_XLSX).exits(0);
    let notes = json!([{ "topic": "2.5", "text": "42" }, { "text": "2025-10-23" }]);
    assert_eq!(record(&desk, "session-north")["notes"], notes);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let desk = fresh();
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("First").unwrap().write_row(0, 0, ["Opinion"]).unwrap();
    let second = workbook.add_worksheet().set_name("Second").unwrap();
    second.write_row(0, 0, ["Group", "Note"]).unwrap();
    second.write_row(1, 0, ["north", "Rooms"]).unwrap();
    desk.write("notes.xlsx", workbook.save_to_buffer().unwrap());
    desk.run(IMPORT_XLSX).exits(2).complains("Opinion");
    let with = |sheet| IMPORT_XLSX.into_iter().chain(["--sheet", sheet]);
    desk.run(with("Third")).exits(2).complains("First, Second");
    desk.run(with("second")).exits(0);
}

#[test]
fn a_second_import_only_shows_the_difference() {
    let desk = fresh();
    desk.write("notes.csv", "Group,Priority,Note\nnorth,safety,First\nnorth,mind,Second\n");
    desk.run(IMPORT).exits(0);
    let before = desk.read("records/session-north.json");
    let run = desk.run(IMPORT).exits(0);
    assert!(run.stdout.contains("has all these notes"), "{}", run.stdout);
    desk.write("notes.csv", "Group,Priority,Note\nnorth,safety,First\nnorth,,Third\n");
    let run = desk.run(IMPORT).exits(1);
    assert!(run.stdout.contains("Notes that it does not have: 1."), "{}", run.stdout);
    assert!(run.stdout.contains("+      \"text\": \"Third\"\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("+      \"text\": \"First\""), "{}", run.stdout);
    assert_eq!(desk.read("records/session-north.json"), before);
}

#[test]
fn a_record_under_any_name_is_left_as_it_is() {
    let desk = Desk::fixture("small");
    let before = desk.read("records/north.json");
    desk.write("notes.csv", "Municipality,Note\nBirch,The village school\nBirch,The ice rink\n");
    let run = desk.run(IMPORT).exits(1);
    assert!(run.stdout.contains("--- records/north.json"), "{}", run.stdout);
    assert!(run.stdout.contains("+      \"text\": \"The ice rink\"\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("+      \"text\": \"The village school\""), "{}", run.stdout);
    assert!(run.stdout.contains("the record is final"), "{}", run.stdout);
    assert_eq!(desk.read("records/north.json"), before);
    assert!(!desk.path("records/session-north.json").exists());
}

#[test]
fn a_file_of_that_name_is_not_touched() {
    let desk = fresh();
    desk.write("notes.csv", "Group,Note\nnorth,Rooms\nsouth,Halls\n");
    desk.write("records/session-north.json", "{ not yet");
    let run = desk.run(IMPORT).exits(1);
    assert!(run.stdout.contains("Notes not written: 1"), "{}", run.stdout);
    assert_eq!(desk.read("records/session-north.json"), "{ not yet");
    // the other group is not affected
    assert_eq!(record(&desk, "session-south")["notes"], json!([{ "text": "Halls" }]));
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = fresh();
    desk.write("notes.csv", NOTES);
    let before = desk.records();
    let run = desk.run(IMPORT.into_iter().chain(["--dry-run"])).exits(0);
    assert!(run.stdout.contains("records/session-north.json: would be written"), "{}", run.stdout);
    assert!(run.stdout.contains("\"text\": \"The village school\""), "{}", run.stdout);
    assert_eq!(desk.records(), before);
}

#[test]
fn refused_rows_are_listed_with_the_reason() {
    let desk = fresh();
    desk.write(
        "notes.csv",
        "\
Group;Priority;Service area;Municipality;Note;Secret
Nort;safety;;;a;
north;;;Cedar;b;
north;;adults;;c;
north;safety;;;;
;safety;;;d;
north;safety;;;e;maybe
south;Happiness;;;f;
north;mind;;;good;
north;mind;;;good;
",
    );
    let run = desk.run(IMPORT).exits(1);
    for said in [
        "Row 2: not imported. Column Group or forum: the round has no “Nort”. It has: North, South. Did you mean “North”?",
        "Row 3: not imported. Cedar does not belong to the group North",
        "Row 4: not imported. The row has a service area but no priority",
        "Row 5: not imported. The row has no text",
        "Row 6: not imported. The row names neither a group nor a municipality",
        "Row 7: not imported. Column Secret: “maybe” is neither yes nor no",
        "Row 8: not imported. Column Priority: the round has no “Happiness”. It has: Safety in everyday life, Peace of mind.",
        "Row 10: the same as row 9",
        "Rows 9: imported 1, not imported 7, repeated 1",
    ] {
        assert!(run.stdout.contains(said), "`{said}` is not in:\n{}", run.stdout);
    }
    let notes = json!([{ "priority": "mind", "text": "good" }]);
    assert_eq!(record(&desk, "session-north")["notes"], notes);
    assert!(!desk.path("records/session-south.json").exists());
}

#[test]
fn a_group_that_does_not_meet_has_no_session() {
    let desk = fresh();
    desk.edit("records/round.json", |round| {
        round["schedule"].as_array_mut().unwrap().pop();
    });
    desk.write("notes.csv", "Group,Note\nsouth,Rooms\n");
    let run = desk.run(IMPORT).exits(1);
    assert!(run.stdout.contains("Row 2: not imported. The schedule"), "{}", run.stdout);
}

#[test]
fn a_forum_has_a_session_as_well() {
    let desk = fresh();
    desk.edit("records/round.json", |round| {
        round["$schema"] = "../schemas/round.schema.json".into();
        let forum = json!({ "title": "Talk of companies", "sector": "company" });
        let meeting = json!({
            "forum": forum, "date": "2025-12-03", "start": "09:00", "end": "11:00",
            "mode": "remote",
        });
        round["schedule"].as_array_mut().unwrap().push(meeting);
    });
    desk.write("notes.csv", "Group,Note\ntalk of companies,Data is needed\n");
    desk.run(IMPORT).exits(0);
    let session = record(&desk, "session-forum-company");
    assert_eq!(session["id"], "talks-forum-company");
    assert_eq!(session["$schema"], "../schemas/session.schema.json");
    assert_eq!(session["forum"]["title"], "Talk of companies");
    desk.run(["check"]).exits(0);
    desk.run(IMPORT).exits(0);
}

#[test]
fn secret_notes_need_their_provision() {
    let desk = fresh();
    desk.write("notes.csv", "Group,Note,Secret\nnorth,A person's matter,x\nnorth,Rooms,\n");
    let run = desk.run(IMPORT).exits(0);
    assert!(run.stdout.contains("case.secrecy_basis"), "{}", run.stdout);
    let session = record(&desk, "session-north");
    assert_eq!(session["case"], json!({ "publicity": "partly-secret" }));
    let notes = json!([{ "text": "A person's matter", "secret": true }, { "text": "Rooms" }]);
    assert_eq!(session["notes"], notes);
    desk.run(["check"]).exits(1).complains("secrecy-basis-missing");
}

#[test]
fn csv_comes_with_any_separator_and_language() {
    for (text, who) in [
        ("Group,Note\nnorth,Rooms\n", "comma"),
        ("\u{FEFF}Ryhmä;Nosto\r\nnorth;Rooms\r\n", "semicolon, byte order mark"),
        ("Kommungrupp\tLyft\nnorth\tRooms\n", "tab"),
        ("Svar 2025\n1. Kommungrupp;2. Skriv ditt lyft här\nnorth;Rooms\n", "questions"),
    ] {
        let desk = fresh();
        desk.write("notes.csv", text);
        let run = desk.run(IMPORT).exits(0);
        assert!(run.stdout.contains("imported 1"), "{who}: {}", run.stdout);
        assert_eq!(record(&desk, "session-north")["notes"], json!([{ "text": "Rooms" }]), "{who}");
    }
}

#[test]
fn an_unreadable_spreadsheet_is_refused() {
    let desk = fresh();
    let files: [(&[u8], &str); 7] = [
        (b"Ryhm\xE4;Nosto\nnorth;x\n", "CSV UTF-8"),
        (b"Group,Opinion\nnorth,x\n", "columns: Group, Opinion"),
        (b"Group,Note 1,Note 2\nnorth,x,y\n", "Note 1, Note 2"),
        (b"Group,Note\nnorth,\"x\nsouth,y\n", "line 2"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "save it as .xlsx"),
        (b"PK\x03\x04", "cannot be read as a spreadsheet"),
        (b"", "no rows"),
    ];
    for (bytes, said) in files {
        desk.write("notes.csv", bytes);
        desk.run(IMPORT).exits(2).complains(said);
    }
    let many = "Group,Note\n".to_owned() + &"north,x\n".repeat(10_001);
    desk.write("notes.csv", many).run(IMPORT).exits(2).complains("10000 rows");
    desk.run(["import", "none.csv", "--round", "talks"]).exits(2).complains("none.csv");
    desk.run(["import", "notes.csv"]).exits(2).complains("--round");
    desk.run(["import", "--round", "talks"]).exits(2);
}

#[test]
fn an_unknown_round_is_reported_with_the_known_ones() {
    let desk = fresh();
    desk.write("notes.csv", NOTES);
    let run = desk.run(["import", "notes.csv", "--round", "talk"]).exits(2);
    run.complains("rounds: talks").complains("did you mean `talks`?");
}

#[test]
fn characters_that_no_document_has_are_refused() {
    let desk = fresh();
    desk.write("notes.csv", "Group,Note\nnorth,a\u{1B}[2Jb\nnorth,c\u{202E}d\nnor\u{1B}th,e\n");
    let run = desk.run(IMPORT).exits(1);
    for said in
        ["Row 2: not imported", "U+001B", "Row 3: not imported", "U+202E", "Row 4: not imported"]
    {
        assert!(run.stdout.contains(said), "`{said}` is not in:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains(['\u{1B}', '\u{202E}']));
    assert!(!desk.path("records/session-north.json").exists());
}

#[test]
fn text_that_looks_like_something_else_stays_text() {
    let texts = ["=1+1", "# Not a heading", "2025. vuosi", "3*60 a_b_c <b>c</b> `d`", "#show: x"];
    let desk = fresh();
    let head = vec!["Group", "Note"];
    let rows = texts.iter().map(|text| vec!["north", *text]);
    desk.write("notes.xlsx", workbook(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    desk.run(IMPORT_XLSX).exits(0);
    assert_eq!(record(&desk, "session-north")["notes"][0]["text"], "=1+1");
    desk.run(["check"]).exits(0);
    desk.run(["build"]).exits(0);
    let memo = desk.pdf("talks-north-memo");
    for text in texts {
        assert!(memo.says(text), "`{text}` is not in:\n{}", memo.text());
    }
}

/// The part of a workbook at a path.
fn part(bytes: &[u8], path: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(path).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The columns of a sheet, top to bottom.
fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range(name).unwrap();
    let column = |column: usize| {
        let cells = range.rows().filter_map(|row| row.get(column));
        let cells = cells.filter(|cell| **cell != Data::Empty);
        cells.map(ToString::to_string).collect::<Vec<_>>()
    };
    (0..range.width()).map(column).collect()
}

#[test]
fn the_empty_spreadsheet_has_lists_and_what_they_offer_is_taken() {
    let desk = fresh();
    desk.run(["import", "--template", "--round", "talks"]).exits(0);
    let template = desk.bytes("talks.xlsx");
    let xml = part(&template, "xl/worksheets/sheet1.xml");
    for list in ["lists!$A$1:$A$2", "lists!$B$1:$B$2", "lists!$C$1:$C$2", "lists!$D$1:$D$3"] {
        assert!(xml.contains("<dataValidation type=\"list\"") && xml.contains(list), "{xml}");
    }
    let headings: Vec<String> = sheet(&template, "Notes").into_iter().flatten().collect();
    assert_eq!(headings.len(), 8);
    let lists = sheet(&template, "lists");
    assert_eq!(lists[0], ["North", "South"]);
    assert_eq!(lists[1], ["Safety in everyday life", "Peace of mind"]);

    // one row for each value in the lists: group, priority, area, municipality, sector,
    // secret
    let mut rows = vec![headings];
    let mut add = |cells: [&str; 6]| {
        let [group, priority, area, municipality, sector, secret] = cells;
        let text = format!("Wish {}", rows.len());
        let row = [group, priority, area, municipality, sector, "", &*text, secret];
        rows.push(row.map(String::from).to_vec());
    };
    for group in &lists[0] {
        lists[1].iter().for_each(|priority| add([group, priority, "", "", "", ""]));
        lists[2].iter().for_each(|area| add([group, &lists[1][0], area, "", "", ""]));
        lists[4].iter().for_each(|sector| add([group, "", "", "", sector, &lists[5][0]]));
    }
    lists[3].iter().for_each(|municipality| add(["", "", "", municipality, "", ""]));
    let count = rows.len() - 1;
    desk.write("notes.xlsx", workbook(&rows));
    let run = desk.run(IMPORT_XLSX).exits(0);
    assert!(run.stdout.contains(&format!("imported {count}, not imported 0")), "{}", run.stdout);
    let secret = |name: &str| {
        let session = record(&desk, name);
        let notes = session["notes"].as_array().unwrap();
        notes.iter().filter(|note| note["secret"] == true).count()
    };
    assert_eq!(secret("session-north") + secret("session-south"), 2 * lists[4].len());
}

#[test]
fn the_empty_spreadsheet_is_understood_in_every_language() {
    for language in ["fi", "sv", "en"] {
        let desk = fresh();
        make_empty(&desk, language);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(desk.bytes("talks.xlsx"))).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let headings: Vec<String> =
            range.rows().next().unwrap().iter().map(|c| c.to_string()).collect();
        let lists = sheet(&desk.bytes("talks.xlsx"), "lists");
        let row = ["south", "", "", "", &*lists[4][2], "", "Rooms", &*lists[5][0]];
        desk.write("notes.xlsx", workbook(&[headings, row.map(String::from).to_vec()]));
        // with messages in English
        desk.run(IMPORT_XLSX).exits(0);
        let notes = json!([{ "sector": "organisation", "text": "Rooms", "secret": true }]);
        assert_eq!(record(&desk, "session-south")["notes"], notes, "{language}");
    }
}

#[test]
fn the_empty_spreadsheet_overwrites_nothing_and_is_reproducible() {
    let desk = fresh();
    let template = ["import", "--template", "--round", "talks"];
    desk.run(template).exits(0);
    let first = desk.bytes("talks.xlsx");
    desk.run(template).exits(2).complains("talks.xlsx");
    assert!(desk.bytes("talks.xlsx") == first);
    desk.run(template.into_iter().chain(["--to", "deep/other.xlsx"])).exits(0);
    assert!(desk.bytes("deep/other.xlsx") == first);
    desk.run(["import", "notes.csv", "--template", "--round", "talks"]).exits(2);
    desk.run(["import", "notes.csv", "--to", "x.xlsx", "--round", "talks"]).exits(2);
}

#[test]
fn names_are_known_in_every_language_of_the_round() {
    let desk = Desk::fixture("small").lay("bilingual");
    desk.remove("records/north.json").remove("records/south.json").remove("records/summary.json");
    let round = record(&desk, "round");
    let priorities = round["priorities"].as_array().unwrap();
    let names: BTreeSet<&str> = priorities
        .iter()
        .flat_map(|priority| match &priority["name"] {
            Value::Object(names) => names.values().filter_map(Value::as_str).collect::<Vec<_>>(),
            name => name.as_str().into_iter().collect::<Vec<_>>(),
        })
        .collect();
    let mut rows = vec![vec!["Group", "Priority", "Note"]];
    rows.extend(names.iter().map(|name| vec!["north", *name, *name]));
    desk.write("notes.xlsx", workbook(&rows));
    desk.run(IMPORT_XLSX).exits(0);
    let session = record(&desk, "session-north");
    assert_eq!(session["notes"].as_array().unwrap().len(), names.len());
}
