//! Names of the municipalities of Finland, to find what was meant. Knows no
//! record.

use crate::locale::folded;

/// One a line, the Swedish name behind `=` where there is one (2025).
const NAMES: &str = include_str!("municipalities.txt");

/// Likeness from which a name was probably meant.
const LIKE: f64 = 0.7;

/// What a name stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Meant {
    /// This municipality.
    Known(&'static str),
    /// Perhaps this one.
    Near(&'static str),
    /// None that the list has.
    Unknown,
}

/// Finds a municipality by its name in Finnish or Swedish.
pub fn find(name: &str) -> Meant {
    let wanted = folded(name);
    let names = || NAMES.lines().flat_map(|line| line.split('=')).map(str::trim);
    if let Some(known) = names().find(|known| folded(known) == wanted) {
        return Meant::Known(known);
    }
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&folded(known), &wanted);
    let nearest = names().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|known| likeness(known) >= LIKE) {
        Some(near) => Meant::Near(near),
        None => Meant::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for typed in ["Jyväskylä", "JYVÄSKYLÄ", " jyväskylä ", "Jyva\u{308}skyla\u{308}"] {
            assert_eq!(find(typed), Meant::Known("Jyväskylä"), "{typed}");
        }
        assert_eq!(find("åbo"), Meant::Known("Åbo"));
        assert_eq!(find("Jyvaskyla"), Meant::Near("Jyväskylä"));
        assert_eq!(find("Äänekski"), Meant::Near("Äänekoski"));
        assert_eq!(find("Mallila"), Meant::Unknown);
    }

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<&str> = NAMES.lines().flat_map(|line| line.split('=')).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
