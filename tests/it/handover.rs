//! Registry commands: list, show, get, export, due; and web copies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::desk::{Desk, walk};
use crate::pdf::Pdf;
use crate::proof::digest;
use crate::registry::{
    CONFIG, NEXT_DAY, NEXT_YEAR, NOW, at, built, correct, listed, numbers, office, shown,
};

#[test]
fn documents_are_found_by_every_filter() {
    let desk = corrected();
    for (filter, expected) in [
        ("--kind memo", "talks-north-memo:2 talks-north-memo:1 talks-south-memo:1"),
        ("--kind memo --in-force", "talks-north-memo:2 talks-south-memo:1"),
        ("--round talks --kind plan", "talks-plan:1"),
        ("--municipality Cedar", "talks-south-memo:1 talks-plan:1 talks-summary:1"),
        ("--case TEST/3/00.01.02/2025", "plan-measures:1"),
        ("--text alDER", "talks-north-memo:2 talks-north-memo:1"),
        ("--text of --kind measures", "plan-measures:1"),
        ("--text summary:", "talks-summary:1"),
        ("--from 2025-11-20", "talks-summary:1 plan-measures:1"),
        ("--until 2025-09-02", "talks-plan:1 item-proposal:1"),
        ("--from 2025-09-02 --until 2025-09-02", "item-proposal:1"),
        ("--kind extract", ""),
        ("--text %", ""),
    ] {
        let rows = listed(&desk, filter);
        let found = rows.iter().map(|row| format!("{}:{}", text(&row["document"]), row["version"]));
        let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{filter}");
    }
    at(&desk, NOW, "registry list --from 2025-13-01").exits(2).complains("2025-12-31");
    at(&desk, NOW, "registry list --kind letter")
        .exits(2)
        .complains("memo (Memo), proposal (Decision proposal), extract");
}

#[test]
fn a_list_comes_as_a_table_as_json_and_as_csv() {
    let desk = corrected();
    let run = at(&desk, NOW, "registry list").exits(0);
    let latest = run.stdout.lines().nth(1).unwrap();
    assert!(latest.contains("T-2025-007") && latest.contains("Talks 2025: Alder and Birch"));
    assert!(run.stdout.contains("1 (replaced by T-2025-007)"), "{}", run.stdout);
    let run = at(&desk, NOW, "registry list --format csv").exits(0);
    let mut lines = run.stdout.lines();
    assert!(lines.next().unwrap().starts_with("number,document,version,kind,title,date,"));
    let row =
        "T-2025-007,talks-north-memo,2,memo,Talks 2025: Alder and Birch,2025-11-05,2025-11-25,";
    assert!(lines.next().unwrap().starts_with(row), "{}", run.stdout);
    assert_eq!(lines.count(), 6);
    let run = at(&desk, NOW, "registry list --limit 2").exits(0);
    assert!(run.stdout.contains("Only the latest 2"), "{}", run.stdout);
    let run = at(&desk, NOW, "registry list --limit 2 --format json").exits(0);
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((rows.len(), &rows[0]["number"]), (2, &json!("T-2025-007")));
    run.complains("Only the latest 2");
    assert_eq!(listed(&desk, "--limit 0").len(), 7);
    let run = at(&desk, NOW, "registry list --kind extract").exits(0);
    assert!(run.stdout.contains("No documents in the registry match"), "{}", run.stdout);
}

#[test]
fn titles_are_not_formulas_in_spreadsheets() {
    let desk = office();
    desk.edit("records/item.json", |item| item["title"] = json!("=HYPERLINK(\"x\"), \"y\""));
    at(&desk, NOW, "build").exits(0);
    at(&desk, NOW, "registry export --to out/bag").exits(0);
    let list = at(&desk, NOW, "registry list --format csv").exits(0).stdout;
    for table in [list, desk.read("out/bag/data/manifest.csv")] {
        assert!(table.contains(",\"'=HYPERLINK("), "{table}");
    }
}

