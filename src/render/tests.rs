//! Templates that exceed a limit, and what is reported of them.

use serde_json::{Value, json};

use super::{RenderError, RenderLimit, Renderer};
use crate::bundle::Bundle;
use crate::locale::Locales;
use crate::model::Language;

fn renderer(files: &[(&str, &str)]) -> Result<Renderer, RenderError> {
    let mut bundle = Bundle::built_in();
    for (name, text) in files {
        bundle = bundle.with(&format!("{name}.typ.hbs"), *text);
    }
    let locales = Locales::load(&bundle).unwrap();
    Renderer::new(&bundle, &locales)
}

/// Renders the template `t`, with these partials.
fn rendered(text: &str, partials: &[(&str, &str)], view: &Value) -> Result<String, RenderError> {
    let files = [&[("t", text)], partials].concat();
    renderer(&files)?.render("t", Language::En, view)
}

fn numbers(count: usize) -> Value {
    json!({"list": (0..count).collect::<Vec<_>>()})
}

/// So many loops in each other over `list`.
fn nested(loops: usize, body: &str) -> String {
    format!("{}{body}{}", "{{#each @root.list}}".repeat(loops), "{{/each}}".repeat(loops))
}

#[track_caller]
fn stops(result: Result<String, RenderError>, at: (&str, usize), limit: RenderLimit) {
    match result {
        Err(RenderError::Limit { template, line, limit: found }) => {
            assert_eq!((template.as_str(), line, found), (at.0, at.1, limit));
        }
        other => panic!("not {limit}: {other:?}"),
    }
}

#[test]
fn loops_that_write_nothing_are_stopped() {
    let text = format!("a\n{}", nested(4, ""));
    stops(rendered(&text, &[], &numbers(40)), ("t.typ.hbs", 2), RenderLimit::Steps);
    // about 840,000 entries of ten steps
    assert_eq!(rendered(&nested(4, ""), &[], &numbers(30)).unwrap(), "");
}

#[test]
fn the_steps_of_a_rendering_are_counted_together_and_each_rendering_begins_anew() {
    let text = nested(4, "");
    let renderer = renderer(&[("t", text.as_str())]).unwrap();
    for _ in 0..3 {
        renderer.render("t", Language::Fi, &numbers(30)).unwrap();
    }
    let text = format!("{text}\n{text}");
    stops(rendered(&text, &[], &numbers(30)), ("t.typ.hbs", 2), RenderLimit::Steps);
}

#[test]
fn loops_that_write_are_stopped() {
    let text = format!("a\nb\n{}", nested(2, &"x".repeat(100_000)));
    stops(rendered(&text, &[], &numbers(100)), ("t.typ.hbs", 3), RenderLimit::Output);
    let text = "{{#each list}}{{> p}}{{/each}}";
    let partial = nested(1, &"x".repeat(100_000));
    let result = rendered(text, &[("p", partial.as_str())], &numbers(100));
    stops(result, ("p.typ.hbs", 1), RenderLimit::Output);
}

#[test]
fn much_in_a_loop_is_stopped_before_the_loop_ends() {
    let many = "{{#if a}}{{/if}}".repeat(1000);
    let partials = "{{> many}}".repeat(8);
    let text = format!("\n{}", nested(2, &format!("{{{{#if @root.list}}}}{partials}{{{{/if}}}}")));
    let result = rendered(&text, &[("many", many.as_str())], &numbers(100));
    stops(result, ("many.typ.hbs", 1), RenderLimit::Steps);
    // what no condition lets through is not counted
    let text =
        text.replace("#if @root.list", "#unless @root.list").replace("{{/if}}", "{{/unless}}");
    assert_eq!(rendered(&text, &[("many", many.as_str())], &numbers(100)).unwrap().trim(), "");
}

