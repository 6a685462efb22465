//! Secrecy: public documents, packages and web copies contain no secrets, byte by byte;
//! web copies are withdrawn when their text becomes secret.

use serde_json::{Value, json};

use crate::desk::{Desk, walk};
use crate::pdf::Pdf;
use crate::proof::digest;
use crate::registry::{CONFIG, NEXT_DAY, NOW, at, built, correct, listed, office, shown};

const SENTENCE: &str = "Five meeting places of the north are closing";

fn partly_secret(record: &mut Value) {
    record["case"]["publicity"] = json!("partly-secret");
    record["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
    record["case"]["secrecy_years"] = json!(100);
}

fn secret(record: &mut Value) {
    partly_secret(record);
    record["case"]["publicity"] = json!("secret");
}

/// Every file of a package, and the decompressed content of its PDFs.
fn unpacked(desk: &Desk, package: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    walk(&desk.path(package), &mut |path| {
        let mut bytes = std::fs::read(path).unwrap();
        if path.extension().is_some_and(|end| end == "pdf") {
            let pdf = Pdf::open(&bytes);
            let (inside, text) = (pdf.everything(), pdf.text());
            bytes.extend(inside);
            bytes.extend(text.into_bytes());
        }
        let name = path.strip_prefix(desk.path("")).unwrap().display().to_string();
        bytes.extend(name.bytes());
        all.push((name, bytes));
    });
    assert!(!all.is_empty(), "{package}");
    all
}

#[track_caller]
fn says_nothing_of(desk: &Desk, package: &str, hidden: &[&str]) {
    for (file, bytes) in unpacked(desk, package) {
        for text in hidden {
            let forms = [(*text).to_owned(), crate::pdf::bare(text)];
            for form in forms {
                let found = bytes.windows(form.len()).any(|part| part == form.as_bytes());
                assert!(!found, "{file} says `{form}`");
            }
        }
    }
}

#[test]
fn public_packages_do_not_mention_secret_records() {
    let desk = office();
    let who = "[registry.transfer]\ncontract = \"C-17\"\nname = \"Ada Archivist\"\n\
               address = \"Street 1\"\nphone = \"+358 1\"\nemail = \"ada@example.fi\"\n";
    desk.write("kirjuri.toml", format!("{CONFIG}\n{who}"));
    desk.edit("records/south.json", |south| {
        secret(south);
        south["id"] = json!("hidden-id");
        south["date"] = json!("2025-11-19");
        south["issued"] = json!("2025-11-21");
        south["notes"] = json!([{ "municipality": "Cedar", "topic": "Larkspur topic",
            "text": "The Larkspur family asked for help" }]);
    });
    desk.edit("records/north.json", |north| {
        partly_secret(north);
        north["case"]["retention"] =
            json!({ "permanent": true, "reason": "Reason of the Bluebell family" });
        let note = json!({ "municipality": "Alder", "topic": "Bluebell topic",
            "text": "The Bluebell family told its story", "secret": true });
        north["notes"].as_array_mut().unwrap().push(note);
    });
    at(&desk, NOW, "build --web").exits(0);
    let corrects = "What was said of Mrs Bluebell";
    correct(&desk, "north", 2, |north| north["corrects"] = json!(corrects));
    at(&desk, NEXT_DAY, "build --web").exits(0);
    let [south, north] =
        ["south", "north"].map(|file| digest(&desk.bytes(&format!("records/{file}.json"))));
    let archived = shown(&desk, "talks-summary")[0]["metadata"].to_string();
    assert!(archived.contains(&south) && archived.contains("hidden-id"), "the archive keeps all");
    let hidden = [
        "hidden-id",
        "south.json",
        &*south,
        &*north,
        "Larkspur",
        "19 November 2025",
        "21 November 2025",
    ];
    for (number, options) in
        ["--kind summary", "--kind plan", "--kind summary --copy both"].into_iter().enumerate()
    {
        for form in ["bagit", "sahke2"] {
            let to = format!("out/{form}-{number}");
            let export = format!("registry export --to {to} --form {form} {options}");
            at(&desk, NEXT_DAY, &export).exits(0);
            says_nothing_of(&desk, &to, &hidden);
            says_nothing_of(&desk, &to, &["Bluebell family told", "Bluebell topic"]);
        }
    }
    // the searched text is found where it is allowed
    at(&desk, NEXT_DAY, "registry export --to out/memos --kind memo").exits(0);
    let memos = unpacked(&desk, "out/memos");
    for text in hidden.iter().chain(&["Bluebell family told"]) {
        let forms = [(*text).to_owned(), crate::pdf::bare(text)];
        let found = |bytes: &[u8]| {
            forms.iter().any(|form| bytes.windows(form.len()).any(|part| part == form.as_bytes()))
        };
        assert!(memos.iter().any(|(_, bytes)| found(bytes)) || *text == "south.json", "{text}");
    }
    let mut named: Vec<&str> = hidden.to_vec();
    named.extend(["Bluebell family", "Bluebell topic"]);
    at(&desk, NEXT_DAY, "registry export --to out/web --copy web").exits(0);
    says_nothing_of(&desk, "out/web", &named);
    at(&desk, NEXT_DAY, "registry export --to out/web2 --copy web --form sahke2").exits(0);
    says_nothing_of(&desk, "out/web2", &named);
    let xml = desk.read("out/web2/sahke2.xml");
    assert!(!xml.contains(corrects) && !xml.contains("Bluebell"), "{xml}");
    assert!(xml.contains("talks-north, versio 2</Source>"), "{xml}");
    assert!(!xml.contains("Salassa") && !xml.contains("salassa"), "web copies are public: {xml}");
    // the exported sidecar is complete
    let bag = unpacked(&desk, "out/bagit-0");
    let json = bag.iter().find(|(name, _)| name.ends_with(".json")).unwrap();
    let text = String::from_utf8_lossy(&json.1);
    let told: Value =
        serde_json::Deserializer::from_str(&text).into_iter().next().unwrap().unwrap();
    let xml = bag.iter().find(|(name, _)| name.ends_with(".xml")).unwrap();
    let file = told["files"].as_array().unwrap().iter().find(|f| f["file"] == "metadata.xml");
    let own = desk.bytes(&xml.0);
    assert_eq!(file.unwrap()["digest"], json!(digest(&own)));
}

#[test]
fn a_web_copy_with_newly_secret_text_is_withdrawn() {
    let desk = office();
    desk.replace("records/north.json", "Meeting places are closing", SENTENCE);
    at(&desk, NOW, "build --web").exits(0);
    correct(&desk, "north", 2, |north| {
        partly_secret(north);
        north["notes"][1]["secret"] = json!(true);
    });
    let run = at(&desk, NEXT_DAY, "build --web").exits(1).complains("error[web-now-secret]");
    let run = run.complains("error[web-withdrawn]").complains("output/web/talks-summary.pdf");
    assert!(run.stderr.contains("from the web immediately"), "{}", run.stderr);
    // it is not restored, whatever the records say later
    desk.remove("output/web/talks-summary.pdf");
    let run = at(&desk, NEXT_DAY, "build --web").exits(1).complains("error[web-now-secret]");
    assert!(!run.stderr.contains("web-withdrawn"), "{}", run.stderr);
    assert!(!desk.path("output/web/talks-summary.pdf").exists());
    correct(&desk, "north", 3, |north| north["notes"][1]["secret"] = json!(false));
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(!desk.path("output/web/talks-summary.pdf").exists());
    // `due` lists it immediately, and the log states the reason
    let line = "talks-summary, version 1: the web copy contains text that is now secret";
    let due = || at(&desk, NEXT_DAY, "registry due").exits(0).stdout;
    assert_eq!(due().matches(line).count(), 1, "{}", due());
    let events = shown(&desk, "talks-summary")[0]["events"].clone();
    assert!(events.to_string().contains("withdrawn") && !events.to_string().contains("Five"));
    // it is in no package, and a message says so
    for (copy, form) in [("web", "bag"), ("both", "all")] {
        let run = at(&desk, NEXT_DAY, &format!("registry export --to {form} --copy {copy}"));
        let run = run.exits(0);
        assert!(run.stdout.contains("talks-summary. Its web copy"), "{}", run.stdout);
        let table = desk.read(&format!("{form}/data/manifest.csv"));
        assert!(!table.contains("talks-summary_v1_web"), "{table}");
        assert!(table.contains("talks-plan_v1_web"), "{table}");
    }
    let run = at(&desk, NEXT_DAY, "registry export --to none --copy web --kind summary");
    assert!(run.code == Some(2) && !desk.path("none").exists(), "{}", run.stderr);
    assert!(run.stdout.contains("Left out"), "{}", run.stdout);
    // it stays in the archive, and the registry is intact, also rebuilt from its files
    at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(desk.path(&format!("registry/registry.sqlite3{end}"))).ok();
    }
    at(&desk, NEXT_DAY, "registry recover").exits(0);
    at(&desk, NEXT_DAY, "registry verify").exits(0);
    assert!(due().contains(line));
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(!desk.path("output/web/talks-summary.pdf").exists());
    let run = at(&desk, NEXT_DAY, "registry get talks-summary --web-copy --to got").exits(0);
    run.complains("Do not publish it");
    // a new version has a new copy, and nothing is due any more
    correct(&desk, "summary", 2, |_| {});
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(desk.path("output/web/talks-summary.pdf").exists());
    assert!(!due().contains("talks-summary"), "{}", due());
}

