//! `kirjuri check`: automatic corrections, SARIF and JSON output, the list of rules,
//! dictionaries.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::findings::findings;
use crate::registry::NOW;

const NORTH: &str = "records/north.json";

fn with_slips() -> Desk {
    let desk = Desk::fixture("small");
    desk.edit(NORTH, |north| {
        north["notes"][0]["text"] = json!("Two  spaces , a stop too much.. and 2025-2026 (see 6§)");
        north["notes"][1]["text"] = json!("Meeting places places are closing");
    });
    desk.edit("records/round.json", |round| {
        round["groups"][0]["municipalities"] = json!(["Birch", "Alder"]);
    });
    desk
}

fn problems(ran: &Ran) -> Vec<Value> {
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    answer["problems"].as_array().unwrap().clone()
}

fn rules(desk: &Desk) -> Vec<&'static str> {
    findings(desk, NOW).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn safe_corrections_are_shown_and_made() {
    let desk = with_slips();
    let ran = desk.run(["check", "--fix", "--yes"]).exits(0);
    let taken: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("-  ")).collect();
    let given: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("+  ")).collect();
    assert!(taken.iter().any(|line| line.contains("Two  spaces ,")), "{}", ran.stdout);
    assert!(given.iter().any(|line| line.contains("2025–2026 (see 6 §)")), "{}", ran.stdout);
    assert!(given.iter().any(|line| line.contains("\"Birch\"")), "{}", ran.stdout);
    let north: Value = serde_json::from_str(&desk.read(NORTH)).unwrap();
    let text = "Two spaces, a stop too much. and 2025–2026 (see 6 §)";
    assert_eq!(north["notes"][0]["text"], text);
    // corrections that change the meaning are not automatic
    assert_eq!(north["notes"][1]["text"], "Meeting places places are closing");
    let round: Value = serde_json::from_str(&desk.read("records/round.json")).unwrap();
    assert_eq!(round["groups"][0]["municipalities"], json!(["Alder", "Birch"]));
    assert_eq!(rules(&desk), ["text-word-twice"]);
    let again = desk.run(["check", "--fix", "--yes"]).exits(0);
    assert!(again.stdout.contains("nothing to correct"), "{}", again.stdout);
}

#[test]
fn nothing_is_corrected_without_confirmation() {
    let desk = with_slips();
    let before = desk.read(NORTH);
    let ran = desk.run(["check", "--fix"]).exits(1);
    assert!(ran.stdout.contains("Nothing was changed"), "{}", ran.stdout);
    assert!(ran.stdout.contains("+"), "the difference is shown");
    assert_eq!(desk.read(NORTH), before);
}

#[test]
fn only_the_named_files_are_corrected() {
    let desk = with_slips();
    let round = desk.read("records/round.json");
    desk.run(["check", "--fix", "--yes", NORTH]).exits(0);
    assert_eq!(desk.read("records/round.json"), round);
    assert!(desk.read(NORTH).contains("Two spaces, a stop"));
}

#[test]
fn accepted_findings_are_not_corrected() {
    let desk = with_slips();
    desk.edit(NORTH, |north| {
        north["accept"] = json!([{ "rule": "text-stops", "reason": "It is a quote" }]);
    });
    desk.run(["check", "--fix", "--yes"]).exits(0);
    assert!(desk.read(NORTH).contains("much.. and"), "{}", desk.read(NORTH));
}

#[test]
fn the_layout_of_a_record_survives_a_correction() {
    let desk = Desk::fixture("small");
    let odd = desk
        .read(NORTH)
        .replace("  \"", "\t\"")
        .replace("\"Meeting places are closing\"", "\"Meeting  places \\u0061re closing\"");
    desk.write(NORTH, &odd);
    desk.run(["check", "--fix", "--yes"]).exits(0);
    let wanted = odd.replace("Meeting  places \\u0061re", "Meeting places are");
    assert_eq!(desk.read(NORTH), wanted);
}

