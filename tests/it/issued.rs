//! Documents made from records: languages, extracts, attachments, and the provenance
//! block of final documents.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::desk::{Desk, names};
use crate::pdf::bare;

fn small() -> Desk {
    Desk::fixture("small")
}

const BLOCK: &str = "Digest of the record (SHA-256)";

#[test]
fn a_record_in_two_languages_gives_a_document_in_each() {
    let desk = small().lay("bilingual");
    let run = desk.run(["build"]).exits(0);
    assert_eq!(run.stderr, "");
    let expected = names([
        "item-proposal",
        "plan-measures",
        "talks-north-memo",
        "talks-north-promemoria",
        "talks-omgangsplan",
        "talks-plan",
        "talks-sammandrag",
        "talks-south-memo",
        "talks-summary",
    ]);
    // the summary has its own record, in one language
    let expected: Vec<String> =
        expected.into_iter().filter(|name| name != "talks-sammandrag.pdf").collect();
    assert_eq!(run.issued().into_iter().collect::<Vec<_>>(), expected);
    let (english, swedish) = (desk.pdf("talks-north-memo"), desk.pdf("talks-north-promemoria"));
    assert_eq!(english.language().as_deref(), Some("en-FI"));
    assert_eq!(swedish.language().as_deref(), Some("sv-FI"));
    assert!(english.says("Talks 2025") && !english.says("Förhandlingar 2025"));
    // the texts of the round are Swedish too
    assert!(swedish.says("Förhandlingar 2025") && swedish.says("Punkt 1 på svenska"));
    assert!(swedish.says("Testens län") && !swedish.says("Talks 2025"));
}

#[test]
fn a_setting_puts_both_languages_into_one_document() {
    let desk = small().lay("bilingual");
    desk.write("kirjuri.toml", "bilingual = \"together\"\n");
    let run = desk.run(["build"]).exits(0);
    assert_eq!(run.stderr, "");
    assert!(!run.issued().contains("talks-north-promemoria.pdf"));
    let memo = desk.pdf("talks-north-memo");
    let pages = memo.pages();
    let swedish = pages.iter().position(|page| page.contains(&bare("Förhandlingar 2025"))).unwrap();
    assert!(swedish > 0 && pages[..swedish].iter().all(|page| !page.contains("Promemoria")));
    // pages are numbered throughout, and the provenance block is printed once at the end
    let count = |page: usize| bare(&format!("{} ({})", page + 1, pages.len()));
    assert!(pages.iter().enumerate().all(|(at, page)| page.contains(&count(at))));
    // in the record's own language
    assert!(!memo.says("Postens kontrollsumma (SHA-256)"));
    assert!(pages.last().unwrap().contains(&bare(BLOCK)));
    assert_eq!(memo.language().as_deref(), Some("en-FI"));
    assert_eq!(memo.files().len(), 1);
    let title = memo.info("Title").unwrap();
    assert!(title.contains("Talks 2025") && title.contains(" / Förhandlingar 2025"), "{title}");
    // references between slides stay within their language
    assert!(desk.pdf("talks-plan").pages().len() > 8);
}

#[test]
fn a_mistake_in_the_template_is_found_in_the_second_language_too() {
    let desk = small().lay("bilingual");
    desk.write("kirjuri.toml", "bilingual = \"together\"\n");
    let broken = "#lead[{{lead}}]\n#if {{str meta.language}} == \"sv\" { nonsense }";
    desk.template("memo.typ.hbs").replace("templates/memo.typ.hbs", "#lead[{{lead}}]", broken);
    desk.run(["build"]).exits(1).complains("memo.typ.hbs:7").complains("nonsense");
}

fn decided(action: &str, more: serde_json::Value) -> Desk {
    let desk = small();
    desk.edit("records/item.json", |item| {
        item["action"] = json!(action);
        item["decision"] = json!({
            "text": "The board decided as proposed.", "date": "2025-09-02",
            "handling": "Member Model was disqualified.", "published": "2025-09-08",
            "certified_by": { "name": "Ada Archivist", "role": "secretary" },
        });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
    });
    desk.run(["build"]).exits(0);
    desk
}

