//! Checks of the theme file: required fields, logo, and colour contrast as in
//! WCAG 2.1, success criterion 1.4.3, which EN 301 549 adopts in clause 10.1.4.3.

use std::collections::BTreeMap;

use palette::color_difference::Wcag21RelativeContrast;
use palette::{Mix, Srgb};
use serde::Deserialize;

use crate::bundle::{Bundle, BundleError};
use crate::model::Language;

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
        "`theme.json`: `{text}` on `{background}` has a contrast of {contrast:.1}:1, which is hard to read; at least 4.5:1 is required"
    )]
    Contrast { text: &'static str, background: &'static str, contrast: f64 },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    authority: AuthorityName,
    /// Version of the template set, set by whoever changes it.
    #[serde(default = "unversioned")]
    version: String,
    logo: Option<Logo>,
    colors: Colors,
    fonts: Fonts,
}

/// What documents print when the template set has no version.
fn unversioned() -> String {
    "–".into()
}

/// Name of the authority: one, or one in each of several languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum AuthorityName {
    One(String),
    In(BTreeMap<Language, String>),
}

impl AuthorityName {
    /// The name in a language, or in any other when it has none in this one.
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

/// The parts of the theme that are used outside the design library.
#[derive(Debug, Clone)]
pub struct ThemeFacts {
    /// Name of the authority, for documents whose records name none.
    pub authority: AuthorityName,
    /// File name of the logo, and its alternative text.
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

/// Checks that the theme is complete, its logo exists and every pair of text and
/// background colours in the design library has enough contrast.
///
/// # Errors
/// When one of these is not so.
pub fn check_theme(bundle: &Bundle) -> Result<ThemeFacts, ThemeError> {
    let theme: ThemeFile = serde_json::from_str(bundle.text("theme.json")?)?;
    if let Some(logo) = &theme.logo {
        bundle.bytes(&logo.file)?;
    }
    check_contrast(&theme.colors)?;
    Ok(ThemeFacts {
        authority: theme.authority,
        logo: theme.logo.map(|logo| (logo.file, logo.alt)),
        version: theme.version,
        fonts: theme.fonts,
    })
}

/// Checks every pair of text and background colours that the design library uses.
fn check_contrast(colors: &Colors) -> Result<(), ThemeError> {
    let paper = parse("paper", &colors.paper)?;
    let tint = parse("tint", &colors.tint)?;
    let brand = parse("brand", &colors.brand)?;
    let line = parse("line", &colors.line)?;
    let ink = parse("ink", &colors.ink)?;
    let texts = [
        ("ink", ink),
        ("muted", parse("muted", &colors.muted)?),
        ("brand", brand),
        ("accent", parse("accent", &colors.accent)?),
    ];
    for (text, colour) in texts {
        for (background, behind) in [("paper", paper), ("tint", tint)] {
            readable(text, colour, background, behind)?;
        }
    }
    // the design library mixes two backgrounds, in sRGB: the band of a priority
    // in a matrix, and the darkest shade of the coverage picture
    readable("brand", brand, "tint with line", mix(tint, line, 0.25))?;
    readable("ink", ink, "paper with brand", mix(paper, brand, 0.26))?;
    readable("brand_text", parse("brand_text", &colors.brand_text)?, "brand", brand)
}

/// A colour of the form `#rrggbb`.
fn parse(name: &'static str, value: &str) -> Result<Srgb<f64>, ThemeError> {
    let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
    let colour = digits.and_then(|digits| digits.parse::<Srgb<u8>>().ok());
    let refused = || ThemeError::Colour { name, value: value.to_owned() };
    colour.map(Srgb::into_format).ok_or_else(refused)
}

/// Mixes two colours as `color.mix(.., space: rgb)` does, in whole steps of a channel.
fn mix(colour: Srgb<f64>, other: Srgb<f64>, part: f64) -> Srgb<f64> {
    colour.mix(other, part).into_format::<u8>().into_format()
}

fn readable(
    text: &'static str,
    colour: Srgb<f64>,
    background: &'static str,
    behind: Srgb<f64>,
) -> Result<(), ThemeError> {
    if colour.has_min_contrast_text(behind) {
        return Ok(());
    }
    let contrast = colour.relative_contrast(behind);
    Err(ThemeError::Contrast { text, background, contrast })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(value: &str) -> Srgb<f64> {
        parse("ink", value).unwrap()
    }

    #[test]
    fn the_built_in_theme_has_enough_contrast() {
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
    fn the_contrast_of_mixed_backgrounds_is_checked() {
        assert_eq!(mix(colour("#ffffff"), colour("#000000"), 0.25), colour("#bfbfbf"));
        let bundle = Bundle::built_in();
        let theme = bundle.text("theme.json").unwrap();
        // each unmixed pair has enough contrast, the band between them has not
        let dark = theme.replace("#bccbcd", "#000000");
        let error = check_theme(&bundle.with("theme.json", dark)).unwrap_err();
        assert!(
            matches!(error, ThemeError::Contrast { background: "tint with line", .. }),
            "{error}"
        );
    }

    #[test]
    fn contrast_and_luminance_are_those_of_the_standard() {
        assert!((colour("#ffffff").relative_contrast(colour("#000000")) - 21.0).abs() < 1e-9);
        assert!((colour("#808080").relative_luminance().luma - 0.2158605).abs() < 1e-6);
        for wrong in ["red", "#fff", "808080", "#80808", "#gggggg", "#äää"] {
            assert!(matches!(parse("ink", wrong), Err(ThemeError::Colour { .. })), "{wrong}");
        }
    }
}
