//! Mistakes from real documents, as small sets of Finnish records: each is found at its
//! place or prevented.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::desk::{Desk, home};
use crate::findings::{Finding, findings};
use crate::pdf::bare;
use crate::registry::at;

/// 1 October 2025, before the sessions of the records, so that none is overdue.
const NOW: &str = "1759276800";
/// 1 January 2026, after the sessions.
const LATER: &str = "1767225600";

/// Mistakes of one kind.
struct Kind {
    /// Folder `tests/fixtures/mistakes-<fixture>`.
    fixture: &'static str,
    /// Rule and `file field` of every expected finding.
    found: &'static [(&'static str, &'static str)],
    /// Findings that are also allowed.
    beside: &'static [(&'static str, &'static str)],
}

const KINDS: &[Kind] = &[
    // "612/2024" and "611/2024", which are 612/2021 and 611/2021
    Kind {
        fixture: "01-statutes",
        found: &[
            ("statute-unknown", "kierros basis[0].statute"),
            ("statute-unknown", "paatos sections[0].text"),
        ],
        beside: &[],
    },
    // a municipality is missing from its group, though its notes are quoted
    Kind {
        fixture: "02-municipality-left-out",
        found: &[
            ("municipality-nowhere", "kierros municipalities[4]"),
            ("municipality-of-other-group", "pohjoinen notes[2].municipality"),
        ],
        beside: &[],
    },
    // "the same groups", though one municipality has moved
    Kind {
        fixture: "03-groups-not-the-same",
        found: &[("groups-not-same", "paatos sections[0].text")],
        beside: &[],
    },
    // municipalities in another order in every list
    Kind {
        fixture: "04-order-of-municipalities",
        found: &[
            ("municipalities-order", "kierros groups[0].municipalities[1]"),
            ("municipalities-order", "paatos sections[0].text"),
            ("municipalities-order", "pohjoinen distribution[1]"),
        ],
        beside: &[],
    },
    // "17-19", "paikka avoin", a group without a time
    Kind {
        fixture: "05-schedule-with-gaps",
        found: &[
            ("text-placeholder", "kierros schedule[0].place"),
            ("meeting-incomplete", "kierros schedule[1]"),
            ("text-dash", "kierros schedule[2].remark"),
        ],
        beside: &[],
    },
    // days without a year, "ensi vuoden"
    Kind {
        fixture: "06-dates-without-year",
        found: &[
            ("date-without-year", "kierros preparation[0]"),
            ("date-without-year", "kierros preparation[1]"),
            ("date-relative", "paatos sections[0].text"),
        ],
        beside: &[],
    },
    // a unit by two names; hyte, hytetu, hy-te-tu and HYTETU
    Kind {
        fixture: "07-one-thing-two-names",
        found: &[
            ("unit-two-names", "kierros-2025 authority.unit"),
            ("term-variant", "paatos sections[1].text"),
            ("term-variant", "paatos sections[2].text"),
            ("term-variant", "paatos sections[4].text"),
        ],
        beside: &[
            ("abbreviation-unknown", "paatos sections[1].text"),
            ("abbreviation-unknown", "paatos sections[4].text"),
        ],
    },
    // "(89 §)" and "(§ 80)", "6§", "4mom"
    Kind {
        fixture: "08-citations",
        found: &[
            ("citation-style", "paatos sections[0].text"),
            ("citation-style", "paatos sections[2].text"),
            ("citation-style", "paatos sections[3].text"),
        ],
        beside: &[],
    },
    // the same date twice in a sentence, the same link four times
    Kind {
        fixture: "09-said-twice",
        found: &[
            ("link-repeated", "kierros materials[1].link"),
            ("link-repeated", "kierros materials[2].link"),
            ("link-repeated", "kierros materials[3].link"),
            ("date-repeated", "paatos sections[0].text"),
            ("link-repeated", "paatos sections[1].text"),
        ],
        beside: &[],
    },
    // the same passage in other words
    Kind {
        fixture: "10-shared-text-in-other-words",
        found: &[
            ("text-shared", "paatos sections[2].text"),
            ("text-shared", "paatos sections[3].text"),
            ("text-shared", "paatos sections[4].text"),
        ],
        beside: &[],
    },
    // no title, no competence, no presenter, no proposed decision
    Kind {
        fixture: "11-parts-missing",
        found: &[
            ("final-needs", "osia-puuttuu competence"),
            ("final-needs", "osia-puuttuu presenter"),
            ("final-needs", "osia-puuttuu motion"),
            ("field-missing", "otsikko-puuttuu title"),
        ],
        beside: &[],
    },
    // "Vt." by hand, and offices that have changed hands
    Kind {
        fixture: "12-offices",
        found: &[
            ("office-expired", "entinen presenter.name"),
            ("office-acting", "sijainen-ilman-merkintaa presenter.acting"),
            ("office-acting-written", "sijainen presenter.title"),
        ],
        beside: &[],
    },
    // numbers of slides typed by hand
    Kind {
        fixture: "13-slide-numbers",
        found: &[
            ("slide-number-typed", "koonti general[0]"),
            ("slide-number-typed", "koonti general[1]"),
        ],
        beside: &[],
    },
    // hva, Äki, srk and SPR
    Kind {
        fixture: "14-abbreviations",
        found: &[
            ("abbreviation-unexplained", "pohjoinen notes[0].text"),
            ("abbreviation-unexplained", "pohjoinen notes[1].text"),
            ("abbreviation-unexplained", "pohjoinen notes[2].text"),
            ("abbreviation-unexplained", "pohjoinen notes[3].text"),
        ],
        beside: &[],
    },
    // what a scanner made of ä and ö
    Kind {
        fixture: "15-scanned",
        found: &[
            ("text-umlauts-lost", "paatos sections[0].text"),
            ("text-umlauts-lost", "paatos sections[1].text"),
            ("text-stray", "paatos sections[2].text"),
            ("text-stray", "paatos sections[3].text"),
            ("text-stray", "paatos sections[4].text"),
        ],
        beside: &[("character-unknown", "paatos sections[3].text")],
    },
    // two stops, a broken word, a sentence cut at "ja", a word twice, spaces
    Kind {
        fixture: "16-slips",
        found: &[
            ("text-stops", "pohjoinen notes[0].text"),
            ("text-word-broken", "pohjoinen notes[1].text"),
            ("text-cut", "pohjoinen notes[2].text"),
            ("text-word-twice", "pohjoinen notes[3].text"),
            ("text-spaces", "pohjoinen notes[4].text"),
            ("text-brackets", "pohjoinen notes[4].text"),
            ("text-word-broken", "pohjoinen notes[5].text"),
            ("text-word-broken", "pohjoinen notes[6].text"),
            ("text-hyphen", "pohjoinen notes[7].text"),
        ],
        beside: &[],
    },
    // a badly scanned text is one finding, not one for each word
    Kind {
        fixture: "17-scanned-throughout",
        found: &[
            ("text-ruined", "paatos sections[0].text"),
            ("text-ruined", "paatos sections[1].text"),
        ],
        beside: &[],
    },
    // the same person twice, present and absent
    Kind {
        fixture: "18-attendance",
        found: &[
            ("attendance-twice", "pohjoinen present[2]"),
            ("attendance-twice", "pohjoinen present[3]"),
            ("attendance-both", "pohjoinen absent[0]"),
        ],
        beside: &[],
    },
    // texts that look like mistakes but are correct
    Kind { fixture: "19-none", found: &[], beside: &[] },
];

