//! From a view to Typst source through a Handlebars template. Pure. Knows the
//! escaping rules, and nothing of records, files or PDF.

mod escape;
mod helpers;
mod long;
mod prose;
mod theme;
mod trace;
mod traps;

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{Handlebars, Template, TemplateError};
use serde::Serialize;

use crate::bundle::{Bundle, BundleError};
use crate::locale::Locales;
use crate::model::Language;

pub use escape::{markup, string_literal};
pub use long::long_to_typst;
pub use theme::{ThemeError, ThemeFacts, check_theme};

/// Suffix of the template files.
const SUFFIX: &str = ".typ.hbs";

/// All templates of a bundle, compiled, in every language.
pub struct Renderer {
    fi: Handlebars<'static>,
    sv: Handlebars<'static>,
    en: Handlebars<'static>,
    templates: Vec<(String, String)>,
    /// The partials that each template includes.
    includes: BTreeMap<String, BTreeSet<String>>,
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
    /// Compiles every `*.typ.hbs` of the bundle; those in folders are partials
    /// that others include by name.
    ///
    /// # Errors
    /// When a template is not valid, or uses what templates may not.
    pub fn new(bundle: &Bundle, locales: &Locales) -> Result<Self, RenderError> {
        let mut templates = Vec::new();
        for (path, _) in bundle.iter().filter(|(path, _)| path.ends_with(SUFFIX)) {
            let text = bundle.text(path)?;
            templates.push((path.trim_end_matches(SUFFIX).to_owned(), text.to_owned()));
        }
        let includes = forbid_traps(&templates)?;
        let compile = |language| compile(&templates, locales, language);
        Ok(Self {
            fi: compile(Language::Fi)?,
            sv: compile(Language::Sv)?,
            en: compile(Language::En)?,
            templates,
            includes,
        })
    }

    /// Typst source of a view through a template, in a language.
    ///
    /// # Errors
    /// When the template asks for what the view does not have.
    pub fn render(
        &self,
        template: &str,
        language: Language,
        view: &impl Serialize,
    ) -> Result<String, RenderError> {
        self.of(language).render(template, view).map_err(|error| {
            let reason = error.reason().to_string();
            let template = error.template_name.unwrap_or_else(|| template.to_owned());
            RenderError::Template {
                template: format!("{template}{SUFFIX}"),
                line: error.line_no.unwrap_or(1),
                reason,
            }
        })
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
        let source = marked.render(template, view).ok()?;
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
                new.extend(self.includes.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        let texts = self.templates.iter().filter(|(name, _)| used.contains(name.as_str()));
        texts.map(|(_, text)| text.as_str()).collect()
    }

    /// Names of the templates, without suffix.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.templates.iter().map(|(name, _)| name.as_str())
    }

    fn of(&self, language: Language) -> &Handlebars<'static> {
        match language {
            Language::Fi => &self.fi,
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}

fn compile(
    templates: &[(String, String)],
    locales: &Locales,
    language: Language,
) -> Result<Handlebars<'static>, RenderError> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(prose::prose);
    helpers::register(&mut handlebars, locales.of(language).clone());
    for (name, text) in templates {
        handlebars
            .register_template_string(name, text)
            .map_err(|error| template_error(name, &error))?;
    }
    Ok(handlebars)
}

/// Refuses templates that use what none may, or include each other for ever;
/// tells which partials each one includes.
fn forbid_traps(
    templates: &[(String, String)],
) -> Result<BTreeMap<String, BTreeSet<String>>, RenderError> {
    let mut includes = BTreeMap::new();
    for (name, text) in templates {
        let template = Template::compile(text).map_err(|error| template_error(name, &error))?;
        if let Some(trap) = traps::trap(&template) {
            let template = format!("{name}{SUFFIX}");
            return Err(RenderError::Forbidden {
                template,
                line: trap.line,
                construct: trap.construct,
            });
        }
        includes.insert(name.clone(), traps::partials(&template));
    }
    match traps::circle(&includes) {
        Some(name) => Err(RenderError::Circle { template: format!("{name}{SUFFIX}") }),
        None => Ok(includes),
    }
}

fn template_error(name: &str, error: &TemplateError) -> RenderError {
    RenderError::Template {
        template: format!("{name}{SUFFIX}"),
        line: error.pos().map_or(1, |(line, _)| line),
        reason: error.reason().to_string(),
    }
}
