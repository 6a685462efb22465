//! Explains errors in `kirjuri.toml`: the line, the error, and the likely intention.
//! Interprets the messages of the TOML parser.

use std::path::Path;

use super::Failure;
use crate::locale::Locale;
use crate::model::problem::{nearest, quoted};

/// Maximum number of characters shown of a line.
const SHOWN_CHARACTERS: usize = 100;

/// Explains the error in a settings file.
pub fn of_settings(path: &Path, text: &str, error: &toml::de::Error, locale: &Locale) -> Failure {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    let written = text.lines().nth(line - 1).unwrap_or_default().trim();
    let written: String = written.chars().take(SHOWN_CHARACTERS).collect();
    let message = error.message();
    let readable = toml::from_str::<toml::Table>(text).is_ok();
    let what = if message.starts_with("duplicate key") {
        Failure::new("settings_twice")
    } else if readable {
        invalid_value(message, locale)
    } else {
        Failure::new("settings_line").with("cause", message)
    };
    Failure::new("settings_toml")
        .at(path)
        .with("line", line)
        .with("text", written)
        .with("what", what.message(locale))
}

/// Explains an invalid key or value in a file that is valid TOML.
fn invalid_value(message: &str, locale: &Locale) -> Failure {
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
    match expected.and_then(expected_type) {
        Some(key) => {
            Failure::new("settings_type").with("wanted", Failure::new(key).message(locale))
        }
        None => Failure::new("settings_value").with("cause", message),
    }
}

/// Types that the TOML parser may expect, with the keys of their names; the first match
/// counts.
const EXPECTED_TYPES: [(&str, &str); 12] = [
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

/// The key of the name of the type that the parser expected.
fn expected_type(expected: &str) -> Option<&'static str> {
    EXPECTED_TYPES.iter().find(|(word, _)| expected.contains(word)).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::config::{ConfigError, Overrides, resolve};
    use crate::model::Language;

    /// The message about a settings file in a language.
    fn message_in(language: Language, text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kirjuri.toml");
        crate::fs::write_atomic(&file, text.as_bytes()).unwrap();
        let overrides = Overrides { config: Some(file), ..Overrides::default() };
        let error = resolve(&overrides).unwrap_err();
        assert!(matches!(error, ConfigError::Toml { .. }), "{error}");
        let locale = Locale::load(&Bundle::built_in(), language).unwrap();
        super::super::message(&error, &locale)
    }

    #[test]
    fn settings_errors_are_translated_and_name_the_line() {
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
            let message = message_in(Language::Fi, &text);
            assert!(message.contains(wanted), "{text}{message}");
            assert!(
                message.contains("kirjuri.toml") && !message.contains("TOML parse error"),
                "{message}"
            );
        }
        let swedish = message_in(Language::Sv, "records = \"a\"\nrecrods = \"x\"\n");
        assert!(swedish.contains("rad 2") && swedish.contains("recrods = \"x\""), "{swedish}");
        let english = message_in(Language::En, "\n\nrecrods = \"x\"\n");
        assert!(english.contains("line 3") && english.contains("did you mean `records`?"));
    }
}
