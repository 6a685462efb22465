//! Rendering of Handlebars templates: view in, Typst source out. Pure. Knows the
//! escaping rules, and nothing of records, files or PDF.

mod escape;
mod forbidden;
mod helpers;
mod limits;
mod long;
mod prose;
mod theme;
mod trace;

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{
    Context, Handlebars, RenderContext, RenderErrorReason, Renderable, Template, TemplateError,
};
use serde::Serialize;

use crate::bundle::{Bundle, BundleError, Made};
use crate::locale::Locales;
use crate::model::Language;
use forbidden::Forbidden;
use limits::{LimitedOutput, Nesting, StepCounter};
use prose::LongWords;

pub use escape::{markup, string_literal};
pub use limits::RenderLimit;
pub use long::long_to_typst;
pub use theme::{AuthorityName, ThemeError, ThemeFacts, check_theme};

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
    /// Nesting of each template, with the partials that it includes.
    nesting: BTreeMap<String, Nesting>,
}

/// A template cannot be compiled or rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("template `{template}`, line {line}: {reason}")]
    Template { template: String, line: usize, reason: String },
    #[error("template `{template}` uses `{construct}` in line {line}, which is not allowed")]
    Forbidden { template: String, line: usize, construct: &'static str },
    #[error("template `{template}` includes itself")]
    Circle { template: String },
    #[error("template `{template}`, line {line}: {limit}")]
    Limit { template: String, line: usize, limit: RenderLimit },
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
    /// When a template is not valid, uses a forbidden construct, or exceeds a
    /// limit.
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

    /// Renders a view with a template, in a language, to Typst source.
    ///
    /// # Errors
    /// When the template uses a field that the view does not have, or exceeds a
    /// limit.
    pub fn render(
        &self,
        template: &str,
        language: Language,
        view: &impl Serialize,
    ) -> Result<String, RenderError> {
        self.render_with(self.of(language), template, view)
    }

    /// The template line that produced a line (from 1) of the source that
    /// `render` returned for the same view. Only needed after a Typst error, so it
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

    /// Texts of a template and of all partials that it includes, sorted by name.
    pub fn texts_of(&self, template: &str) -> Vec<&str> {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut new = vec![template];
        while let Some(name) = new.pop() {
            if used.insert(name) {
                let partials =
                    self.compiled.nesting.get(name).map(|nesting| nesting.partials.keys());
                new.extend(partials.into_iter().flatten().map(String::as_str));
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
        let mut output = LimitedOutput::default();
        render_limited(registry, template, view, &mut output)
            .map_err(|error| render_error(template, &error))?;
        Ok(output.into_text())
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
        let mut parsed = parse(templates)?;
        let measure = |(name, template): (&String, &mut Template)| {
            (name.clone(), Nesting::measure_and_count(template))
        };
        let nesting: BTreeMap<String, Nesting> = parsed.iter_mut().map(measure).collect();
        let mut known = BTreeMap::new();
        for name in nesting.keys() {
            depth(name, &nesting, &mut Vec::new(), &mut known)?;
        }
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
            nesting,
        })
    }
}

/// Renders as the library does, with the limits of one rendering.
fn render_limited(
    registry: &Handlebars<'static>,
    name: &str,
    view: &impl Serialize,
    output: &mut LimitedOutput,
) -> Result<(), handlebars::RenderError> {
    let missing = || RenderErrorReason::TemplateNotFound(name.to_owned());
    let template = registry.get_template(name).ok_or_else(missing)?;
    let context = Context::wraps(view)?;
    let mut state = RenderContext::new(template.name.as_ref());
    StepCounter::register(&mut state);
    template.render(registry, &context, &mut state, output)
}

/// Parses the templates; refuses those that are too large or nested too deep,
/// and those with a forbidden construct.
fn parse(templates: &[(String, String)]) -> Result<BTreeMap<String, Template>, RenderError> {
    let mut parsed = BTreeMap::new();
    for (name, text) in templates {
        limits::check_text(text).map_err(|(line, limit)| exceeded(name, line, limit))?;
        let template = Template::compile_with_name(text, name.clone())
            .map_err(|error| template_error(name, &error))?;
        if let Some(Forbidden { line, construct }) = forbidden::find(&template) {
            let template = format!("{name}{SUFFIX}");
            return Err(RenderError::Forbidden { template, line, construct });
        }
        parsed.insert(name.clone(), template);
    }
    Ok(parsed)
}

/// How deep a template is nested with its partials. `path` has the templates
/// that include it, `known` those that are measured already.
///
/// # Errors
/// When a template includes itself, or is nested too deep.
fn depth<'a>(
    name: &'a str,
    nesting: &'a BTreeMap<String, Nesting>,
    path: &mut Vec<&'a str>,
    known: &mut BTreeMap<&'a str, usize>,
) -> Result<usize, RenderError> {
    if path.contains(&name) {
        return Err(RenderError::Circle { template: format!("{name}{SUFFIX}") });
    }
    if let Some(depth) = known.get(name) {
        return Ok(*depth);
    }
    // one that does not exist fails when it is rendered
    let Some(own) = nesting.get(name) else { return Ok(0) };
    path.push(name);
    let mut deepest = own.depth;
    for (partial, outside) in &own.partials {
        deepest = deepest.max(outside + 1 + depth(partial, nesting, path, known)?);
    }
    path.pop();
    if deepest > RenderLimit::DEPTH {
        return Err(exceeded(name, 1, RenderLimit::Depth));
    }
    known.insert(name, deepest);
    Ok(deepest)
}

/// Whether a file of the design library has the function that breaks long words.
fn defines_loose(file: &[u8]) -> bool {
    const DEFINITION: &[u8] = b"#let loose(c)";
    file.windows(DEFINITION.len()).any(|part| part == DEFINITION)
}

/// The templates with the labels of a language.
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

/// Why a rendering ended, with its place.
fn render_error(name: &str, error: &handlebars::RenderError) -> RenderError {
    let name = error.template_name.as_deref().unwrap_or(name);
    let line = error.line_no.unwrap_or(1);
    let limit = match error.reason() {
        RenderErrorReason::NestedError(error) => error.downcast_ref::<RenderLimit>(),
        RenderErrorReason::IOError(error) => {
            error.get_ref().and_then(|error| error.downcast_ref::<RenderLimit>())
        }
        _ => None,
    };
    match limit {
        Some(limit) => exceeded(name, line, *limit),
        None => RenderError::Template {
            template: format!("{name}{SUFFIX}"),
            line,
            reason: error.reason().to_string(),
        },
    }
}

fn exceeded(name: &str, line: usize, limit: RenderLimit) -> RenderError {
    RenderError::Limit { template: format!("{name}{SUFFIX}"), line, limit }
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