/// Rule and `file field` of all findings.
fn found(fixture: &str) -> Vec<(String, String)> {
    let mut all = findings(&Desk::fixture(&format!("mistakes-{fixture}")), NOW);
    // sessions in the future are not part of this test
    all.retain(|finding| !["date-future", "issued-future"].contains(&finding.rule));
    let finding = |finding: Finding| {
        assert!(finding.line > 0, "{fixture}: {finding:?}");
        (finding.rule.to_owned(), finding.place())
    };
    all.into_iter().map(finding).collect()
}

#[test]
fn mistakes_of_real_documents_are_found_at_their_places() {
    let mut failed = Vec::new();
    for kind in KINDS {
        let owned = |(rule, place): &(&str, &str)| ((*rule).to_owned(), (*place).to_owned());
        let mut wanted: Vec<_> = kind.found.iter().map(owned).collect();
        let beside: Vec<_> = kind.beside.iter().map(owned).collect();
        let mut found = found(kind.fixture);
        found.retain(|one| !beside.contains(one));
        wanted.sort();
        found.sort();
        if found != wanted {
            failed.push(format!("{}\n  wanted {wanted:?}\n  found  {found:?}", kind.fixture));
        }
    }
    assert!(failed.is_empty(), "\n{}\n", failed.join("\n"));
}

#[test]
fn every_fixture_of_mistakes_is_used() {
    let folders = std::fs::read_dir(home().join("tests/fixtures")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let folders: BTreeSet<String> =
        folders.filter_map(|name| name.strip_prefix("mistakes-").map(ToOwned::to_owned)).collect();
    let used: BTreeSet<String> = KINDS.iter().map(|kind| kind.fixture.to_owned()).collect();
    assert_eq!(folders, used);
}

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