#[test]
fn a_secret_that_is_not_issued_yet_withdraws_the_copy_too() {
    // a change of a registered record, a draft, and an invalid correction
    for (status, version, mistake) in [("final", 1, ""), ("draft", 2, ""), ("final", 2, "x")] {
        let desk = office();
        desk.replace("records/north.json", "Meeting places are closing", SENTENCE);
        at(&desk, NOW, "build --web").exits(0);
        desk.edit("records/north.json", |north| {
            partly_secret(north);
            north["status"] = json!(status);
            north["version"] = json!(version);
            if !mistake.is_empty() {
                north["notes"][0]["priority"] = json!(mistake);
            }
            if version > 1 {
                north["corrects"] = json!("A mistake.");
            }
            north["notes"][1]["secret"] = json!(true);
        });
        let run = at(&desk, NEXT_DAY, "build --web").exits(1);
        assert!(run.stderr.contains("output/web/talks-north-memo.pdf"), "{}", run.stderr);
        let due = at(&desk, NEXT_DAY, "registry due").exits(0).stdout;
        assert!(due.contains("talks-north-memo, version 1: the web copy contains"), "{due}");
        desk.remove("output/web/talks-north-memo.pdf");
        at(&desk, NEXT_DAY, "build --web").exits(1);
        assert!(!desk.path("output/web/talks-north-memo.pdf").exists(), "{status}");
    }
}

