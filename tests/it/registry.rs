//! Registry: permanent numbers, versions, refused changes, restored PDFs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, differences, names};
use crate::pdf::bare;

/// Settings with which every record of `small` can be archived.
pub const CONFIG: &str = r#"[registry]
number = "T-{year}-{number:3}"
checker = "Registry office"

[registry.all]
function = "00.01.02"
personal_data = "yes"
retention = { permanent = true, reason = "plan of the authority" }

[registry.functions]
"00" = "Administration"
"00.01" = "Management"
"00.01.02" = "Talks with municipalities"
"#;

/// 24 November 2025, 18.00 in Finland.
pub const NOW: &str = "1764000000";
pub const NEXT_DAY: &str = "1764086400";
pub const NEXT_YEAR: &str = "1770000000";

#[test]
fn every_final_document_gets_a_number_and_prints_it_on_its_last_page() {
    let desk = office();
    let run = at(&desk, NOW, "build").exits(0);
    let numbers = numbers(&desk);
    let given: BTreeSet<String> = numbers.values().cloned().collect();
    let expected: BTreeSet<String> = (1..=6).map(|number| format!("T-2025-00{number}")).collect();
    assert_eq!(given, expected, "none is left out or given twice");
    for (document, number) in &numbers {
        assert!(run.stdout.contains(&format!("no. {number}")), "{}", run.stdout);
        let pages = desk.pdf(document).pages();
        let line = bare(&format!("{number}, registered 24 November 2025"));
        let on: Vec<usize> = (0..pages.len()).filter(|page| pages[*page].contains(&line)).collect();
        assert_eq!(on, [pages.len() - 1], "{document}");
    }
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert!(run.stdout.contains("issued 0, unchanged 6"), "{}", run.stdout);
    assert_eq!(self::numbers(&desk), numbers);
    let other = office();
    at(&other, NOW, "build").exits(0);
    assert_eq!(self::numbers(&other), numbers, "the same records get the same numbers");
    assert_eq!(other.pdfs(), desk.pdfs());
}

#[test]
fn a_draft_has_no_number_until_it_is_final() {
    let desk = office();
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    at(&desk, NOW, "build").exits(0);
    // the summary draws on the draft
    let kept = ["item-proposal", "plan-measures", "talks-plan", "talks-south-memo"];
    assert_eq!(numbers(&desk).into_keys().collect::<Vec<_>>(), kept);
    for draft in ["talks-north-memo", "talks-summary"] {
        let pdf = desk.pdf(draft);
        assert!(
            pdf.says("DRAFT") && !pdf.says("Register number") && !pdf.says("T-2025"),
            "{draft}"
        );
    }
    desk.edit("records/north.json", |north| north["status"] = json!("final"));
    at(&desk, NEXT_DAY, "build").exits(0);
    let numbers = numbers(&desk);
    let late = BTreeSet::from([&*numbers["talks-north-memo"], &*numbers["talks-summary"]]);
    assert_eq!(late, BTreeSet::from(["T-2025-005", "T-2025-006"]));
    assert!(desk.pdf("talks-north-memo").says("registered 25 November 2025"));
}

#[test]
fn numbers_restart_with_the_finnish_year_unless_continuous() {
    let (last_second, midnight) = ("1767218399", "1767218400");
    for (sequence, next) in [("yearly", "T-2026-001"), ("continuous", "T-2026-007")] {
        let desk = office();
        let with = format!("checker = \"x\"\nsequence = \"{sequence}\"");
        desk.replace("kirjuri.toml", "checker = \"Registry office\"", &with);
        at(&desk, last_second, "build").exits(0);
        assert!(numbers(&desk).values().all(|number| number.starts_with("T-2025-")));
        correct(&desk, "plan", 2, |plan| plan["measures"][0]["title"] = json!("A housing team"));
        at(&desk, midnight, "build").exits(0);
        assert_eq!(shown(&desk, "plan-measures")[1]["metadata"]["number"], *next);
        assert!(desk.pdf("plan-measures").says("registered 1 January 2026"));
        at(&desk, midnight, "registry verify").exits(0);
    }
}

