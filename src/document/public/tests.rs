//! Views of public documents, web copies and documents that are not public, from
//! records with secrets of every kind.

mod planned;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::bundle::Bundle;
use crate::document::{
    Bilingual, EDITION, Registration, SharedTexts, ViewContext, WebCopy, documents, view,
};
use crate::locale::{Locales, NBSP};
use crate::model::{Date, Status};

const PROVISION: &str = "JulkL 24 § 1 mom. 25 k";

/// What only the secret session holds, and what was planned for it.
const HIDDEN: [&str; 15] = [
    "s-beta",
    "8.11.2025",
    "2.10.2025",
    "Aiottu sali",
    "16.30",
    "Kätkö",
    "hybridi",
    "Nimetön Osallistuja",
    "Salattu aihe",
    "Beetan salattu nosto",
    "Salattu sopimus",
    "Salattu kommentti",
    "4 henkilöä",
    "Beetan sihteeri",
    "liite-beeta",
];

fn set(records: &[Value]) -> RecordSet {
    let sources = records.iter().map(|record| {
        let text = record.to_string();
        let record = Record::from_json(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        Source {
            file: PathBuf::from(format!("{}.json", record.id())),
            text: text.into(),
            record: record.into(),
            translations: Vec::new(),
        }
    });
    RecordSet::new(sources, Vec::new())
}

fn round() -> Value {
    json!({
        "kind": "round", "id": "r", "status": "final", "language": "fi", "title": "Kierros",
        "years": { "from": 2025 }, "authority": { "name": "Alue" },
        "municipalities": ["Ahola", "Aittola", "Beeta", "Bovik"],
        "groups": [
            { "id": "alfa", "name": "Pohjoinen ryhmä", "municipalities": ["Aittola", "Ahola"] },
            { "id": "beta", "short": "Beeta", "municipalities": ["Beeta", "Bovik"] },
        ],
        "schedule": [
            { "group": "alfa", "date": "2025-10-01", "start": "13:00", "mode": "remote" },
            { "group": "beta", "date": "2025-10-02", "start": "13:00", "mode": "in-person",
              "place": "Aiottu sali" },
        ],
        "priorities": [{ "id": "p", "name": "Turva" }],
        "service_areas": [{ "id": "x", "name": "Lapset" }, { "id": "y", "name": "Aikuiset" }],
        "goals": [{ "priority": "p", "service_area": "x", "goal": "Tavoite" }],
    })
}

fn alfa() -> Value {
    json!({
        "kind": "session", "id": "s-alfa", "status": "final", "language": "fi", "round": "r",
        "group": "alfa", "date": "2025-10-01", "start": "13:00", "end": "15:00", "mode": "remote",
        "present": [{ "sector": "municipality", "organisation": "Ahola", "count": 3 }],
        "notes": [{ "priority": "p", "service_area": "x", "text": "Alfan nosto" }],
    })
}

/// Held elsewhere, on another day and in another way than was planned.
fn beta() -> Value {
    json!({
        "kind": "session", "id": "s-beta", "status": "draft", "language": "fi", "round": "r",
        "group": "beta", "date": "2025-11-08", "start": "16:30", "end": "18:00", "mode": "hybrid",
        "place": "Kätkö", "case": { "publicity": "secret", "secrecy_basis": PROVISION },
        "secretary": { "role": "Beetan sihteeri" },
        "present": [
            { "sector": "company", "organisation": "Yhtiö", "name": "Nimetön Osallistuja" },
            { "sector": "municipality", "organisation": "Beeta", "count": 4 },
        ],
        "notes": [
            { "priority": "p", "service_area": "y", "topic": "Salattu aihe",
              "text": "Beetan salattu nosto" },
            { "municipality": "Bovik", "text": "Beetan salattu nosto" },
        ],
        "agreed": [{ "what": "Salattu sopimus", "who": "Beeta" }],
        "comments": [{ "from": "Yhtiö", "sector": "company", "received": "2025-11-09",
            "text": "Salattu kommentti" }],
        "attachments": [{ "title": "liite-beeta" }],
    })
}

fn proposal() -> Value {
    json!({
        "kind": "proposal", "id": "item", "status": "final", "language": "fi", "title": "Asia",
        "body": "Aluehallitus", "meeting_date": "2025-12-01", "round": "r", "action": "note",
        "sections": [{ "block": "schedule" }, { "block": "groups" }, { "block": "participants" }],
        "attachments": [{ "record": "s-beta" }, { "title": "Avoin" }],
    })
}

fn summary() -> Value {
    json!({
        "kind": "summary", "id": "k", "status": "final", "language": "fi", "round": "r",
        "date": "2025-12-10",
    })
}

fn on_the_web(document: &Document) -> Document {
    let web = Some(WebCopy { remove_on: None });
    let registration = Registration {
        number: "1".into(),
        day: Date::new(2025, 12, 11).unwrap(),
        program: "1".into(),
        replaces: None,
        edition: EDITION,
        web,
    };
    Document { registration: Some(registration), ..document.clone() }
}

/// What a document says, as JSON with plain spaces and without escapes of
/// CommonMark.
fn said(document: &Document, records: &Records) -> Value {
    let locales = Locales::load(&Bundle::built_in()).unwrap();
    let texts = SharedTexts::load(&Bundle::built_in()).unwrap();
    let context = ViewContext {
        set: records.visible_in(document).in_language(document.language),
        locale: locales.of(document.language),
        identification: locales.of(document.language),
        texts: &texts,
        authority: "Alue",
        template_set: "t",
        attach: true,
        web: document.is_web_copy(),
        first: true,
        last: true,
    };
    let view = view(document, &context).expect("its records are there");
    let text = serde_json::to_string(&view).unwrap().replace(NBSP, " ").replace(r"\\", "");
    serde_json::from_str(&text).unwrap()
}

fn of_kind(kind: DocumentKind, source: &str, set: &RecordSet) -> Document {
    let mut all = documents(set, Bilingual::Separate).into_iter();
    all.find(|one| one.kind == kind && one.source.as_str() == source).expect("it is called for")
}

#[test]
fn a_secret_session_is_in_nothing_public() {
    for records in [
        vec![round(), alfa(), beta(), proposal(), summary()],
        vec![round(), alfa(), beta(), proposal()],
    ] {
        let records = Records::from(set(&records));
        let public = documents(&records, Bilingual::Separate);
        let public: Vec<_> = public.iter().filter(|one| one.source.as_str() != "s-beta").collect();
        assert_eq!(public.len(), 4);
        for document in public {
            for document in [document.clone(), on_the_web(document)] {
                let text = said(&document, &records).to_string();
                for hidden in HIDDEN {
                    assert!(!text.contains(hidden), "{:?}: {hidden}: {text}", document.kind);
                }
            }
        }
        let own = said(&of_kind(DocumentKind::Memo, "s-beta", &records), &records).to_string();
        for shown in ["8.11.2025", "16.30", "Kätkö", "Beetan salattu nosto", "liite-beeta"] {
            assert!(own.contains(shown), "{shown}: {own}");
        }
    }
}

#[test]
fn the_public_schedule_and_the_figures_are_those_of_the_open_sessions() {
    let records = Records::from(set(&[round(), alfa(), beta(), summary()]));
    let deck = said(&of_kind(DocumentKind::Summary, "k", &records), &records);
    let rows = slide(&deck, "schedule")["rows"].to_string();
    assert!(rows.contains("1.10.2025") && !rows.contains("2.10.2025"), "{rows}");
    let figures = slide(&deck, "implementation")["items"].to_string();
    assert!(figures.contains("1.10.2025") && figures.contains("3"), "{figures}");
    assert!(!figures.contains("2.10.2025") && !figures.contains("hybridi"), "{figures}");
}

#[test]
fn a_summary_neither_waits_for_a_secret_session_nor_misses_its_group() {
    let status = |records: &[Value]| {
        let set = set(records);
        documents(&set, Bilingual::Separate)
            .into_iter()
            .find(|one| one.kind == DocumentKind::Summary)
            .map(|one| one.status)
    };
    assert_eq!(beta()["status"], "draft");
    assert_eq!(status(&[round(), alfa(), beta(), summary()]), Some(Status::Final));
    assert_eq!(status(&[round(), alfa(), summary()]), Some(Status::Draft));
    // nothing says that a session was held of which nobody may know
    assert_eq!(status(&[round(), beta()]), None);
}

#[test]
fn an_attached_document_of_a_secret_record_keeps_its_number_and_loses_its_title() {
    let mut alfa = alfa();
    alfa["case"] = json!({ "publicity": "partly-secret", "secrecy_basis": "JulkL 24 §" });
    alfa["attachments"] = json!([{ "record": "s-beta" }, { "title": "Avoin" }]);
    let records = Records::from(set(&[round(), alfa, beta()]));
    let memo = of_kind(DocumentKind::Memo, "s-alfa", &records);
    let whole = said(&memo, &records)["attachments"].clone();
    assert_eq!(whole[0]["title"], "Muistio: Beeta ja Bovik, 8.11.2025");
    let web = said(&on_the_web(&memo), &records)["attachments"].clone();
    assert_eq!(web[0]["title"], format!("[Salassa pidettävä, {PROVISION}]"));
    assert_eq!((&web[0]["label"], &web[1]), (&whole[0]["label"], &whole[1]));
}

/// One secret note in each place that a note can have, each beside a public one.
fn partly_secret() -> Value {
    let mut session = alfa();
    session["case"] = json!({ "publicity": "partly-secret", "secrecy_basis": PROVISION });
    let places = [
        json!({ "priority": "p", "service_area": "x" }),
        json!({ "priority": "p", "service_areas": ["x", "y"] }),
        json!({ "priority": "p" }),
        json!({ "municipality": "Aittola" }),
        json!({ "sector": "parish" }),
        json!({ "sector": "company" }),
        json!({}),
    ];
    let mut notes = Vec::new();
    for (number, place) in places.iter().enumerate() {
        for secret in [true, false] {
            let mut note = place.clone();
            let word = if secret { "Piilotettu" } else { "Avoin" };
            note["topic"] = json!(format!("{word} aihe {number}"));
            note["text"] = json!(format!("{word} teksti {number}"));
            note["secret"] = json!(secret);
            notes.push(note);
        }
    }
    session["notes"] = json!(notes);
    session
}

/// Everything but the texts of notes, what a copy says of itself, and people.
fn structure(view: &Value) -> Value {
    match view {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "text" && *name != "meta");
            kept.map(|(name, value)| (name.clone(), structure(value))).collect()
        }
        Value::Array(all) => all.iter().map(structure).collect(),
        other => other.clone(),
    }
}