/// No-break spaces, as from word processors, are handled.
#[test]
fn no_break_spaces_do_not_shift_findings() {
    let desk = Desk::fixture("small");
    for record in [NORTH, "records/south.json"] {
        desk.edit(record, |record| record["language"] = json!("fi"));
    }
    desk.edit(NORTH, |north| {
        north["notes"][0]["text"] = json!("Kuntalain\u{a0}6§ on luettava");
        north["notes"][1]["text"] = json!("Tilaisuus\u{202f}torstaina 24.10.2025");
        north["notes"][2]["text"] = json!("iak\u{212a}anuİİ\u{a0}".repeat(3) + "loppu");
    });
    let found = rules(&desk);
    assert!(found.contains(&"citation-style"), "{found:?}");
    assert!(found.contains(&"date-weekday"), "{found:?}");
}

/// Texts that break a rule in every word need bounded time, memory and stack.
#[test]
fn odd_texts_are_checked_in_bounded_time() {
    let desk = Desk::fixture("small");
    for text in ["aa ", "den ", "1/2000 ", "(", "ABC ", "tätä", "1.1.2025–", "§1 ", "- a b"] {
        desk.edit("records/south.json", |south| {
            south["language"] = json!("sv");
            let note = json!({ "sector": "parish", "text": text.repeat(60_000 / text.len()) + " 1.1.2025" });
            south["notes"] = json!(vec![note; 12]);
        });
        // the test desk ends a run that hangs
        let ran = desk.run(["check", "--format", "json"]);
        assert!(problems(&ran).len() <= 300, "{text}");
    }
}

#[test]
fn numbers_of_things_and_addresses_are_not_corrected() {
    let desk = Desk::fixture("small");
    let text = "See [page](https://a.example/2021-2025/14§ \"t..t\"), ISSN 0355-0346, tel 0400-1234, \
                case 1042-2025, no. 15-18, ISO 9001-2015, Suomi.Fi, notes.Docx and 1 mom., then";
    desk.edit(NORTH, |north| {
        north["notes"][0]["text"] = json!(text);
        north["notes"][1]["text"] =
            json!("From 2025-2026, at 9.00 - 12.00 and 23.10.-27.11.2025,, yes");
    });
    desk.run(["check", "--fix", "--yes"]);
    let north: Value = serde_json::from_str(&desk.read(NORTH)).unwrap();
    assert_eq!(north["notes"][0]["text"], text);
    let wanted = "From 2025–2026, at 9.00–12.00 and 23.10.–27.11.2025, yes";
    assert_eq!(north["notes"][1]["text"], wanted);
}

#[cfg(unix)]
#[test]
fn a_corrected_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let desk = with_slips();
    let mode =
        |mode| std::fs::set_permissions(desk.path(NORTH), std::fs::Permissions::from_mode(mode));
    mode(0o600).unwrap();
    desk.run(["check", "--fix", "--yes"]).exits(0);
    let rights = std::fs::metadata(desk.path(NORTH)).unwrap().permissions().mode();
    assert_eq!(rights & 0o777, 0o600);
}

#[test]
fn names_in_two_languages_stay_together() {
    let desk = Desk::fixture("small");
    desk.edit("records/round.json", |round| {
        round["also_in"] = json!(["sv"]);
        round["groups"][0]["municipalities"] =
            json!([{ "en": "Birch", "sv": "Aspen" }, { "en": "Alder", "sv": "Björk" }]);
        round["municipalities"] =
            json!([{ "en": "Alder", "sv": "Björk" }, { "en": "Birch", "sv": "Aspen" }, "Cedar"]);
    });
    let before = desk.read("records/round.json");
    desk.run(["check", "--fix", "--yes", "records/round.json"]);
    assert_eq!(desk.read("records/round.json"), before);
}

#[test]
fn a_file_outside_the_records_is_corrected_too() {
    let desk = with_slips();
    desk.write("draft.json", desk.read(NORTH));
    desk.run(["check", "--fix", "--yes", "draft.json"]);
    assert!(desk.read("draft.json").contains("2025–2026 (see 6 §)"), "{}", desk.read("draft.json"));
}