#[test]
fn each_language_has_its_own_number() {
    let desk = Desk::fixture("small").lay("bilingual");
    desk.write("kirjuri.toml", CONFIG);
    at(&desk, NOW, "build").exits(0);
    let numbers = numbers(&desk);
    assert_eq!(numbers.values().collect::<BTreeSet<_>>().len(), 8);
    assert_ne!(numbers["talks-north-memo"], numbers["talks-north-promemoria"]);
    let swedish = &shown(&desk, "talks-north-promemoria")[0]["metadata"];
    assert_eq!((&swedish["languages"], &swedish["kind"]), (&json!(["sv"]), &json!("memo")));
}

#[test]
fn lost_and_overwritten_pdfs_are_restored() {
    let desk = built();
    let issued = desk.pdfs();
    desk.remove("output/talks-north-memo.pdf").write("output/talks-plan.pdf", "something else");
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    for name in ["talks-north-memo", "talks-plan"] {
        assert!(run.stdout.contains(&format!("{name}.pdf: restored from")), "{}", run.stdout);
    }
    assert_eq!(desk.pdfs(), issued);
    std::fs::remove_dir_all(desk.path("output")).unwrap();
    at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(desk.pdfs(), issued);
    assert_eq!(listed(&desk, "").len(), 6);
}

#[test]
fn a_registered_record_does_not_change_under_its_version() {
    let desk = built();
    let (issued, number) = (desk.pdfs(), numbers(&desk)["talks-north-memo"].clone());
    desk.replace("records/north.json", "Meeting places", "Reading places");
    let run = at(&desk, NEXT_DAY, "build").exits(1).complains("error[registered-changed]");
    let said = format!("talks-north-memo: version 1 is registered as {number}");
    let run = run.complains(&said).complains("records/north.json").complains("\"version\": 2");
    assert!(run.stdout.contains("talks-north-memo.pdf: not issued"), "{}", run.stdout);
    assert_eq!(desk.pdfs(), issued, "what was issued stays");
    assert_eq!(listed(&desk, "").len(), 6);
    desk.replace("records/north.json", "Reading places", "Meeting places");
    at(&desk, NEXT_DAY, "build").exits(0);
}

#[test]
fn a_reformatted_or_moved_record_is_unchanged() {
    let desk = built();
    let issued = desk.pdfs();
    let north: Value = serde_json::from_str(&desk.read("records/north.json")).unwrap();
    let backwards = north.as_object().unwrap().iter().rev();
    let fields = backwards.map(|(name, value)| format!("\"{name}\"\n\t:  {value}"));
    let text = format!("{{{}}}\n\n", fields.collect::<Vec<_>>().join(","));
    desk.remove("records/north.json").write("records/2025/alder.json", text);
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert!(run.stdout.contains("issued 0, unchanged 6"), "{}", run.stdout);
    assert!(!run.stderr.contains("talks-north-memo"), "{}", run.stderr);
    assert_eq!(desk.pdfs(), issued);
}

#[test]
fn reformatting_records_makes_nothing_stale() {
    let desk = built();
    for record in desk.records() {
        let value: Value = serde_json::from_str(&desk.read(&record)).unwrap();
        desk.write(&record, value.to_string());
    }
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains("issued 0, unchanged 6"), "{}", run.stdout);
}

#[test]
fn a_reformatted_record_whose_publicity_is_in_the_settings_is_unchanged() {
    let desk = office();
    let more = "[registry.measures]\npublicity = \"partly-secret\"\nsecrecy_basis = \"Act 1\"\n";
    desk.write("kirjuri.toml", format!("{CONFIG}\n{more}secrecy_years = 25\n"));
    desk.edit("records/plan.json", |plan| {
        plan["case"].as_object_mut().unwrap().remove("publicity");
    });
    at(&desk, NOW, "build").exits(0);
    let value: Value = serde_json::from_str(&desk.read("records/plan.json")).unwrap();
    desk.write("records/plan.json", value.to_string());
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert!(run.stdout.contains("issued 0, unchanged 6"), "{}", run.stdout);
}

