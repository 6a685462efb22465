//! Custom templates: errors are located, old PDFs stay, and record text never becomes
//! markup.

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

/// Fails unless the build refuses exactly the memos, at this place, and all PDFs stay.
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

/// Nested loops over the four facts of the memo.
fn loops(many: usize, body: &str) -> String {
    format!("{}{body}{}", "{{#each @root.facts}}".repeat(many), "{{/each}}".repeat(many))
}

#[test]
fn nested_loops_without_output_are_stopped() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", &loops(12, ""));
    memos_are_refused_at(&desk, MEMO, "{{#each @root.facts}}");
    desk.run(["build"]).exits(1).complains("template-steps").complains("10 million steps");
}

#[test]
fn loops_that_write_too_much_are_stopped() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", &loops(12, &"word ".repeat(200)));
    memos_are_refused_at(&desk, MEMO, "{{#each @root.facts}}");
    desk.run(["build"]).exits(1).complains("template-output").complains("64 MiB");
}

#[test]
fn a_loop_over_a_heavy_partial_is_stopped_and_all_other_documents_are_issued() {
    let desk = Desk::fixture("small");
    desk.write("templates/partials/heavy.typ.hbs", "{{#if @root.lead}}x{{/if}}\n".repeat(1000));
    let heavy = loops(8, "{{> partials/heavy}}");
    desk.template("memo.typ.hbs").replace(MEMO, "#lead[{{lead}}]", &heavy);
    let run = desk.run(["build"]).exits(1).complains("templates/partials/heavy.typ.hbs:");
    assert!(run.stderr.contains("template-steps"), "{}", run.stderr);
    assert_eq!(run.issued().len(), 4, "{}", run.stdout);
    assert!(run.issued().is_disjoint(&memos()), "{}", run.stdout);
    // once it is fixed, the memos come too
    desk.replace(MEMO, &heavy, "#lead[{{lead}}]");
    assert_eq!(desk.run(["build"]).exits(0).issued(), memos());
}

#[test]
fn partials_that_double_are_stopped() {
    let desk = changed("memo.typ.hbs", "#lead[{{lead}}]", "{{> partials/p00}}");
    for at in 0..30 {
        let twice = format!("{{{{> partials/p{:02}}}}}\n", at + 1).repeat(2);
        desk.write(&format!("templates/partials/p{at:02}.typ.hbs"), twice);
    }
    desk.write("templates/partials/p30.typ.hbs", "x");
    let before = desk.pdfs();
    let run = desk.run(["build"]).exits(1).complains("template-steps");
    assert!(run.stdout.contains("refused 2"), "{}", run.stdout);
    assert!(desk.pdfs() == before);
}

#[test]
fn templates_that_are_too_deep_or_too_large_are_refused_before_anything_is_made() {
    for (text, times, told) in [
        ("{{#if lead}}", 2000, "more than 64 deep"),
        ("{{#if lead}}", 2_500_000, "larger than 128 KiB"),
    ] {
        let desk = Desk::fixture("small");
        desk.write(MEMO, text.repeat(times));
        desk.run(["build"]).exits(2).complains("memo.typ.hbs").complains(told);
        assert!(desk.pdfs().is_empty());
    }
}

