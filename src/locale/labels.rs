//! Fixed words of a language, by dotted key (`memo.time`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bundle::{Bundle, BundleError};
use crate::model::{Id, Language};

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
}

impl Labels {
    /// Reads `labels/<language>.json`: objects in objects, texts at the ends. A
    /// text that an overriding file lacks is the built-in one.
    ///
    /// # Errors
    /// When the file is missing, is not JSON, holds anything but texts, or has
    /// words that cannot stand in file names.
    pub fn load(bundle: &Bundle, language: Language) -> Result<Self, LabelsError> {
        let path = format!("labels/{}.json", language.code());
        let mut labels = BTreeMap::new();
        read(&Bundle::built_in(), &path, &mut labels)?;
        read(bundle, &path, &mut labels)?;
        let labels = Self(labels);
        labels.fit(&path)?;
        Ok(labels)
    }

    /// The words in file names fit them and differ, and no draft goes unmarked.
    fn fit(&self, path: &str) -> Result<(), LabelsError> {
        let fault = |key: &str| (path.to_owned(), key.to_owned());
        let words: Vec<(&String, &String)> =
            self.0.iter().filter(|(key, _)| key.starts_with("file.")).collect();
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
        self.0.get(key).map(String::as_str)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn read(
    bundle: &Bundle,
    path: &str,
    labels: &mut BTreeMap<String, String>,
) -> Result<(), LabelsError> {
    let tree: Value = serde_json::from_str(bundle.text(path)?)
        .map_err(|source| LabelsError::Json { path: path.to_owned(), source })?;
    flatten(String::new(), &tree, labels)
        .map_err(|key| LabelsError::NotText { path: path.to_owned(), key })
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
    fn no_label_stands_twice() {
        let twice = serde_json::from_str::<Once>(r#"{"a": {"b": "1", "b": "2"}}"#);
        assert!(twice.is_err_and(|error| error.to_string().contains("`b` appears twice")));
        let bundle = Bundle::built_in();
        for language in Language::ALL {
            let path = format!("labels/{}.json", language.code());
            let once = serde_json::from_str::<Once>(bundle.text(&path).unwrap());
            assert!(once.is_ok(), "{path}: {}", once.err().unwrap());
        }
    }
}
