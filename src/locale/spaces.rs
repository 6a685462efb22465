//! No-break spaces and hyphens that a text was copied with. Knows no language.

use std::borrow::Cow;

/// A text whose lines can end somewhere. What is copied from other programs may
/// have no-break spaces or hyphens all along; of a few, somebody thought.
pub fn breakable(text: &str) -> Cow<'_, str> {
    let tied = |c: char| matches!(c, '\u{A0}' | '\u{202F}' | '\u{2007}' | '\u{2011}');
    if !text.contains(tied) {
        return Cow::Borrowed(text);
    }
    let parts = text.split_inclusive([' ', '\n']).map(|part| {
        if part.chars().filter(|c| tied(*c)).count() <= MOST_TIED {
            return part.to_owned();
        }
        part.chars()
            .map(|c| match c {
                '\u{2011}' => '-',
                c if tied(c) => ' ',
                c => c,
            })
            .collect()
    });
    Cow::Owned(parts.collect())
}

/// Most no-break spaces and hyphens between two places where a line can end.
const MOST_TIED: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_break_spaces_all_along_are_spaces() {
        let pasted = "Nuorten työpajatoiminnan jatkuvuus on turvattava ensi vuonna";
        assert_eq!(breakable(&pasted.replace(' ', "\u{A0}")), pasted);
        for meant in
            ["klo\u{A0}13.00", "1\u{202F}000\u{202F}000 €", "A\u{A0}B\u{A0}C\u{A0}D\u{A0}E f"]
        {
            assert_eq!(breakable(meant), meant);
        }
        assert_eq!(breakable("a\u{2011}b\u{2011}c\u{2011}d\u{2011}e\u{2011}f"), "a-b-c-d-e-f");
    }
}
