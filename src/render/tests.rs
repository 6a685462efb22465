//! Templates that come to too much, and how they are told.

use serde_json::{Value, json};

use super::{Bound, RenderError, Renderer};
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
fn stops(result: Result<String, RenderError>, at: (&str, usize), with: Bound) {
    match result {
        Err(RenderError::Bound { template, line, bound }) => {
            assert_eq!((template.as_str(), line, bound), (at.0, at.1, with));
        }
        other => panic!("not {with}: {other:?}"),
    }
}

#[test]
fn loops_that_write_nothing_are_stopped() {
    let text = format!("a\n{}", nested(3, ""));
    stops(rendered(&text, &[], &numbers(100)), ("t.typ.hbs", 2), Bound::Rounds);
    // 100 + 10,000 rounds, and 99 + 9,801 + 970,299
    assert_eq!(rendered(&nested(2, ""), &[], &numbers(100)).unwrap(), "");
    assert_eq!(rendered(&nested(3, ""), &[], &numbers(99)).unwrap(), "");
}

#[test]
fn the_rounds_of_all_loops_of_a_rendering_are_counted_together() {
    let text = format!("{}\n{}", nested(3, ""), nested(2, ""));
    // 980,199 rounds in the first line, 9,900 in the second
    let view = numbers(99);
    assert_eq!(rendered(&text, &[], &view).unwrap().trim(), "");
    let text = format!("{text}\n{text}");
    stops(rendered(&text, &[], &view), ("t.typ.hbs", 3), Bound::Rounds);
}

#[test]
fn each_rendering_begins_with_none() {
    let text = nested(3, "");
    let renderer = renderer(&[("t", text.as_str())]).unwrap();
    for _ in 0..3 {
        renderer.render("t", Language::Fi, &numbers(90)).unwrap();
    }
}

#[test]
fn loops_that_write_are_stopped() {
    let text = format!("a\nb\n{}", nested(2, &"x".repeat(100_000)));
    stops(rendered(&text, &[], &numbers(100)), ("t.typ.hbs", 3), Bound::Output);
    let text = "{{#each list}}{{> p}}{{/each}}";
    let partial = nested(1, &"x".repeat(100_000));
    let result = rendered(text, &[("p", partial.as_str())], &numbers(100));
    stops(result, ("p.typ.hbs", 1), Bound::Output);
}

#[test]
fn much_in_a_loop_is_stopped_before_its_rounds_are() {
    // what no condition lets through counts too
    let many = "{{a}}".repeat(1000);
    let partials = "{{> many}}".repeat(8);
    let text = format!("\n{}", nested(2, &format!("{{{{#if no}}}}{partials}{{{{/if}}}}")));
    let result = rendered(&text, &[("many", many.as_str())], &numbers(100));
    stops(result, ("t.typ.hbs", 2), Bound::Steps);
}

#[test]
fn what_comes_to_too_much_is_refused_when_it_is_read() {
    let refused = |files: &[(&str, &str)], at: (&str, usize), with: Bound| {
        stops(renderer(files).map(|_| String::new()), at, with);
    };
    for (text, times, line, bound) in [
        ("{{#if a}}", 3_000_000, 1, Bound::Text),
        ("{{#if a}}\n", 1000, 65, Bound::Depth),
        ("{{a}}\n", 5001, 5001, Bound::Written),
    ] {
        refused(&[("t", text.repeat(times).as_str())], ("t.typ.hbs", line), bound);
    }
    // each template includes the next one four times, so often that no number
    // could hold it
    let files: Vec<(String, String)> = (0..60)
        .map(|at| (format!("p{at:02}"), format!("{{{{> p{:02}}}}}", at + 1).repeat(4)))
        .chain([("p60".to_owned(), "x".to_owned())])
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    // the seventh from the end has 4 + 16 + .. + 16,384
    refused(&files, ("p53.typ.hbs", 1), Bound::Partials);
    let many = "{{a}}".repeat(1100);
    let more = "{{> many}}".repeat(1000);
    let most = "{{> more}}".repeat(7);
    let files = [("many", many.as_str()), ("more", more.as_str()), ("most", most.as_str())];
    assert!(renderer(&files).is_ok());
    let many = many.repeat(2);
    refused(&[("many", many.as_str()), files[1], files[2]], ("most.typ.hbs", 1), Bound::Steps);
}

#[test]
fn a_loop_is_measured_in_the_partial_that_has_it() {
    let partial = format!("a\n{}", nested(3, ""));
    let result = rendered("\n\n{{> p}}", &[("p", partial.as_str())], &numbers(100));
    stops(result, ("p.typ.hbs", 2), Bound::Rounds);
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
