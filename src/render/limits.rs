//! Limits on rendering: size and nesting of templates, steps and output of one
//! rendering. Handlebars has no limits of its own: loops inside loops, or
//! partials that double, would run for ever or fill the memory. Steps are
//! counted and never timed, so that the same template and view always end the
//! same way.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use handlebars::template::{Parameter, Subexpression, TemplateElement};
use handlebars::{
    BlockContext, Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext,
    RenderErrorReason, Template,
};
use serde_json::Value;

/// A limit that a template exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderLimit {
    #[error("the file is larger than {} KiB; move parts of it into partials", RenderLimit::SIZE / 1024)]
    Size,
    #[error(
        "blocks, partials or parentheses are nested more than {} deep; take some of them out",
        RenderLimit::DEPTH
    )]
    Depth,
    #[error(
        "it takes more than {} million steps; take out a loop inside another loop, or tags and partials inside loops",
        RenderLimit::STEPS / 1_000_000
    )]
    Steps,
    #[error(
        "it writes more than {} MiB of Typst; take out a loop inside another loop",
        RenderLimit::OUTPUT / 1024 / 1024
    )]
    Output,
}

impl RenderLimit {
    /// Bytes of a template.
    pub const SIZE: usize = 128 * 1024;
    /// Blocks, partials and parentheses inside each other: parser and renderer
    /// go one level deeper on the stack with each.
    pub const DEPTH: usize = 64;
    /// Steps of one rendering; see [`StepCounter`].
    pub const STEPS: usize = 10_000_000;
    /// Bytes that one rendering may write.
    pub const OUTPUT: usize = 64 * 1024 * 1024;
}

/// The limit that the text of a template exceeds, with the line. Checked before
/// parsing, because the parser recurses; comments are read like any other tag.
pub fn check_text(text: &str) -> Result<(), (usize, RenderLimit)> {
    if text.len() > RenderLimit::SIZE {
        return Err((1, RenderLimit::Size));
    }
    // for each open block, the depth outside of it
    let (mut depth, mut open) = (0_usize, Vec::new());
    for (at, _) in text.match_indices("{{") {
        let skipped = |c: char| matches!(c, '{' | '~') || c.is_whitespace();
        let tag = text[at..].trim_start_matches(skipped);
        let tag = &tag[..tag.find("}}").unwrap_or(tag.len())];
        match tag.chars().next() {
            Some('!') => continue,
            Some('#') => {
                open.push(depth);
                depth += 1;
            }
            Some('/') => depth = open.pop().unwrap_or(0),
            _ if is_chained(tag) => depth += 1,
            _ => {}
        }
        let brackets = tag.matches(['(', '[', '{']).count();
        if depth.max(brackets) > RenderLimit::DEPTH {
            return Err((text[..at].matches('\n').count() + 1, RenderLimit::Depth));
        }
    }
    Ok(())
}

/// True for `{{else if x}}`, which is nested in the branch before it.
fn is_chained(tag: &str) -> bool {
    let rest = tag.strip_prefix("else").or_else(|| tag.strip_prefix('^'));
    rest.is_some_and(|rest| rest.contains(|c: char| c != '~' && !c.is_whitespace()))
}

/// How deep the blocks of a template are nested.
#[derive(Debug, Default)]
pub struct Nesting {
    pub depth: usize,
    /// The partials that it includes, each with the depth of the blocks around it.
    pub partials: BTreeMap<String, usize>,
}

impl Nesting {
    /// Measures a template, and adds to it and to each block inside it a tag
    /// that calls the [`StepCounter`].
    pub fn measure_and_count(template: &mut Template) -> Self {
        let mut nesting = Self::default();
        nesting.visit(template, 0);
        nesting
    }

    fn visit(&mut self, template: &mut Template, depth: usize) {
        self.depth = self.depth.max(depth);
        for element in &mut template.elements {
            match element {
                TemplateElement::HelperBlock(block) => {
                    for inner in block.template.iter_mut().chain(&mut block.inverse) {
                        self.visit(inner, depth + 1);
                    }
                }
                TemplateElement::PartialExpression(partial) => {
                    if let Some(name) = partial.name.as_name() {
                        let deepest = self.partials.entry(name.to_owned()).or_default();
                        *deepest = depth.max(*deepest);
                    }
                }
                _ => {}
            }
        }
        let tag = counting_tag(template.elements.len(), depth == 0);
        template.elements.insert(0, tag);
        // errors take their line from here; behind `{{else if}}` there are no lines
        if let Some(first) = template.mapping.first().cloned() {
            template.mapping.insert(0, first);
        }
    }
}

/// Name of the helper that counts. It has a space, so no tag can call it and no
/// field of a view is hidden by it.
const COUNT: &str = "count steps";

/// `{{count steps <elements>}}`, with a second argument at the start of a file.
fn counting_tag(elements: usize, is_file: bool) -> TemplateElement {
    let mut arguments = vec![Parameter::Literal(elements.into())];
    arguments.extend(is_file.then(|| Parameter::Literal(Value::Null)));
    *Subexpression::new(Parameter::Name(COUNT.to_owned()), arguments, HashMap::new()).element
}

