//! Failures that must never be silent: lost text, an omitted session, one document's
//! error blocking others.

use serde_json::json;

use crate::desk::Desk;

fn small() -> Desk {
    Desk::fixture("small")
}

#[test]
fn a_missing_font_is_refused() {
    let desk = small();
    desk.template("theme.json").replace("templates/theme.json", "Source Sans 3", "Nope Sans");
    desk.run(["build"]).exits(2).complains("Nope Sans").complains("Source Sans 3");
}

#[test]
fn missing_labels_fall_back_to_the_built_in_ones() {
    let desk = small();
    desk.write("templates/labels/en.json", r#"{"draft": "PRELIMINARY"}"#);
    desk.run(["build"]).exits(0);
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    desk.run(["build"]).exits(0);
    let memo = desk.pdf("talks-north-memo");
    assert!(memo.says("PRELIMINARY") && memo.says("Distribution"));
}

#[test]
fn words_in_file_names_cannot_leave_the_output_folder() {
    let desk = small();
    for word in ["../memo", "", "summary", "Muistio"] {
        let labels = json!({ "file": { "memo": word } });
        desk.write("templates/labels/en.json", labels.to_string());
        desk.run(["build"]).exits(2).complains("file.memo");
    }
}

#[test]
fn a_pdf_that_cannot_be_replaced_does_not_block_others() {
    let desk = small();
    std::fs::create_dir_all(desk.path("output/talks-north-memo.pdf")).unwrap();
    let run = desk.run(["build"]).exits(1).complains("pdf-unwritable");
    assert!(run.issued().contains("talks-south-memo.pdf"), "{}", run.stdout);
    let again = desk.run(["build"]).exits(1);
    assert!(again.issued().is_empty(), "{}", again.stdout);
}

#[test]
fn plain_text_on_slides_is_printed_unchanged() {
    let desk = small();
    let odd = ["# not a heading", "2025. not a number", "`kept` <b>too</b>", "- *no* list"];
    desk.edit("records/round.json", |round| {
        round["preparation"] = json!(odd);
        round["themes"] = json!([{ "theme": "goals", "bullets": odd }]);
        round["history"] = json!([{ "year": 2024, "bullets": odd }]);
    });
    desk.run(["build"]).exits(0);
    for document in ["talks-plan", "talks-summary"] {
        for text in odd {
            assert!(desk.pdf(document).says(text), "{document}: {text}");
        }
    }
}

#[test]
fn the_summary_contains_all_notes_of_sessions() {
    let desk = small();
    desk.edit("records/north.json", |north| {
        let notes = north["notes"].as_array_mut().unwrap();
        notes.push(json!({ "municipality": "Alder", "text": "ownemphasis" }));
        notes.push(json!({ "text": "nowhereelse" }));
        notes.push(json!({ "sector": "company", "text": "companyview" }));
        notes.push(json!({ "sector": "parish", "topic": "Together", "text": "firstwording" }));
        notes.push(json!({ "sector": "parish", "topic": "Together", "text": "secondwording" }));
        north["comments"] = json!([{ "from": "Friends of Alder", "sector": "organisation",
            "received": "2025-11-03", "text": "writtencomment" }]);
    });
    desk.run(["build"]).exits(0);
    let summary = desk.pdf("talks-summary");
    for word in [
        "ownemphasis",
        "nowhereelse",
        "companyview",
        "firstwording",
        "secondwording",
        "writtencomment",
    ] {
        assert!(summary.says(word), "{word}");
    }
}

#[test]
fn a_cell_with_only_a_secret_note_does_not_say_that_nothing_was_raised() {
    let desk = small();
    desk.edit("records/north.json", |north| {
        north["case"]["publicity"] = json!("partly-secret");
        north["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
        for note in north["notes"].as_array_mut().unwrap() {
            note["secret"] = json!(true);
        }
    });
    desk.run(["build"]).exits(0);
    assert!(desk.pdf("talks-summary").says("JulkL 24"));
}

#[test]
fn a_summary_without_a_group_is_not_final() {
    let desk = small();
    desk.run(["build"]).exits(0);
    assert!(!desk.pdf("talks-summary").says("DRAFT"));
    desk.remove("records/north.json");
    desk.run(["build"]).exits(0).complains("group-without-session");
    assert!(desk.pdf("talks-summary").says("DRAFT"));
}

#[test]
fn public_documents_do_not_show_secret_records() {
    let desk = small();
    desk.edit("records/plan.json", |plan| {
        plan["case"]["publicity"] = json!("secret");
        plan["case"]["secrecy_basis"] = json!("JulkL 24 §");
    });
    desk.edit("records/item.json", |item| {
        let id = "plan";
        item["sections"] = json!([{ "block": "measures", "of": id }]);
    });
    desk.run(["build"]).exits(1).complains("secret-source");
}

#[test]
fn an_order_without_the_title_still_begins_with_it() {
    let desk = small();
    desk.edit("records/summary.json", |summary| summary["order"] = json!(["general", "groups"]));
    desk.run(["build"]).exits(0);
    desk.edit("records/summary.json", |summary| summary["omit"] = json!(["title"]));
    desk.run(["build"]).exits(1).complains("slide-stays");
}

#[test]
fn text_nested_too_deep_is_refused_at_once() {
    let desk = small();
    let items = (0..150).map(|depth| format!("{}- x", "  ".repeat(depth)));
    let text = items.collect::<Vec<_>>().join("\n");
    desk.edit("records/north.json", |north| north["notes"][0]["text"] = json!(text));
    desk.run(["check"]).exits(1).complains("text-markup");
}

#[test]
fn an_unknown_round_in_an_invalid_file_blocks_the_summary() {
    let desk = small();
    desk.run(["build"]).exits(0);
    let before = desk.pdfs();
    desk.edit("records/north.json", |north| {
        north["round"] = json!("talsk");
        north["mode"] = json!("remoet");
    });
    desk.run(["build"]).exits(1);
    assert_eq!(before["talks-summary.pdf"], desk.pdfs()["talks-summary.pdf"]);
}

#[test]
fn an_invalid_agenda_item_does_not_block_the_summary() {
    let desk = small();
    desk.edit("records/item.json", |item| item["meeting_date"] = json!("16.9.2025"));
    let run = desk.run(["build"]).exits(1);
    assert!(run.issued().contains("talks-summary.pdf"), "{}", run.stdout);
}

#[test]
fn a_restricted_deck_is_marked_on_every_slide() {
    let desk = small();
    desk.edit("records/round.json", |round| {
        round["case"]["publicity"] = json!("partly-secret");
        round["case"]["secrecy_basis"] = json!("JulkL 24 § 1 mom. 25 k");
    });
    desk.run(["build"]).exits(0);
    let plan = desk.pdf("talks-plan");
    for (number, page) in plan.pages().iter().enumerate() {
        assert!(page.replace(' ', "").contains("JulkL"), "slide {}: {page}", number + 1);
    }
    assert!(plan.info("Keywords").is_some_and(|words| words.contains("JulkL")));
}

#[test]
fn a_proposal_about_no_round_comes_from_the_authority_of_the_theme() {
    let desk = small();
    desk.template("theme.json").edit("templates/theme.json", |theme| {
        theme["authority"] = json!("Theme County");
        theme["logo"] = json!(null);
    });
    // one round has another authority than the theme
    desk.write("kirjuri.toml", "[check.rules]\nsender-other = \"off\"\n");
    desk.edit("records/item.json", |item| {
        item.as_object_mut().unwrap().remove("round");
        item["sections"] = json!([{ "heading": "General", "text": "Text" }]);
        item["attachments"] = json!([]);
    });
    desk.run(["build"]).exits(0);
    assert_eq!(desk.pdf("item-proposal").info("Author").as_deref(), Some("Theme County"));
}

#[test]
fn partial_files_of_killed_processes_are_removed() {
    let desk = small();
    desk.write("output/.kirjuri-abc.tmp", "half a PDF").write("output/own.tmp", "somebody's");
    desk.run(["build"]).exits(0);
    assert!(!desk.path("output/.kirjuri-abc.tmp").exists());
    assert!(desk.path("output/own.tmp").exists());
}
