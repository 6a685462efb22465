//! Tests of the web copy check: names, and the heads of documents.

use super::*;

#[test]
fn a_name_in_the_role_field_is_a_name() {
    let role = |role: &str, says: &str| {
        let present =
            json!([{ "sector": "organisation", "organisation": "Kylän väki", "role": role }]);
        rules(&[session("s", json!([]), present)], "s", says).contains(&"web-name")
    };
    assert!(role("puheenjohtaja Liisa Virtanen", "Kertoi Liisa Virtasen kokemuksista"));
    assert!(role("Liisa Virtanen, sihteeri", "L. Virtanen"));
    assert!(!role("puheenjohtaja Erkki Esimerkki", "Erkki Esimerkki"));
    assert!(!role("Suomen Punaisen Ristin edustaja", "Suomen Punaisen Ristin osasto"));
    assert!(!role("hallituksen puheenjohtaja", "Hallituksen Puheenjohtaja kertoi"));
}

#[test]
fn lower_case_names_are_found_in_lower_case_texts() {
    let present = json!([{ "sector": "organisation", "organisation": "Kylän väki",
        "name": "Ilona Piha" }]);
    let set = set(&[session("s", json!([]), present), round()]);
    let secrets = DESIGN.with(|design| Secrets::of(&set, design));
    let documents = documents(&set, Bilingual::Separate);
    let count = |flow: &[&str], others: &[&str]| {
        let memo = documents.iter().find(|d| d.source.as_str() == "s")?;
        let flow = flow.iter().enumerate().map(|(page, text)| (page, (*text).to_owned()));
        let read = PdfText {
            flow: flow.collect(),
            others: others.iter().map(|text| (*text).to_owned()).collect(),
            ..PdfText::default()
        };
        let own = set.source(&memo.source)?;
        Some(secrets.search(&read, &memo.draws_on, &DocumentId::known("memo"), own, STEPS).len())
    };
    assert_eq!(count(&["Sovittu\n\nilona piha\n\nKunta"], &[]), Some(1));
    assert_eq!(count(&[], &["Muistio", "ilona piha"]), Some(1));
    assert_eq!(count(&["Muistio\n\nLasten ilona piha"], &["Lasten ilona piha"]), Some(0));
    // a sentence that continues on the next page
    assert_eq!(count(&["Muistio\n\nLasten", "ilona piha\n\nKunta"], &[]), Some(0));
}

/// True when the session's memo with this text is refused.
fn refused(secret: &str, says: &str, edit: impl Fn(&mut Value)) -> bool {
    let note = json!([{ "municipality": "Keuruu", "text": secret, "secret": true }]);
    let mut record = session("s", note, json!([]));
    record["secretary"] = json!({ "name": "Maija Malli", "role": "suunnittelija" });
    edit(&mut record);
    rules(&[record], "s", says).contains(&"web-leak")
}

#[test]
fn the_head_of_a_document_is_not_secret() {
    let number = |record: &mut Value| record["case"]["number"] = json!("KSHVA/12/00.01.02/2026");
    for line in [
        "Neuvottelut 2025: Keuruu, Esimerkin hyvinvointialue, muistio",
        "KSHVA/12/00.01.02/2026 Esimerkin hyvinvointialue Neuvottelut 2025",
        "Erkki Esimerkki, kehittämispäällikkö; Maija Malli, suunnittelija",
        "Puheenjohtaja Erkki Esimerkki, kehittämispäällikkö, sihteeri Maija Malli",
        "2025: Keuruu, muistio, Esimerkin hyvinvointialue",
    ] {
        assert!(!refused(line, &format!("Alku {line} loppu"), number), "{line}");
    }
}

#[test]
fn the_head_of_a_document_does_not_make_other_words_public() {
    let five = "Perheen tilanteesta sovittiin erikseen lastensuojelun";
    for field in ["chair", "secretary"] {
        let planted = |text: &'static str| {
            move |record: &mut Value| {
                record[field] = json!({ "name": "Erkki Esimerkki", "role": text });
            }
        };
        assert!(refused(five, five, planted(five)), "{field}");
        assert!(refused("Larkspurin perhe", "Larkspurin perhe", planted("Larkspurin perhe")));
    }
    let none = |_: &mut Value| ();
    for line in [
        "Neuvottelut 2025: Keuruu, muistio, Larkspurin perheen asia",
        "Erkki Esimerkki, kehittämispäällikkö, irtisanotaan ensi viikolla",
        "Esimerkin hyvinvointialue lopettaa palvelun Keuruun keskustassa",
    ] {
        assert!(refused(line, line, none), "{line}");
    }
}