/// Counts the steps of one rendering. Each tag and each text between tags is a
/// step every time it is rendered. Entering a block or partial is ten more, and
/// a partial one more for each value of the data it receives, which are copied.
/// Handlebars wants helpers that threads can share, hence the atomic.
#[derive(Debug, Default)]
pub struct StepCounter(AtomicUsize);

impl StepCounter {
    const ENTRY: usize = 10;

    /// Adds a new counter to a rendering.
    pub fn register(state: &mut RenderContext<'_, '_>) {
        state.register_local_helper(COUNT, Box::new(Self::default()));
    }
}

impl HelperDef for StepCounter {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        _: &mut dyn Output,
    ) -> HelperResult {
        let elements = helper.param(0).and_then(|elements| elements.value().as_u64());
        let elements = elements.and_then(|elements| usize::try_from(elements).ok());
        let received = state.block().and_then(BlockContext::base_value);
        let received = received.filter(|_| helper.param(1).is_some());
        let steps = Self::ENTRY + elements.unwrap_or_default() + received.map_or(0, values);
        if self.0.fetch_add(steps, Ordering::Relaxed) + steps > RenderLimit::STEPS {
            return Err(RenderErrorReason::NestedError(Box::new(RenderLimit::Steps)).into());
        }
        Ok(())
    }
}

/// Number of values in a value, with the value itself.
fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

/// The output of one rendering, up to the limit.
#[derive(Default)]
pub struct LimitedOutput(String);

impl LimitedOutput {
    pub fn into_text(self) -> String {
        self.0
    }
}

impl Output for LimitedOutput {
    fn write(&mut self, part: &str) -> io::Result<()> {
        if self.0.len().saturating_add(part.len()) > RenderLimit::OUTPUT {
            return Err(io::Error::other(RenderLimit::Output));
        }
        self.0.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_blocks_and_parentheses_are_counted_before_parsing() {
        let depth = |line| Err((line, RenderLimit::Depth));
        let nested = |levels: usize| {
            format!("a\n{}b{}", "{{#if x}}\n".repeat(levels), "{{/if}}".repeat(levels))
        };
        assert_eq!(check_text(&nested(RenderLimit::DEPTH)), Ok(()));
        assert_eq!(check_text(&nested(RenderLimit::DEPTH + 1)), depth(66));
        assert_eq!(check_text(&"{{#if x}}{{else}}{{~/if}}".repeat(1000)), Ok(()));
        assert_eq!(check_text(&"{{!-- {{#if x}}{{/if}} --}}".repeat(1000)), Ok(()));
        let chain =
            |links: usize| format!("{{{{#if x}}}}{}{{{{/if}}}}", "{{else if y}}".repeat(links));
        assert_eq!(check_text(&chain(RenderLimit::DEPTH - 1).repeat(9)), Ok(()));
        assert_eq!(check_text(&chain(RenderLimit::DEPTH)), depth(1));
        assert_eq!(check_text(&format!("{{{{#if {}", "(not ".repeat(65))), depth(1));
        assert_eq!(check_text(&format!("{{{{x}}}} {}", "(".repeat(65))), Ok(()));
        assert_eq!(check_text(&format!("{{{{!-- {} --}}}}", "(".repeat(65))), Ok(()));
    }

    #[test]
    fn long_files_are_refused() {
        assert_eq!(check_text(&"a".repeat(RenderLimit::SIZE)), Ok(()));
        let longer = "a".repeat(RenderLimit::SIZE + 1);
        assert_eq!(check_text(&longer), Err((1, RenderLimit::Size)));
    }

    #[test]
    fn the_nesting_of_a_parsed_template_is_measured() {
        let measured =
            |text: &str| Nesting::measure_and_count(&mut Template::compile(text).unwrap());
        let nesting = measured("{{> b}}{{#if x}}{{#each y}}{{> b}}{{/each}}{{else}}{{> c}}{{/if}}");
        assert_eq!(nesting.depth, 2);
        let partials: Vec<(&str, usize)> =
            nesting.partials.iter().map(|(name, depth)| (name.as_str(), *depth)).collect();
        assert_eq!(partials, [("b", 2), ("c", 1)]);
        let chain =
            |links: usize| format!("{{{{#if x}}}}{}{{{{/if}}}}", "{{else if y}}".repeat(links));
        assert_eq!(measured(&chain(9)).depth, 10);
    }

    #[test]
    fn no_more_is_written_than_the_limit() {
        let mut output = LimitedOutput::default();
        let part = "a".repeat(RenderLimit::OUTPUT / 64);
        for _ in 0..64 {
            output.write(&part).unwrap();
        }
        assert!(output.write("a").is_err());
        assert_eq!(output.into_text().len(), RenderLimit::OUTPUT);
    }
}
