//! Which municipality of the registry somebody means: with or without dots,
//! with its kind behind it, in the genitive. Knows no registry.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::locale::folded;

/// Likeness above which a name was probably meant.
const LIKE: f64 = 0.6;

/// Words that say what kind of municipality a name is of.
const KINDS: [&str; 15] = [
    "kunta",
    "kunnan",
    "kaupunki",
    "kaupungin",
    "kommun",
    "kommunen",
    "kommuns",
    "stad",
    "staden",
    "stads",
    "municipality",
    "city",
    "town",
    "of",
    "the",
];

/// What a name stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Meant<'a> {
    /// This municipality.
    Known(&'a str),
    /// Perhaps this one.
    Near(&'a str),
    /// None of them.
    Unknown,
}

/// Finds a municipality among those that there are.
pub fn meant<'a>(name: &str, known: &'a [String]) -> Meant<'a> {
    let known = move || known.iter().map(String::as_str);
    let same = folded(name);
    let exact = known().find(|other| *other == name);
    if let Some(found) = exact.or_else(|| known().find(|other| folded(other) == same)) {
        return Meant::Known(found);
    }
    let wanted = bare(name);
    // "Jämsän kaupunki", "Borgås stad"
    let base = wanted.strip_suffix(['n', 's']).unwrap_or(&wanted);
    for form in [wanted.as_str(), base] {
        let mut found = known().filter(|other| bare(other) == form);
        if let (Some(only), None) = (found.next(), found.next()) {
            return Meant::Known(only);
        }
    }
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(&bare(other), &wanted);
    let near = known().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match near.filter(|near| likeness(near) > LIKE) {
        Some(near) => Meant::Near(near),
        None => Meant::Unknown,
    }
}

/// A name without dots and rings, and without the word for its kind.
fn bare(name: &str) -> String {
    let plain: String = folded(name).nfd().filter(|c| !is_combining_mark(*c)).collect();
    let words: Vec<&str> = plain.split_whitespace().filter(|word| !KINDS.contains(word)).collect();
    if words.is_empty() { plain } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_is_found_however_an_official_writes_it() {
        let known = ["Jämsä", "Joutsa", "Saarijärvi", "Äänekoski", "Borgå", "Ylämaa"];
        let known = known.map(str::to_owned);
        for (name, found) in [
            ("Jämsä", "Jämsä"),
            ("jamsa", "Jämsä"),
            ("JÄMSÄ", "Jämsä"),
            ("Jämsän kaupunki", "Jämsä"),
            ("Jämsän", "Jämsä"),
            ("YLÄMAA", "Ylämaa"),
            ("ylamaa", "Ylämaa"),
            ("Ylämaan kunta", "Ylämaa"),
            ("Ylämaan", "Ylämaa"),
            ("Borgå stad", "Borgå"),
            ("Borgås", "Borgå"),
            ("Joutsan kunnan", "Joutsa"),
            ("Municipality of Joutsa", "Joutsa"),
        ] {
            assert_eq!(meant(name, &known), Meant::Known(found), "{name}");
        }
        for (name, near) in [
            ("Saarijärven kaupunki", "Saarijärvi"),
            ("Äänekosken", "Äänekoski"),
            ("Jouta", "Joutsa"),
        ] {
            assert_eq!(meant(name, &known), Meant::Near(near), "{name}");
        }
        for name in ["Helsinki", "kunta", ""] {
            assert_eq!(meant(name, &known), Meant::Unknown, "{name}");
        }
        assert_eq!(meant("Jämsä", &[]), Meant::Unknown);
    }

    #[test]
    fn of_two_that_differ_only_by_their_dots_neither_is_taken() {
        let known = ["Hämina", "Hamina"].map(str::to_owned);
        assert_eq!(meant("hamina", &known), Meant::Known("Hamina"));
        assert!(matches!(meant("haminan", &known), Meant::Near(_)));
    }
}
