//! The issuing authority of the theme, and detection of example values in theme and
//! settings.

use crate::bundle::Bundle;
use crate::check::{ThemeAuthority as Names, example_settings};
use crate::model::{Problem, RecordSet};
use crate::render::{AuthorityName, check_theme};

/// An example value in the theme or the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The file as the user writes it.
    pub file: String,
    /// Name of the setting, for example `registry.number`.
    pub setting: String,
    pub value: String,
}

/// The authority of a template bundle.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Authority of documents whose records name none.
    pub authority: AuthorityName,
    /// The authority for the checks.
    pub names: Names,
    /// Example values in the theme.
    pub examples: Vec<Example>,
}

impl Sender {
    /// Reads the theme of a bundle with this name and logo.
    pub fn new(authority: AuthorityName, logo: Option<(String, String)>, bundle: &Bundle) -> Self {
        let built_in = Bundle::built_in();
        let sample = check_theme(&built_in).ok();
        let own_names: Vec<&str> = authority.names();
        let of_sample = sample.as_ref().is_some_and(|facts| {
            facts.authority.names().iter().any(|name| own_names.contains(name))
        });
        let file = bundle.origin("theme.json").display().to_string();
        let example = |setting: &str, value: &str| Example {
            file: file.clone(),
            setting: setting.into(),
            value: value.into(),
        };
        let mut examples = Vec::new();
        for name in &own_names {
            if is_example(name) || name.trim().is_empty() {
                examples.push(example("authority", name));
            }
        }
        // the logo of the sample's authority under another name
        if let Some((name, alt)) = &logo
            && !of_sample
        {
            let bytes = |bundle: &Bundle| bundle.bytes(name).map(<[u8]>::to_vec).ok();
            let mark = bytes(&built_in).is_some() && bytes(bundle) == bytes(&built_in);
            let sample_alt = sample.and_then(|facts| facts.logo).map(|(_, alt)| alt);
            if mark {
                examples.push(example("logo.file", name));
            }
            if is_example(alt) || sample_alt.as_ref() == Some(alt) {
                examples.push(example("logo.alt", alt));
            }
        }
        let names = Names {
            names: own_names.iter().map(|&name| name.to_owned()).collect(),
            own: bundle.is_own("theme.json"),
            open: !examples.is_empty(),
            sample_texts: !of_sample && !bundle.is_own("data/texts.json"),
        };
        Self { authority, names, examples }
    }
}

/// True for a value in square brackets, or marked as an example in capitals, as in a new
/// workspace.
pub fn is_example(value: &str) -> bool {
    let value = value.trim();
    let bracketed = value.starts_with('[') && value.ends_with(']');
    let words = || value.split(|c: char| !c.is_alphanumeric());
    bracketed || words().any(|word| EXAMPLE_WORDS.contains(&word))
}

/// Words that mark example values in new workspaces.
const EXAMPLE_WORDS: [&str; 4] = ["ESIM", "ESIMERKKI", "EXEMPEL", "EXAMPLE"];

/// The problems of final records while example values remain.
pub(super) fn example_problems(set: &RecordSet, examples: &[&Example]) -> Vec<Problem> {
    if examples.is_empty() {
        return Vec::new();
    }
    let named: Vec<String> = examples
        .iter()
        .map(|example| format!("`{}` {} = `{}`", example.file, example.setting, example.value))
        .collect();
    example_settings(set, &named.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_values_are_distinguished_from_real_ones() {
        for open in ["[Kirjaamo]", "ESIM-{year}-{number:5}", "EXEMPEL-{number}", "ESIMERKKI: tos"] {
            assert!(is_example(open), "{open}");
        }
        for filled in ["Kirjaamo", "KSHVA-{year}-{number:5}", "Esimerkkikatu 1", "Kirjaamo [1]"] {
            assert!(!is_example(filled), "{filled}");
        }
    }

    #[test]
    fn the_sample_logo_under_another_name_is_an_example() {
        let built_in = Bundle::built_in();
        let theme = built_in.text("theme.json").unwrap();
        let sender = |theme: String| {
            let bundle = built_in.with("theme.json", theme);
            let facts = check_theme(&bundle).unwrap();
            Sender::new(facts.authority, facts.logo, &bundle)
        };
        assert_eq!(sender(theme.to_owned()).examples, []);
        let other = sender(theme.replacen("Keski-Suomen", "Pirkanmaan", 1));
        let settings: Vec<&str> = other.examples.iter().map(|e| e.setting.as_str()).collect();
        assert_eq!(settings, ["logo.file", "logo.alt"]);
    }
}