#[test]
fn a_decision_gives_the_extract_of_the_minutes() {
    let desk = decided("note", json!({}));
    let extract = desk.pdf("item-extract");
    for text in [
        "Extract of the minutes",
        "The board notes the matter for information.",
        "Member Model was disqualified.",
        "County board 2 September 2025 § 12",
        "The board decided as proposed.",
        "available on the public web since 8 September 2025",
        "Ada Archivist",
        "Certified as a true extract",
    ] {
        assert!(extract.says(text), "{text}");
    }
    let proposal = desk.pdf("item-proposal");
    assert!(!proposal.says("The board decided as proposed."));
    let before = small();
    before.run(["build"]).exits(0);
    assert!(!before.path("output/item-extract.pdf").exists());
}

#[test]
fn the_appeal_follows_from_the_action() {
    for (action, more, says) in [
        ("note", json!({}), "A decision to take note of a matter is not subject to"),
        ("refer", json!({}), "concerns preparation or execution only is not subject to"),
        ("execute", json!({}), "concerns preparation or execution only is not subject to"),
        ("approve", json!({}), "may request its rectification"),
        (
            "approve",
            json!({ "appeal": "complaint" }),
            "appealed against to the administrative court",
        ),
        ("approve", json!({ "appeal": "none" }), "The decision is not subject to"),
    ] {
        let extract = decided(action, more).pdf("item-extract");
        assert!(extract.says(says), "{action}: {says}");
        let none = says.contains("not subject");
        assert_eq!(
            extract.says("within 14 days") || extract.says("within 30 days"),
            !none,
            "{action}"
        );
    }
}

#[test]
fn an_authority_has_instructions_of_its_own_for_appeals() {
    let desk = small();
    let mut texts: serde_json::Value =
        serde_json::from_str(include_str!("../../templates/data/texts.json")).unwrap();
    texts["appeal-rectification"] = json!({ "version": 1, "en": "Write to **Street 1**." });
    desk.write("templates/data/texts.json", texts.to_string());
    desk.edit("records/item.json", |item| {
        item["action"] = json!("approve");
        item["decision"] = json!({ "text": "Approved.", "date": "2025-09-02" });
    });
    desk.run(["build"]).exits(0);
    let extract = desk.pdf("item-extract");
    assert!(extract.says("Write to Street 1.") && !extract.says("within 14 days"));
}

#[test]
fn attached_records_give_their_titles_and_dates() {
    let desk = small();
    desk.edit("records/item.json", |item| {
        item["attachments"] = json!([
            { "title": "A typed title", "link": "https://example.org/a.pdf" },
            { "record": "talks-north" }, { "record": "plan" },
        ]);
    });
    desk.run(["build"]).exits(0);
    let proposal = desk.pdf("item-proposal");
    assert!(proposal.says("Attachment 1 A typed title"));
    assert!(proposal.says("Attachment 2 Memo: Alder and Birch, 5 November 2025"));
    assert!(proposal.says("Attachment 3 Measures and follow-up:"));
    // a changed date changes here too
    desk.edit("records/north.json", |north| north["issued"] = json!("2025-11-06"));
    let run = desk.run(["build"]).exits(0);
    assert!(run.issued().contains("item-proposal.pdf"));
    assert!(desk.pdf("item-proposal").says("Alder and Birch, 6 November 2025"));
    // a secret record is not attached to a public one
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
    });
    desk.run(["build"]).exits(1).complains("secret-source");
}

#[test]
fn the_last_page_of_a_final_document_says_what_it_was_made_from() {
    let desk = small();
    desk.edit("records/north.json", |north| {
        north["version"] = json!(2);
        north["corrects"] = json!("The date was wrong.");
    });
    desk.run(["build"]).exits(0);
    for (name, file) in [
        ("talks-north-memo", "north"),
        ("talks-summary", "summary"),
        ("talks-plan", "round"),
        ("item-proposal", "item"),
        ("plan-measures", "plan"),
    ] {
        let pages = desk.pdf(name).pages();
        let digest = Sha256::digest(desk.bytes(&format!("records/{file}.json")));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(pages.last().unwrap().contains(&digest), "{name}");
        assert!(pages.last().unwrap().contains(&bare("kirjuri 0.")), "{name}");
        assert!(pages[..pages.len() - 1].iter().all(|page| !page.contains(&digest)), "{name}");
    }
    assert!(desk.pdf("talks-north-memo").says("talks-north (version 2)"));
    assert!(desk.pdf("talks-north-memo").says("Corrected version: The date was wrong."));
    assert!(desk.pdf("talks-summary").says("talks-north (version 2)"));
    // a draft has no provenance block
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    desk.run(["build"]).exits(0);
    assert!(!desk.pdf("talks-north-memo").says(BLOCK));
}