#[test]
fn a_table_is_one_that_the_languages_spreadsheets_open() {
    let desk = office();
    desk.edit("records/item.json", |item| item["title"] = json!("Item; =1+1"));
    at(&desk, NOW, "build").exits(0);
    for (language, separator, mark) in [("fi", ';', true), ("sv", ';', true), ("en", ',', false)] {
        let to = format!("out/{language}");
        let export = format!("--language {language} registry export --to {to}");
        at_in(&desk, &export);
        let list = at_in(&desk, &format!("--language {language} registry list --format csv"));
        for table in [list, desk.read(&format!("{to}/data/manifest.csv"))] {
            assert_eq!(table.starts_with('\u{FEFF}'), mark, "{language}: {table}");
            let heads = table.trim_start_matches('\u{FEFF}').lines().next().unwrap();
            assert!(heads.split(separator).count() > 10, "{language}: {heads}");
            assert!(table.contains("'=1+1"), "{language}: {table}");
        }
    }
}

/// Output of a command, in the language of the arguments.
fn at_in(desk: &Desk, args: &str) -> String {
    let mut command = std::process::Command::new(crate::desk::PROGRAM);
    command.current_dir(desk.path("")).env("SOURCE_DATE_EPOCH", NOW);
    let output = command.args(args.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn documents_are_shown_and_copied_by_name_or_number() {
    let desk = corrected();
    let first = shown(&desk, "talks-north-memo")[0]["metadata"]["number"].clone();
    let first = text(&first);
    let heading = format!("version 1, register number {first}");
    let replaces = format!("Replaces: {first}");
    for id in ["talks-north-memo", first] {
        let run = at(&desk, NOW, &format!("registry show {id}")).exits(0);
        for said in [&heading, &replaces, "A mistake.", "Distribution: Alder"] {
            assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
        }
    }
    let run = at(&desk, NOW, &format!("registry get {first}")).exits(0);
    assert_eq!(run.stdout.trim_start_matches("./"), "talks-north-memo_v1.pdf\n");
    desk.write("talks-north-memo_v1.pdf", "mine");
    at(&desk, NOW, &format!("registry get {first}")).exits(2).complains("--force");
    assert_eq!(desk.read("talks-north-memo_v1.pdf"), "mine");
    at(&desk, NOW, &format!("registry get {first} --force")).exits(0);
    assert!(Pdf::open(&desk.bytes("talks-north-memo_v1.pdf")).says(first));
    let run = at(&desk, NOW, "registry get talks-north-memo --version 7").exits(2);
    run.complains("its versions are 1, 2");
    at(&desk, NOW, "registry get talks-plan --web-copy").exits(2).complains("no web copy");
    at(&desk, NOW, "registry show talks-nord").exits(2).complains("registry list");
}

#[test]
fn a_bag_matches_its_manifests() {
    let desk = corrected();
    let run = at(&desk, NOW, "registry export --to out/bag --municipality Alder").exits(0);
    assert!(run.stdout.contains("out/bag. PDF files: 4"), "{}", run.stdout);
    let files = files(&desk, "out/bag");
    for path in &files {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
        assert!(path.chars().all(fine), "{path}");
    }
    // the export is in the log, and the index is sealed again
    let seal = desk.read("registry/registry.sqlite3.sha256");
    assert!(seal.ends_with("  registry.sqlite3\n"), "{seal}");
    for list in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        assert!(desk.read(&format!("out/bag/{list}")).lines().count() > 2);
        holds(&desk, "out/bag", list);
    }
    let listed: Vec<String> = sums(&desk, "out/bag", "manifest-sha256.txt").into_keys().collect();
    let payload = files.iter().filter(|path| path.starts_with("data/"));
    assert_eq!(listed, payload.cloned().collect::<Vec<_>>());
    let table = desk.read("out/bag/data/manifest.csv");
    let named = table.lines().skip(1).map(|row| row.split(',').next().unwrap().to_owned());
    let pdfs = files.iter().filter(|path| path.ends_with(".pdf")).cloned();
    assert_eq!(named.collect::<BTreeSet<_>>(), pdfs.collect::<BTreeSet<_>>());
    let row = table.lines().find(|row| row.contains("north-memo_v2.pdf")).unwrap();
    assert!(row.contains(",T-2025-007,talks-north-memo,2,") && row.contains(",archive,T-2025-"));
    let sent = desk.bytes("out/bag/data/2025-11-05_talks-north-memo_v2.pdf");
    assert!(sent == desk.bytes("output/talks-north-memo.pdf"));
}

#[test]
fn a_package_may_be_next_to_the_settings() {
    let desk = built();
    at(&desk, NOW, "registry export --to bag --kind memo").exits(0);
    let run = at(&desk, NOW, "registry show talks-north-memo").exits(0);
    assert!(run.stdout.contains("exported: bag"), "{}", run.stdout);
}

#[test]
fn only_exported_files_are_logged_as_exported() {
    let desk = built();
    at(&desk, NOW, "registry export --to out/web --copy web").exits(2).complains("no issued");
    assert!(!desk.path("out/web").exists());
    let run = at(&desk, NOW, "registry show talks-plan").exits(0);
    assert!(!run.stdout.contains("exported:"), "{}", run.stdout);
}

#[test]
fn a_transfer_names_the_transferring_authority() {
    let desk = built();
    let transfer = "registry export --to out/transfer --form sahke2 --kind memo";
    let run = at(&desk, NOW, transfer).exits(2).complains("[registry.transfer]");
    run.complains("contract, name, address, phone, email");
    assert!(!desk.path("out/transfer").exists());
    let who = "contract = \"C-17\"\nname = \"Ada Archivist\"\naddress = \"Street 1\"\n\
               phone = \"+358 1\"\nemail = \"ada@example.fi\"\n";
    desk.write("kirjuri.toml", format!("{CONFIG}\n[registry.transfer]\n{who}"));
    at(&desk, NOW, transfer).exits(0);
    let xml = desk.read("out/transfer/sahke2.xml");
    for said in ["C-17", "Ada Archivist", "T-2025-", "Talks with municipalities", "00.01.02"] {
        assert!(xml.contains(said), "{said}");
    }
    holds(&desk, "out/transfer", "manifest-sha256.txt");
    let pdfs = files(&desk, "out/transfer").into_iter().filter(|path| path.ends_with(".pdf"));
    for pdf in pdfs {
        assert!(xml.contains(&pdf), "{pdf}");
    }
}

#[test]
fn documents_past_their_retention_are_listed() {
    let desk = office();
    desk.replace("kirjuri.toml", "permanent = true", "years = 10");
    at(&desk, NOW, "build").exits(0);
    let due = |day: &str| {
        let run = at(&desk, NOW, &format!("registry due --on {day}")).exits(0);
        run.stdout.replace('\u{a0}', " ")
    };
    assert!(due("2035-12-31").contains("No retention period has ended"));
    let list = due("2036-01-01");
    assert_eq!(list.lines().count(), 5, "{list}");
    assert!(list.contains("talks-plan, version 1: retention ended 31 December 2035"), "{list}");
    assert!(!list.contains("talks-summary"), "it is of 2026: {list}");
    assert_eq!(due("2037-01-01").lines().count(), 6);
}

#[test]
fn web_copies_have_no_names_and_no_secrets() {
    let desk = private();
    desk.replace("kirjuri.toml", "checker =", "web = true\nchecker =");
    at(&desk, NOW, "build").exits(0);
    let (full, web) = (desk.pdf("talks-north-memo"), desk.pdf("web/talks-north-memo"));
    for hidden in ["Petra Private", "Quentin Quiet", "Rita Reverend", "Larkspur", "closed matter"] {
        assert!(full.says(hidden) && !web.says(hidden), "{hidden}");
        let other = [desk.pdf("web/talks-summary"), desk.pdf("web/talks-plan")];
        assert!(other.iter().all(|pdf| !pdf.says(hidden)), "{hidden}");
        assert!(!web.metadata().contains(hidden) && !web.bookmarks().concat().contains(hidden));
    }
    for shown in ["Mothers union", "2 people", "Alder parish", "Erin Example", "Meeting places"] {
        assert!(web.says(shown), "{shown}");
    }
    assert!(web.says("[Secret, JulkL 24 § 1 mom. 25 k]") && web.says("copy for the web"));
    let number = &numbers(&desk)["talks-north-memo"];
    assert!(web.says(number) && full.says(number) && !full.says("copy for the web"));
    for document in numbers(&desk).keys() {
        assert!(desk.pdf(&format!("web/{document}")).files().is_empty(), "{document}");
    }
    let renditions = shown(&desk, "talks-north-memo")[0]["metadata"]["renditions"].clone();
    assert_eq!(
        (&renditions[0]["copy"], &renditions[1]["copy"]),
        (&json!("archive"), &json!("web"))
    );
    at(&desk, NOW, "registry get talks-north-memo --web-copy --to got").exits(0);
    let web = desk.bytes("output/web/talks-north-memo.pdf");
    assert_eq!(text(&renditions[1]["digest"]), digest(&web));
    std::fs::remove_dir_all(desk.path("output")).unwrap();
    at(&desk, NEXT_DAY, "build").exits(0);
    assert!(desk.bytes("output/web/talks-north-memo.pdf") == web);
}

#[test]
fn a_secret_in_a_public_place_blocks_the_document() {
    let desk = private();
    desk.edit("records/north.json", |north| {
        north["notes"][1]["text"] =
            json!("Moreover the Larkspur family asked for help with a house");
    });
    let run = at(&desk, NOW, "build --web").exits(1).complains("error[web-leak]");
    run.complains("records/north.json").complains("the larkspur family asked for");
    assert!(!numbers(&desk).contains_key("talks-north-memo"));
    assert!(!desk.path("output/web/talks-north-memo.pdf").exists());
    assert!(!desk.path("output/talks-north-memo.pdf").exists());
    let public = "Moreover the Larkspur family asked for help with a house";
    desk.replace("records/north.json", public, "A family asked for a house");
    at(&desk, NOW, "build --web").exits(0);
    assert!(desk.path("output/web/talks-north-memo.pdf").exists());
}

#[test]
fn a_web_copy_can_be_added_later() {
    let desk = private();
    at(&desk, NOW, "build").exits(0);
    assert!(!desk.path("output/web").exists());
    let (before, given) = (desk.pdfs(), numbers(&desk));
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(desk.pdf("web/talks-north-memo").says(&given["talks-north-memo"]));
    assert!(desk.pdf("web/talks-north-memo").says("registered 24 November 2025"));
    assert_eq!((desk.pdfs(), numbers(&desk)), (before, given));
    assert_eq!(shown(&desk, "talks-north-memo").len(), 1);
    at(&desk, NOW, "registry verify --rebuild").exits(0);
    at(&desk, NOW, "registry export --to out/web --copy web").exits(0);
    let sent = files(&desk, "out/web");
    // sidecars contain more than may be published
    let payload = sent.iter().filter(|path| path.starts_with("data/"));
    assert!(payload.clone().all(|path| path.ends_with("_web.pdf") || path.ends_with(".csv")));
    assert_eq!(payload.count(), 7);
    let run = at(&desk, NOW, "registry export --to out/full --kind memo").exits(0);
    assert!(run.stdout.contains("that are not public: 1"));
}

#[test]
fn secret_sessions_and_drafts_have_no_web_copy() {
    let desk = office();
    desk.edit("records/south.json", |south| {
        secret(south);
        south["notes"] =
            json!([{ "sector": "organisation", "text": "Nobody may know this of the club" }]);
    });
    desk.edit("records/plan.json", |plan| plan["status"] = json!("draft"));
    at(&desk, NOW, "build --web").exits(0);
    for (document, on_the_web) in
        [("talks-south-memo", false), ("plan-measures", false), ("talks-north-memo", true)]
    {
        assert!(desk.path(&format!("output/{document}.pdf")).exists(), "{document}");
        let web = desk.path(&format!("output/web/{document}.pdf"));
        assert_eq!(web.exists(), on_the_web, "{document}");
    }
    assert_eq!(shown(&desk, "talks-south-memo")[0]["metadata"]["secrecy_ends"], "2125-11-05");
    assert!(!desk.pdf("web/talks-summary").says("Nobody may know this"));
}

#[test]
fn a_short_heading_of_a_public_record_is_not_secret() {
    let desk = office();
    desk.edit("records/south.json", secret);
    let topic = "\"topic\": \"Family centres\"";
    assert!(desk.read("records/north.json").contains(topic));
    at(&desk, NOW, "build --web").exits(0);
}

#[test]
fn a_refused_document_keeps_its_web_copy() {
    let desk = office();
    at(&desk, NOW, "build --web").exits(0);
    desk.replace("records/north.json", "Meeting places", "Reading places");
    let run = at(&desk, NOW, "build --web").exits(1).complains("error[registered-changed]");
    assert!(!run.stdout.contains("delete the file"), "{}", run.stdout);
}

#[test]
fn a_decision_is_removed_from_the_web_after_its_appeal_period() {
    // seven days until it is deemed received, then fourteen; extended past holidays
    for (published, gone) in [("2025-09-08", "2025-09-30"), ("2025-12-04", "2025-12-30")] {
        let desk = office();
        desk.edit("records/item.json", |item| {
            item["action"] = json!("approve");
            item["decision"] = json!({
                "text": "The board decided as proposed.", "date": "2025-09-02",
                "published": published,
                "certified_by": { "name": "Ada Archivist", "role": "secretary" },
            });
        });
        at(&desk, NEXT_YEAR, "build --web").exits(0);
        let web = &shown(&desk, "item-extract")[0]["metadata"]["renditions"][1];
        assert_eq!((&web["copy"], &web["remove_on"]), (&json!("web"), &json!(gone)));
        let said = if gone == "2025-09-30" { "30 September 2025" } else { "30 December 2025" };
        assert!(desk.pdf("web/item-extract").says(&format!("removed from the web on {said}")));
        let run = at(&desk, NOW, &format!("registry due --on {gone}")).exits(0);
        assert!(
            run.stdout.contains("item-extract, version 1: remove the web copy"),
            "{}",
            run.stdout
        );
        let eve = format!("{}{}", &gone[..8], gone[8..].parse::<u8>().unwrap() - 1);
        let run = at(&desk, NOW, &format!("registry due --on {eve}")).exits(0);
        assert!(run.stdout.contains("No retention period has ended"), "{}", run.stdout);
    }
}

/// Six documents, and a correction of the memo of the north on the next day.
fn corrected() -> Desk {
    let desk = built();
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(0);
    desk
}

/// The session of the north has people of organisations and a secret note.
fn private() -> Desk {
    let desk = office();
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        north["case"]["secrecy_years"] = json!(100);
        for (name, role) in [("Petra Private", "volunteer"), ("Quentin Quiet", "treasurer")] {
            north["present"].as_array_mut().unwrap().push(json!({
                "sector": "organisation", "organisation": "Mothers union",
                "name": name, "role": role,
            }));
        }
        north["absent"] = json!([{
            "sector": "parish", "organisation": "Alder parish",
            "name": "Rita Reverend", "role": "deacon",
        }]);
        north["notes"].as_array_mut().unwrap().push(json!({
            "priority": "mind", "service_area": "adults", "topic": "Family Larkspur",
            "text": "The Larkspur family asked for help with a closed matter", "secret": true,
        }));
    });
    desk
}

fn secret(record: &mut Value) {
    record["case"]["publicity"] = json!("secret");
    record["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
    record["case"]["secrecy_years"] = json!(100);
}

/// Paths of the files in a package, in order.
fn files(desk: &Desk, package: &str) -> Vec<String> {
    let (folder, mut all) = (desk.path(package), Vec::new());
    walk(&folder, &mut |path| {
        all.push(path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
    });
    all.sort();
    all
}

/// The digests of a manifest, by path.
fn sums(desk: &Desk, package: &str, list: &str) -> BTreeMap<String, String> {
    let text = desk.read(&format!("{package}/{list}"));
    let pairs = text.lines().map(|line| line.split_once("  ").unwrap());
    pairs.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect()
}

/// Fails unless every file of a manifest has its digest.
fn holds(desk: &Desk, package: &str, list: &str) {
    for (path, said) in sums(desk, package, list) {
        assert_eq!(digest(&desk.bytes(&format!("{package}/{path}"))), said, "{path}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