#[test]
fn no_public_plan_shows_the_meeting_of_a_secret_session() {
    let desk = office();
    desk.edit("records/south.json", secret);
    at(&desk, NOW, "build --web").exits(0);
    for name in ["talks-plan", "item-proposal", "web/talks-plan", "web/item-proposal"] {
        let pdf = desk.pdf(name);
        assert!(pdf.says("23 October 2025"), "{name}");
        assert!(!pdf.says("30 October 2025"), "{name}");
    }
    assert!(desk.pdf("talks-plan").files().is_empty(), "the record inside has the day");
    at(&desk, NOW, "registry verify --rebuild").exits(0);
}

#[test]
fn a_secret_goal_is_in_no_public_document() {
    const GOAL: &str = "Nobody may know of this goal";
    let desk = office();
    desk.edit("records/round.json", |round| {
        partly_secret(round);
        round["goals"][0]["goal"] = json!(GOAL);
        round["goals"][0]["background"] = json!("Nor why it was set");
        round["goals"][0]["secret"] = json!(true);
    });
    at(&desk, NOW, "build").exits(0);
    assert!(desk.pdf("talks-plan").says(GOAL));
    for name in ["talks-north-memo", "talks-south-memo", "talks-summary", "item-proposal"] {
        let pdf = desk.pdf(name);
        assert!(!pdf.says(GOAL) && !pdf.says("Nor why it was set"), "{name}");
        assert!(pdf.says("JulkL 24 § 1 mom. 25 k") && pdf.says("Fewer people are alone"), "{name}");
    }
}

#[test]
fn a_session_that_becomes_secret_leaves_the_copies_of_the_summary() {
    let desk = office();
    desk.replace("records/north.json", "Meeting places are closing", SENTENCE);
    at(&desk, NOW, "build --web").exits(0);
    correct(&desk, "north", 2, secret);
    let run = at(&desk, NEXT_DAY, "build --web").exits(1).complains("error[web-now-secret]");
    assert!(run.stderr.contains("output/web/talks-summary.pdf"), "{}", run.stderr);
    let withdrawn = listed(&desk, "--kind summary")[0]["web_withdrawn"].clone();
    assert_eq!(withdrawn, json!(true));
}

#[test]
fn an_older_registry_has_no_withdrawn_copies() {
    let desk = built();
    assert!(listed(&desk, "").iter().all(|row| row["web_withdrawn"] == json!(false)));
    let due = at(&desk, NOW, "registry due").exits(0).stdout;
    assert!(due.contains("No retention period has ended"), "{due}");
}