#[test]
fn quotation_marks_dashes_and_spaces_are_those_of_the_language() {
    let desk = small();
    desk.edit("records/north.json", |north| {
        north["language"] = json!("fi");
        north["notes"][0]["text"] = json!("\"Avoin ovi\" - klo 17.30-19.30, 6-7 § ja 1 000 €");
    });
    desk.run(["build"]).exits(0);
    let typ = desk.run(["render", "talks-north", "--format", "typ"]).exits(0).stdout;
    let typ = typ.replace('\\', "");
    assert!(
        typ.contains(
            "”Avoin ovi” – klo\u{a0}#box[17.30–19.30];, #box[6–7];\u{a0}§ ja 1\u{a0}000\u{a0}€"
        ),
        "{typ}"
    );
}

#[test]
fn a_text_that_runs_over_the_margin_is_reported_at_its_place() {
    let desk = small();
    desk.template("memo.typ.hbs").replace(
        "templates/memo.typ.hbs",
        "#lead[{{lead}}]",
        "#lead[{{lead}}]\n#box(width: 300mm)[#h(150mm){{meta.case_number}}]",
    );
    let run = desk.run(["build"]).exits(0).complains("warning[layout-outside]");
    assert!(run.stderr.contains("records/north.json:"), "{}", run.stderr);
    assert!(run.issued().contains("talks-north-memo.pdf"), "the document is created anyway");
}

#[test]
fn nothing_but_texts_differs_between_languages() {
    for (field, value) in [
        ("date", json!({ "en": "2025-10-23", "sv": "2025-12-24" })),
        ("status", json!({ "en": "final", "sv": "draft" })),
        ("id", json!({ "en": "talks-north", "sv": "talks-nord" })),
        ("mode", json!({ "en": "remote" })),
        ("round", json!({ "en": "talks", "sv": "talks" })),
    ] {
        let desk = small().lay("bilingual");
        desk.edit("records/north.json", |north| north[field] = value);
        let run = desk.run(["build"]).exits(1).complains(&format!("field {field}"));
        assert!(run.issued().iter().all(|name| !name.contains("talks-north")), "{}", run.stdout);
    }
    let desk = small().lay("bilingual");
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!({ "en": "secret", "sv": "public" });
    });
    let run = desk.run(["build"]).exits(1).complains("field case.publicity");
    assert!(!run.issued().contains("talks-north-promemoria.pdf"));
}

#[test]
fn a_repeated_field_is_refused_in_every_language() {
    let desk = small();
    desk.edit("records/north.json", |north| north["follow_up"] = json!({ "en": "Second." }));
    desk.run(["check"]).exits(0);
    desk.replace(
        "records/north.json",
        "\"follow_up\"",
        "\"follow_up\": {\"en\": \"First.\"},\n  \"follow_up\"",
    );
    desk.run(["check"]).exits(1).complains("field-twice");
}

