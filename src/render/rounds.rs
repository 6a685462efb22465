//! `{{#each}}` as the library has it, but counted: a rendering that goes round
//! too often, or carries out too much, ends with an error.

use std::sync::atomic::{AtomicUsize, Ordering};

use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, Output,
    PathAndJson, RenderContext, RenderError, RenderErrorReason, Renderable, to_json,
};
use serde_json::Value;

use super::bounds::Bound;
use super::extent::{Extents, steps};

/// The loops of one rendering, which gets its own as a local helper: so there
/// is nothing to set back, and nothing that renderings on several threads
/// share. The library wants helpers that threads could share, hence atomics.
pub struct Each<'a> {
    extents: &'a Extents,
    rounds: AtomicUsize,
    steps: AtomicUsize,
}

impl<'a> Each<'a> {
    /// For a rendering of the template of this name.
    pub fn new(extents: &'a Extents, template: &str) -> Self {
        let once = extents.get(template).map_or(0, |extent| extent.steps);
        Self { extents, rounds: AtomicUsize::new(0), steps: AtomicUsize::new(once) }
    }

    /// Counts a round before it is made, with the steps that it may take. What
    /// an `if` leaves out counts too, so that nothing is missed.
    fn count(&self, steps: usize) -> Result<(), RenderErrorReason> {
        let add = |sum: &AtomicUsize, more| sum.fetch_add(more, Ordering::Relaxed) + more;
        let bound = if add(&self.rounds, 1) > Bound::ROUNDS {
            Bound::Rounds
        } else if add(&self.steps, steps) > Bound::STEPS {
            Bound::Steps
        } else {
            return Ok(());
        };
        Err(RenderErrorReason::NestedError(Box::new(bound)))
    }
}

impl HelperDef for Each<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let list = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("each", 0))?;
        let Some(body) = helper.template() else { return Ok(()) };
        let items: Option<Vec<(Option<&String>, &Value)>> = match list.value() {
            Value::Array(items) => Some(items.iter().map(|item| (None, item)).collect()),
            Value::Object(fields) => {
                Some(fields.iter().map(|(key, item)| (Some(key), item)).collect())
            }
            _ => None,
        };
        let items = match (items, helper.inverse()) {
            (Some(items), None) => items,
            (Some(items), Some(_)) if !items.is_empty() => items,
            (_, Some(otherwise)) => return otherwise.render(registry, context, rc, out),
            (None, None) if registry.strict_mode() => {
                return Err(RenderError::strict_error(list.relative_path()));
            }
            (None, None) => return Ok(()),
        };
        // an empty list counts no round, so nothing may be looked up for it
        let weight = if items.is_empty() { 0 } else { steps(body, self.extents) };
        let path = list.context_path().map(Vec::as_slice);
        rc.push_block(scope(list));
        for (index, (key, item)) in items.iter().copied().enumerate() {
            self.count(weight)?;
            if let Some(block) = rc.block_mut() {
                block.set_local_var("first", to_json(index == 0));
                block.set_local_var("last", to_json(index + 1 == items.len()));
                block.set_local_var("index", to_json(index));
                if let Some(key) = key {
                    block.set_local_var("key", to_json(key));
                }
                let segment = key.cloned().unwrap_or_else(|| index.to_string());
                enter(block, path, segment, index == 0, item);
                let second = key.map_or_else(|| to_json(index), to_json);
                name(block, helper, path.is_some(), item, second)?;
            }
            body.render(registry, context, rc, out)?;
        }
        rc.pop_block();
        Ok(())
    }
}

/// The scope of a loop over this list.
fn scope<'rc>(list: &PathAndJson<'rc>) -> BlockContext<'rc> {
    let mut block = BlockContext::new();
    match list.context_path() {
        Some(path) => block.base_path_mut().clone_from(path),
        None => block.set_base_value(list.value().clone()),
    }
    block
}

/// Makes an item what the scope is about: by its path, or as a value where the
/// list itself is no part of the view.
fn enter(
    block: &mut BlockContext<'_>,
    path: Option<&[String]>,
    segment: String,
    is_first: bool,
    item: &Value,
) {
    match path {
        Some(path) if is_first => {
            let mut path = path.to_vec();
            path.push(segment);
            *block.base_path_mut() = path;
        }
        Some(_) => {
            if let Some(last) = block.base_path_mut().last_mut() {
                *last = segment;
            }
        }
        None => block.set_base_value(item.clone()),
    }
}

