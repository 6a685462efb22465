//! Labels: the fixed words that documents of a language have, by dotted key
//! (`memo.time`). A template bundle may replace any of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::built_in::{self, Words};
use crate::bundle::{Bundle, BundleError};
use crate::model::problem::quoted;
use crate::model::{Id, Language};

/// Texts by dotted key.
#[derive(Debug, Clone)]
pub struct Labels {
    built_in: Words,
    /// Those of an overriding file.
    own: BTreeMap<String, String>,
}

/// A labels file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LabelsError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`{path}` is not valid JSON")]
    Json { path: String, source: serde_json::Error },
    #[error("`{path}`: `{key}` must be a text, or an object of texts")]
    NotText { path: String, key: String },
    #[error(
        "`{path}`: `{key}` is part of file names; use only a-z, 0-9 and hyphens, and use each word only once"
    )]
    FileName { path: String, key: String },
    #[error(
        "`{path}`: `{key}` is `{word}`, which the language `{other}` also uses in file names; documents of a record in both languages would overwrite each other"
    )]
    SharedName { path: String, key: String, word: String, other: &'static str },
    #[error("`{path}`: `{key}` must not be empty")]
    Empty { path: String, key: String },
    #[error("`{path}`: there is no label `{key}`. The nearest is `{near}`.")]
    Unknown { path: String, key: String, near: &'static str },
    #[error(
        "`{path}`: {keys} are messages of the program, which templates no longer replace. Remove them from the file."
    )]
    Message { path: String, keys: String },
}

impl Labels {
    /// Reads `labels/<language>.json`: objects in objects, texts at the ends. A
    /// text that an overriding file lacks is the built-in one.
    ///
    /// An overriding file of a folder has only keys of labels. One that was
    /// archived may have more, from an earlier version of the program.
    ///
    /// # Errors
    /// When the file is missing, is not JSON, holds anything but texts of known
    /// labels, or has words that cannot stand in file names.
    pub fn load(bundle: &Bundle, language: Language) -> Result<Self, LabelsError> {
        let path = format!("labels/{}.json", language.code());
        let mut labels = Self { built_in: built_in::labels(language), own: BTreeMap::new() };
        if bundle.is_built_in(|name| name == path) {
            return Ok(labels);
        }
        let tree: Value = serde_json::from_str(bundle.text(&path)?)
            .map_err(|source| LabelsError::Json { path: path.clone(), source })?;
        flatten(String::new(), &tree, &mut labels.own)
            .map_err(|key| LabelsError::NotText { path: path.clone(), key })?;
        if bundle.is_own(&path) {
            labels.refuse_unknown(&path, language)?;
        }
        labels.fit(&path)?;
        Ok(labels)
    }

    /// Every key of an overriding file is that of a label.
    fn refuse_unknown(&self, path: &str, language: Language) -> Result<(), LabelsError> {
        let path = || path.to_owned();
        let group = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
        let messages = built_in::messages(language);
        let unknown = self.own.keys().filter(|key| !self.built_in.has(key));
        let (of_messages, others): (Vec<&String>, Vec<&String>) =
            unknown.partition(|key| messages.has_group(&group(key)));
        if !of_messages.is_empty() {
            let groups: BTreeSet<String> = of_messages.iter().map(|key| group(key)).collect();
            let groups: Vec<String> = groups.into_iter().collect();
            return Err(LabelsError::Message { path: path(), keys: quoted(&groups) });
        }
        let Some(key) = others.first() else { return Ok(()) };
        let likeness = |label: &str| strsim::normalized_damerau_levenshtein(key, label);
        let near = self.built_in.keys().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let (key, near) = ((*key).clone(), near.unwrap_or_default());
        Err(LabelsError::Unknown { path: path(), key, near })
    }

    /// The words in file names fit them and differ, and no draft goes unmarked.
    fn fit(&self, path: &str) -> Result<(), LabelsError> {
        let fault = |key: &str| (path.to_owned(), key.to_owned());
        let words: Vec<(&str, &str)> = self.of_group("file.").collect();
        for (key, word) in &words {
            let twice = words.iter().any(|(other, same)| other != key && same == word);
            if Id::parse(word).is_none() || twice {
                let (path, key) = fault(key);
                return Err(LabelsError::FileName { path, key });
            }
        }
        if self.get("draft").is_none_or(|word| word.trim().is_empty()) {
            let (path, key) = fault("draft");
            return Err(LabelsError::Empty { path, key });
        }
        Ok(())
    }