#[test]
fn a_summary_is_final_though_a_group_had_a_secret_session() {
    let desk = office();
    desk.edit("records/south.json", |south| {
        secret(south);
        south["status"] = json!("draft");
        south["place"] = json!("Hidden hall");
        south["date"] = json!("2025-11-19");
        south["issued"] = json!("2025-11-20");
    });
    let run = at(&desk, NOW, "build --web").exits(0);
    assert!(!run.stderr.contains("group-without-session"), "{}", run.stderr);
    assert!(!run.stderr.contains("summary-of-drafts"), "{}", run.stderr);
    for summary in [desk.pdf("talks-summary"), desk.pdf("web/talks-summary")] {
        assert!(!summary.says("DRAFT"));
        for hidden in ["Hidden hall", "19 November 2025", "20 November 2025", "talks-south"] {
            assert!(!summary.says(hidden), "{hidden}");
        }
    }
    at(&desk, NOW, "registry verify --rebuild").exits(0);
}

#[test]
fn a_document_with_newly_secret_text_is_exported_as_partly_secret() {
    let desk = office();
    desk.replace("records/north.json", "Meeting places are closing", SENTENCE);
    at(&desk, NOW, "build --web").exits(0);
    at(&desk, NOW, "registry export --to before --kind memo").exits(0);
    assert!(!desk.read("before/data/manifest.csv").contains("partly-secret"));
    correct(&desk, "north", 2, |north| {
        partly_secret(north);
        north["notes"][1]["secret"] = json!(true);
    });
    let run = at(&desk, NEXT_DAY, "build --web").exits(1);
    let run = run.complains("warning[issued-now-secret]").complains("talks-north-memo, version 1");
    // the other group is not reported
    assert!(!run.stderr.contains("talks-south-memo, version 1"), "{}", run.stderr);
    // reported once, then it is in the log
    let run = at(&desk, NEXT_DAY, "build --web");
    assert!(!run.stderr.contains("issued-now-secret"), "{}", run.stderr);
    let (first, second) = {
        let shown = shown(&desk, "talks-north-memo");
        (shown[0].clone(), shown[1].clone())
    };
    assert_eq!(first["metadata"]["classification"]["publicity"], json!("public"));
    let events = |version: &Value| version["events"].to_string();
    assert!(events(&first).contains("restricted") && !events(&first).contains("Five"));
    assert!(!events(&second).contains("restricted"));
    let marked: Vec<(Value, Value)> = listed(&desk, "--kind memo")
        .iter()
        .map(|row| (row["number"].clone(), row["secret_now"].clone()))
        .collect();
    for (number, secret_now) in marked {
        assert_eq!(secret_now, json!(number == first["metadata"]["number"]), "{number}");
    }
    // the package states the current publicity, with the provision of the record
    let run = at(&desk, NEXT_DAY, "registry export --to after --kind memo").exits(0);
    assert!(
        run.stdout.contains("talks-north-memo contains information that has become secret"),
        "{}",
        run.stdout
    );
    let table = desk.read("after/data/manifest.csv");
    let row = table.lines().find(|line| line.contains("talks-north-memo_v1.pdf")).unwrap();
    assert!(row.contains("partly-secret"), "{row}");
    let row = table.lines().find(|line| line.contains("talks-south-memo_v1.pdf")).unwrap();
    assert!(row.contains("public") && !row.contains("partly-secret"), "{row}");
    let bag = unpacked(&desk, "after");
    let own = |end: &str| {
        let mut found = bag.iter().filter(|(name, _)| name.contains("talks-north-memo_v1"));
        found
            .find(|(name, _)| name.ends_with(end))
            .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
            .unwrap()
    };
    let xml = own(".xml");
    assert!(xml.contains("Osittain salassapidettävä"), "{xml}");
    assert!(xml.contains("24 § 1 mom."), "{xml}");
    assert!(xml.contains("<SecurityPeriod>100</SecurityPeriod>"), "{xml}");
    assert!(xml.contains("<SecurityPeriodEnd>2125-11-05</SecurityPeriodEnd>"), "{xml}");
    let json = own(".json");
    assert!(json.contains("partly-secret"), "{json}");
    // the archive is unchanged
    at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    let number = first["metadata"]["number"].as_str().unwrap();
    let get = format!("registry get {number} --to got");
    at(&desk, NEXT_DAY, &get).exits(0).complains("present publicity: Partly secret");
}

