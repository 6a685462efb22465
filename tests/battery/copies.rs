//! Battery `copies`: web copies of random record sets with secrets. A copy that would
//! reveal a secret in any form is refused; all others are issued, and an independent
//! reader finds no secret in them.

use std::collections::BTreeSet;
use std::time::Instant;

use lopdf::{Document, Object};
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::chance::Chance;
use crate::desk::{Desk, small};
use crate::{is_broken, number};

/// Default number of copies.
const COPIES: u64 = 60;
/// Groups of a round, each with its session.
const GROUPS: usize = 10;
/// Off, because a secret in a title is refused before typesetting: this battery examines
/// the copy.
const SETTINGS: &str = "[check.rules]\nsecret-in-title = \"off\"\n";
/// Maximum number of failures shown.
const SHOWN: usize = 10;

/// Secrets of a session.
struct Hidden {
    id: String,
    /// Unique words and names: none may be in any copy.
    unique: Vec<String>,
    /// How and where a secret was planted in a public part, if it was.
    planted: Option<String>,
}

/// Builds the copies; true when none contains a secret and none was refused wrongly.
pub fn run(seed: u64) -> bool {
    let started = Instant::now();
    let wanted = number("KIRJURI_COPIES", COPIES);
    let (mut issued, mut refused, mut failures) = (0_u64, 0_u64, Vec::new());
    let mut forms = BTreeSet::new();
    for part in 0.. {
        if issued + refused >= wanted {
            break;
        }
        let mut chance = Chance::of(seed, part);
        // every other set has secrets but reveals none
        let (desk, hidden) = desk(&mut chance, part % 2 == 1);
        let ran = desk.run(&["build", "--web"]);
        let pdfs = desk.pdfs();
        let copies: Vec<_> = pdfs.iter().filter(|(path, _)| path.starts_with("web")).collect();
        let mut failed = |what: String| {
            let errors = ran.stderr.lines().filter(|line| line.starts_with("error"));
            let errors = errors.take(3).collect::<Vec<_>>().join("; ");
            failures.push(format!("set {part}: {what} ({errors})"));
        };
        for one in &hidden {
            let name = format!("web/{}-memo.pdf", one.id);
            let there = copies.iter().any(|(path, _)| path.to_string_lossy() == name);
            match &one.planted {
                Some(planted) if there => failed(format!("{name} was issued: {planted}")),
                None if !there => failed(format!("{name} was refused for nothing")),
                _ => refused += u64::from(!there),
            }
            forms
                .extend(one.planted.as_ref().and_then(|p| p.split(": ").next()).map(str::to_owned));
        }
        let planted = hidden.iter().any(|one| one.planted.is_some());
        if !planted && copies.len() != GROUPS + 2 {
            failed(format!("{} copies of {}", copies.len(), GROUPS + 2));
        }
        for (path, bytes) in copies {
            issued += 1;
            let says = says(bytes);
            for one in &hidden {
                if let Some(word) = one.unique.iter().find(|word| says.contains(&bare(word))) {
                    failed(format!("{} says `{word}` of {}", path.display(), one.id));
                }
            }
        }
    }
    for failure in failures.iter().take(SHOWN) {
        println!("FAILED {failure}");
    }
    println!(
        "copies: {issued} issued, {refused} refused for a secret in {} forms, {} failures, {:.1?}",
        forms.len(),
        failures.len(),
        started.elapsed()
    );
    failures.is_empty()
}

/// A workspace with a round, its sessions and its summary.
fn desk(chance: &mut Chance, plants: bool) -> (Desk, Vec<Hidden>) {
    let desk = Desk::new(SETTINGS);
    let record = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(small().join(name)).unwrap()).unwrap()
    };
    let (mut round, north) = (record("round.json"), record("north.json"));
    let town = |group: usize| format!("Town{}", char::from(b'a' + u8::try_from(group).unwrap()));
    let groups = 0..GROUPS;
    round["municipalities"] = groups.clone().map(|g| json!(town(g))).collect();
    let group = |g| json!({ "id": format!("g{g}"), "short": town(g), "municipalities": [town(g)] });
    round["groups"] = groups.clone().map(group).collect();
    let meeting = |g| {
        json!({ "group": format!("g{g}"), "date": format!("2025-10-{:02}", 6 + g),
            "start": "13:00", "end": "15:30", "mode": "remote" })
    };
    round["schedule"] = groups.clone().map(meeting).collect();
    desk.write("records/round.json", round.to_string());
    desk.write("records/summary.json", record("summary.json").to_string());
    let mut all = Vec::new();
    for group in groups {
        let mut session = north.clone();
        session["id"] = json!(format!("talks-{group}"));
        session["group"] = json!(format!("g{group}"));
        session["date"] = json!(format!("2025-10-{:02}", 6 + group));
        session["case"] = json!({ "number": "TEST/1/00.01.02/2025", "publicity": "partly-secret",
            "secrecy_basis": "JulkL 24 § 1 mom. 25 k", "secrecy_years": 100 });
        session["present"] = json!([
            { "sector": "municipality", "organisation": town(group), "role": "coordinator" }]);
        session["distribution"] = json!([
            { "recipient": format!("{}, registry office", town(group)), "municipality": town(group) }]);
        session["notes"][2]["municipality"] = json!(town(group));
        let plants = plants && chance.below(2) == 0;
        all.push(fill(&mut session, chance, plants));
        desk.write(&format!("records/{group}.json"), session.to_string());
    }
    (desk, all)
}

