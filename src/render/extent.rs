//! What a template comes to with all its partials written out in it, found in
//! the parsed templates before any record is seen.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Template;
use handlebars::template::{DecoratorTemplate, Parameter, TemplateElement};

use super::bounds::Bound;
use super::parsed::{inside, line_of, parameters};

/// Every template by name.
pub type Extents = BTreeMap<String, Extent>;

/// What one template comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Partials, each as often as it is included.
    pub partials: usize,
    /// Tags and their values that are carried out once. What stands in a loop
    /// is left out: each round counts its own.
    pub steps: usize,
    /// How deep blocks and partials stand in each other.
    pub depth: usize,
    /// How many times as large data can become on its way through partials.
    pub growth: usize,
}

impl Extent {
    const NOTHING: Self = Self { partials: 0, steps: 0, depth: 0, growth: 1 };

    /// Of two that stand one after the other.
    fn and(self, other: Self) -> Self {
        Self {
            partials: self.partials.saturating_add(other.partials),
            steps: self.steps.saturating_add(other.steps),
            depth: self.depth.max(other.depth),
            growth: self.growth.max(other.growth),
        }
    }

    /// The first bound that it passes.
    fn passes(self) -> Option<Bound> {
        let bounds = [
            (self.depth > Bound::DEPTH, Bound::Depth),
            (self.partials > Bound::PARTIALS, Bound::Partials),
            (self.growth > Bound::GROWTH, Bound::Growth),
            (self.steps > Bound::STEPS, Bound::Steps),
        ];
        bounds.into_iter().find_map(|(passed, bound)| passed.then_some(bound))
    }
}

/// Names of the templates, each behind the partials that it includes, so that
/// each is measured once. There must be no circle.
pub fn order(includes: &BTreeMap<String, BTreeSet<String>>) -> Vec<&str> {
    let mut order = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for name in includes.keys() {
        let mut path = vec![name.as_str()];
        while let Some(top) = path.last().copied() {
            let mut included = includes.get(top).into_iter().flatten().map(String::as_str);
            match included.find(|name| includes.contains_key(*name) && !done.contains(name)) {
                Some(first) => path.push(first),
                None => {
                    path.pop();
                    if done.insert(top) {
                        order.push(top);
                    }
                }
            }
        }
    }
    order
}

/// What a template comes to; `known` has the partials that it includes.
///
/// # Errors
/// The bound that it passes, and the line where it does.
pub fn of(template: &Template, known: &Extents) -> Result<Extent, (usize, Bound)> {
    measure(template, known, 1)
}

fn measure(template: &Template, known: &Extents, line: usize) -> Result<Extent, (usize, Bound)> {
    let mut sum = Extent::NOTHING;
    for (index, element) in template.elements.iter().enumerate() {
        let line = line_of(template, index, line);
        if let TemplateElement::PartialExpression(partial) = element {
            sum = sum.and(Extent { steps: 0, ..of_partial(partial, known) });
        }
        for block in inside(element) {
            let block = measure(block, known, line)?;
            sum = sum.and(Extent { steps: 0, depth: block.depth.saturating_add(1), ..block });
        }
        sum.steps = sum.steps.saturating_add(steps_of(element, known));
        if let Some(bound) = sum.passes() {
            return Err((line, bound));
        }
    }
    Ok(sum)
}

/// What an included partial comes to. One that is nowhere fails when it is
/// asked for.
fn of_partial(partial: &DecoratorTemplate, known: &Extents) -> Extent {
    let name = partial.name.as_name();
    let extent = name.and_then(|name| known.get(name)).copied().unwrap_or(Extent::NOTHING);
    let named = partial.hash.values().filter(|value| may_be_all(value));
    Extent {
        partials: extent.partials.saturating_add(1),
        steps: extent.steps,
        depth: extent.depth.saturating_add(1),
        growth: extent.growth.saturating_mul(named.count().saturating_add(1)),
    }
}

