//! From a view to Typst source through a Handlebars template. Pure. Knows the
//! escaping rules, and nothing of records, files or PDF.

mod bounds;
mod escape;
mod extent;
mod helpers;
mod long;
mod parsed;
mod prose;
mod rounds;
mod theme;
mod trace;
mod traps;

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{
    Context, Handlebars, RenderContext, RenderErrorReason, Renderable, Template, TemplateError,
};
use serde::Serialize;

use crate::bundle::{Bundle, BundleError, Made};
use crate::locale::Locales;
use crate::model::Language;
use bounds::Written;
use extent::Extents;
use prose::LongWords;
use rounds::Each;

pub use bounds::Bound;
pub use escape::{markup, string_literal};
pub use long::long_to_typst;
pub use theme::{Authority, ThemeError, ThemeFacts, check_theme};

/// Folder of the design library.
const LIBRARY: &str = "lib/";

/// Suffix of the template files.
const SUFFIX: &str = ".typ.hbs";

/// All templates of a bundle, by their names.
type Templates = Vec<(String, String)>;

/// All templates of a bundle, in every language.
pub struct Renderer {
    templates: Templates,
    compiled: Made<Compiled>,
}

/// The same compiled.
struct Compiled {
    fi: Handlebars<'static>,
    sv: Handlebars<'static>,
    en: Handlebars<'static>,
    /// The partials that each template includes.
    includes: BTreeMap<String, BTreeSet<String>>,
    /// What each template comes to.
    extents: Extents,
}

/// A template cannot be compiled or rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("template `{template}`, line {line}: {reason}")]
    Template { template: String, line: usize, reason: String },
    #[error("template `{template}` uses `{construct}` in line {line}, which templates may not")]
    Forbidden { template: String, line: usize, construct: &'static str },
    #[error("template `{template}` includes itself")]
    Circle { template: String },
    #[error("template `{template}`, line {line}: {bound}")]
    Bound { template: String, line: usize, bound: Bound },
}

/// A place in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplatePlace {
    /// Path below `templates/`.
    pub template: String,
    /// Line, from 1.
    pub line: usize,
}

impl Renderer {
    /// Takes every `*.typ.hbs` of the bundle; those in folders are partials
    /// that others include by name.
    ///
    /// # Errors
    /// When a template is not valid, uses what templates may not, or comes to
    /// too much.
    pub fn new(bundle: &Bundle, locales: &Locales) -> Result<Self, RenderError> {
        let mut templates = Vec::new();
        for (path, _) in bundle.iter().filter(|(path, _)| path.ends_with(SUFFIX)) {
            let text = bundle.text(path)?;
            templates.push((path.trim_end_matches(SUFFIX).to_owned(), text.to_owned()));
        }
        let is_built_in =
            bundle.is_built_in(|path| path.ends_with(SUFFIX) || path.starts_with(LIBRARY));
        let (bundle, locales, own) = (bundle.clone(), locales.clone(), templates.clone());
        let compiled = Made::of(is_built_in, move || Compiled::new(&own, &bundle, &locales))?;
        Ok(Self { templates, compiled })
    }

    /// Typst source of a view through a template, in a language.
    ///
    /// # Errors
    /// When the template asks for what the view does not have, or passes a
    /// bound.
    pub fn render(
        &self,
        template: &str,
        language: Language,
        view: &impl Serialize,
    ) -> Result<String, RenderError> {
        self.render_with(self.of(language), template, view)
    }

    /// Which line of which template wrote a line (from 1) of the source that
    /// `render` made of the same view. Only asked after a Typst error, so it
    /// renders again, with marks.
    pub fn trace(
        &self,
        template: &str,
        language: Language,
        view: &impl Serialize,
        line: usize,
    ) -> Option<TemplatePlace> {
        let mut marked = self.of(language).clone();
        for (index, (name, text)) in self.templates.iter().enumerate() {
            marked.register_template_string(name, trace::mark(index, text)).ok()?;
        }
        let source = self.render_with(&marked, template, view).ok()?;
        let (index, line) = trace::find(&source, line)?;
        let (name, _) = self.templates.get(index)?;
        Some(TemplatePlace { template: format!("{name}{SUFFIX}"), line })
    }

    /// Texts of a template and of the partials that it includes, in the order
    /// of their names.
    pub fn texts_of(&self, template: &str) -> Vec<&str> {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut new = vec![template];
        while let Some(name) = new.pop() {
            if used.insert(name) {
                new.extend(
                    self.compiled.includes.get(name).into_iter().flatten().map(String::as_str),
                );
            }
        }
        let texts = self.templates.iter().filter(|(name, _)| used.contains(name.as_str()));
        texts.map(|(_, text)| text.as_str()).collect()
    }

    /// Names of the templates, without suffix.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.templates.iter().map(|(name, _)| name.as_str())
    }

    fn render_with(
        &self,
        registry: &Handlebars<'static>,
        template: &str,
        view: &impl Serialize,
    ) -> Result<String, RenderError> {
        let mut out = Written::default();
        let result = carry_out(registry, template, view, &self.compiled.extents, &mut out);
        match result {
            Ok(()) => Ok(out.into_text()),
            Err(error) => Err(render_error(template, &error, out.is_full())),
        }
    }

    fn of(&self, language: Language) -> &Handlebars<'static> {
        match language {
            Language::Fi => &self.compiled.fi,
            Language::Sv => &self.compiled.sv,
            Language::En => &self.compiled.en,
        }
    }
}