/// Adds secrets to a session, and plants one of them in a public part.
fn fill(session: &mut Value, chance: &mut Chance, plants: bool) -> Hidden {
    let mut unique = Vec::new();
    let notes = session["notes"].as_array_mut().unwrap();
    // without the mark, they are not known to be secret
    let marked = !is_broken();
    let words: Vec<String> = (0..6 + chance.below(6)).map(|_| word(chance, 3)).collect();
    unique.extend(words.iter().cloned());
    let mut text = words.join(" ");
    if chance.below(3) == 0 {
        text = text.replacen(&words[2], &format!("[{}](https://x.example/a)", words[2]), 1);
    }
    notes.push(
        json!({ "priority": "mind", "service_area": "adults", "text": text, "secret": marked }),
    );
    let topic: Vec<String> = (0..2 + chance.below(2)).map(|_| word(chance, 4)).collect();
    unique.extend(topic.iter().cloned());
    notes.push(json!({ "sector": "organisation", "topic": topic.join(" "), "text": "No",
        "secret": marked }));
    // insignificant texts
    let innocent = [
        "Version",
        "No",
        "Page",
        "Adults",
        "Nothing to add",
        "Local clubs",
        "24.11.2025",
        "TEST/1/00.01.02/2025",
        "Erin",
        "Families get help early, as the goal of the talks has it",
        "Safety in everyday life",
        "Peace of mind for children and families",
    ];
    let text = chance.pick::<&str>(&innocent);
    notes.push(json!({ "priority": "mind", "service_area": "adults", "text": text,
        "topic": "Family centres", "secret": true }));
    let (given, surname) = (word(chance, 2), word(chance, 2));
    let (given, surname) = (capital(&given), capital(&surname));
    // the last letters of a surname change
    let ending = *chance.pick(&["nen", "mäki", "lahti", "s", "kko", "ström"]);
    unique.extend([surname.clone(), given.clone()]);
    let surname = format!("{surname}{ending}");
    let recorded = match chance.below(10) {
        0 => format!("{surname}, {given}"),
        1 => format!("{surname} {given}"),
        2 => format!("managing director {given} {surname}"),
        3 => format!("{given} {surname} ja Erin Example"),
        4 => format!("Erin Example, {given} {surname} & Max Model"),
        5 => format!("{given} K. {surname}"),
        6 => format!("{surname} ({given})"),
        7 => format!("{given} (Kaarina) {surname}"),
        _ => format!("{given} {surname}"),
    };
    let present = session["present"].as_array_mut().unwrap();
    present
        .push(json!({ "sector": "organisation", "organisation": "Local clubs", "name": recorded }));
    // office holders may be named, even when others have the name
    present.push(json!({ "sector": "company", "organisation": "Trade", "name": "Erin Example" }));
    let planted = plants.then(|| {
        let (form, told) = told(chance, (&words, &topic), (&given, &surname, ending));
        let place = plant(session, chance, &told);
        format!("{form}: {told} in {place}, recorded as {recorded}")
    });
    Hidden { id: session["id"].as_str().unwrap().to_owned(), unique, planted }
}