#[test]
fn a_correction_replaces_the_version_before_and_keeps_it() {
    let desk = built();
    let first = desk.bytes("output/talks-north-memo.pdf");
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(0);
    let second = desk.bytes("output/talks-north-memo.pdf");
    let memo = desk.pdf("talks-north-memo");
    assert!(memo.says("T-2025-007, registered 25 November 2025") && memo.says("A second meeting."));
    let versions = shown(&desk, "talks-north-memo");
    let [old, new] = versions.as_slice() else { panic!("{versions:?}") };
    assert_eq!(old["replaced_by"], "T-2025-007");
    assert_eq!(new["metadata"]["replaces"], old["metadata"]["number"]);
    assert_eq!(new["metadata"]["corrects"], "A mistake.");
    assert_eq!((&new["replaced_by"], &old["metadata"]["version"]), (&Value::Null, &json!(1)));
    at(&desk, NOW, "registry get talks-north-memo --version 1 --to got").exits(0);
    at(&desk, NOW, "registry get talks-north-memo --to got").exits(0);
    assert!(first == desk.bytes("got/talks-north-memo_v1.pdf"));
    assert!(second == desk.bytes("got/talks-north-memo_v2.pdf"));
    at(&desk, NOW, "registry verify --rebuild").exits(0);
}

#[test]
fn versions_increase_by_one() {
    let desk = built();
    let issued = desk.pdfs();
    correct(&desk, "north", 3, |_| ());
    let run = at(&desk, NOW, "build").exits(1).complains("error[registered-gap]");
    run.complains("version 3, but the latest version in the registry is 1")
        .complains("\"version\": 2");
    assert_eq!(desk.pdfs(), issued);
    correct(&desk, "north", 2, |_| ());
    at(&desk, NOW, "build").exits(0);
    let issued = desk.pdfs();
    desk.write("records/north.json", original("north.json"));
    let run = at(&desk, NOW, "build").exits(1).complains("error[registered-older]");
    run.complains("version 1, but the registry already has version 2 (register number T-2025-007)");
    correct(&desk, "north", 2, |north| north["status"] = json!("draft"));
    let run = at(&desk, NOW, "build").exits(1).complains("error[registered-draft]");
    run.complains("version 2 is registered as T-2025-007").complains("\"version\": 3");
    assert_eq!(desk.pdfs(), issued);
    assert_eq!(listed(&desk, "").len(), 7);
}

#[test]
fn a_draft_of_a_correction_does_not_change_the_registry() {
    let desk = built();
    let before = (listed(&desk, ""), desk.bytes("output/talks-north-memo.pdf"));
    correct(&desk, "north", 2, |north| north["status"] = json!("draft"));
    at(&desk, NEXT_DAY, "build").exits(0);
    let draft = desk.pdf("talks-north-memo");
    assert!(draft.says("DRAFT") && !draft.says("Register number"));
    assert_eq!(listed(&desk, ""), before.0);
    at(&desk, NOW, "registry get talks-north-memo --to got").exits(0);
    assert!(desk.bytes("got/talks-north-memo_v1.pdf") == before.1);
    desk.write("records/north.json", original("north.json"));
    at(&desk, NEXT_DAY, "build").exits(0);
    assert!(desk.bytes("output/talks-north-memo.pdf") == before.1, "the draft was given up");
}

#[test]
fn new_templates_and_labels_change_drafts_only() {
    let desk = office();
    desk.edit("records/south.json", |south| south["status"] = json!("draft"));
    at(&desk, NOW, "build").exits(0);
    let before = desk.pdfs();
    own_templates(&desk);
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert!(!run.stderr.contains("registered-stale"), "templates make nothing stale");
    assert_eq!(differences(&before, &desk.pdfs()), names(["talks-south-memo"]));
    let draft = desk.pdf("talks-south-memo");
    assert!(draft.says("OWN TEMPLATE") && draft.says("Settled"));
    std::fs::remove_dir_all(desk.path("output")).unwrap();
    at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(differences(&before, &desk.pdfs()), names(["talks-south-memo"]));
    correct(&desk, "north", 2, |_| ());
    at(&desk, NEXT_DAY, "build").exits(0);
    assert!(desk.pdf("talks-north-memo").says("OWN TEMPLATE"));
    at(&desk, NOW, "registry verify --rebuild").exits(0);
}

