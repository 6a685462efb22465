//! Tests of the XML: parsed again, all required elements, hostile text.

use std::collections::BTreeMap;

use quick_xml::Reader;
use serde_json::json;

use super::*;

/// A public document with one PDF.
pub(super) fn public(number: &str, document: &str) -> Metadata {
    let digest = "ab".repeat(32);
    serde_json::from_value(json!({
        "number": number, "document": document, "version": 2,
        "replaces": "HVA/1/2025", "corrects": "väärä päivä",
        "kind": "memo", "type_name": "Muistio", "title": "Neuvottelu <1> & \"2\" 'x'\u{1}",
        "languages": ["fi", "sv"], "date": "2025-10-23", "registered_on": "2025-10-24",
        "registered": "2025-10-24T08:15:00Z", "authority": "Hyvinvointialue",
        "case_number": "HVA/77/2025", "round": "r-2025",
        "municipalities": ["Äänekoski", "Uurainen"],
        "distribution": [{ "name": "Uuraisten kunta", "email": "kunta@example.fi" }],
        "classification": {
            "function": "00.01.02", "publicity": "public", "personal_data": "yes",
            "retention": { "years": 10, "reason": "Tiedonohjaussuunnitelma" }
        },
        "retention_ends": "2035-12-31", "checker": "Kirjaamo",
        "source": { "id": "s-1", "version": 2, "file": "s-1.json", "digest": digest },
        "made_with": {
            "program": "kirjuri 0.1.0", "engine": digest, "templates": digest,
            "content": digest, "attach_source": false, "all_languages": false
        },
        "renditions": [{
            "copy": "archive", "file": "001.pdf", "format": "PDF/A-3a", "pages": 2,
            "bytes": 100, "digest": digest
        }],
        "files": []
    }))
    .unwrap()
}

/// The same, secret in part and kept for ever, with a web copy too.
pub(super) fn secret(number: &str, document: &str) -> Metadata {
    let mut value = serde_json::to_value(public(number, document)).unwrap();
    let web = json!({
        "copy": "web", "file": "001-web.pdf", "format": "PDF/A-2a", "pages": 2,
        "bytes": 90, "digest": "cd".repeat(32), "remove_on": "2026-10-23"
    });
    value["classification"]["publicity"] = json!("partly-secret");
    value["classification"]["secrecy_years"] = json!(25);
    value["classification"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 20 k");
    value["classification"]["retention"] = json!({ "permanent": true, "reason": "Päätös" });
    value["secrecy_ends"] = json!("2050-10-23");
    value["retention_ends"] = json!(null);
    value["renditions"].as_array_mut().unwrap().push(web);
    serde_json::from_value(value).unwrap()
}

/// Texts of the elements, and paths below the root in order of appearance.
pub(super) fn parse(xml: &[u8]) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let mut reader = Reader::from_str(std::str::from_utf8(xml).unwrap());
    let (mut texts, mut order) = (BTreeMap::<String, Vec<String>>::new(), Vec::new());
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(String::from_utf8(start.name().as_ref().to_vec()).unwrap());
                order.push(open[1..].join("/"));
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.decode().unwrap()),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", name.decode().unwrap());
                text.push_str(&quick_xml::escape::unescape(&reference).unwrap());
            }
            Event::End(_) => {
                texts.entry(open[1..].join("/")).or_default().push(std::mem::take(&mut text));
                open.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    (texts, order)
}

/// The children of `Record` as the schema orders them.
const ORDER: [&str; 21] = [
    "Created",
    "NativeId",
    "OtherId",
    "Language",
    "Description",
    "Restriction",
    "Title",
    "RecordRelation",
    "RetentionPeriod",
    "RetentionReason",
    "RetentionPeriodEnd",
    "Status",
    "Function",
    "Type",
    "Authenticity",
    "Coverage",
    "Source",
    "Version",
    "Document",
    "Custom",
    "Agent",
];