/// A secret in one of its forms.
fn told(
    chance: &mut Chance,
    (words, topic): (&[String], &[String]),
    (given, surname, ending): (&str, &str, &str),
) -> (&'static str, String) {
    let from = chance.below(words.len() - 4);
    let five = &words[from..from + 5];
    let all = five.join(" ");
    let stem = |end: &str| surname[..surname.len() - ending.len()].to_owned() + end;
    let genitive = match ending {
        "nen" => stem("sen"),
        "mäki" => stem("mäen"),
        "lahti" => stem("lahden"),
        "s" => stem("ksen"),
        "kko" => stem("kon"),
        _ => format!("{surname}in"),
    };
    let partitive = match ending {
        "nen" => stem("sta"),
        "mäki" => stem("mäkeä"),
        "lahti" => stem("lahtea"),
        "ström" => format!("{surname}iä"),
        "kko" => stem("kkoa"),
        _ => format!("{surname}ta"),
    };
    let initial: String = given.chars().take(1).collect();
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    // eight words, or all when there are fewer
    let (one, other) = words[..words.len().min(8)].split_at(words.len().min(8) / 2);
    let forms: [(&'static str, String); 30] = [
        ("as it is", all.clone()),
        ("in two parts", all.nfd().collect()),
        ("in capitals", all.to_uppercase()),
        ("with emphasis", format!("{} *{}* {}", five[0], five[1], five[2..].join(" "))),
        (
            "with a link",
            format!("{} [{}](https://x.example/b) {}", five[0], five[1], five[2..].join(" ")),
        ),
        ("with hard spaces", five.join("\u{a0}")),
        ("with hyphens", five.join("-")),
        ("with soft hyphens", all.replace('o', "o\u{ad}")),
        ("with an invisible space", all.replace('a', "a\u{200b}")),
        ("as an address", format!("[here](https://x.example/{})", percent(&all))),
        ("as the end of an address", format!("[here](https://x.example/{})", five.join("-"))),
        (
            "with numbers between",
            format!("1. {} {} 2. {} 3) {}", five[0], five[1], five[2], five[3..].join(" ")),
        ),
        (
            "as a list",
            format!("these:\n\n1. {}\n2. {}\n", five[..2].join(" "), five[2..].join(" ")),
        ),
        ("with bullets", five.join(" • ")),
        ("with a mark", format!("{} [L.] {} [salainen] {}", five[0], five[1], five[2..].join(" "))),
        ("in Cyrillic letters", all.replace('a', "\u{430}").replace('o', "\u{43e}")),
        ("with digits for letters", all.replace('o', "0").replace('l', "1")),
        ("in wide letters", all.replace('a', "\u{ff41}")),
        ("in two halves", format!("{}. Others were silent. {}", one.join(" "), other.join(" "))),
        ("as its topic", topic.join(" ")),
        ("as its topic in capitals", topic.join(" ").to_uppercase()),
        ("as a name", format!("{given} {surname}")),
        ("as a name turned round", format!("{surname}, {given}")),
        ("as a name in brackets", format!("{surname} ({given})")),
        ("as a name around brackets", format!("{given} (Kaarina) {surname}")),
        ("as a name in the genitive", format!("{given} {genitive}")),
        ("as a name in the partitive", format!("{given} {partitive}")),
        ("as a name with an initial", format!("{initial}. {surname}")),
        ("as a name with a second one", format!("{given} K. {surname}")),
        ("as a Swedish genitive", format!("{given} {surname}s")),
    ];
    chance.pick(&forms).clone()
}

/// Plants a text in a public part of a session; returns which one.
fn plant(session: &mut Value, chance: &mut Chance, told: &str) -> &'static str {
    let long = told.contains(['*', '[', '\n']);
    let text = format!("It was said that {told} is the case");
    let place = if long { chance.below(3) } else { chance.below(7) };
    let (name, field) = match place {
        0 => ("a note", &mut session["notes"][1]["text"]),
        1 => ("the follow-up", &mut session["follow_up"]),
        2 => ("a note of a town", &mut session["notes"][2]["text"]),
        3 => ("what was agreed", &mut session["agreed"][0]["what"]),
        4 => ("who does it", &mut session["agreed"][0]["who"]),
        5 => ("an office", &mut session["present"][0]["role"]),
        _ => ("an attachment", &mut session["attachments"]),
    };
    *field = if place == 6 { json!([{ "title": text }]) } else { json!(text) };
    name
}

/// An invented word.
fn word(chance: &mut Chance, syllables: usize) -> String {
    const SYLLABLES: &[&str] =
        &["zor", "vak", "kwi", "pöl", "xan", "dru", "qua", "jyl", "glo", "tsä", "wem", "hyz"];
    (0..syllables + 1).map(|_| *chance.pick(SYLLABLES)).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// All text of a PDF, by its letters.
fn says(bytes: &[u8]) -> String {
    let document = Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let mut text = document.extract_text(&pages).unwrap();
    for object in document.objects.values() {
        gather(object, &mut text);
    }
    bare(&text)
}

fn gather(object: &Object, text: &mut String) {
    match object {
        Object::String(..) => {
            text.push(' ');
            text.push_str(&lopdf::decode_text_string(object).unwrap_or_default());
        }
        Object::Array(all) => all.iter().for_each(|one| gather(one, text)),
        Object::Dictionary(fields) => fields.iter().for_each(|(_, one)| gather(one, text)),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, one)| gather(one, text));
            if stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|t| t == b"Metadata") {
                let plain =
                    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                text.push_str(&String::from_utf8_lossy(&plain));
            }
        }
        _ => {}
    }
}

/// The letters of a text without case and marks.
fn bare(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).filter(|_| *first == b'%');
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    let text = String::from_utf8_lossy(&bytes).nfkd().collect::<String>().to_lowercase();
    text.chars().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).collect()
}