/// Unsafe constructs accepted in a memo template.
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
        "{{long (long lead)}}",
        "{{#if (str lead)}}x{{/if}}",
        "{{#> partials/facts}}x{{/partials/facts}}",
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
fn a_theme_with_low_contrast_is_refused() {
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
fn a_custom_label_appears_in_its_documents() {
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
fn a_custom_template_changes_its_documents() {
    let desk =
        changed("partials/facts.typ.hbs", "#facts((", "#facts((\n  (label: [Room], body: [Blue]),");
    let expected =
        names(["talks-north-memo", "talks-south-memo", "item-proposal", "plan-measures"]);
    assert_eq!(desk.run(["build"]).exits(0).issued(), expected);
    assert!(desk.pdf("item-proposal").says("RoomBlue"));
}

#[test]
fn a_custom_theme_changes_every_document() {
    let desk = changed("theme.json", "\"#0b4f5c\"", "\"#0b3f5c\"");
    // the authority of the records differs from the theme
    let desk = desk.without_judgement();
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

#[test]
fn templates_are_tried_out_on_generated_records() {
    let desk = Desk::fixture("small");
    // all shapes in all languages are in the slow tests
    for parts in [&["hostile"][..], &["long-words", "fi"], &["largest", "sv", "neuvottelu-1"]] {
        let args = [&["templates", "check", "--keep", "kept"], parts].concat();
        let run = desk.run(args).exits(0);
        assert!(run.stdout.ends_with("With layout defects: 0.\n"), "{}", run.stdout);
    }
    for name in ["hostile-fi-neuvottelu-1-muistio", "hostile-sv-kierros-sammandrag"] {
        assert!(desk.bytes(&format!("kept/{name}.pdf")).starts_with(b"%PDF-1.7"), "{name}");
    }
    let run = desk.run(["templates", "check", "smallest", "--keep", "few"]).exits(0);
    let kept = std::fs::read_dir(desk.path("few")).unwrap().count();
    assert!(run.stdout.contains(&format!("Checked {kept} documents")), "{}", run.stdout);
}

#[test]
fn a_template_that_fails_on_long_texts_is_refused() {
    // fits the small records, but not a title of 180 characters
    let desk = Desk::fixture("small");
    desk.template("lib/a4.typ").replace(
        "templates/lib/a4.typ",
        "#let doc-title(body) = heading(level: 1, unless-long(body))",
        "#let doc-title(body) = heading(level: 1, box(width: 400mm, body))",
    );
    let run = desk.run(["build"]).exits(0);
    assert_eq!(run.stderr, "");
    let run = desk.run(["templates", "check", "long-lines", "fi"]).exits(1);
    let told = run
        .stdout
        .lines()
        .any(|line| line.starts_with("long-lines fi ") && line.contains("-muistio: on page 1"));
    assert!(told, "{}", run.stdout);
    // the error of a template is located
    desk.template("memo.typ.hbs").replace(MEMO, "#lead[{{lead}}]", "#nonsense");
    desk.run(["templates", "check", "usual", "muistio"]).exits(1).complains("memo.typ.hbs:6");
}

#[test]
fn a_changed_heading_shows_on_its_pages_only() {
    let desk = Desk::fixture("small");
    desk.write("new/labels/en.json", r#"{"memo": {"agreed": "Matters settled"}}"#);
    let run = desk.run(["templates", "diff", "new", "--to", "seen"]).exits(0);
    let changed: Vec<&str> =
        run.stdout.lines().filter(|line| line.contains(": changes on pages")).collect();
    assert_eq!(
        changed,
        [
            "talks-north-memo: changes on pages 2 (of 2)",
            "talks-south-memo: changes on pages 2 (of 2)",
        ]
    );
    assert!(run.stdout.contains(
        "Compared 6 documents. Changed 2, cannot be created 0, with new layout defects 0."
    ));
    let mut files = Vec::new();
    crate::desk::walk(&desk.path("seen"), &mut |path| {
        files.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    });
    assert_eq!(
        files,
        [
            "index.html",
            "talks-north-memo-02.png",
            "talks-north-memo.diff",
            "talks-south-memo-02.png",
            "talks-south-memo.diff",
        ]
    );
    let text = desk.read("seen/talks-north-memo.diff");
    assert!(
        text.contains("Matters settled\n") && text.lines().any(|l| l.starts_with("-")),
        "{text}"
    );
    assert!(desk.read("seen/index.html").contains("src=\"talks-north-memo-02.png\""));
    assert!(!desk.path("output").exists(), "nothing is issued");
    // the same templates change nothing
    desk.write("same/README.txt", "nothing here");
    let run = desk.run(["templates", "diff", "same", "--to", "none"]).exits(0);
    assert!(run.stdout.contains("Changed 0") && !desk.path("none").exists(), "{}", run.stdout);
}

#[test]
fn a_template_that_breaks_documents_is_found_before_it_is_used() {
    let desk = Desk::fixture("small");
    let memo = std::fs::read_to_string(crate::desk::home().join("templates/memo.typ.hbs")).unwrap();
    desk.write("new/memo.typ.hbs", memo.replace("#lead[{{lead}}]", "#nonsense"));
    let run = desk.run(["templates", "diff", "new"]).exits(1).complains("new/memo.typ.hbs:6");
    assert!(run.stdout.contains("cannot be created 2"), "{}", run.stdout);
    desk.run(["templates", "diff", "nowhere"]).exits(2).complains("no folder `nowhere`");
}

/// Appearance of every page of the sample documents. After an intended change check
/// `kirjuri templates diff`, then run the tests with `INSTA_UPDATE=always`. Pixels depend
/// on the type of processor.
#[test]
#[cfg(target_arch = "x86_64")]
fn the_appearance_of_the_sample_documents_is_unchanged() {
    let desk = Desk::samples();
    insta::assert_snapshot!("pages", desk.run(["templates", "pages"]).exits(0).stdout);
}

#[test]
fn text_outside_the_page_is_reported() {
    let desk = Desk::fixture("small");
    let library =
        std::fs::read_to_string(crate::desk::home().join("templates/lib/a4.typ")).unwrap();
    let title = "#let doc-title(body) = heading(level: 1, unless-long(body))";
    assert!(library.contains(title));
    let hidden =
        "#let doc-title(body) = heading(level: 1, unless-long(body)) + place(dx: 400mm)[Outside]";
    desk.write("new/lib/a4.typ", library.replace(title, hidden));
    let run = desk.run(["templates", "diff", "new", "--to", "seen"]).exits(1);
    assert!(
        run.stdout.contains("talks-north-memo, on page 1, the text “Outside”"),
        "{}",
        run.stdout
    );
}

#[test]
fn invalid_arguments_of_templates_commands_fail() {
    let desk = Desk::fixture("small");
    desk.write("new/labels/en.json", r#"{"memo": {"agreed": "Matters settled"}}"#);
    for (args, complaint) in [
        (&["templates", "diff", "new", "--old", "nope"][..], "no folder `nope`"),
        (&["templates", "diff", "records/item.json"], "no folder `records/item.json`"),
        (&["templates", "diff", "new", "--to", "records/seen"], "records"),
        (&["templates", "diff", "new", "--to", "new"], "new"),
        (&["templates", "check", "--keep", "records"], "records"),
        (&["templates", "check", "nosuchword"], "nosuchword"),
    ] {
        desk.run(args.iter().copied()).exits(2).complains(complaint);
    }
    desk.write("empty/notes.md", "no template");
    let run = desk.run(["templates", "diff", "empty"]).exits(0);
    assert!(run.stdout.contains("change nothing"), "{}", run.stdout);
    // a document that only the new templates can produce
    desk.template("memo.typ.hbs").replace(MEMO, "#lead[{{lead}}]", "#nonsense");
    let run = desk.run(["templates", "diff", "new", "--old", "templates"]).exits(0);
    assert!(
        run.stdout.contains("talks-north-memo: could not be created with the old"),
        "{}",
        run.stdout
    );
}
