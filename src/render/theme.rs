//! The theme: colours that can be read. Contrast is computed as WCAG 2.1
//! (success criterion 1.4.3) does, which EN 301 549 clause 10.1.4.3 takes over.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::bundle::{Bundle, BundleError};
use crate::model::Language;

/// Smallest contrast of text.
const CONTRAST: f64 = 4.5;

/// The theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`theme.json` has an error: {0}")]
    Json(#[from] serde_json::Error),
    #[error("`theme.json`: the colour `{name}` is `{value}`; write it as #rrggbb")]
    Colour { name: &'static str, value: String },
    #[error(
        "`theme.json`: `{text}` on `{ground}` has a contrast of {contrast:.1}:1, which is hard to read; at least 4.5:1 is required"
    )]
    Contrast { text: &'static str, ground: &'static str, contrast: f64 },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Theme {
    authority: Authority,
    /// Version of the template set, given by who changes it.
    #[serde(default = "unversioned")]
    version: String,
    logo: Option<Logo>,
    colors: Colors,
    fonts: Fonts,
}

/// Stands in documents whose templates have no version.
fn unversioned() -> String {
    "–".into()
}

/// Name of the authority: one, or one in each of several languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Authority {
    One(String),
    In(BTreeMap<Language, String>),
}

impl Authority {
    /// The name in a language; any other when there is none in this one.
    pub fn of(&self, language: Language) -> &str {
        match self {
            Self::One(name) => name,
            Self::In(names) => {
                names.get(&language).or(names.values().next()).map_or("", String::as_str)
            }
        }
    }

    /// Every name.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::One(name) => vec![name],
            Self::In(names) => names.values().map(String::as_str).collect(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Logo {
    file: String,
    alt: String,
}

/// What of the theme others than the design library need.
#[derive(Debug, Clone)]
pub struct ThemeFacts {
    /// Name of the authority, for documents whose records name none.
    pub authority: Authority,
    /// Name of the mark's file, and its text for those who do not see it.
    pub logo: Option<(String, String)>,
    /// Version of the template set.
    pub version: String,
    /// Families that must be among the fonts.
    pub fonts: Fonts,
}

/// The font families that documents use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    pub body: String,
    pub heading: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Colors {
    ink: String,
    muted: String,
    brand: String,
    brand_text: String,
    accent: String,
    tint: String,
    line: String,
    paper: String,
}

/// Makes sure that the theme is whole, its logo is there and every pair of
/// text and ground that the design library uses can be read.
///
/// # Errors
/// When it is not.
pub fn check_theme(bundle: &Bundle) -> Result<ThemeFacts, ThemeError> {
    let theme: Theme = serde_json::from_str(bundle.text("theme.json")?)?;
    if let Some(logo) = &theme.logo {
        bundle.bytes(&logo.file)?;
    }
    let colors = theme.colors;
    let colour = |name: &'static str, value: &str| {
        luminance(value).ok_or_else(|| ThemeError::Colour { name, value: value.to_owned() })
    };
    let (paper, tint) = (colour("paper", &colors.paper)?, colour("tint", &colors.tint)?);
    let brand = colour("brand", &colors.brand)?;
    colour("line", &colors.line)?;
    let texts = [
        ("ink", &colors.ink),
        ("muted", &colors.muted),
        ("brand", &colors.brand),
        ("accent", &colors.accent),
    ];
    for (text, value) in texts {
        for (ground, light) in [("paper", paper), ("tint", tint)] {
            readable(text, colour(text, value)?, ground, light)?;
        }
    }
    // the design library mixes two grounds, in sRGB: the band of a priority in a
    // matrix, and the darkest shade of the coverage picture
    let mixed = |a: &str, b: &str, part: f64| mix(a, b, part).unwrap_or_default();
    let band = mixed(&colors.tint, &colors.line, 0.25);
    readable("brand", brand, "tint with line", colour("tint", &band)?)?;
    let shade = mixed(&colors.paper, &colors.brand, 0.26);
    readable("ink", colour("ink", &colors.ink)?, "paper with brand", colour("paper", &shade)?)?;
    readable("brand_text", colour("brand_text", &colors.brand_text)?, "brand", brand)?;
    Ok(ThemeFacts {
        authority: theme.authority,
        logo: theme.logo.map(|logo| (logo.file, logo.alt)),
        version: theme.version,
        fonts: theme.fonts,
    })
}

fn readable(text: &'static str, a: f64, ground: &'static str, b: f64) -> Result<(), ThemeError> {
    let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
    if contrast < CONTRAST { Err(ThemeError::Contrast { text, ground, contrast }) } else { Ok(()) }
}

/// `part` of `b` in `a`, mixed channel by channel as `color.mix(.., space: rgb)`
/// does.
fn mix(a: &str, b: &str, part: f64) -> Option<String> {
    let channel = |colour: &str, at: usize| {
        Some(f64::from(u8::from_str_radix(colour.get(1 + at..3 + at)?, 16).ok()?))
    };
    let mut mixed = String::from("#");
    for at in [0, 2, 4] {
        let value = channel(a, at)? * (1.0 - part) + channel(b, at)? * part;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
        mixed.push_str(&format!("{:02x}", value.round() as u8));
    }
    Some(mixed)
}

/// Relative luminance of `#rrggbb`, 0 to 1.
fn luminance(colour: &str) -> Option<f64> {
    let digits =
        colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_theme_can_be_read() {
        check_theme(&Bundle::built_in()).unwrap();
    }

    #[test]
    fn pale_text_is_refused() {
        let bundle = Bundle::built_in();
        let theme = bundle.text("theme.json").unwrap();
        let pale = theme.replace("#4a5961", "#9aa9b1");
        assert_ne!(theme, pale);
        let error = check_theme(&bundle.with("theme.json", pale)).unwrap_err();
        assert!(matches!(error, ThemeError::Contrast { text: "muted", .. }), "{error}");
    }

    #[test]
    fn mixed_grounds_are_held_against_their_text() {
        assert_eq!(mix("#ffffff", "#000000", 0.25).as_deref(), Some("#bfbfbf"));
        assert_eq!(mix("red", "#000000", 0.25), None);
        let bundle = Bundle::built_in();
        let theme = bundle.text("theme.json").unwrap();
        // each pure pair can still be read, the band between them cannot
        let dark = theme.replace("#bccbcd", "#000000");
        let error = check_theme(&bundle.with("theme.json", dark)).unwrap_err();
        assert!(matches!(error, ThemeError::Contrast { ground: "tint with line", .. }), "{error}");
    }

    #[test]
    fn luminance_is_that_of_the_standard() {
        assert!((luminance("#ffffff").unwrap() - 1.0).abs() < 1e-9);
        assert!((luminance("#808080").unwrap() - 0.2158605).abs() < 1e-6);
        assert_eq!(luminance("red"), None);
    }
}
