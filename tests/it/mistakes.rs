//! What becomes of the mistakes of real documents beyond their findings, which are in
//! `fixtures/mistakes-*/expected`: they are corrected, or the program makes them impossible.

use serde_json::Value;

use crate::desk::Desk;
use crate::findings::findings;
use crate::pdf::bare;
use crate::registry::at;

/// 1 October 2025, before the sessions of the records, so that none is overdue.
pub const NOW: &str = "1759276800";
/// 1 January 2026, after the sessions.
const LATER: &str = "1767225600";

#[test]
fn slides_name_their_group_and_have_their_number_whatever_is_typed() {
    let desk = Desk::fixture("mistakes-13-slide-numbers");
    at(&desk, LATER, "build").exits(0);
    let pages = desk.pdf("neuvottelut-2025-koonti").pages();
    for (index, page) in pages.iter().enumerate() {
        assert!(page.ends_with(&(index + 1).to_string()), "slide {}: {page}", index + 1);
    }
    for group in ["Pohjoinen kuntaryhmä", "Eteläinen kuntaryhmä"] {
        let slides = pages.iter().filter(|page| page.starts_with(&bare(group)));
        assert_eq!(slides.count(), 1, "{group}");
    }
    let of_clubs =
        pages.iter().position(|page| page.starts_with(&bare("Järjestöt ja seurakunnat")));
    let reference = bare(&format!("Järjestöjen näkökulma: dia {}.", of_clubs.unwrap() + 1));
    assert!(pages.concat().contains(&reference), "{reference}");
}

#[test]
fn an_order_of_municipalities_is_put_right_by_one_rule() {
    let desk = Desk::fixture("mistakes-04-order-of-municipalities");
    at(&desk, NOW, "check --fix --yes");
    let mut left = findings(&desk, NOW);
    left.retain(|finding| finding.rule == "municipalities-order");
    let left: Vec<&str> = left.iter().map(|finding| finding.field.as_str()).collect();
    // the order in a sentence may be intended, and a distribution has more than names:
    // both are corrected by hand
    assert_eq!(left, ["sections[0].text", "distribution[1]"]);
    let round: Value = serde_json::from_str(&desk.read("records/kierros.json")).unwrap();
    let names = &round["groups"][0]["municipalities"];
    assert_eq!(*names, serde_json::json!(["Hankasalmi", "Uurainen", "Äänekoski"]));
}

#[test]
fn participants_listed_twice_are_counted_once() {
    let desk = Desk::fixture("mistakes-18-attendance");
    desk.edit("records/pohjoinen.json", |record| record["status"] = "draft".into());
    at(&desk, NOW, "build");
    let memo = desk.pdf("neuvottelu-pohjoinen-muistio");
    assert!(memo.says("Läsnä yhteensä: 4 henkilöä"), "one by name, three by count");
    // the record accepts two people with the same name
    desk.edit("records/pohjoinen.json", |record| {
        record["accept"] = serde_json::json!([{
            "rule": "attendance-twice", "field": "present[2]", "reason": "Kaksi samannimistä",
        }]);
    });
    at(&desk, NOW, "build");
    let memo = desk.pdf("neuvottelu-pohjoinen-muistio");
    assert!(memo.says("Läsnä yhteensä: 5 henkilöä"), "the accepted one is counted");
}

const NORTH: &str = "records/north.json";

/// A record before and after `check --fix`, with a change.
fn mended(change: impl FnOnce(&mut Value)) -> (Value, Value) {
    let desk = Desk::fixture("small");
    let read = || serde_json::from_str::<Value>(&desk.read(NORTH)).unwrap();
    let before = read();
    desk.edit(NORTH, change);
    at(&desk, LATER, "check --fix --yes");
    (before, read())
}

#[test]
fn translated_values_are_corrected_in_every_field() {
    let (before, after) = mended(|north| {
        for (field, word) in [
            ("kind", "Muistio"),
            ("status", "lopullinen"),
            ("language", "englanti"),
            ("mode", "etänä"),
        ] {
            north[field] = word.into();
        }
        north["case"]["publicity"] = "julkinen".into();
        for person in north["present"].as_array_mut().unwrap() {
            if person["sector"] == "municipality" {
                person["sector"] = "kunta".into();
            }
        }
    });
    assert_eq!(after, before);
}

