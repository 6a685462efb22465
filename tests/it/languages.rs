//! Documents in two languages, and corrections that name the number of the replaced
//! version.

use serde_json::json;

use crate::desk::Desk;
use crate::findings::findings;
use crate::pdf::bare;
use crate::registry::{CONFIG, NEXT_DAY, NOW, at, built, correct, office, shown};

#[test]
fn a_joint_document_is_identified_in_its_records_own_language() {
    let desk = Desk::fixture("small").lay("bilingual");
    desk.write("kirjuri.toml", format!("bilingual = \"together\"\n{CONFIG}"));
    at(&desk, NOW, "build").exits(0);
    for document in ["talks-north-memo", "talks-plan"] {
        let pages = desk.pdf(document).pages();
        let last = pages.last().unwrap();
        for said in ["Register number", ", registered 24 November 2025", "Record", "Made with"] {
            assert!(last.contains(&bare(said)), "{document}: {said}: {last}");
        }
        assert!(!last.contains("registrerad"), "{document}: {last}");
        assert_eq!(desk.pdf(document).language().as_deref(), Some("en-FI"), "{document}");
    }
    at(&desk, NOW, "registry verify --rebuild").exits(0);
}

#[test]
fn a_draft_in_two_languages_has_its_mark_once_on_each_page() {
    let desk = Desk::fixture("bilingual").without_judgement();
    let settings = desk.read("kirjuri.toml");
    desk.write("kirjuri.toml", format!("bilingual = \"together\"\n{settings}"));
    for file in desk.records() {
        desk.edit(&file, |record| record["status"] = json!("draft"));
    }
    let ran = desk.run(["build"]);
    assert!(!ran.stderr.contains("layout-"), "{}", ran.stderr);
    ran.exits(0);
    for name in ["talks-plan", "talks-summary", "talks-north-memo"] {
        for page in desk.pdf(name).pages() {
            let marks = page.matches("DRAFT").count() + page.matches("UTKAST").count();
            assert_eq!(marks, 1, "{name}: {page}");
        }
    }
}

#[test]
fn a_correction_names_the_number_that_it_replaces() {
    let desk = office();
    at(&desk, NOW, "build --web").exits(0);
    let old = |name: &str| shown(&desk, name)[0]["metadata"]["number"].as_str().unwrap().to_owned();
    for file in ["north", "item", "plan", "round"] {
        correct(&desk, file, 2, |_| ());
    }
    at(&desk, NEXT_DAY, "build --web").exits(0);
    for name in ["talks-north-memo", "item-proposal", "plan-measures", "talks-plan"] {
        let said =
            format!("Replaces the document with the register number {}. A mistake.", old(name));
        assert!(desk.pdf(name).says(&said), "{name}");
        if desk.path(&format!("output/web/{name}.pdf")).exists() {
            assert!(desk.pdf(&format!("web/{name}")).says(&said), "web/{name}");
        }
    }
    // nothing is out of date, and each is rebuilt with its number
    let run = at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(run.stdout.contains("issued 0"), "{}", run.stdout);
    let run = at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
    assert!(run.stdout.contains("same text 0"), "{}", run.stdout);
}

#[test]
fn a_later_web_copy_names_it_too() {
    let desk = built();
    correct(&desk, "north", 2, |_| ());
    at(&desk, NEXT_DAY, "build").exits(0);
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(
        desk.pdf("web/talks-north-memo").says("Replaces the document with the register number")
    );
    at(&desk, NEXT_DAY, "registry verify --rebuild").exits(0);
}

/// A Finnish round with a session, both also in Swedish.
fn finnish() -> Desk {
    let desk = Desk::fixture("small");
    for file in ["round", "north"] {
        desk.edit(&format!("records/{file}.json"), |record| {
            record["language"] = json!("fi");
            record["also_in"] = json!(["sv"]);
        });
    }
    desk.edit("records/round.json", |round| {
        round["title"] = json!({ "fi": "Neuvottelut 2025", "sv": "Förhandlingarna 2025" });
        round["priorities"][0]["name"] = json!("Arjen turvallisuus");
        round["groups"][0]["name"] = json!("Pohjoinen ryhmä");
    });
    desk.edit("records/north.json", |north| {
        north["follow_up"] = json!({ "fi": "Muistio lähetetään.", "sv": "Promemorian sänds." });
        north["place"] = json!("Kaupungintalo");
        north["chair"]["role"] = json!("kehittämispäällikkö");
        north["secretary"]["role"] = json!("kehittämispäällikkö");
        north["present"][0]["organisation"] = json!("Alderin kaupunki");
        north["agreed"][0]["what"] = json!("Perustetaan verkosto");
    });
    desk
}

#[test]
fn finnish_short_texts_in_a_swedish_document_are_found() {
    let desk = finnish();
    let found = findings(&desk, NOW);
    let fields = |file: &str| -> Vec<String> {
        let own = found.iter().filter(|one| one.rule == "text-untranslated" && one.file == file);
        own.map(|one| one.field.clone()).collect()
    };
    let north = fields("north");
    for field in ["place", "chair.role", "present[0].organisation", "agreed[0].what"] {
        assert!(north.contains(&field.to_owned()), "{field}: {north:?}");
    }
    // the same text is reported once, and names are not
    assert!(!north.iter().any(|field| field.starts_with("secretary")), "{north:?}");
    assert!(!north.iter().any(|field| field.ends_with(".name")), "{north:?}");
    let round = fields("round");
    for field in ["priorities[0].name", "groups[0].name"] {
        assert!(round.contains(&field.to_owned()), "{field}: {round:?}");
    }
}

#[test]
fn a_record_and_a_round_in_different_languages_are_reported() {
    let desk = Desk::fixture("small");
    desk.edit("records/north.json", |north| north["language"] = json!("sv"));
    let run = at(&desk, NOW, "check").exits(0).complains("warning[round-untranslated]");
    run.complains("records/north.json");
}