/// Whether a value may be all the data there is, and not a field of it.
fn may_be_all(value: &Parameter) -> bool {
    match value {
        Parameter::Literal(_) => false,
        Parameter::Subexpression(_) => true,
        other => {
            let path = other.as_name().unwrap_or_default();
            ["this", ".", "@", "["].iter().any(|start| path.starts_with(start))
        }
    }
}

/// Tags and their values that are carried out when a template is, once: those
/// of its partials too, those in its loops not.
pub fn steps(template: &Template, known: &Extents) -> usize {
    template.elements.iter().map(|element| steps_of(element, known)).fold(0, usize::saturating_add)
}

fn steps_of(element: &TemplateElement, known: &Extents) -> usize {
    let own = parameters(element).into_iter().map(values).fold(0, usize::saturating_add);
    let below = match element {
        TemplateElement::PartialExpression(partial) => {
            of_partial(partial, known).steps.saturating_add(Bound::COPY)
        }
        TemplateElement::HelperBlock(block) => {
            let is_loop = block.name.as_name() == Some("each");
            let body = block.template.iter().filter(|_| !is_loop);
            let blocks = body.chain(&block.inverse);
            blocks.map(|block| steps(block, known)).fold(0, usize::saturating_add)
        }
        _ => 0,
    };
    own.saturating_add(below)
}

/// A value is a step, and so is every further piece of a long path.
fn values(parameter: &Parameter) -> usize {
    match parameter {
        Parameter::Subexpression(call) => {
            let inner = parameters(call.as_element());
            inner.into_iter().map(values).fold(1, usize::saturating_add)
        }
        other => 1 + other.as_name().map_or(0, str::len) / 64,
    }
}

/// Line of the first block, or value in parentheses, that stands too deep in
/// others of its template. Whatever else walks a template relies on this look,
/// which goes no deeper than the bound.
pub fn too_deep(template: &Template) -> Option<usize> {
    deeper(template, Bound::DEPTH, 1)
}

fn deeper(template: &Template, left: usize, line: usize) -> Option<usize> {
    template.elements.iter().enumerate().find_map(|(index, element)| {
        let line = line_of(template, index, line);
        if !parameters(element).into_iter().all(|parameter| fits(parameter, left)) {
            return Some(line);
        }
        inside(element).into_iter().find_map(|block| match left {
            0 => Some(line),
            left => deeper(block, left - 1, line),
        })
    })
}

