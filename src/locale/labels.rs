//! Fixed words of a language, by dotted key (`memo.time`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bundle::{Bundle, BundleError};
use crate::model::Language;

/// Texts by dotted key.
#[derive(Debug, Clone)]
pub struct Labels(BTreeMap<String, String>);

/// A labels file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LabelsError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`{path}` is not valid JSON")]
    Json { path: String, source: serde_json::Error },
    #[error("`{path}`: `{key}` must be a text, or an object of texts")]
    NotText { path: String, key: String },
}

impl Labels {
    /// Reads `labels/<language>.json`: objects in objects, texts at the ends.
    ///
    /// # Errors
    /// When the file is missing, is not JSON, or holds anything but texts.
    pub fn load(bundle: &Bundle, language: Language) -> Result<Self, LabelsError> {
        let path = format!("labels/{}.json", language.code());
        let tree: Value = serde_json::from_str(bundle.text(&path)?)
            .map_err(|source| LabelsError::Json { path: path.clone(), source })?;
        let mut labels = BTreeMap::new();
        flatten(String::new(), &tree, &mut labels)
            .map_err(|key| LabelsError::NotText { path, key })?;
        Ok(Self(labels))
    }

    /// The text under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn flatten(key: String, value: &Value, into: &mut BTreeMap<String, String>) -> Result<(), String> {
    match value {
        Value::String(text) => {
            into.insert(key, text.clone());
            Ok(())
        }
        Value::Object(map) => map.iter().try_for_each(|(name, value)| {
            let child = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            flatten(child, value, into)
        }),
        _ => Err(key),
    }
}
