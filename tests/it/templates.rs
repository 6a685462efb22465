//! Templates of one's own: what is wrong with them is shown at its place, the
//! old PDFs stay, and no template opens a way for record text to become markup.

use std::collections::BTreeSet;

use crate::desk::{Desk, differences, names};

const MEMO: &str = "templates/memo.typ.hbs";

fn memos() -> BTreeSet<String> {
    names(["talks-north-memo", "talks-south-memo"])
}

/// A built desk with one template changed.
fn changed(template: &str, from: &str, to: &str) -> Desk {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    desk.template(template).replace(&format!("templates/{template}"), from, to);
    desk
}

/// Line of a text in a file, from 1.
fn line_of(desk: &Desk, name: &str, text: &str) -> usize {
    let before = desk.read(name);
    before[..before.find(text).unwrap()].matches('\n').count() + 1
}

/// The build refuses the memos at this place, and only them; all PDFs stay.
#[track_caller]
fn memos_are_refused_at(desk: &Desk, file: &str, text: &str) {
    let before = desk.pdfs();
    let line = line_of(desk, file, text);
    let run = desk.run(["build"]).exits(1).complains(&format!("{file}:{line}"));
    assert_eq!(run.issued(), BTreeSet::new());
    assert!(run.stdout.contains("refused 2"), "{}", run.stdout);
    assert!(desk.pdfs() == before, "the old PDFs stay");
}

#[test]
fn a_typst_error_is_shown_at_its_line_of_the_template() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", "#nonsense[{{lead}}]");
    memos_are_refused_at(&desk, MEMO, "#nonsense");
}

#[test]
fn a_typst_error_inside_a_loop_is_shown_at_its_line() {
    let desk = changed("memo.typ.hbs", "([{{what}}], [{{who}}]", "([{{what}}], [#nonsense(1)]");
    memos_are_refused_at(&desk, MEMO, "#nonsense");
}

#[test]
fn a_typst_syntax_error_is_shown_at_its_line() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", "#let x = (1 +");
    memos_are_refused_at(&desk, MEMO, "#let x");
}

#[test]
fn an_error_in_the_design_library_is_shown_there() {
    let desk = changed("lib/notes.typ", "#let ", "#let broken = 1 + \"a\"\n#let ");
    let line = line_of(&desk, "templates/lib/notes.typ", "#let broken");
    let before = desk.pdfs();
    desk.run(["build"]).exits(1).complains(&format!("templates/lib/notes.typ:{line}"));
    assert!(desk.pdfs() == before);
}

#[test]
fn a_field_that_the_view_does_not_have_is_shown_at_its_line() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", "#lead[{{leed}}]");
    memos_are_refused_at(&desk, MEMO, "{{leed}}");
}

#[test]
fn a_word_that_no_language_has_is_shown_at_its_line() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", "#lead[{{word \"memo.leed\"}}]");
    memos_are_refused_at(&desk, MEMO, "memo.leed");
}

#[test]
fn a_template_that_is_not_handlebars_is_refused_before_anything_is_made() {
    let desk = changed("memo.typ.hbs", "{{#if present}}", "{{#if present");
    let before = desk.pdfs();
    desk.run(["build"]).exits(2).complains("memo.typ.hbs");
    assert!(desk.pdfs() == before);
}

/// Traps that a changed memo template was allowed to hold.
fn taken<'a>(traps: &[&'a str]) -> Vec<&'a str> {
    let is_taken = |trap: &&&str| {
        let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", &format!("#lead[{trap}]"));
        let run = desk.run(["build"]);
        run.code != Some(2) || !run.stderr.contains("memo.typ.hbs")
    };
    traps.iter().filter(is_taken).copied().collect()
}

#[test]
fn ways_for_text_to_become_markup_are_refused() {
    let traps = [
        "{{{lead}}}",
        "{{~{lead}~}}",
        "{{&lead}}",
        "{{& lead}}",
        "\\{{lead}}",
        "{{> (lookup this \"lead\")}}",
        "{{{{raw}}}}{{lead}}{{{{/raw}}}}",
    ];
    assert_eq!(taken(&traps), [""; 0]);
}

#[test]
fn other_spellings_of_the_same_ways_are_refused() {
    let traps = [
        "{{~&lead}}",
        "{{~& lead}}",
        "{{ &lead}}",
        "{{>(lookup this \"lead\")}}",
        "{{>  (lookup this \"lead\")}}",
        "{{~> (lookup this \"lead\")}}",
        "{{#> (lookup this \"lead\")}}x{{/memo}}",
        "{{#>(lookup this \"lead\")}}x{{/memo}}",
    ];
    assert_eq!(taken(&traps), [""; 0]);
}

#[test]
fn a_theme_that_some_cannot_read_is_refused() {
    let desk = changed("theme.json", "\"#4a5961\"", "\"#9aa9b1\"");
    desk.run(["build"]).exits(2).complains("contrast");
}

#[test]
fn a_theme_with_a_mistake_is_refused() {
    changed("theme.json", "\"#4a5961\"", "\"grey\"").run(["build"]).exits(2).complains("muted");
    changed("theme.json", "\"muted\"", "\"mute\"").run(["build"]).exits(2).complains("theme.json");
    changed("theme.json", "logo.svg", "crest.svg").run(["build"]).exits(2).complains("crest.svg");
}

#[test]
fn labels_that_cannot_be_read_are_refused() {
    changed("labels/en.json", "\"page\": \"Page\",", "\"page\": 1,")
        .run(["build"])
        .exits(2)
        .complains("labels/en.json");
    changed("labels/en.json", "\"page\": \"Page\",", "\"page\"")
        .run(["build"])
        .exits(2)
        .complains("labels/en.json");
}

#[test]
fn a_label_of_ones_own_shows_in_the_documents_that_have_it() {
    let desk = changed("labels/en.json", "\"Agreed matters\"", "\"Matters settled\"");
    let before = desk.pdfs();
    assert_eq!(desk.run(["build"]).exits(0).issued(), memos());
    assert_eq!(differences(&before, &desk.pdfs()), memos());
    assert!(desk.pdf("talks-north-memo").says("Matters settled"));
    assert!(
        desk.run(["render", "talks-north", "--format", "typ"])
            .exits(0)
            .stdout
            .contains("Matters settled")
    );
}

#[test]
fn a_template_of_ones_own_changes_the_documents_that_use_it() {
    let desk =
        changed("partials/facts.typ.hbs", "#facts((", "#facts((\n  (label: [Room], body: [Blue]),");
    let expected =
        names(["talks-north-memo", "talks-south-memo", "item-proposal", "plan-measures"]);
    assert_eq!(desk.run(["build"]).exits(0).issued(), expected);
    assert!(desk.pdf("item-proposal").says("RoomBlue"));
}

#[test]
fn a_theme_of_ones_own_makes_every_document_again() {
    let desk = changed("theme.json", "\"#0b4f5c\"", "\"#0b3f5c\"");
    assert_eq!(desk.run(["build"]).exits(0).issued().len(), 6);
}

#[test]
fn files_that_are_no_templates_are_passed_over() {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    for name in ["templates/memo.typ.hbs~", "templates/.memo.typ.hbs.swp", "templates/notes.md"] {
        desk.write(name, "{{{");
    }
    assert_eq!(desk.run(["build"]).exits(0).issued(), BTreeSet::new());
}
