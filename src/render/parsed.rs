//! What a parsed template consists of. Knows nothing of what may be in it.

use handlebars::Template;
use handlebars::template::{Parameter, TemplateElement};

/// Line of an element, from 1. The parser notes none for what stands behind
/// `{{else if}}`; there it is `line`, that of the block around it.
pub fn line_of(template: &Template, index: usize, line: usize) -> usize {
    template.mapping.get(index).map_or(line, |mapping| mapping.0)
}

/// The templates inside an element: a block, and what stands behind its `else`.
pub fn inside(element: &TemplateElement) -> Vec<&Template> {
    match element {
        TemplateElement::HelperBlock(block) | TemplateElement::Expression(block) => {
            block.template.iter().chain(&block.inverse).collect()
        }
        TemplateElement::PartialBlock(block) | TemplateElement::DecoratorBlock(block) => {
            block.template.iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The name of a tag and its values.
pub fn parameters(element: &TemplateElement) -> Vec<&Parameter> {
    let (name, values, named) = match element {
        TemplateElement::HelperBlock(tag)
        | TemplateElement::Expression(tag)
        | TemplateElement::HtmlExpression(tag) => (&tag.name, &tag.params, &tag.hash),
        TemplateElement::PartialExpression(tag)
        | TemplateElement::PartialBlock(tag)
        | TemplateElement::DecoratorExpression(tag)
        | TemplateElement::DecoratorBlock(tag) => (&tag.name, &tag.params, &tag.hash),
        _ => return Vec::new(),
    };
    std::iter::once(name).chain(values).chain(named.values()).collect()
}

/// Calls `visit` for every element, those inside blocks included, with its line.
pub fn walk<T>(
    template: &Template,
    visit: &mut impl FnMut(&TemplateElement, usize) -> Option<T>,
) -> Option<T> {
    walk_from(template, 1, visit)
}

fn walk_from<T>(
    template: &Template,
    line: usize,
    visit: &mut impl FnMut(&TemplateElement, usize) -> Option<T>,
) -> Option<T> {
    for (index, element) in template.elements.iter().enumerate() {
        let line = line_of(template, index, line);
        if let Some(found) = visit(element, line) {
            return Some(found);
        }
        for block in inside(element) {
            if let Some(found) = walk_from(block, line, visit) {
                return Some(found);
            }
        }
    }
    None
}
