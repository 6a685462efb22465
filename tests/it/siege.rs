//! Registry under attack and accidents: lost disks, older copies, wrong clocks, renamed
//! documents, quoted secrets.

use std::path::Path;

use serde_json::json;

use crate::desk::{Desk, walk};
use crate::registry::{
    CONFIG, NEXT_DAY, NOW, at, built, correct, listed, numbers, office, own_templates, shown,
};

/// Copies a folder of the registry.
fn copy(from: &Path, to: &Path) {
    walk(from, &mut |path| {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(path, target).unwrap();
    });
}

#[test]
fn a_lost_registry_is_reported_and_not_recreated() {
    let desk = built();
    std::fs::rename(desk.path("registry"), desk.path("elsewhere")).unwrap();
    at(&desk, NOW, "build").exits(2).complains("there is no registry at");
    // an empty folder, like an unmounted disk
    std::fs::create_dir(desk.path("registry")).unwrap();
    at(&desk, NOW, "build").exits(2).complains("restore it");
    std::fs::remove_dir(desk.path("registry")).unwrap();
    std::fs::rename(desk.path("elsewhere"), desk.path("registry")).unwrap();
    at(&desk, NOW, "build").exits(0);
}

#[test]
fn settings_without_a_registry_do_not_bypass_it() {
    let desk = built();
    desk.remove("kirjuri.toml");
    at(&desk, NOW, "build").exits(2).complains("has no `[registry]`");
}

#[test]
fn an_emptied_index_is_no_new_registry() {
    let desk = built();
    desk.write("registry/registry.sqlite3", "");
    at(&desk, NOW, "build").exits(2).complains("registry recover");
    at(&desk, NOW, "registry recover").exits(0);
    at(&desk, NOW, "registry verify").exits(0);
    at(&desk, NOW, "build").exits(0);
}

#[test]
fn an_index_older_than_its_files_gives_no_numbers() {
    let desk = built();
    let old = desk.bytes("registry/registry.sqlite3");
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(0);
    let given = numbers(&desk);
    desk.write("registry/registry.sqlite3", &old);
    at(&desk, NEXT_DAY, "build").exits(2).complains("is older than its files");
    // with seal and log head restored as well, the files still show it
    let desk = built();
    copy(&desk.path("registry"), &desk.path("old"));
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(0);
    for name in ["registry.sqlite3", "registry.sqlite3.sha256", "registry.head"] {
        desk.write(&format!("registry/{name}"), desk.bytes(&format!("old/{name}")));
    }
    at(&desk, NEXT_DAY, "build").exits(2).complains("does not know");
    // without the output folder, the files still show it
    std::fs::remove_dir_all(desk.path("output")).unwrap();
    at(&desk, NEXT_DAY, "build").exits(2).complains("is older than its files");
    at(&desk, NEXT_DAY, "registry verify").exits(1);
    assert!(given.contains_key("talks-north-memo"));
}

#[test]
fn a_damaged_sidecar_affects_only_its_document() {
    let desk = built();
    own_templates(&desk);
    walk(&desk.path("registry/files"), &mut |path| {
        if path.ends_with("content/metadata.json") && path.to_str().unwrap().contains("north") {
            std::fs::write(path, "{}").unwrap();
        }
    });
    desk.replace("records/round.json", "\"title\": \"", "\"title\": \"New ");
    correct(&desk, "south", 2, |south| south["follow_up"] = json!("A second meeting."));
    let run = at(&desk, NEXT_DAY, "build").exits(1).complains("registry-unreadable");
    assert!(run.issued().contains("talks-south-memo.pdf"), "{}", run.stdout);
}

#[test]
fn an_implausible_clock_gives_no_numbers() {
    let desk = built();
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, "1700000000", "build").exits(2).complains("the clock says");
    at(&desk, "0", "build").exits(2).complains("SOURCE_DATE_EPOCH");
    at(&desk, "soon", "build").exits(2).complains("SOURCE_DATE_EPOCH");
    at(&desk, NEXT_DAY, "build").exits(0);
}

#[test]
fn a_changed_pattern_cannot_give_a_number_again() {
    let desk = built();
    let pattern = "number = \"T-{year}-{number:3}\"";
    let own = format!("{pattern}\nsequence = \"continuous\"");
    desk.write("kirjuri.toml", CONFIG.replace(pattern, &own));
    correct(&desk, "north", 2, |north| north["follow_up"] = json!("A second meeting."));
    at(&desk, NEXT_DAY, "build").exits(2).complains("is already in use");
}

