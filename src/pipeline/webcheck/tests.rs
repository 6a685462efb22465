//! Tests of the web copy check: texts as read from a PDF against records with secrets.

#[path = "tests/named.rs"]
mod named;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::bundle::Bundle;
use crate::document::{Bilingual, documents};

const SECRET: &str = "Perheen tilanteesta sovittiin erikseen lastensuojelun ja poliisin kanssa";

fn round() -> Value {
    json!({ "kind": "round", "id": "r", "language": "fi", "title": "Neuvottelut 2025",
        "years": { "from": 2025 }, "authority": { "name": "Esimerkin hyvinvointialue" },
        "groups": [{ "id": "g", "municipalities": ["Keuruu"] }],
        "priorities": [{ "id": "p", "name": "Arjen turvallisuus ja luottamus palveluihin" }] })
}

fn session(id: &str, notes: Value, present: Value) -> Value {
    json!({ "kind": "session", "id": id, "language": "fi", "round": "r", "group": "g",
        "case": { "publicity": "partly-secret" }, "date": "2025-10-23", "mode": "remote",
        "chair": { "name": "Erkki Esimerkki", "role": "kehittämispäällikkö" },
        "present": present, "notes": notes })
}

fn secret(text: &str) -> Value {
    session("s", json!([{ "sector": "company", "text": text, "secret": true }]), json!([]))
}

fn set(records: &[Value]) -> RecordSet {
    let source = |value: &Value| {
        let text = value.to_string();
        Source {
            file: format!("{}.json", value["id"].as_str().unwrap()).into(),
            record: Arc::new(Record::from_json(&text).unwrap()),
            text: text.into(),
            translations: Vec::new(),
        }
    };
    RecordSet::new(records.iter().map(source), Vec::new())
}

thread_local! {
    static DESIGN: Design = Design::new(Bundle::built_in()).unwrap();
}

/// Rules broken by the memo of a record with this text.
fn rules(records: &[Value], memo: &str, says: &str) -> Vec<&'static str> {
    let mut records = records.to_vec();
    records.push(round());
    let set = set(&records);
    let secrets = DESIGN.with(|design| Secrets::of(&set, design));
    let memo = documents(&set, Bilingual::Separate).into_iter().find(|d| d.source.as_str() == memo);
    let id = DocumentId::known("memo");
    let read = PdfText { pages: vec![says.to_owned()], ..PdfText::default() };
    let memo = memo.unwrap();
    let own = set.source(&memo.source).unwrap();
    let told = secrets.search(&read, &memo.draws_on, &id, own, STEPS);
    told.into_iter().map(|problem| problem.rule).collect()
}

fn leaks(typed: &str, says: &str) -> bool {
    rules(&[secret(typed)], "s", says).contains(&"web-leak")
}

fn named(name: &str, says: &str) -> bool {
    let present = json!([{ "sector": "organisation", "organisation": "Kylän väki", "name": name }]);
    rules(&[session("s", json!([]), present)], "s", says).contains(&"web-name")
}

#[test]
fn five_consecutive_words_are_a_leak() {
    assert!(leaks(SECRET, "…: perheen tilanteesta sovittiin erikseen lastensuo-\njelun …"));
    assert!(leaks(SECRET, "Tilanteesta sovittiin erikseen lastensuojelun\u{a0}ja"));
    assert!(!leaks(SECRET, "Perheen tilanteesta sovittiin erikseen"));
    assert!(!leaks(SECRET, "sovittiin tilanteesta perheen erikseen lastensuojelun"));
}

#[test]
fn a_secret_is_found_in_every_form() {
    for typed in [
        SECRET,
        &SECRET.nfd().collect::<String>(),
        "Perheen [tilanteesta](https://a.example/b) sovittiin *erikseen* lastensuojelun kanssa",
        "Perheen tilanteesta **sovittiin erikseen** lastensuojelun kanssa",
        "Perheen tilan&shy;teesta sovittiin&nbsp;erikseen lastensuojelun kanssa",
        "- Perheen tilanteesta sovittiin erikseen\n- lastensuojelun kanssa",
        "Perheen\u{200b} tilan\u{ad}teesta sovittiin erikseen lasten\u{2060}suojelun kanssa",
        "Perheen tilanteesta sovittiin erikseen lastensuojelun kanssa".to_uppercase().as_str(),
    ] {
        for says in [
            "Perheen tilanteesta sovittiin erikseen lastensuojelun",
            "Perheen tila\u{ad}\nnteesta sovittiin erikseen lastensuo-\njelun",
            "PERHEEN TILANTEESTA SOVITTIIN ERIKSEEN LASTENSUOJELUN",
            "https://a.example/perheen%20tilanteesta%20sovittiin%20erikseen%20lastensuojelun",
            "https://a.example/perheen-tilanteesta_sovittiin+erikseen/lastensuojelun.pdf",
            "<dc:title>Perheen&#32;tilanteesta sovittiin erikseen lastensuojelun</dc:title>",
            "Perheen tilanteesta sovittiin erikseen laﬆensuojelun",
        ] {
            assert!(leaks(typed, says), "{typed}: {says}");
        }
    }
    assert!(leaks(
        "Kiinteistö myydään ﬁrmalle ensi viikolla",
        "kiinteisto\u{308} myyda\u{308}a\u{308}n firmalle ensi viikolla"
    ));
}