#[test]
fn sections_and_numbers_of_a_web_copy_are_those_of_the_archive_copy() {
    let records = Records::from(set(&[round(), partly_secret(), beta(), summary()]));
    let memo = of_kind(DocumentKind::Memo, "s-alfa", &records);
    let (whole, web) = (said(&memo, &records), said(&on_the_web(&memo), &records));
    assert_eq!(structure(&whole), structure(&web));
    assert_eq!(web["emphases"]["body"][0]["whose"], "Aittola");
    assert!(whole.to_string().contains("Piilotettu teksti 6"));
    assert!(!web.to_string().contains("Piilotettu"), "{web}");
    // a section that has nothing but secret notes stays too
    let mut session = partly_secret();
    let notes = session["notes"].as_array_mut().unwrap();
    notes.retain(|note| note["secret"] == json!(true));
    let records = Records::from(set(&[round(), session]));
    let (whole, web) = (said(&memo, &records), said(&on_the_web(&memo), &records));
    assert_eq!(structure(&whole), structure(&web));
    assert_eq!(web["views"]["number"], whole["views"]["number"]);
}

#[test]
fn every_secret_note_leaves_its_mark_in_its_section_of_the_summary() {
    let records = Records::from(set(&[round(), partly_secret(), summary()]));
    let deck = said(&of_kind(DocumentKind::Summary, "k", &records), &records);
    assert!(!deck.to_string().contains("Piilotettu"), "{deck}");
    let marks = |key: &str| slide(&deck, key).to_string().matches("Salassa pidettävä").count();
    for (key, count) in
        [("priorities", 3), ("groups", 3), ("emphases", 2), ("organisations", 1), ("companies", 1)]
    {
        assert_eq!(marks(key), count, "{key}: {}", slide(&deck, key));
    }
    let emphases = slide(&deck, "emphases")["items"][0]["text"].to_string();
    assert!(emphases.starts_with("\"Aittola: "), "{emphases}");
    // a forum's are on its own slide
    let mut forum = partly_secret();
    forum["forum"] = json!({ "title": "Foorumi", "sector": "organisation" });
    forum.as_object_mut().unwrap().remove("group");
    let records = Records::from(set(&[round(), forum, summary()]));
    let deck = said(&of_kind(DocumentKind::Summary, "k", &records), &records);
    let slide = slide(&deck, "organisations").to_string();
    assert_eq!(slide.matches("Salassa pidettävä").count(), 4, "{slide}");
}

