//! Names of the municipalities of Finland, with approximate search.

use crate::locale::folded;

/// One per line, with the Swedish name after `=` if there is one (2025).
const NAMES: &str = include_str!("municipalities.txt");

/// Minimum similarity of a name that is suggested.
const MIN_SIMILARITY: f64 = 0.7;

/// Result of a search.
#[derive(Debug, PartialEq, Eq)]
pub enum MunicipalityMatch {
    /// The name of this municipality.
    Known(&'static str),
    /// Similar to this name.
    Near(&'static str),
    /// Not in the list.
    Unknown,
}

/// Finds a municipality by its name in Finnish or Swedish.
pub fn find(name: &str) -> MunicipalityMatch {
    let wanted = folded(name);
    let names = || NAMES.lines().flat_map(|line| line.split('=')).map(str::trim);
    if let Some(known) = names().find(|known| folded(known) == wanted) {
        return MunicipalityMatch::Known(known);
    }
    let similarity = |known: &str| strsim::normalized_damerau_levenshtein(&folded(known), &wanted);
    let nearest = names().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    match nearest.filter(|known| similarity(known) >= MIN_SIMILARITY) {
        Some(near) => MunicipalityMatch::Near(near),
        None => MunicipalityMatch::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for typed in ["Jyväskylä", "JYVÄSKYLÄ", " jyväskylä ", "Jyva\u{308}skyla\u{308}"] {
            assert_eq!(find(typed), MunicipalityMatch::Known("Jyväskylä"), "{typed}");
        }
        assert_eq!(find("åbo"), MunicipalityMatch::Known("Åbo"));
        assert_eq!(find("Jyvaskyla"), MunicipalityMatch::Near("Jyväskylä"));
        assert_eq!(find("Äänekski"), MunicipalityMatch::Near("Äänekoski"));
        assert_eq!(find("Mallila"), MunicipalityMatch::Unknown);
    }

    #[test]
    fn no_name_is_listed_twice() {
        let mut names: Vec<&str> = NAMES.lines().flat_map(|line| line.split('=')).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