/// Gives item and index or key the names behind `as`.
fn name<'rc>(
    block: &mut BlockContext<'rc>,
    helper: &Helper<'rc>,
    has_path: bool,
    item: &Value,
    second: Value,
) -> HelperResult {
    let (first_name, second_name) = match (helper.block_param(), helper.block_param_pair()) {
        (Some(first), _) => (first, None),
        (None, Some((first, second))) => (first, Some(second)),
        (None, None) => return Ok(()),
    };
    let mut params = BlockParams::new();
    if has_path {
        params.add_path(first_name, Vec::new())?;
    } else {
        params.add_value(first_name, item.clone())?;
    }
    if let Some(second_name) = second_name {
        params.add_value(second_name, second)?;
    }
    block.set_block_params(params);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What the library's own loop makes of a template, and what ours does.
    fn both(text: &str, is_strict: bool) -> [Result<String, String>; 2] {
        let view = json!({
            "list": ["x", "y", "z"],
            "rows": [{"a": 1, "cells": [1, 2]}, {"a": 2, "cells": []}],
            "one": [7],
            "none": [],
            "fields": {"k": "v", "l": "w", "": "blank", "deep": {"a": {"b": 1}}},
            "no_fields": {},
            "text": "t",
            "null": null,
            "a": "outer",
        });
        let extents = Extents::new();
        let mut library = Handlebars::new();
        library.set_strict_mode(is_strict);
        library.register_template_string("t", text).unwrap();
        library.register_template_string("p", "<{{this}}|{{@index}}|{{@first}}>").unwrap();
        library
            .register_template_string(
                "rows",
                "{{#each rows}}{{#each cells}}{{this}},{{../a}}{{/each}};{{/each}}",
            )
            .unwrap();
        let mut ours = library.clone();
        ours.register_helper("each", Box::new(Each::new(&extents, "t")));
        [&library, &ours]
            .map(|handlebars| handlebars.render("t", &view).map_err(|error| error.to_string()))
    }

    #[test]
    fn it_does_what_the_library_does() {
        for text in [
            "{{#each list}}{{this}}{{@index}}{{@first}}{{@last}} {{/each}}",
            "{{#each list}}\n  {{this}}\n{{/each}}\n",
            "{{#each fields}}{{@key}}={{this}} {{@index}}{{@first}}{{@last}} {{/each}}",
            "{{#each list as |item|}}{{item}}{{/each}}",
            "{{#each list as |item at|}}{{at}}:{{item}} {{/each}}",
            "{{#each fields as |item key|}}{{key}}:{{item}} {{/each}}",
            "{{#each rows as |row r|}}{{#each row.cells as |cell c|}}{{r}}{{c}}{{cell}}{{row.a}} {{/each}}{{/each}}",
            "{{#each rows}}{{a}}{{../a}}{{@root.a}}{{#each cells}}{{this}}{{@index}}{{@../index}}{{../a}}{{../../a}}{{/each}};{{/each}}",
            "{{#each fields.deep}}{{#each this}}{{@key}}{{this}}{{@../key}}{{/each}}{{/each}}",
            "{{#each rows}}{{#each cells}}{{this}}{{else}}no cells of {{a}}{{/each}}{{/each}}",
            "{{#each none}}x{{else}}else {{a}}{{/each}}",
            "{{#each no_fields}}x{{else}}else {{a}}{{/each}}",
            "{{#each none}}x{{/each}}{{#each no_fields}}x{{/each}}",
            "{{#each text}}x{{else}}else{{/each}}",
            "{{#each text}}x{{/each}}",
            "{{#each null}}x{{/each}}",
            "{{#each absent}}x{{/each}}",
            "{{#each absent}}x{{else}}else{{/each}}",
            "{{#each rows}}{{#each nowhere.at}}x{{/each}}{{/each}}",
            "{{#each}}x{{/each}}",
            "{{each list}}",
            "{{#each list}}{{missing}}{{/each}}",
            "{{#each [1, \"two\", [3]]}}{{this}}{{@index}} {{/each}}",
            "{{#each (lookup this \"list\")}}{{this}}{{@last}}{{/each}}",
            "{{#each (lookup this \"rows\") as |row|}}{{row.a}}{{#each row.cells}}{{this}}{{../a}}{{/each}}{{/each}}",
            "{{#each (lookup this \"fields\") as |item key|}}{{key}}{{item}}{{@key}}{{/each}}",
            "{{#each list}}{{> p}}{{/each}}",
            "{{#each rows}}{{> p a}}{{/each}}",
            "  {{> rows}}\n",
            "{{#with fields}}{{#each ../list}}{{this}}{{../k}}{{/each}}{{/with}}",
            "{{#if none}}a{{else each list}}{{this}}{{/if}}",
            "{{#each list}}{{#if @first}}first{{else if @last}}last{{else}}{{@index}}{{/if}}{{/each}}",
            "{{#each this}}{{@key}} {{/each}}",
            "{{#each one}}{{#each ../list}}{{this}}{{../this}}{{/each}}{{/each}}{{a}}",
        ] {
            for is_strict in [true, false] {
                let [library, ours] = both(text, is_strict);
                assert_eq!(ours, library, "{text}, strict: {is_strict}");
            }
        }
    }

    #[test]
    fn what_it_does_is_what_is_meant() {
        let ours = |text: &str| both(text, true)[1].clone().unwrap();
        assert_eq!(
            ours("{{#each list as |item at|}}{{at}}{{item}}{{@first}}{{@last}} {{/each}}"),
            "0xtruefalse 1yfalsefalse 2zfalsetrue "
        );
        assert_eq!(
            ours("{{#each fields.deep}}{{@key}}{{#each this}}{{this}}{{/each}}{{/each}}"),
            "a1"
        );
        assert_eq!(ours("{{#each none}}x{{else}}{{a}}{{/each}}"), "outer");
    }
}