#[test]
fn data_that_partials_copy_is_counted() {
    let text = format!("\n{}", nested(2, "{{> p @root.this}}"));
    stops(rendered(&text, &[("p", "x")], &numbers(1000)), ("p.typ.hbs", 1), RenderLimit::Steps);
    assert!(rendered(&text, &[("p", "x")], &numbers(100)).is_ok());
}

/// Templates `p00`, `p01` and so on, each of which includes the next one twice.
fn doubling(count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|at| (format!("p{at:02}"), format!("{{{{> p{:02}}}}}", at + 1).repeat(2)))
        .chain([(format!("p{count:02}"), "x".to_owned())])
        .collect()
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

#[test]
fn partials_that_double_are_stopped() {
    let files = doubling(60);
    let result = rendered("{{> p00}}", &borrowed(&files), &numbers(1));
    assert!(matches!(result, Err(RenderError::Limit { limit: RenderLimit::Steps, .. })));
}

#[test]
fn what_is_too_large_or_too_deep_is_refused_when_it_is_read() {
    let refused = |files: &[(&str, &str)], at: (&str, usize), limit: RenderLimit| {
        stops(renderer(files).map(|_| String::new()), at, limit);
    };
    for (text, times, line, limit) in [
        ("{{#if a}}", 3_000_000, 1, RenderLimit::Size),
        ("{{#if a}}\n", 1000, 65, RenderLimit::Depth),
    ] {
        refused(&[("t", text.repeat(times).as_str())], ("t.typ.hbs", line), limit);
    }
    refused(&borrowed(&doubling(70)), ("p05.typ.hbs", 1), RenderLimit::Depth);
    // blocks in partials in blocks
    let deep = |levels: usize, text: &str| {
        format!("{}{text}{}", "{{#if x}}".repeat(levels), "{{/if}}".repeat(levels))
    };
    let (outer, inner) = (deep(32, "{{> b}}"), deep(31, "x"));
    assert!(renderer(&[("a", outer.as_str()), ("b", inner.as_str())]).is_ok());
    let inner = deep(32, "x");
    let files = [("a", outer.as_str()), ("b", inner.as_str())];
    refused(&files, ("a.typ.hbs", 1), RenderLimit::Depth);
}

#[test]
fn partials_that_include_themselves_are_refused() {
    for files in [&[("a", "{{> a}}")][..], &[("a", "{{> b}}"), ("b", "{{> c}}"), ("c", "{{> b}}")]]
    {
        assert!(matches!(renderer(files), Err(RenderError::Circle { .. })));
    }
    let shared = [("a", "{{> b}}{{> c}}"), ("b", "{{> c}}"), ("c", "x")];
    assert!(renderer(&shared).is_ok());
}

#[test]
fn counting_changes_no_output() {
    let view = json!({
        "rows": [{"a": 1, "cells": [1, 2]}, {"a": 2, "cells": []}], "none": [], "a": "outer",
    });
    let row = "row {{a}}\n{{#each cells}}\n  cell {{this}} {{../a}}\n{{else}}\n  none\n{{/each}}\n";
    let text = "x\n{{#each rows}}\n  {{> row}}\n{{#if @first}}1{{else if @last}}\n\
                 last\n{{/if}}\n{{#with this}}\n{{a}}\n{{/with}}\n{{/each}}\n  {{> empty}}\ny\n";
    let mut library = handlebars::Handlebars::new();
    library.set_strict_mode(true);
    for (name, text) in [("t", text), ("row", row), ("empty", "")] {
        library.register_template_string(name, text).unwrap();
    }
    let ours = rendered(text, &[("row", row), ("empty", "")], &view).unwrap();
    assert_eq!(ours, library.render("t", &view).unwrap());
}

#[test]
fn other_errors_keep_their_place() {
    let result = rendered("a\n{{#each list}}\n{{missing}}{{/each}}", &[], &numbers(1));
    match result {
        Err(RenderError::Template { template, line, reason }) => {
            assert_eq!((template.as_str(), line), ("t.typ.hbs", 3));
            assert!(reason.contains("missing"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