#[test]
fn a_short_topic_is_found_when_it_is_specific() {
    let topic = |topic: &str, says: &str| {
        let notes = json!([{ "sector": "company", "topic": topic, "text": "X", "secret": true }]);
        !rules(&[session("s", notes, json!([]))], "s", says).is_empty()
    };
    assert!(topic("Larkspurin perhe", "sovittiin: Larkspurin perhe saa apua"));
    assert!(topic("Pahoinpitely keskuskoulussa", "Pahoinpitely keskus-\nkoulussa tutkitaan"));
    assert!(topic("Kiinteistökauppa Virtasen kanssa", "kiinteistökauppa virtasen kanssa"));
    assert!(!topic("Liikunta", "Liikunta on tärkeää"));
    assert!(!topic("Arjen turvallisuus", "Arjen turvallisuus ja luottamus palveluihin"));
    assert!(!topic("Esimerkin hyvinvointialue", "Esimerkin hyvinvointialue tiedottaa"));
}

#[test]
fn short_and_public_words_are_no_leak() {
    for text in ["Versio", "Ei", "Kyllä", "Ei kommentoitavaa", "1.1.2025", "Neuvottelut 2025"] {
        let says = "Versio 1 Ei Kyllä Ei kommentoitavaa 1.1.2025 Neuvottelut 2025 keino";
        assert!(!leaks(text, says), "{text}");
    }
    let goal = "Tavoite on arjen turvallisuus ja luottamus palveluihin kaikissa kunnissa";
    assert!(!leaks(goal, "Arjen turvallisuus ja luottamus palveluihin"));
    let club = json!([{ "sector": "organisation",
        "organisation": "Suomen Punaisen Ristin Keuruun seudun osasto" }]);
    let notes = json!([{ "sector": "company", "secret": true,
        "text": "Suomen Punaisen Ristin Keuruun seudun osasto lopettaa" }]);
    let record = session("s", notes, club);
    assert!(
        rules(std::slice::from_ref(&record), "s", "Suomen Punaisen Ristin Keuruun seudun osasto")
            .is_empty()
    );
    assert!(!rules(&[record], "s", "Ristin Keuruun seudun osasto lopettaa").is_empty());
}

/// True when the secret `typed` of an edited session is found.
fn leaks_with(typed: &str, says: &str, edit: impl Fn(&mut Value)) -> bool {
    let mut record = secret(typed);
    edit(&mut record);
    rules(&[record], "s", says).contains(&"web-leak")
}

#[test]
fn list_numbers_and_marks_are_ignored() {
    for says in [
        "1. Perheen tilanteesta\n2. sovittiin erikseen\n3. lastensuojelun ja poliisin kanssa",
        "Perheen • tilanteesta • sovittiin • erikseen • lastensuojelun",
        "Perheen tilanteesta [L.] sovittiin erikseen [salainen] lastensuojelun",
        "a) Perheen tilanteesta b) sovittiin (salassa pidettävä) erikseen lastensuojelun",
    ] {
        assert!(leaks(SECRET, says), "{says}");
        assert!(leaks(&format!("{SECRET} [x] 5"), says), "{says}");
    }
    assert!(!leaks("Perheen 1. tilanteesta (ks. kohta 2) sovittiin erikseen hiljaa", SECRET));
    assert!(leaks(
        "Perheen 1. tilanteesta (ks. kohta 2) sovittiin erikseen lastensuojelun",
        SECRET
    ));
}

#[test]
fn lookalike_letters_are_found() {
    for says in [
        SECRET.replace('a', "\u{430}").replace('o', "\u{43e}"),
        SECRET.replace('e', "\u{435}").replace('p', "\u{440}").replace('o', "\u{3bf}"),
        SECRET.replace('o', "0"),
        SECRET.replace('l', "1"),
        SECRET.replace('i', "l"),
        SECRET.replace('l', "I"),
        SECRET.replace('l', "\u{ff4c}"),
        SECRET.replace("rn", "m").replace('s', "\u{455}"),
    ] {
        assert!(leaks(SECRET, &says), "{says}");
        assert!(leaks(&says, SECRET), "{says}");
    }
}