#[test]
fn a_secret_note_of_each_group_has_a_mark_of_its_own() {
    let mut other = partly_secret();
    (other["id"], other["group"]) = (json!("s-other"), json!("beta"));
    let records = Records::from(set(&[round(), partly_secret(), other, summary()]));
    let deck = said(&of_kind(DocumentKind::Summary, "k", &records), &records);
    let cell = slide(&deck, "priorities")["matrix"]["rows"][0]["cells"][0]["notes"].clone();
    let marks = cell.as_array().unwrap().iter().filter(|note| note.to_string().contains("Salassa"));
    let whose: Vec<&Value> = marks.map(|note| &note["groups"]).collect();
    assert_eq!(whose, [&json!("Aittola"), &json!("Beeta")]);
}

#[test]
fn a_named_group_shows_its_municipalities_everywhere() {
    let full = "Pohjoinen ryhmä (Ahola ja Aittola)";
    let mut proposal = proposal();
    proposal["attachments"] = json!([{ "record": "s-alfa" }]);
    let records = Records::from(set(&[round(), alfa(), proposal, summary()]));
    let memo = said(&of_kind(DocumentKind::Memo, "s-alfa", &records), &records);
    assert_eq!(memo["lead"], full);
    let deck = said(&of_kind(DocumentKind::Summary, "k", &records), &records);
    assert_eq!(slide(&deck, "schedule")["rows"][0]["who"], full);
    assert_eq!(slide(&deck, "groups")["title"], full);
    assert_eq!(slide(&deck, "groups")["sub"], "Neuvottelu 1.10.2025, muistio 1.10.2025");
    let plan = said(&of_kind(DocumentKind::Plan, "r", &records), &records);
    assert_eq!(slide(&plan, "schedule")["rows"][0]["who"], full);
    let item = said(&of_kind(DocumentKind::Proposal, "item", &records), &records);
    assert_eq!(item["sections"][0]["schedule"][0]["who"], full);
    assert_eq!(item["sections"][1]["groups"][0]["name"], "Pohjoinen ryhmä");
    assert_eq!(item["sections"][1]["groups"][0]["municipalities"], "Ahola ja Aittola");
    assert_eq!(item["attachments"][0]["title"], format!("Muistio: {full}, 1.10.2025"));
}