    /// The text under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let own = self.own.get(key).map(String::as_str);
        own.or_else(|| self.built_in.get(key))
    }

    /// Every key.
    pub fn keys<'a>(&'a self) -> impl Iterator<Item = &'a str> {
        let built_in = self.built_in.keys().map(|key| -> &'a str { key });
        built_in.chain(self.own.keys().map(String::as_str).filter(|key| !self.built_in.has(key)))
    }

    /// Keys that begin so, with their texts.
    pub fn of_group(&self, start: &str) -> impl Iterator<Item = (&str, &str)> {
        let keys = self.keys().filter(move |key| key.starts_with(start));
        keys.filter_map(|key| Some((key, self.get(key)?)))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt;

    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

    use super::*;

    /// Texts, and objects of them in which no key stands twice: a reader of JSON
    /// keeps the last one and says nothing.
    struct Once;

    impl<'de> Deserialize<'de> for Once {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            from.deserialize_any(Keys)
        }
    }

    struct Keys;

    impl<'de> Visitor<'de> for Keys {
        type Value = Once;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("texts, or objects of texts")
        }

        fn visit_str<E: Error>(self, _: &str) -> Result<Once, E> {
            Ok(Once)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
            let mut seen = BTreeSet::new();
            while let Some(key) = map.next_key::<String>()? {
                map.next_value::<Once>()?;
                if seen.contains(&key) {
                    return Err(A::Error::custom(format!("`{key}` appears twice")));
                }
                seen.insert(key);
            }
            Ok(Once)
        }
    }

    #[test]
    fn no_word_stands_twice() {
        let twice = serde_json::from_str::<Once>(r#"{"a": {"b": "1", "b": "2"}}"#);
        assert!(twice.is_err_and(|error| error.to_string().contains("`b` appears twice")));
        for words in [
            include_str!("../../templates/labels/fi.json"),
            include_str!("../../templates/labels/sv.json"),
            include_str!("../../templates/labels/en.json"),
            include_str!("../messages/fi.json"),
            include_str!("../messages/sv.json"),
            include_str!("../messages/en.json"),
        ] {
            let once = serde_json::from_str::<Once>(words);
            assert!(once.is_ok(), "{}", once.err().unwrap());
        }
    }

    #[test]
    fn built_in_labels_can_be_used() {
        for language in Language::ALL {
            let labels = Labels::load(&Bundle::built_in(), language).unwrap();
            labels.fit("built-in").unwrap();
            assert!(labels.of_group("file.").count() > 5);
            let messages = built_in::messages(language);
            assert!(messages.has_group("problem") && !messages.has_group("prob"));
            assert!(labels.keys().all(|key| messages.get(key).is_none()));
        }
    }

    #[test]
    fn unknown_keys_are_refused_in_a_folder_and_read_in_an_archive() {
        let load = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            crate::fs::write_atomic(&folder.path().join("labels/en.json"), text.as_bytes())
                .unwrap();
            Labels::load(&Bundle::load(folder.path()).unwrap(), Language::En)
        };
        assert_eq!(load(r#"{"page": "Leaf"}"#).unwrap().get("page"), Some("Leaf"));
        let unknown = load(r#"{"memo": {"agred": "x"}}"#).unwrap_err().to_string();
        assert!(unknown.contains("`memo.agred`") && unknown.contains("`memo.agreed`"), "{unknown}");
        let old = r#"{"page": "Leaf", "ui": {"error": "x"}, "problem": {"gone": "y"}}"#;
        let message = load(old).unwrap_err().to_string();
        assert!(message.contains("`problem`, `ui` are messages"), "{message}");
        let archived = Bundle::of_files([("labels/en.json".to_owned(), old.into())]);
        let labels = Labels::load(&archived, Language::En).unwrap();
        assert_eq!(labels.get("page"), Some("Leaf"));
    }
}