#[test]
fn a_document_under_another_name_is_not_registered_twice() {
    let desk = built();
    desk.write("templates/labels/en.json", r#"{"file": {"memo": "notes"}}"#);
    at(&desk, NOW, "build").exits(1).complains("error[registered-renamed]");
    assert_eq!(numbers(&desk).len(), 6);
    desk.remove("templates/labels/en.json");
    desk.edit("records/north.json", |north| north["language"] = json!("sv"));
    at(&desk, NOW, "build").exits(1).complains("under the name talks-north-memo");
    assert_eq!(numbers(&desk).len(), 6);
}

#[test]
fn a_final_document_is_not_made_from_a_draft_of_its_round() {
    let desk = office();
    desk.edit("records/round.json", |round| round["status"] = json!("draft"));
    let run = at(&desk, NOW, "build").exits(1).complains("error[final-of-draft]");
    assert!(!run.issued().contains("talks-north-memo.pdf"));
    assert!(!desk.path("output/talks-north-memo.pdf").exists());
}

#[test]
fn check_reports_what_the_registry_will_refuse() {
    let desk = built();
    desk.replace("records/north.json", "Meeting places", "Reading places");
    at(&desk, NOW, "check").exits(1).complains("error[registered-changed]");
    at(&desk, NOW, "check records/north.json").exits(1).complains("registered-changed");
    at(&desk, NOW, "check records/south.json").exits(0);
}

#[test]
fn a_later_web_copy_is_of_the_issued_version() {
    let desk = built();
    own_templates(&desk);
    desk.replace("records/round.json", "\"title\": \"", "\"title\": \"Newer ");
    desk.edit("records/round.json", |round| {
        round["version"] = json!(2);
        round["corrects"] = json!("The title.");
    });
    at(&desk, NEXT_DAY, "build --web").exits(0);
    let memo = desk.pdf("web/talks-north-memo");
    assert!(!memo.says("Newer") && !memo.says("OWN TEMPLATE"));
    assert!(desk.pdf("web/talks-plan").says("Newer"));
    let run = at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    assert!(run.stdout.contains("the same text 0"), "{}", run.stdout);
}

#[test]
fn secrets_are_not_quoted_on_the_web() {
    let desk = office();
    let sentence = "The Larkspur family asked for help with a closed matter";
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        north["case"]["secrecy_years"] = json!(100);
        let note = json!({ "priority": "mind", "service_area": "adults", "text": sentence,
            "secret": true });
        north["notes"].as_array_mut().unwrap().push(note);
    });
    desk.edit("records/south.json", |south| {
        let text = format!("The north told: {sentence}, and more");
        south["notes"][0]["text"] = json!(text);
    });
    let run = at(&desk, NOW, "build --web").exits(1).complains("error[web-leak]");
    assert!(run.stderr.contains("records/south.json") && run.stderr.contains("north.json"));
    assert!(!desk.path("output/web/talks-south-memo.pdf").exists());
    assert!(desk.pdf("web/talks-north-memo").says("[Secret, JulkL"));
}

#[test]
fn newly_secret_texts_are_searched_in_issued_copies() {
    let desk = office();
    desk.replace(
        "records/north.json",
        "Meeting places are closing",
        "Five meeting places of the north are closing",
    );
    at(&desk, NOW, "build --web").exits(0);
    assert!(desk.pdf("web/talks-summary").says("Five meeting places of the north"));
    correct(&desk, "north", 2, |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        north["case"]["secrecy_years"] = json!(100);
        north["notes"][1]["secret"] = json!(true);
    });
    let run = at(&desk, NEXT_DAY, "build --web").exits(1).complains("error[web-now-secret]");
    assert!(run.stderr.contains("output/web/talks-summary.pdf"), "{}", run.stderr);
    assert!(!desk.pdf("web/talks-north-memo").says("Five meeting places"));
}

#[test]
fn a_name_counted_only_on_the_web_appears_nowhere() {
    let desk = office();
    desk.edit("records/north.json", |north| {
        let person = json!({ "sector": "organisation", "organisation": "Mothers union",
            "name": "Petra Private", "role": "volunteer" });
        north["present"].as_array_mut().unwrap().push(person);
        north["agreed"][0]["who"] = json!("Petra Private");
    });
    let run = at(&desk, NOW, "build --web").exits(1).complains("error[web-name]");
    assert!(run.stderr.contains("petra private"), "{}", run.stderr);
    assert!(!desk.path("output/web/talks-north-memo.pdf").exists());
    at(&desk, NOW, "build").exits(0);
    assert!(desk.pdf("talks-north-memo").says("Petra Private"));
}

#[test]
fn short_words_and_office_holders_block_no_copy() {
    let desk = office();
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        north["case"]["secrecy_years"] = json!(100);
        let person = json!({ "sector": "organisation", "organisation": "Mothers union",
            "name": "Example, Erin" });
        north["present"].as_array_mut().unwrap().push(person);
        for text in ["Version", "No", "Page", "Local clubs", "Families get help early"] {
            let note = json!({ "priority": "mind", "service_area": "adults", "text": text,
                "topic": "Family centres", "secret": true });
            north["notes"].as_array_mut().unwrap().push(note);
        }
    });
    at(&desk, NOW, "build --web").exits(0);
    assert_eq!(desk.pdfs_in("output/web").len(), 6);
}

