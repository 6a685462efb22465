//! Constructs that templates may not use, found in the parsed template, so that
//! no spelling slips through: those that let record text act as Typst, let data
//! choose a template, or write past the limit on output.

use handlebars::Template;
use handlebars::template::{Parameter, TemplateElement};

/// A construct that templates may not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbidden {
    /// Line, from 1.
    pub line: usize,
    pub construct: &'static str,
}

/// The first forbidden construct in a template.
pub fn find(template: &Template) -> Option<Forbidden> {
    find_from(template, 1)
}

/// The parser notes no lines behind `{{else if}}`: there it is the line of the
/// block around it.
fn find_from(template: &Template, outer_line: usize) -> Option<Forbidden> {
    template.elements.iter().enumerate().find_map(|(index, element)| {
        let line = template.mapping.get(index).map_or(outer_line, |mapping| mapping.0);
        if let Some(construct) = construct_of(element) {
            return Some(Forbidden { line, construct });
        }
        let TemplateElement::HelperBlock(block) = element else { return None };
        block.template.iter().chain(&block.inverse).find_map(|inner| find_from(inner, line))
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
            Some("a partial chosen by data")
        }
        // its block is not written to the limited output
        TemplateElement::PartialBlock(_) => Some("{{#> }}, a partial with a block"),
        _ if arguments(element).into_iter().any(makes_typst) => {
            Some("(exact ), (str ) or (long ) inside another tag")
        }
        _ => None,
    }
}

/// True for `(exact x)`, `(str x)` and `(long x)`, which turn a text into Typst. Another tag
/// would escape that Typst again, and each level of nesting would double it.
fn makes_typst(parameter: &Parameter) -> bool {
    let Parameter::Subexpression(call) = parameter else { return false };
    let inner = arguments(call.as_element());
    let name = inner.first().and_then(|name| name.as_name());
    matches!(name, Some("exact" | "str" | "long")) || inner.into_iter().any(makes_typst)
}

/// The name of a tag and its arguments.
fn arguments(element: &TemplateElement) -> Vec<&Parameter> {
    let (name, values, named) = match element {
        TemplateElement::HelperBlock(tag)
        | TemplateElement::Expression(tag)
        | TemplateElement::HtmlExpression(tag) => (&tag.name, &tag.params, &tag.hash),
        TemplateElement::PartialExpression(tag) => (&tag.name, &tag.params, &tag.hash),
        _ => return Vec::new(),
    };
    std::iter::once(name).chain(values).chain(named.values()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Forbidden> {
        find(&Template::compile(text).unwrap())
    }

    #[test]
    fn every_spelling_of_a_forbidden_construct_is_found() {
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
                assert!(find(&template).is_some(), "{text}");
            }
        }
        assert_eq!(found("a\n{{#if y}}\n{{{x}}}{{/if}}").map(|found| found.line), Some(3));
    }

    #[test]
    fn ordinary_templates_pass() {
        assert_eq!(
            found("{{> partials/prelude}} {{#each x}}{{str this}}{{/each}} {{!-- a --}}"),
            None
        );
        assert_eq!(found("{{> facts title=(word \"page\") of=x}}{{long (lookup x \"y\")}}"), None);
    }
}