#[test]
fn a_name_that_says_all_municipalities_says_them_once() {
    let mut round = round();
    round["groups"][0]["name"] = json!("Ahola ja Aittola yhdessä");
    let records = Records::from(set(&[round, alfa()]));
    let memo = said(&of_kind(DocumentKind::Memo, "s-alfa", &records), &records);
    assert_eq!(memo["lead"], "Ahola ja Aittola yhdessä");
}

#[test]
fn no_subtitle_of_a_public_document_names_a_record() {
    let records = Records::from(set(&[round(), partly_secret(), summary(), proposal()]));
    let ids: Vec<String> = records
        .iter()
        .map(|source| source.record.id().to_string())
        .filter(|id| id.len() > 1)
        .collect();
    for document in documents(&records, Bilingual::Separate) {
        let deck = said(&document, &records);
        for slide in deck["slides"].as_array().into_iter().flatten() {
            for (_, slide) in slide.as_object().unwrap() {
                let head = format!("{} {}", slide["title"], slide["sub"]);
                assert!(ids.iter().all(|id| !head.contains(id)), "{head}");
            }
        }
    }
}

/// The first slide with a key, whichever form it takes.
fn slide<'a>(deck: &'a Value, key: &str) -> &'a Value {
    let slides = deck["slides"].as_array().unwrap().iter();
    let mut bodies = slides.filter_map(|slide| slide.as_object()?.values().next());
    bodies.find(|slide| slide["key"] == key).unwrap_or_else(|| panic!("no slide {key}: {deck}"))
}