fn fits(parameter: &Parameter, left: usize) -> bool {
    match parameter {
        Parameter::Subexpression(call) => {
            left > 0
                && parameters(call.as_element())
                    .into_iter()
                    .all(|parameter| fits(parameter, left - 1))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::traps::partials;

    /// Measures templates, each with its text, in the right order.
    fn measured(texts: &[(&str, &str)]) -> Result<Extents, (String, usize, Bound)> {
        let parsed: BTreeMap<&str, Template> =
            texts.iter().map(|(name, text)| (*name, Template::compile(text).unwrap())).collect();
        let includes: BTreeMap<String, BTreeSet<String>> = parsed
            .iter()
            .map(|(name, template)| ((*name).to_owned(), partials(template)))
            .collect();
        let mut extents = Extents::new();
        for name in order(&includes) {
            let extent = of(&parsed[name], &extents)
                .map_err(|(line, bound)| (name.to_owned(), line, bound))?;
            extents.insert(name.to_owned(), extent);
        }
        Ok(extents)
    }

    #[test]
    fn partials_are_counted_as_often_as_they_are_included() {
        let extents = measured(&[
            ("a", "{{> b}}{{> b}}{{> nowhere}}"),
            ("b", "{{#if x}}{{> c}}{{else}}{{> c}}{{/if}}"),
            ("c", "x"),
        ]);
        let extents = extents.unwrap();
        assert_eq!(extents["c"], Extent::NOTHING);
        assert_eq!((extents["b"].partials, extents["b"].depth), (2, 2));
        assert_eq!((extents["a"].partials, extents["a"].depth), (7, 3));
    }

    #[test]
    fn partials_that_double_are_refused_at_their_line() {
        let names: Vec<String> = (0..64).map(|at| format!("p{at:02}")).collect();
        let next = names[1..].iter().map(|name| format!("a\n{{{{> {name}}}}}\n{{{{> {name}}}}}"));
        let texts: Vec<String> = next.chain(["x".to_owned()]).collect();
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        // the fourteenth from the end has 2^14 - 2
        assert_eq!(measured(&files), Err(("p50".to_owned(), 3, Bound::Partials)));
        // not doubled, they are only deep
        let texts: Vec<String> = texts.iter().map(|text| text.replacen("{{> ", "", 1)).collect();
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(measured(&files).unwrap()["p00"].depth, 63);
    }

    #[test]
    fn blocks_in_partials_in_blocks_are_refused_when_they_are_deep() {
        let deep = |levels: usize, text: &str| {
            format!("{}{text}{}", "{{#if x}}".repeat(levels), "{{/if}}".repeat(levels))
        };
        let (outer, inner) = (deep(32, "{{> b}}"), deep(31, "x"));
        let both = measured(&[("a", outer.as_str()), ("b", inner.as_str())]);
        assert_eq!(both.unwrap()["a"].depth, 64);
        let inner = deep(32, "x");
        let both = measured(&[("a", outer.as_str()), ("b", inner.as_str())]);
        assert_eq!(both, Err(("a".to_owned(), 1, Bound::Depth)));
    }

    #[test]
    fn values_handed_on_by_name_multiply() {
        let extents = measured(&[
            ("a", "{{> b x=this y=this z=\"fixed\"}}{{> b}}"),
            ("b", "{{> c x=(lookup this \"x\")}}"),
            ("c", "x"),
        ]);
        assert_eq!(extents.unwrap()["a"].growth, 6);
        let names: Vec<String> = (0..9).map(|at| format!("p{at}")).collect();
        let next = names[1..].iter().map(|name| format!("\n{{{{> {name} x=this}}}}"));
        let texts: Vec<String> = next.chain(["x".to_owned()]).collect();
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(measured(&files), Err(("p3".to_owned(), 2, Bound::Growth)));
        // fields of the data are no copies of all of it
        let fields = texts.iter().map(|text| text.replace("x=this", "a=lead b=heading"));
        let fields: Vec<String> = fields.collect();
        let files: Vec<(&str, &str)> =
            names.iter().zip(&fields).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(measured(&files).unwrap()["p0"].growth, 1);
    }

    #[test]
    fn steps_leave_out_what_stands_in_loops() {
        let extents = measured(&[
            ("a", "{{x}}{{#each y}}{{z}}{{> b}}{{else}}{{z}}{{/each}}{{> b}}"),
            ("b", "{{long x}}{{#if (eq x y)}}{{z}}{{/if}}"),
        ]);
        let extents = extents.unwrap();
        // long, x; if, the parentheses, eq, x, y; z
        assert_eq!(extents["b"].steps, 8);
        // x; each, y; z of the else; the partial and what it has
        assert_eq!(extents["a"].steps, 1 + 2 + 1 + 1 + 8 + Bound::COPY);
        let body = Template::compile("{{z}}{{> b}}").unwrap();
        assert_eq!(steps(&body, &extents), 1 + 1 + 8 + Bound::COPY);
    }

    #[test]
    fn what_stands_too_deep_is_found_in_the_parsed_template() {
        let found = |text: &str| too_deep(&Template::compile(text).unwrap());
        let blocks = |levels: usize| {
            format!("a\n{}b{}", "{{#if x}}\n".repeat(levels), "{{/if}}".repeat(levels))
        };
        assert_eq!(found(&blocks(64)), None);
        assert_eq!(found(&blocks(65)), Some(66));
        let chain =
            |links: usize| format!("{{{{#if x}}}}{}{{{{/if}}}}", "\n{{else if y}}".repeat(links));
        assert_eq!(found(&chain(63)), None);
        assert_eq!(found(&chain(64)), Some(1));
        let calls = |levels: usize| {
            format!("a\n{{{{#if {}x{}}}}}b{{{{/if}}}}", "(not ".repeat(levels), ")".repeat(levels))
        };
        assert_eq!(found(&calls(64)), None);
        assert_eq!(found(&calls(65)), Some(2));
    }
}