#[test]
fn languages_do_not_share_file_names() {
    let desk = small().lay("bilingual");
    desk.write("templates/labels/sv.json", r#"{"file": {"memo": "memo"}}"#);
    desk.run(["build"]).exits(2).complains("file.memo").complains("overwrite each other");
}

#[test]
fn a_language_without_translations_is_reported() {
    let desk = small();
    desk.edit("records/north.json", |north| north["also_in"] = json!(["sv"]));
    desk.run(["build"]).exits(1).complains("translation-none");
    desk.edit("records/north.json", |north| {
        north["follow_up"] = json!({ "en": "The memo is sent.", "sv": "Promemorian sänds." });
        north["notes"][0]["text"] = json!("A whole sentence that somebody forgot to translate.");
    });
    let run = desk.run(["build"]).exits(0).complains("warning[round-untranslated]");
    assert!(run.stderr.contains("warning[text-untranslated]"), "{}", run.stderr);
    assert!(run.stderr.contains("field notes[0].text"), "{}", run.stderr);
}

#[test]
fn a_secret_session_is_not_named_in_the_summary() {
    let desk = small();
    desk.edit("records/south.json", |south| {
        south["case"]["publicity"] = json!("secret");
        south["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
    });
    desk.run(["build"]).exits(0);
    let summary = desk.pdf("talks-summary");
    assert!(summary.says("talks-north (version 1)") && !summary.says("talks-south"));
}

#[test]
fn highlights_replace_what_their_groups_raised_and_no_more() {
    let desk = small();
    desk.edit("records/south.json", |south| {
        south["notes"][0] = json!({
            "priority": "safety", "service_area": "children", "text": "South said this"
        });
    });
    desk.edit("records/summary.json", |summary| {
        summary["highlights"] = json!([{
            "priority": "safety", "service_area": "children", "groups": ["south"],
            "bullets": ["The editor says it for the south"],
        }]);
    });
    desk.run(["build"]).exits(0);
    let pages = desk.pdf("talks-summary").pages();
    let slide = pages.iter().find(|page| page.contains(&bare("The editor says it"))).unwrap();
    assert!(slide.contains(&bare("The editor says it for the south (South)")), "{slide}");
    assert!(!slide.contains(&bare("South said this")), "{slide}");
    assert!(slide.contains(&bare("Family centres")), "what the north raised stays: {slide}");
}

#[test]
fn a_decision_of_the_council_and_a_draft_attachment_are_warned_of() {
    let desk = small();
    desk.edit("records/item.json", |item| {
        item["body"] = json!("County council");
        item["action"] = json!("approve");
        item["attachments"] = json!([{ "record": "talks-north" }]);
    });
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    let run = desk.run(["build"]).exits(0).complains("warning[appeal-of-council]");
    assert!(run.stderr.contains("warning[attachment-draft]"), "{}", run.stderr);
    desk.edit("records/item.json", |item| {
        item["appeal"] = json!("complaint");
        item["attachments"] = json!([{ "record": "item" }]);
    });
    desk.run(["build"]).exits(1).complains("attachment-of-itself");
}

#[test]
fn a_record_with_several_documents_is_rendered_whole() {
    let desk = small().lay("bilingual");
    let run = desk.run(["render", "talks-north", "--to", "seen"]).exits(0);
    assert_eq!(run.stdout, "seen/talks-north-memo.pdf\nseen/talks-north-promemoria.pdf\n");
    desk.run(["render", "talks-north", "--format", "typ"]).exits(2).complains("name one");
}

#[test]
fn no_page_begins_or_ends_with_a_single_row_of_a_table() {
    let desk = small();
    let mut tables = 0;
    for rows in [7, 9, 12] {
        for filler in 0..12 {
            let id = format!("forum-{rows}-{filler}");
            let agreed = (0..rows).map(|row| json!({ "what": format!("ROW{row}. {}", "agreed ".repeat(12)), "who": "All" }));
            let forum = json!({
                "kind": "session", "id": id, "language": "en", "round": "talks",
                "forum": { "title": "Forum", "sector": "company" },
                "date": "2025-11-20", "mode": "remote",
                "outcome": "A line of the outcome.\n\n".repeat(6 + filler),
                "agreed": agreed.collect::<Vec<_>>(),
            });
            desk.write(&format!("records/{id}.json"), forum.to_string());
        }
    }
    desk.run(["build"]).exits(0);
    for rows in [7, 9, 12] {
        for filler in 0..12 {
            let pages = desk.pdf(&format!("forum-{rows}-{filler}-memo")).pages();
            let page_of = |row: usize| pages.iter().position(|p| p.contains(&format!("ROW{row}.")));
            let places: Vec<_> = (0..rows).map(|row| page_of(row).unwrap()).collect();
            assert_eq!(places[rows - 2], places[rows - 1], "{rows} rows, {filler}: {places:?}");
            assert!(places[0] == places[1], "{rows} rows, {filler}: {places:?}");
            tables += usize::from(places.first() != places.last());
        }
    }
    assert!(tables > 3, "only {tables} tables are over two pages");
}

#[test]
fn the_name_of_a_statute_is_asked_for_in_each_language() {
    let desk = small().lay("bilingual");
    desk.edit("records/round.json", |round| {
        let name = round["basis"][0]["name"]["en"].clone();
        round["basis"][0]["name"] = name;
    });
    let run = desk.run(["check"]).exits(1).complains("error[statute-untranslated]");
    let hint = "\"sv\": \"Lag om ordnande av social- och hälsovård\"}";
    assert!(run.stderr.contains(hint), "{}", run.stderr);
}
