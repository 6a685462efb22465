//! Mistakes in `kirjuri.toml` in words: the line, what is wrong with it, and what
//! could have been meant. Knows TOML's sentences, and no setting.

use std::path::Path;

use super::Failure;
use crate::locale::Locale;
use crate::model::problem::{nearest, quoted};

/// Most characters of a line that are shown.
const SHOWN: usize = 100;

/// What is wrong with the settings in a file.
pub fn of_settings(path: &Path, text: &str, error: &toml::de::Error, locale: &Locale) -> Failure {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    let written = text.lines().nth(line - 1).unwrap_or_default().trim();
    let written: String = written.chars().take(SHOWN).collect();
    let message = error.message();
    let readable = toml::from_str::<toml::Table>(text).is_ok();
    let what = if message.starts_with("duplicate key") {
        Failure::new("settings_twice")
    } else if readable {
        unfit(message, locale)
    } else {
        Failure::new("settings_line").with("cause", message)
    };
    Failure::new("settings_toml")
        .at(path)
        .with("line", line)
        .with("text", written)
        .with("what", what.words(locale))
}

/// What does not fit in a file that is TOML.
fn unfit(message: &str, locale: &Locale) -> Failure {
    let mut named = message.split('`').skip(1).step_by(2);
    let (name, known): (&str, Vec<&str>) = (named.next().unwrap_or_default(), named.collect());
    if message.starts_with("unknown field") {
        return match nearest(name, &known) {
            Some(near) => Failure::new("settings_unknown_near").with("near", near),
            None => Failure::new("settings_unknown"),
        }
        .with("key", name)
        .with("known", quoted(&known));
    }
    if message.starts_with("unknown variant") {
        return Failure::new("settings_variant").with("value", name).with("known", quoted(&known));
    }
    if message.starts_with("missing field") {
        return Failure::new("settings_lacks").with("key", name);
    }
    let expected = message.split_once(", expected ").map(|(_, expected)| expected);
    match expected.and_then(wanted) {
        Some(wanted) => {
            Failure::new("settings_type").with("wanted", Failure::new(wanted).words(locale))
        }
        None => Failure::new("settings_value").with("cause", message),
    }
}

/// What TOML may expect, with the keys of the words for it; the first one counts.
const WANTED: [(&str, &str); 12] = [
    ("date", "wanted_date"),
    ("boolean", "wanted_switch"),
    ("struct", "wanted_group"),
    ("map", "wanted_group"),
    ("sequence", "wanted_list"),
    ("array", "wanted_list"),
    ("string", "wanted_text"),
    ("text", "wanted_text"),
    ("usize", "wanted_number"),
    ("u16", "wanted_number"),
    ("u64", "wanted_number"),
    ("integer", "wanted_number"),
];

/// The key of the words for what TOML expected.
fn wanted(expected: &str) -> Option<&'static str> {
    WANTED.iter().find(|(word, _)| expected.contains(word)).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::config::{ConfigError, Overrides, resolve};
    use crate::model::Language;

    /// What is said in a language of a settings file.
    fn said(language: Language, text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kirjuri.toml");
        crate::fs::write_atomic(&file, text.as_bytes()).unwrap();
        let overrides = Overrides { config: Some(file), ..Overrides::default() };
        let error = resolve(&overrides).unwrap_err();
        assert!(matches!(error, ConfigError::Toml { .. }), "{error}");
        let locale = Locale::load(&Bundle::built_in(), language).unwrap();
        super::super::words(&error, &locale)
    }

    #[test]
    fn mistakes_in_the_settings_are_said_in_the_language_with_the_line() {
        let cases = [
            ("recrods = \"x\"", "asetusta `recrods` ei ole; tarkoititko `records`?"),
            ("[watch]\npol = true", "asetusta `pol` ei ole; tarkoititko `poll`?"),
            ("xyzzy = true", "asetusta `xyzzy` ei ole"),
            ("[check.rules]\ntext-cut = \"of\"", "arvoa `of` ei tunneta"),
            ("[[check.office]]\ntitle = \"x\"", "puuttuu `name`"),
            ("records = 5", "lainausmerkeissä"),
            ("workers = \"two\"", "kokonaisluku"),
            ("workers = -1", "kokonaisluku"),
            ("attach_source = \"yes\"", "`true` tai `false`"),
            ("[registry.all]\nretention = \"x\"", "asetusryhmä"),
            ("[[check.office]]\ntitle = \"x\"\nname = \"y\"\nfrom = \"1.1.2026\"", "2026-01-31"),
            ("web = true\nweb = true", "kahdesti"),
            ("records \"x\"", "riviä ei voi lukea asetuksena"),
            ("records = \u{201d}x\u{201d}", "riviä ei voi lukea asetuksena"),
            ("records = \"C:\\xyz\"", "riviä ei voi lukea asetuksena"),
            ("records = \"x", "riviä ei voi lukea asetuksena"),
        ];
        for (text, wanted) in cases {
            let text = format!("language = \"fi\"\n{text}\n");
            let said = said(Language::Fi, &text);
            assert!(said.contains(wanted), "{text}{said}");
            assert!(said.contains("kirjuri.toml") && !said.contains("TOML parse error"), "{said}");
        }
        let swedish = said(Language::Sv, "records = \"a\"\nrecrods = \"x\"\n");
        assert!(swedish.contains("rad 2") && swedish.contains("recrods = \"x\""), "{swedish}");
        let english = said(Language::En, "\n\nrecrods = \"x\"\n");
        assert!(english.contains("line 3") && english.contains("did you mean `records`?"));
    }
}