#[test]
fn sarif_has_rule_location_and_reason() {
    let desk = with_slips();
    desk.edit(NORTH, |north| {
        north["accept"] = json!([{ "rule": "text-word-twice", "reason": "It is a quote" }]);
    });
    let ran = desk.run(["check", "--format", "sarif"]).exits(0);
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 5);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(file.starts_with("records/"), "{file}");
        let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
        assert!(line <= desk.read(file).lines().count());
    }
    let twice = results.iter().find(|result| result["ruleId"] == "text-word-twice").unwrap();
    assert_eq!(twice["suppressions"][0]["justification"], "It is a quote");
    let region = &twice["locations"][0]["physicalLocation"]["region"];
    let text = desk.read(NORTH);
    let line = text.lines().nth(region["startLine"].as_u64().unwrap() as usize - 1).unwrap();
    let column = |name: &str| region[name].as_u64().unwrap() as usize - 1;
    let marked: String = line
        .chars()
        .skip(column("startColumn"))
        .take(column("endColumn") - column("startColumn"))
        .collect();
    assert_eq!(marked, "places places");
}

#[test]
fn rules_are_listed_with_their_configured_severity() {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", "[check.rules]\ntext-cut = \"off\"\nsentence-long = \"error\"\n");
    let ran = desk.run(["check", "--list-rules"]).exits(0);
    let line = |rule: &str| ran.stdout.lines().find(|line| line.starts_with(rule)).unwrap();
    assert!(line("text-cut ").contains(" off "), "{}", line("text-cut "));
    assert!(line("sentence-long ").contains(" error "));
    assert!(line("spelling ").contains(" note "));
    assert_eq!(ran.stdout.lines().count(), kirjuri::model::lint::configurable().count() + 1);
}

/// A spelling program that never answers is not asked again.
#[cfg(unix)]
#[test]
fn an_unresponsive_speller_is_skipped() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::fixture("small");
    desk.edit(NORTH, |north| {
        north["language"] = json!("fi");
        north["notes"][0]["text"] = json!(format!("Sana {} loppu", "x".repeat(5000)));
    });
    let script = "#!/bin/sh\nread -r word; echo C; read -r word; echo W; sleep 600\n";
    desk.write("bin/voikkospell", script);
    let rights = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(desk.path("bin/voikkospell"), rights).unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = desk.command();
    command.env_remove("KIRJURI_SPELLING").stdin(Stdio::null());
    command.env("PATH", format!("{}:{path}", desk.path("bin").display()));
    let output = command.args(["check", "--format", "json"]).output().unwrap();
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

/// A stand-in for Voikko's program that knows all words but one.
#[cfg(unix)]
#[test]
fn words_that_voikko_does_not_know_are_hints() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::fixture("small");
    desk.edit(NORTH, |north| {
        north["language"] = json!("fi");
        north["notes"][0]["text"] = json!("Perheet tarvitsevat tukeaa ja tukea, Jämsässä myös");
    });
    let script = "#!/bin/sh\nwhile read -r word; do\n  case $word in tukeaa|kuntx) echo \"W: $word\";;\n  *) echo \"C: $word\";; esac\ndone\n";
    desk.write("bin/voikkospell", script);
    let program = desk.path("bin/voikkospell");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = desk.command();
    command.env_remove("KIRJURI_SPELLING").stdin(Stdio::null());
    command.env("PATH", format!("{}:{path}", desk.path("bin").display()));
    let output = command.args(["check", "--format", "json"]).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<&Value> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["rule"] == "spelling" && problem["file"] == NORTH)
        .collect();
    assert_eq!(found.len(), 1, "{answer}");
    assert_eq!(found[0]["field"], "notes[0].text");
    assert_eq!(found[0]["severity"], "hint");
    assert!(found[0]["message"].as_str().unwrap().contains("tukeaa"));
}
