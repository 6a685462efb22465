//! What templates may not do, found in the parsed template, so that no way of
//! writing it slips through: let record text become markup, let data choose a
//! template, include each other for ever, or keep what they write from being
//! counted.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Template;
use handlebars::template::{Parameter, TemplateElement};

use super::parsed::{parameters, walk};

/// A construct that templates may not use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// Line, from 1.
    pub line: usize,
    pub construct: &'static str,
}

/// The first trap in a template.
pub fn trap(template: &Template) -> Option<Trap> {
    walk(template, &mut |element, line| {
        let construct = construct_of(element)?;
        Some(Trap { line, construct })
    })
}

/// Names of the partials that a template includes.
pub fn partials(template: &Template) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    walk(template, &mut |element, _| {
        if let TemplateElement::PartialExpression(partial)
        | TemplateElement::PartialBlock(partial) = element
        {
            names.extend(partial.name.as_name().map(str::to_owned));
        }
        None::<()>
    });
    names
}

/// A template that includes itself, through others or at once.
pub fn circle(includes: &BTreeMap<String, BTreeSet<String>>) -> Option<&str> {
    includes.keys().map(String::as_str).find(|start| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = vec![start];
        while let Some(name) = next.pop() {
            for included in includes.get(name).into_iter().flatten() {
                if included == start {
                    return true;
                }
                if seen.insert(included.as_str()) {
                    next.push(included);
                }
            }
        }
        false
    })
}

fn construct_of(element: &TemplateElement) -> Option<&'static str> {
    match element {
        TemplateElement::HtmlExpression(_) => Some("{{{ }}} or {{& }}, which do not escape"),
        TemplateElement::DecoratorExpression(_) | TemplateElement::DecoratorBlock(_) => {
            Some("{{* }}, a decorator")
        }
        TemplateElement::RawString(text) if text.contains("{{") => Some("\\{{, an escaped tag"),
        TemplateElement::PartialExpression(partial) | TemplateElement::PartialBlock(partial)
            if partial.name.as_name().is_none()
                || matches!(partial.name, Parameter::Subexpression(_)) =>
        {
            Some("a partial that data selects")
        }
        // its block is written to no end that could be bounded
        TemplateElement::PartialBlock(_) => Some("{{#> }}, a partial with a block"),
        _ if parameters(element).into_iter().any(makes_typst) => {
            Some("(exact ), (str ) or (long ) inside another tag")
        }
        _ => None,
    }
}

/// True for `(exact x)`, `(str x)` and `(long x)`, which make Typst of a text. In another tag
/// it would be made Typst once more, and what is nested doubles each time.
fn makes_typst(parameter: &Parameter) -> bool {
    let Parameter::Subexpression(call) = parameter else { return false };
    let inner = parameters(call.as_element());
    let name = inner.first().and_then(|name| name.as_name());
    matches!(name, Some("exact" | "str" | "long")) || inner.into_iter().any(makes_typst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Trap> {
        trap(&Template::compile(text).unwrap())
    }

    #[test]
    fn every_way_of_writing_a_trap_is_found() {
        for text in [
            "{{{x}}}",
            "{{& x}}",
            "{{~& x}}",
            "{{~{x}~}}",
            "a\n{{#if y}}{{{x}}}{{/if}}",
            "{{#if y}}{{else}}{{& x}}{{/if}}",
            "{{> (lookup meta \"language\")}}",
            "{{>(lookup meta \"language\")}}",
            "{{>   (lookup meta \"language\")}}",
            "{{~> (lookup meta \"language\")}}",
            "{{#> (lookup meta \"language\")}}{{/lookup}}",
            "\\{{x}}",
            "{{#*inline \"p\"}}a{{/inline}}",
            "{{#> layout}}a{{/layout}}",
            "{{#if x}}{{#> layout}}a{{/layout}}{{/if}}",
            "{{str (str x)}}",
            "{{#if (not (long x))}}a{{/if}}",
            "{{> facts title=(str x)}}",
            "{{(str x)}}",
        ] {
            // what the parser itself refuses is no way in either
            if let Ok(template) = Template::compile(text) {
                assert!(trap(&template).is_some(), "{text}");
            }
        }
        assert_eq!(found("a\n{{#if y}}\n{{{x}}}{{/if}}").map(|trap| trap.line), Some(3));
    }

    #[test]
    fn ordinary_templates_pass() {
        assert_eq!(
            found("{{> partials/prelude}} {{#each x}}{{str this}}{{/each}} {{!-- a --}}"),
            None
        );
        assert_eq!(found("{{> facts title=(word \"page\") of=x}}{{long (lookup x \"y\")}}"), None);
    }

    #[test]
    fn circles_are_found() {
        let includes = |pairs: &[(&str, &str)]| {
            let mut map: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (from, to) in pairs {
                map.entry((*from).into()).or_default().insert((*to).into());
            }
            map
        };
        assert!(circle(&includes(&[("a", "b"), ("b", "c"), ("c", "b")])).is_some());
        assert!(circle(&includes(&[("a", "a")])).is_some());
        assert_eq!(circle(&includes(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    }
}