#[test]
fn halves_of_a_secret_in_two_notes_are_a_leak() {
    for (one, other) in [
        ("Perheen tilanteesta sovittiin erikseen", "lastensuojelun ja poliisin kanssa"),
        ("lastensuojelun ja poliisin kanssa", "Perheen tilanteesta sovittiin erikseen"),
        (
            "tilanteesta sovittiin erikseen",
            "Perheen tilanteesta. Lastensuojelun ja poliisin kanssa",
        ),
    ] {
        let says = format!("{one}. Kunta kertoi muusta. {other}");
        assert!(leaks(SECRET, &says), "{says}");
    }
    // one half is no evidence, nor are common words
    assert!(!leaks(SECRET, "Lastensuojelun ja poliisin kanssa"));
    assert!(!leaks(SECRET, "Perheen tilanteesta sovittiin, ja lastensuojelun ja poliisin kanssa"));
    let other = session(
        "t",
        json!([{ "sector": "company", "text": "Lastensuojelun ja poliisin kanssa toimitaan" }]),
        json!([]),
    );
    let says = "Perheen tilanteesta sovittiin erikseen. Kunta kertoi muusta. \
         Lastensuojelun ja poliisin kanssa toimitaan";
    assert!(rules(&[secret(SECRET), other], "s", says).is_empty());
}

#[test]
fn a_record_does_not_excuse_its_own_secret() {
    let five = "Perheen tilanteesta sovittiin erikseen lastensuojelun";
    let organisation = |name: &'static str| {
        move |record: &mut Value| {
            let one = json!({ "sector": "municipality", "organisation": name, "role": "x" });
            record["present"] = json!([one]);
        }
    };
    let recipient = |record: &mut Value| record["distribution"] = json!([{ "recipient": five }]);
    let link = |record: &mut Value| {
        record["attachments"] = json!([{ "title": "A",
            "link": "https://a.example/perheen-tilanteesta-sovittiin-erikseen-lastensuojelun" }]);
    };
    assert!(leaks_with(SECRET, five, organisation(five)));
    assert!(leaks_with(SECRET, five, recipient));
    assert!(leaks_with(SECRET, five, link));
    assert!(leaks_with("Larkspurin perhe", "Larkspurin perhe", organisation("Larkspurin perhe")));
    // an unambiguous name
    let office = "Keuruun seudun mielenterveysseura";
    assert!(!leaks_with(office, office, organisation(office)));
    // an address in the secret, and that of a person
    let linked = format!("Katso [tästä](https://a.example/{})", five.replace(' ', "-"));
    assert!(leaks_with(&linked, &five.replace(' ', "-"), link));
    let mail = |address: &'static str| {
        move |record: &mut Value| {
            record["distribution"] = json!([{ "recipient": "Keuruu", "email": address }]);
        }
    };
    let person = "zorvak.kwixan@keuruu.example";
    assert!(leaks_with(&format!("Soita {person}"), person, mail(person)));
    let office = "kirjaamo.keuruu@keuruu.example";
    assert!(!leaks_with(&format!("Soita {office}"), office, mail(office)));
    // a name in another record as well
    let name = json!([{ "sector": "municipality", "organisation": five, "role": "x" }]);
    let other = session("t", json!([]), name);
    assert!(rules(&[secret(SECRET), other], "s", five).is_empty());
}

#[test]
fn a_text_of_another_public_record_is_public() {
    let note = |text: &str| json!([{ "sector": "company", "text": text }]);
    let other = session("t", note(SECRET), json!([]));
    assert!(rules(&[secret(SECRET), other], "s", SECRET).is_empty());
    // a text that only contains it, and one that is secret there too
    let more = session("t", note(&format!("{SECRET} ja kunnan")), json!([]));
    assert_eq!(rules(&[secret(SECRET), more], "s", SECRET), ["web-leak"]);
    let mut hidden = secret(SECRET);
    hidden["id"] = json!("t");
    assert_eq!(rules(&[secret(SECRET), hidden], "s", SECRET).len(), 2);
}

#[test]
fn case_numbers_are_public() {
    let number = |record: &mut Value| record["case"]["number"] = json!("KSHVA/12/00.01.02/2026");
    for typed in ["KSHVA/12/00.01.02/2026", "Asia KSHVA/12/00.01.02/2026"] {
        let says = "Asia KSHVA/12/00.01.02/2026";
        assert!(!leaks_with(typed, says, number), "{typed}");
        assert!(leaks_with(typed, says, |_| ()), "{typed}");
    }
    let typed = "Perheen asia KSHVA/12/00.01.02/2026 on salainen";
    assert!(leaks_with(typed, typed, number));
    // a sentence is not a number
    let sentence = |record: &mut Value| record["case"]["number"] = json!(SECRET);
    assert!(leaks_with(SECRET, SECRET, sentence));
}