#[test]
fn documents_of_a_changed_round_stay_in_force_with_a_warning() {
    let desk = built();
    let before = desk.pdfs();
    correct(&desk, "round", 2, |round| round["goals"][0]["goal"] = json!("Help comes at once"));
    let run = at(&desk, NEXT_DAY, "build").exits(0).complains("warning[registered-stale]");
    for name in ["talks-north-memo", "talks-south-memo", "talks-summary", "item-proposal"] {
        assert!(
            run.stderr.contains(&format!("]: {name}: `records/round.json` has changed")),
            "{}",
            run.stderr
        );
    }
    assert!(!run.stderr.contains("plan-measures"), "{}", run.stderr);
    let number = &numbers(&desk)["talks-north-memo"];
    let said = format!("version 1 (register number {number}) was registered");
    run.complains(&said).complains("the issued document remains in force");
    assert_eq!(differences(&before, &desk.pdfs()), names(["talks-plan"]));
}

#[test]
fn a_final_record_needs_archival_metadata() {
    let desk = office();
    desk.replace("kirjuri.toml", "[registry.all]\nfunction = \"00.01.02\"\n", "[registry.all]\n");
    desk.replace("kirjuri.toml", "personal_data = \"yes\"\n", "");
    desk.edit("records/north.json", |north| north["case"]["publicity"] = Value::Null);
    let run = at(&desk, NOW, "build").exits(1).complains("error[archive-incomplete]");
    let run = run.complains("missing: `case.function`, `case.publicity`, `case.personal_data`");
    let run = run.complains("add `function`, `publicity`, `personal_data` inside `case`");
    run.complains("[registry.memo]");
    assert!(desk.pdfs().is_empty() && listed(&desk, "").is_empty());
    // a draft may omit it
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    let run = at(&desk, NOW, "build").exits(1);
    assert!(!run.stderr.contains("records/north.json"), "{}", run.stderr);
    desk.edit("records/north.json", |north| {
        north["status"] = json!("final");
        north["case"]["publicity"] = json!("public");
    });
    let class = "function = \"00.01\"\npersonal_data = \"none\"\n";
    let kinds = format!("[registry.memo]\n{class}\n[registry.plan]\n{class}");
    desk.write("kirjuri.toml", format!("{}\n{kinds}", desk.read("kirjuri.toml")));
    at(&desk, NOW, "build").exits(1).complains("records/plan.json");
    assert_eq!(listed(&desk, "").len(), 3, "the kind's own table is enough");
}

#[test]
fn record_overrides_kind_and_kind_overrides_all() {
    let desk = office();
    let kind = "retention = { years = 20, reason = \"kind\" }\npersonal_data = \"none\"";
    desk.write("kirjuri.toml", format!("{CONFIG}\n[registry.memo]\n{kind}\n"));
    desk.edit("records/north.json", |north| {
        north["case"]["personal_data"] = json!("sensitive");
        north["case"]["retention"] = json!({ "years": 30, "reason": "own" });
    });
    at(&desk, NOW, "build").exits(0);
    let says = |document: &str| {
        let metadata = shown(&desk, document)[0]["metadata"].clone();
        let class = &metadata["classification"];
        assert_eq!(class["function"], "00.01.02");
        json!([class["personal_data"], class["retention"]["reason"], metadata["retention_ends"]])
    };
    assert_eq!(says("talks-north-memo"), json!(["sensitive", "own", "2055-12-31"]));
    assert_eq!(says("talks-south-memo"), json!(["none", "kind", "2045-12-31"]));
    assert_eq!(says("talks-plan"), json!(["yes", "plan of the authority", null]));
}

