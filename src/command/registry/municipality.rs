//! Finds a municipality by name: with or without diacritics, with its kind, or in the
//! genitive.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::locale::folded;

/// Similarity above which a name is suggested.
const MIN_SIMILARITY: f64 = 0.6;

/// Words for the kind of a municipality.
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

/// Result of a search.
#[derive(Debug, PartialEq, Eq)]
pub enum NameMatch<'a> {
    /// The name of this municipality.
    Known(&'a str),
    /// Similar to this name.
    Near(&'a str),
    /// Not a known name.
    Unknown,
}

/// Finds a municipality among the known ones.
pub fn find_municipality<'a>(name: &str, known: &'a [String]) -> NameMatch<'a> {
    let known = move || known.iter().map(String::as_str);
    let same = folded(name);
    let exact = known().find(|other| *other == name);
    if let Some(found) = exact.or_else(|| known().find(|other| folded(other) == same)) {
        return NameMatch::Known(found);
    }
    let wanted = simplified(name);
    // "Jämsän kaupunki", "Borgås stad"
    let base = wanted.strip_suffix(['n', 's']).unwrap_or(&wanted);
    for form in [wanted.as_str(), base] {
        let mut found = known().filter(|other| simplified(other) == form);
        if let (Some(only), None) = (found.next(), found.next()) {
            return NameMatch::Known(only);
        }
    }
    let similarity =
        |other: &str| strsim::normalized_damerau_levenshtein(&simplified(other), &wanted);
    let near = known().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    match near.filter(|near| similarity(near) > MIN_SIMILARITY) {
        Some(near) => NameMatch::Near(near),
        None => NameMatch::Unknown,
    }
}

/// A name without diacritics and without the word for its kind.
fn simplified(name: &str) -> String {
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
            assert_eq!(find_municipality(name, &known), NameMatch::Known(found), "{name}");
        }
        for (name, near) in [
            ("Saarijärven kaupunki", "Saarijärvi"),
            ("Äänekosken", "Äänekoski"),
            ("Jouta", "Joutsa"),
        ] {
            assert_eq!(find_municipality(name, &known), NameMatch::Near(near), "{name}");
        }
        for name in ["Helsinki", "kunta", ""] {
            assert_eq!(find_municipality(name, &known), NameMatch::Unknown, "{name}");
        }
        assert_eq!(find_municipality("Jämsä", &[]), NameMatch::Unknown);
    }

    #[test]
    fn names_that_differ_only_by_diacritics_are_ambiguous() {
        let known = ["Hämina", "Hamina"].map(str::to_owned);
        assert_eq!(find_municipality("hamina", &known), NameMatch::Known("Hamina"));
        assert!(matches!(find_municipality("haminan", &known), NameMatch::Near(_)));
    }
}