#[test]
fn a_completely_secret_record_restricts_every_version() {
    let edit = |desk: &Desk, file: &str, status: &str| {
        desk.edit(&format!("records/{file}.json"), |record| {
            secret(record);
            record["status"] = json!(status);
            record["version"] = json!(2);
            record["corrects"] = json!("The class.");
        });
    };
    // regardless of its texts
    for (file, status) in [("south", "final"), ("south", "draft"), ("item", "draft")] {
        let desk = office();
        desk.edit("records/south.json", |south| {
            south["place"] = json!("Hush Hall");
            south["mode"] = json!("in-person");
            south["notes"] = json!([{ "sector": "organisation", "text": "Rooms" }]);
            south["agreed"] = json!([]);
        });
        at(&desk, NOW, "build --web").exits(0);
        edit(&desk, file, status);
        let own = if file == "item" { "item-proposal" } else { "talks-south-memo" };
        let run = at(&desk, NEXT_DAY, "build --web");
        assert!(run.stderr.contains(&format!("{own}, version 1")), "{file}: {}", run.stderr);
        let due = at(&desk, NEXT_DAY, "registry due").exits(0).stdout;
        assert!(due.contains(&format!("{own}, version 1: the web copy contains")), "{due}");
        at(&desk, NEXT_DAY, "registry export --to web --copy web").exits(0);
        let table = desk.read("web/data/manifest.csv");
        assert!(!table.contains(own), "{table}");
        at(&desk, NEXT_DAY, "registry export --to all").exits(0);
        let table = desk.read("all/data/manifest.csv");
        let row = |name: &str| table.lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(row(&format!("{own}_v1.pdf")).contains(",secret,"), "{table}");
        if file == "south" {
            // the summary printed its date and place
            assert!(due.contains("talks-summary, version 1: the web copy"), "{due}");
            assert!(row("talks-summary_v1.pdf").contains("partly-secret"), "{table}");
        }
        assert!(!row("talks-north-memo_v1.pdf").contains("secret"), "{table}");
        at(&desk, NEXT_DAY, "registry verify").exits(0);
    }
}

#[test]
fn documents_without_a_record_are_checked_too() {
    let desk = office();
    desk.replace("records/north.json", "Meeting places are closing", SENTENCE);
    desk.edit("records/item.json", |item| item["sections"][0]["text"] = json!(SENTENCE));
    at(&desk, NOW, "build --web").exits(0);
    assert!(desk.pdf("web/item-proposal").says("meeting places of the north"));
    desk.remove("records/item.json");
    correct(&desk, "north", 2, |north| {
        partly_secret(north);
        north["notes"][1]["secret"] = json!(true);
    });
    let run = at(&desk, NEXT_DAY, "build --web");
    let run = run.complains("issued-now-secret").complains("output/web/item-proposal.pdf");
    assert!(run.stderr.contains("item-proposal, version 1"), "{}", run.stderr);
    let due = at(&desk, NEXT_DAY, "registry due").exits(0).stdout;
    assert!(due.contains("item-proposal, version 1: the web copy contains"), "{due}");
    // reported as long as the file exists
    at(&desk, NEXT_DAY, "build --web").complains("output/web/item-proposal.pdf");
    desk.remove("output/web/item-proposal.pdf");
    let run = at(&desk, NEXT_DAY, "build --web");
    assert!(!run.stderr.contains("output/web/item-proposal.pdf"), "{}", run.stderr);
}

#[test]
fn a_document_is_as_secret_as_its_own_record() {
    let desk = office();
    at(&desk, NOW, "build").exits(0);
    // the round is first by its id, and makes its documents partly secret only
    for file in ["round", "south"] {
        desk.edit(&format!("records/{file}.json"), |record| {
            secret(record);
            record["status"] = json!("draft");
            record["version"] = json!(2);
            record["corrects"] = json!("The class.");
        });
    }
    at(&desk, NEXT_DAY, "build").complains("talks-south-memo, version 1");
    at(&desk, NEXT_DAY, "registry export --to all").exits(0);
    let table = desk.read("all/data/manifest.csv");
    let row = |name: &str| table.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(row("talks-south-memo_v1.pdf").contains(",secret,"), "{table}");
    assert!(row("talks-plan_v1.pdf").contains(",secret,"), "{table}");
    assert!(row("talks-north-memo_v1.pdf").contains(",partly-secret,"), "{table}");
}