#[test]
fn every_required_element_is_there_in_the_order_of_the_schema() {
    for metadata in [public("HVA/2/2025", "001"), secret("HVA/3/2025", "002")] {
        let (texts, order) = parse(&record(&metadata).unwrap());
        for path in REQUIRED {
            assert!(texts[path].iter().all(|text| !text.trim().is_empty()), "{path}");
        }
        for path in REQUIRED.iter().filter(|path| path.starts_with("Document/")) {
            assert_eq!(texts[*path].len(), metadata.renditions.len(), "{path}");
        }
        let children = order.iter().filter(|path| !path.is_empty() && !path.contains('/'));
        let places: Vec<usize> =
            children.map(|name| ORDER.iter().position(|o| o == name).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn a_public_document_says_nothing_of_secrecy() {
    let bytes = record(&public("HVA/2/2025", "001")).unwrap();
    let start = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Record xmlns=\"{NAMESPACE}\">\n  <Created>2025-10-23</Created>\n"
    );
    assert!(bytes.starts_with(start.as_bytes()));
    let (texts, _) = parse(&bytes);
    assert_eq!(texts["Restriction/PublicityClass"], ["Julkinen"]);
    assert_eq!(texts["Restriction/PersonalData"], ["sisältää henkilötietoja"]);
    assert!(!texts.keys().any(|path| path.starts_with("Restriction/Security")));
    assert_eq!(texts["RetentionPeriod"], ["10"]);
    assert_eq!(texts["RetentionPeriodEnd"], ["2035-12-31"]);
    assert_eq!(texts["RecordRelation/Replaces"], ["HVA/1/2025"]);
    assert_eq!(texts["Document/Format/Name"], ["fmt/479"]);
    assert_eq!(texts["Document/Format/Version"], ["3a"]);
    assert_eq!(texts["Custom/CaseNumber"], ["HVA/77/2025"]);
    assert_eq!(texts["Agent/Role"], ["laatija", "tarkastaja", "vastaanottaja"]);
}

#[test]
fn a_secret_document_says_why_and_how_long() {
    let (texts, _) = parse(&record(&secret("HVA/3/2025", "002")).unwrap());
    assert_eq!(texts["Restriction/PublicityClass"], ["Osittain salassapidettävä"]);
    assert_eq!(texts["Restriction/SecurityPeriod"], ["25"]);
    assert_eq!(texts["Restriction/SecurityPeriodEnd"], ["2050-10-23"]);
    assert_eq!(texts["Restriction/SecurityReason"], ["JulkL 24 § 1 mom. 20 k"]);
    assert_eq!(texts["RetentionPeriod"], ["-1"]);
    assert!(!texts.contains_key("RetentionPeriodEnd"));
    assert_eq!(texts["Document/UseType"], ["Arkisto", "Julkaisu"]);
    assert_eq!(texts["Document/Format/Name"], ["fmt/479", "fmt/476"]);
}

#[test]
fn hostile_characters_do_no_harm() {
    let bytes = record(&public("HVA/2/2025", "001")).unwrap();
    assert!(!bytes.contains(&1));
    let (texts, _) = parse(&bytes);
    assert_eq!(texts["Title"], ["Neuvottelu <1> & \"2\" 'x'\u{FFFD}"]);
    assert_eq!(clean("a\u{0}\u{FFFF}\u{1F600}\tö"), "a\u{FFFD}\u{FFFD}\u{1F600}\tö");
}

#[test]
fn invalid_metadata_are_refused() {
    let mut metadata = public("HVA/2/2025", "001");
    metadata.checker = " ".to_owned();
    let missing = record(&metadata).unwrap_err().to_string();
    assert_eq!(missing, "SÄHKE2 requires `Checker`, which the metadata do not contain");
    let mut metadata = public("HVA/2/2025", "001");
    metadata.languages.clear();
    assert!(matches!(record(&metadata), Err(Sahke2Error::Missing { element: "Language" })));
    let mut metadata = public("HVA/2/2025", "001");
    metadata.renditions[0].format = "PDF/A-4".to_owned();
    assert!(matches!(record(&metadata), Err(Sahke2Error::Format { .. })));
}

#[test]
fn public_metadata_name_no_secret_record_and_no_text_of_the_archive_copy() {
    let mut value = serde_json::to_value(secret("HVA/3/2025", "002")).unwrap();
    let record = |id: &str, digest: &str, publicity: Option<&str>| {
        json!({ "id": id, "version": 1, "file": format!("records/{id}.json"),
            "digest": digest.repeat(32), "publicity": publicity })
    };
    value["source"] = record("s-1", "a1", Some("partly-secret"));
    value["draws_on"] = json!([
        record("open", "b2", Some("public")),
        record("hidden", "c3", Some("secret")),
        record("unknown", "d4", None),
    ]);
    value["draws_on"][2].as_object_mut().unwrap().remove("publicity");
    let files = ["records/open.json", "records/hidden.json", "records/s-1.json"];
    value["files"] =
        files.map(|f| json!({ "file": f, "bytes": 1, "digest": "ee".repeat(32) })).into();
    value["classification"]["retention"]["reason"] = json!("salainen peruste");
    value["corrects"] = json!("salainen korjaus");
    let metadata: Metadata = serde_json::from_value(value).unwrap();
    let whole = String::from_utf8(record_of(&metadata, Sources::Whole)).unwrap();
    for kept in ["hidden", "c3c3", "a1a1", "salainen korjaus", "salainen peruste"] {
        assert!(whole.contains(kept), "{kept}: {whole}");
    }
    let told = metadata.of_web_copy();
    let web = String::from_utf8(record_of(&told, Sources::Public)).unwrap();
    for gone in ["hidden", "c3c3", "unknown", "d4d4", "a1a1", "salainen", "JulkL", "Salassa"] {
        assert!(!web.contains(gone), "{gone}: {web}");
    }
    assert!(
        web.contains("s-1, versio 1<") && web.contains("open, versio 1, SHA-256 b2b2"),
        "{web}"
    );
    assert!(web.contains("<PublicityClass>Julkinen<"), "{web}");
    let json = serde_json::to_string(&metadata.for_the_public()).unwrap();
    assert!(!json.contains("hidden") && json.contains("records/open.json"), "{json}");
}

fn record_of(metadata: &Metadata, sources: Sources) -> Vec<u8> {
    let files = metadata.renditions.iter().map(|rendition| (rendition, rendition.file.as_str()));
    XmlWriter::document("Record", |xml| write_record(xml, metadata, files, sources)).unwrap()
}