#[test]
fn nested_translated_field_names_are_corrected() {
    // the whole record in Finnish and Swedish words
    let names = [
        ("kind", "laji"),
        ("date", "päivä"),
        ("start", "alkaa"),
        ("end", "slut"),
        ("mode", "tapa"),
        ("chair", "Puheenjohtaja"),
        ("name", "nimi"),
        ("role", "rooli"),
        ("present", "läsnä"),
        ("organisation", "organisaatio"),
        ("count", "antal"),
        ("text", "teksti"),
        ("recipient", "mottagare"),
        ("municipality", "kunta"),
    ];
    let desk = Desk::fixture("small");
    let before: Value = serde_json::from_str(&desk.read(NORTH)).unwrap();
    let mut text = desk.read(NORTH);
    for (name, word) in names {
        let written = text.replace(&format!("\"{name}\":"), &format!("\"{word}\":"));
        assert!(written != text, "{name} is in the record");
        text = written;
    }
    desk.write(NORTH, text.replace("\"session\"", "\"muistio\""));
    at(&desk, LATER, "check records/north.json").exits(1).complains("did you mean `date`?");
    at(&desk, LATER, "check --fix --yes");
    let after: Value = serde_json::from_str(&desk.read(NORTH)).unwrap();
    assert_eq!(after, before);
    // when both fields exist, a person decides
    desk.edit(NORTH, |north| north["päivä"] = "2025-10-24".into());
    at(&desk, LATER, "check --fix --yes").exits(1);
    assert!(desk.read(NORTH).contains("päivä"));
}

#[test]
fn the_kind_is_guessed_from_the_fields() {
    let (before, after) = mended(|north| north["kind"] = "keskustelu".into());
    assert_eq!(after, before);
    let (before, after) = mended(|north| {
        north.as_object_mut().unwrap().remove("kind");
    });
    assert_eq!(after, before);
    // when value and fields mean different kinds, a person decides
    let (_, after) = mended(|north| north["kind"] = "koonti".into());
    assert_eq!(after["kind"], "koonti");
}

#[test]
fn a_record_with_more_faults_than_reported_is_corrected() {
    let (_, after) = mended(|north| {
        let person = |index: usize| {
            serde_json::json!({
                "name": format!("Person{index} Example"), "sector": "kunta", "organisation": "Alder",
            })
        };
        north["present"] = (0..120).map(person).collect();
    });
    let present = after["present"].as_array().unwrap();
    assert_eq!(present.len(), 120);
    assert!(present.iter().all(|person| person["sector"] == "municipality"));
}

#[test]
fn abbreviations_ignore_case() {
    let found = |texts: [&str; 4]| {
        let desk = Desk::fixture("mistakes-14-abbreviations");
        desk.edit("records/pohjoinen.json", |record| {
            record["notes"] =
                texts.map(|text| serde_json::json!({ "text": text })).into_iter().collect();
        });
        let all = findings(&desk, LATER).into_iter();
        let own = all.filter(|finding| finding.file == "pohjoinen");
        let own = own.filter(|finding| finding.rule.starts_with("abbreviation"));
        own.map(|finding| finding.field).collect::<Vec<_>>()
    };
    let never = [
        "Alueen SRK tukee perheitä",
        "Yhteistyö SRK:n kanssa jatkuu ja srk auttaa",
        "Kunta ja hva sopivat. HVA vastaa",
        "Muu HVA ei vastaa",
    ];
    assert_eq!(found(never), ["notes[0].text", "notes[2].text"], "each once");
    let explained = [
        "Alueen SRK tukee perheitä",
        "Yhteistyö seurakunnan (srk) kanssa jatkuu",
        "Kunta ja hyvinvointialue (hva) sopivat. HVA vastaa",
        "Muu hva ei vastaa",
    ];
    assert_eq!(found(explained), Vec::<String>::new());
}