#[test]
fn a_decision_adds_the_extract_to_the_registered_proposal() {
    let desk = built();
    let before = desk.pdfs();
    desk.edit("records/item.json", |item| {
        item["decision"] = json!({
            "text": "The board decided as proposed.", "date": "2025-09-02",
            "published": "2025-09-08",
            "certified_by": { "name": "Ada Archivist", "role": "secretary" },
        });
    });
    let run = at(&desk, NEXT_DAY, "build").exits(0);
    assert_eq!(run.stderr, "");
    assert_eq!(differences(&before, &desk.pdfs()), names(["item-extract"]));
    assert_eq!(numbers(&desk)["item-extract"], "T-2025-007");
    assert_eq!(shown(&desk, "item-proposal").len(), 1);
    desk.edit("records/item.json", |item| item["decision"]["text"] = json!("Otherwise."));
    let run = at(&desk, NEXT_DAY, "build").exits(1).complains("error[registered-changed]");
    assert!(!run.stderr.contains("item-proposal"), "{}", run.stderr);
    run.complains("item-extract: version 1 is registered as T-2025-007");
}

/// A workspace with `small` and registry settings.
pub fn office() -> Desk {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", CONFIG);
    desk
}

/// The same after the first build.
pub fn built() -> Desk {
    let desk = office();
    at(&desk, NOW, "build").exits(0);
    desk
}

/// Runs the program at a moment, in seconds since 1970.
pub fn at(desk: &Desk, seconds: &str, args: &str) -> Ran {
    let mut command = desk.command();
    command.env("SOURCE_DATE_EPOCH", seconds).args(args.split_whitespace());
    let mut command = assert_cmd::Command::from_std(command);
    let output = command.timeout(Duration::from_secs(300)).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What `registry list` finds.
pub fn listed(desk: &Desk, filter: &str) -> Vec<Value> {
    let run = at(desk, NOW, &format!("registry list --format json {filter}")).exits(0);
    serde_json::from_str(&run.stdout).unwrap()
}

/// All versions of a document, from `registry show`.
pub fn shown(desk: &Desk, id: &str) -> Vec<Value> {
    let run = at(desk, NOW, &format!("registry show {id} --format json")).exits(0);
    serde_json::from_str(&run.stdout).unwrap()
}

/// The register number of each document's latest version.
pub fn numbers(desk: &Desk) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = listed(desk, "--in-force");
    rows.iter().map(|row| (text(&row["document"]), text(&row["number"]))).collect()
}

/// Turns a record of `small` into a correction of the previous version.
pub fn correct(desk: &Desk, file: &str, version: u16, change: impl FnOnce(&mut Value)) {
    desk.edit(&format!("records/{file}.json"), |record| {
        record["version"] = json!(version);
        record["corrects"] = json!("A mistake.");
        change(record);
    });
}

/// Custom templates and labels, for memos.
pub fn own_templates(desk: &Desk) {
    desk.template("memo.typ.hbs");
    desk.replace("templates/memo.typ.hbs", "#lead[{{lead}}]", "#lead[{{lead}}] OWN TEMPLATE");
    desk.write("templates/labels/en.json", r#"{"memo": {"agreed": "Settled"}}"#);
}

fn original(file: &str) -> Vec<u8> {
    Desk::fixture("small").bytes(&format!("records/{file}"))
}

#[test]
fn a_municipality_is_found_without_its_dots_and_with_its_kind() {
    let desk = built();
    let of = |name: &str| {
        let mut command = desk.command();
        command.env("SOURCE_DATE_EPOCH", NOW);
        command.args(["registry", "list", "--format", "json", "--municipality", name]);
        let ran = command.output().unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&ran.stdout).unwrap();
        (rows.len(), String::from_utf8(ran.stderr).unwrap())
    };
    let (count, said) = of("Cedar");
    assert!(count > 0 && said.is_empty(), "{count} {said}");
    for name in ["CEDÁR", "City of Cedar", "Cedarin kaupunki", "cedars stad"] {
        let same = of(name);
        assert!(same.0 == count || same.1.contains("Did you mean “Cedar”"), "{name}: {same:?}");
    }
    assert_eq!(of("CEDÁR"), (count, String::new()));
    let (none, said) = of("Nowhere");
    assert!(none == 0 && said.contains("no municipality “Nowhere”"), "{none} {said}");
}
