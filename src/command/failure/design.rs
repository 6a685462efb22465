//! Converts errors in templates, labels, tables, theme and fonts into translatable
//! failures.

use std::error::Error;

use super::Failure;
use crate::bundle::BundleError;
use crate::check::TablesError;
use crate::document::SharedTextsError;
use crate::locale::{LabelsError, Locale};
use crate::pipeline::DesignError;
use crate::render::{RenderError, ThemeError};
use crate::typeset::TypesetError;

/// Converts an error in the design; `None` for errors in templates, which their authors
/// read in English.
pub fn localized(error: &(dyn Error + 'static), locale: &Locale) -> Option<Failure> {
    if let Some(error) = error.downcast_ref::<DesignError>() {
        return match error {
            DesignError::Bundle(error) => bundle(error, locale),
            DesignError::Labels(error) => labels(error, locale),
            DesignError::Theme(error) => theme(error, locale),
            DesignError::Typeset(error) => fonts(error),
            DesignError::Texts(SharedTextsError::Bundle(error))
            | DesignError::Tables(TablesError::Bundle(error))
            | DesignError::Render(RenderError::Bundle(error)) => bundle(error, locale),
            DesignError::Texts(SharedTextsError::Json(error)) => {
                Some(json("data/texts.json", error))
            }
            DesignError::Tables(TablesError::Json { name, source }) => {
                Some(json(&format!("data/{name}.json"), source))
            }
            DesignError::Render(_) => None,
        };
    }
    if let Some(error) = error.downcast_ref::<LabelsError>() {
        return labels(error, locale);
    }
    bundle(error.downcast_ref::<BundleError>()?, locale)
}

fn bundle(error: &BundleError, locale: &Locale) -> Option<Failure> {
    Some(match error {
        BundleError::Fs(error) => Failure::from_said(error.message_key(), locale),
        BundleError::Missing { path } => Failure::new("template_missing").with("path", path),
        BundleError::NotText { path } => Failure::new("not_text").with("path", path),
        BundleError::TooLarge { path } => Failure::new("too_large").with("path", path),
        BundleError::Irregular { path } => Failure::new("irregular").at(path),
        BundleError::Folder { path } => Failure::new("folder_for_file").at(path),
        BundleError::File { path } => Failure::new("file_for_folder").at(path),
    })
}

fn labels(error: &LabelsError, locale: &Locale) -> Option<Failure> {
    Some(match error {
        LabelsError::Bundle(error) => return bundle(error, locale),
        LabelsError::Json { path, source } => json(path, source),
        LabelsError::NotText { path, key } => {
            Failure::new("label_text").with("path", path).with("key", key)
        }
        LabelsError::FileName { path, key } => {
            Failure::new("label_file").with("path", path).with("key", key)
        }
        LabelsError::SharedName { path, key, word, other } => Failure::new("label_shared")
            .with("path", path)
            .with("key", key)
            .with("word", word)
            .with("other", other),
        LabelsError::Empty { path, key } => {
            Failure::new("label_empty").with("path", path).with("key", key)
        }
        LabelsError::Unknown { path, key, near } => {
            Failure::new("label_unknown").with("path", path).with("key", key).with("near", near)
        }
        LabelsError::Message { path, keys } => {
            Failure::new("label_message").with("path", path).with("keys", keys)
        }
    })
}

fn theme(error: &ThemeError, locale: &Locale) -> Option<Failure> {
    Some(match error {
        ThemeError::Bundle(error) => return bundle(error, locale),
        ThemeError::Json(error) => json("theme.json", error),
        ThemeError::Colour { name, value } => {
            Failure::new("theme_colour").with("name", name).with("value", value)
        }
        ThemeError::Contrast { text, background, contrast } => Failure::new("theme_contrast")
            .with("text", text)
            .with("ground", background)
            .with("contrast", format!("{contrast:.1}").replace('.', ",")),
    })
}

fn fonts(error: &TypesetError) -> Option<Failure> {
    match error {
        TypesetError::Font { path } => Some(Failure::new("font_unreadable").with("path", path)),
        TypesetError::NoFont => Some(Failure::new("font_none")),
        TypesetError::Family { family, known } => {
            Some(Failure::new("font_family").with("family", family).with("known", known))
        }
        _ => None,
    }
}

/// A file of the design that is not valid JSON of the expected form.
fn json(path: &str, cause: &serde_json::Error) -> Failure {
    Failure::new("design_json").with("path", path).with("line", cause.line()).with("cause", cause)
}