#[test]
fn a_secret_equal_to_the_head_blocks_no_copy() {
    let desk = office();
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        north["case"]["secrecy_years"] = json!(100);
        for text in [
            "Talks 2025: Alder and Birch, memo",
            "TEST/1/00.01.02/2025 County of Tests Wellbeing North",
            "Erin Example, development manager; Max Model, planner",
        ] {
            let note = json!({ "municipality": "Alder", "text": text, "secret": true });
            north["notes"].as_array_mut().unwrap().push(note);
        }
    });
    at(&desk, NOW, "build --web").exits(0);
    assert_eq!(desk.pdfs_in("output/web").len(), 6);
}

#[test]
fn a_secret_is_found_across_a_page_and_in_an_address() {
    let desk = office();
    let sentence = "The Larkspur family asked for help with a closed matter";
    let address = "https://x.example/larkspur%20family%20asked%20for%20help";
    let long = "A long text of the town about its schools. ".repeat(60);
    for text in [
        format!("See [here]({address})"),
        "The Larkspur [family](https://x.example/a) *asked* for help".to_owned(),
        // the first page ends somewhere in it
        (0..9).map(|_| format!("{long}{sentence}\n\n")).collect(),
    ] {
        desk.edit("records/north.json", |north| {
            north["case"]["publicity"] = json!("partly-secret");
            north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
            north["case"]["secrecy_years"] = json!(100);
            north["notes"][0] = json!({ "priority": "mind", "service_area": "adults",
                "text": sentence, "secret": true });
            north["notes"][1]["text"] = json!(text);
        });
        at(&desk, NOW, "build --web").exits(1).complains("error[web-leak]");
        assert!(!desk.path("output/web/talks-north-memo.pdf").exists(), "{text}");
    }
}

#[test]
fn a_web_copy_of_a_replaced_version_is_reported() {
    let desk = office();
    at(&desk, NOW, "build --web").exits(0);
    correct(&desk, "south", 2, |south| {
        south["case"]["publicity"] = json!("secret");
        south["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        south["case"]["secrecy_years"] = json!(100);
    });
    for _ in 0..3 {
        at(&desk, NEXT_DAY, "build --web").complains("warning[web-left-behind]");
    }
    let due = at(&desk, NEXT_DAY, "registry due").exits(0);
    assert!(due.stdout.contains("talks-south-memo, version 1: replaced"), "{}", due.stdout);
    at(&desk, NEXT_DAY, "registry export --copy web --to web-package").exits(0);
    let package = desk.read("web-package/data/manifest.csv");
    assert!(!package.contains("talks-south-memo") && package.contains("talks-north-memo"));
}

#[test]
fn summaries_are_made_again_though_the_settings_made_their_sessions_secret() {
    let desk = office();
    let class = "[registry.memo]\npublicity = \"partly-secret\"\nsecrecy_years = 50\n\
                 secrecy_basis = \"JulkL 24 § 1 mom. 25 k\"\n";
    desk.write("kirjuri.toml", format!("{CONFIG}\n{class}"));
    for file in ["north", "south"] {
        desk.edit(&format!("records/{file}.json"), |session| {
            session["case"].as_object_mut().unwrap().remove("publicity");
            session["notes"][0]["secret"] = json!(true);
        });
    }
    at(&desk, NOW, "build").exits(0);
    assert!(desk.pdf("talks-north-memo").says("Partly secret"));
    let run = at(&desk, NOW, "registry verify --rebuild").exits(0);
    assert!(run.stdout.contains("identical 6"), "{}", run.stdout);
    assert_eq!(shown(&desk, "talks-north-memo")[0]["metadata"]["secrecy_ends"], "2075-11-05");
}

#[test]
fn user_files_do_not_enter_the_registry_or_replace_issued_pdfs() {
    let desk = built();
    at(&desk, NOW, "registry get talks-north-memo --to registry").exits(2);
    at(&desk, NOW, "registry checkpoint --to registry/c.note").exits(2);
    at(&desk, NOW, "render talks-north-memo --to output").exits(2);
    at(&desk, NOW, "registry verify").exits(0);
    assert_eq!(listed(&desk, "--limit 18446744073709551615").len(), 6);
}

#[test]
fn an_old_index_is_kept_in_the_registry_itself() {
    let desk = built();
    at(&desk, NOW, "registry recover").exits(0);
    assert!(desk.path("registry/old-index-1/registry.sqlite3").exists());
    at(&desk, NOW, "registry verify").exits(0);
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.stdout.contains("unchanged 6"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn a_read_only_registry_can_be_verified() {
    use std::os::unix::fs::PermissionsExt;
    let desk: Desk = built();
    let folder = desk.path("registry");
    let set = |mode| {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    // root can write anyway
    let run = at(&desk, NOW, "registry verify --no-log");
    set(0o755);
    run.exits(0);
}