impl Compiled {
    fn new(templates: &Templates, bundle: &Bundle, locales: &Locales) -> Result<Self, RenderError> {
        let parsed = parse(templates)?;
        let partials =
            |(name, template): (&String, &Template)| (name.clone(), traps::partials(template));
        let includes: BTreeMap<String, BTreeSet<String>> = parsed.iter().map(partials).collect();
        let extents = measure(&parsed, &includes)?;
        let mut library = bundle.iter().filter(|(path, _)| path.starts_with(LIBRARY));
        let long_words = match library.any(|(_, bytes)| defines_loose(bytes)) {
            true => LongWords::Marked,
            false => LongWords::Plain,
        };
        let registry = |language| registry(&parsed, locales, language, long_words);
        Ok(Self {
            fi: registry(Language::Fi),
            sv: registry(Language::Sv),
            en: registry(Language::En),
            includes,
            extents,
        })
    }
}

/// Renders as the library does, with a loop that counts.
fn carry_out(
    registry: &Handlebars<'static>,
    name: &str,
    view: &impl Serialize,
    extents: &Extents,
    out: &mut Written,
) -> Result<(), handlebars::RenderError> {
    let missing = || RenderErrorReason::TemplateNotFound(name.to_owned());
    let template = registry.get_template(name).ok_or_else(missing)?;
    let context = Context::wraps(view)?;
    let mut state = RenderContext::new(template.name.as_ref());
    state.register_local_helper("each", Box::new(Each::new(extents, name)));
    template.render(registry, &context, &mut state, out)
}

/// Parses the templates; refuses those that are too large or too deep, and
/// those that use what none may.
fn parse(templates: &Templates) -> Result<BTreeMap<String, Template>, RenderError> {
    let mut parsed = BTreeMap::new();
    for (name, text) in templates {
        if let Some((line, bound)) = bounds::of_text(text) {
            return Err(passed(name, line, bound));
        }
        let template = Template::compile_with_name(text, name.clone())
            .map_err(|error| template_error(name, &error))?;
        if let Some(line) = extent::too_deep(&template) {
            return Err(passed(name, line, Bound::Depth));
        }
        if let Some(trap) = traps::trap(&template) {
            let template = format!("{name}{SUFFIX}");
            return Err(RenderError::Forbidden {
                template,
                line: trap.line,
                construct: trap.construct,
            });
        }
        parsed.insert(name.clone(), template);
    }
    Ok(parsed)
}

/// What each template comes to; refuses those that include each other for ever,
/// or come to too much.
fn measure(
    parsed: &BTreeMap<String, Template>,
    includes: &BTreeMap<String, BTreeSet<String>>,
) -> Result<Extents, RenderError> {
    if let Some(name) = traps::circle(includes) {
        return Err(RenderError::Circle { template: format!("{name}{SUFFIX}") });
    }
    let mut extents = Extents::new();
    for name in extent::order(includes) {
        let Some(template) = parsed.get(name) else { continue };
        let extent =
            extent::of(template, &extents).map_err(|(line, bound)| passed(name, line, bound))?;
        extents.insert(name.to_owned(), extent);
    }
    Ok(extents)
}

/// Whether a file of the design library has the function that breaks long words.
fn defines_loose(file: &[u8]) -> bool {
    const DEFINITION: &[u8] = b"#let loose(c)";
    file.windows(DEFINITION.len()).any(|part| part == DEFINITION)
}

/// The templates with the words of a language.
fn registry(
    parsed: &BTreeMap<String, Template>,
    locales: &Locales,
    language: Language,
    long_words: LongWords,
) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    let locale = locales.of(language).clone();
    helpers::register(&mut registry, locale.clone(), long_words);
    registry.register_escape_fn(move |text| prose::prose(&locale.tie(text), long_words));
    for (name, template) in parsed {
        registry.register_template(name, template.clone());
    }
    registry
}

/// What ended a rendering, with its place.
fn render_error(name: &str, error: &handlebars::RenderError, is_full: bool) -> RenderError {
    let name = error.template_name.as_deref().unwrap_or(name);
    let line = error.line_no.unwrap_or(1);
    let bound = match error.reason() {
        _ if is_full => Some(Bound::Output),
        RenderErrorReason::NestedError(error) => error.downcast_ref::<Bound>().copied(),
        _ => None,
    };
    match bound {
        Some(bound) => passed(name, line, bound),
        None => RenderError::Template {
            template: format!("{name}{SUFFIX}"),
            line,
            reason: error.reason().to_string(),
        },
    }
}

fn passed(name: &str, line: usize, bound: Bound) -> RenderError {
    RenderError::Bound { template: format!("{name}{SUFFIX}"), line, bound }
}

fn template_error(name: &str, error: &TemplateError) -> RenderError {
    RenderError::Template {
        template: format!("{name}{SUFFIX}"),
        line: error.pos().map_or(1, |(line, _)| line),
        reason: error.reason().to_string(),
    }
}

#[cfg(test)]
mod tests;