#[test]
fn only_documents_that_draw_on_a_record_are_compared_with_it() {
    let other =
        session("t", json!([{ "sector": "company", "text": "Kerhotila puuttuu" }]), json!([]));
    let records = [secret("Kerhotila puuttuu kokonaan meiltä nyt"), other.clone()];
    assert!(rules(&records, "t", "Kerhotila puuttuu kokonaan meiltä nyt").is_empty());
    // eight consecutive words are a quotation
    assert_eq!(rules(&[secret(SECRET), other.clone()], "t", SECRET), ["web-leak"]);
    let private = session(
        "s",
        json!([]),
        json!([{ "sector": "parish", "organisation": "Srk", "name": "Maija Meikäläinen" }]),
    );
    assert!(rules(&[private.clone(), other], "t", "Maija Meikäläinen").is_empty());
    assert_eq!(rules(&[private], "s", "Maija Meikäläisen"), ["web-name"]);
}

#[test]
fn people_in_office_may_be_named() {
    assert!(named("Maija Meikäläinen", "Meikäläinen, Maija"));
    assert!(!named("Erkki Esimerkki", "Puheenjohtaja Erkki Esimerkki"));
    assert!(!named("Esimerkki, Erkki", "Erkki Esimerkin mukaan"));
    assert!(!named("Maija", "Maija"));
    let trader = json!([{ "sector": "company", "organisation": "Tmi Maija Meikäläinen",
        "name": "Maija Meikäläinen" }]);
    assert!(rules(&[session("s", json!([]), trader)], "s", "Tmi Maija Meikäläinen").is_empty());
}

/// Random numbers (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) >> 1).unwrap() % end
    }

    fn word(&mut self) -> String {
        const PARTS: &[&str] =
            &["ka", "lä", "mö", "si", "tu", "rai", "vön", "pee", "höy", "kkä", "ﬁ"];
        (0..2 + self.below(3)).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }

    fn sentence(&mut self, words: usize) -> Vec<String> {
        (0..words).map(|_| self.word()).collect()
    }
}

#[test]
fn random_secrets_are_found_and_random_texts_are_not() {
    let mut chance = Chance(7);
    for _ in 0..2000 {
        let size = 5 + chance.below(8);
        let secret = chance.sentence(size);
        let from = chance.below(secret.len() - 4);
        let shown: Vec<String> = secret[from..from + 5]
            .iter()
            .map(|word| match chance.below(6) {
                0 => word.nfd().collect(),
                1 => word.nfkc().collect(),
                2 => word.to_uppercase(),
                3 => word.chars().flat_map(|c| [c, '\u{ad}']).collect(),
                4 => word.bytes().map(|byte| format!("%{byte:02X}")).collect(),
                _ => word.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            })
            .collect();
        let gap = ["\n", " ", "\u{a0}", "-", " – ", "/", "+", "%20"][chance.below(8)];
        let (before, behind) = (chance.sentence(9).join(" "), chance.sentence(9).join(" "));
        let index = |text: &str| {
            let mut index = Index::default();
            index.add(Words::of(text, false).letters(), 0);
            index
        };
        let words = Words::of(&secret.join(" "), true);
        let found = |text: &str| {
            let index = index(text);
            words.runs(RUN, LETTERS).any(|(from, to)| index.has(words.run(from, to)))
        };
        let text = format!("{before} {} {behind}", shown.join(gap));
        assert!(found(&text), "{secret:?}: {text}");
        assert!(!found(&format!("{before} {behind} {}", secret[..4].join(" "))), "{secret:?}");
    }
}

#[test]
fn millions_of_secret_letters_are_searched_quickly() {
    let mut chance = Chance(3);
    let mut notes = Vec::new();
    for _ in 0..60 {
        notes.push(json!({ "sector": "company", "secret": true,
            "text": chance.sentence(7000).join(" ").chars().take(32_000).collect::<String>() }));
    }
    // and common words
    notes.push(json!({ "sector": "company", "secret": true, "text": "aa ".repeat(20_000) }));
    let set = set(&[session("s", json!(notes), json!([])), round()]);
    let start = Instant::now();
    let secrets = DESIGN.with(|design| Secrets::of(&set, design));
    let documents = documents(&set, Bilingual::Separate);
    let memo = documents.iter().find(|d| d.source.as_str() == "s").unwrap();
    let text = format!("{} {}", "aa ".repeat(20_000), chance.sentence(20_000).join(" "));
    let read = PdfText { pages: vec![text], ..PdfText::default() };
    let own = set.source(&memo.source).unwrap();
    let told = secrets.search(&read, &memo.draws_on, &DocumentId::known("memo"), own, STEPS);
    assert_eq!(told.len(), 1);
    // an incomplete search is reported
    let told = secrets.search(&read, &memo.draws_on, &DocumentId::known("memo"), own, 1000);
    assert_eq!(told.last().unwrap().rule, "web-too-much");
    // about a second when optimised; test builds may not be
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
