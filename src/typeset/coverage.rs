//! Font coverage: the characters that the fonts can display, for checks before
//! typesetting.

use typst::text::Coverage as FontCoverage;
use unicode_normalization::char::is_combining_mark;

use super::TypesetError;
use crate::bundle::Made;

/// Characters: sorted, not overlapping, ends included.
pub type Ranges = Vec<(u32, u32)>;

/// The characters of a set of fonts.
#[derive(Debug)]
pub struct Coverage {
    ranges: Made<Ranges>,
    /// Whether the families are among the built-in ones, which have all the usual
    /// characters: then fonts are read only for others.
    built_in: bool,
}

/// The families of the built-in fonts.
const FAMILIES: [&str; 2] = ["Source Sans 3", "Noto Sans"];

/// What all of these faces have, or all of those that stand in for them.
pub(super) fn ranges(faces: &[FontCoverage], more: &[FontCoverage]) -> Ranges {
    let mut codepoints = shared(faces);
    codepoints.extend(shared(more));
    codepoints.sort_unstable();
    codepoints.dedup();
    let mut ranges = Ranges::new();
    for codepoint in codepoints {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == codepoint => *end = codepoint,
            _ => ranges.push((codepoint, codepoint)),
        }
    }
    ranges
}

/// True for characters that ordinary texts consist of.
fn is_usual(c: char) -> bool {
    matches!(
        c,
        ' '..='~' | '\u{a0}' | '§' | '´' | '½' | 'À'..='ÿ' | 'Š' | 'š' | 'Ž' | 'ž' | '–' | '—' | '‘' | '’'
            | '“' | '”' | '…' | '•' | '€'
    )
}

impl Coverage {
    /// Takes what these families can show from `ranges`.
    pub(super) fn new(
        families: &[String],
        has_built_in_fonts: bool,
        ranges: impl FnOnce() -> Result<Ranges, TypesetError> + Send + 'static,
    ) -> Result<Self, TypesetError> {
        let known = families.iter().all(|family| FAMILIES.contains(&family.as_str()));
        let built_in = has_built_in_fonts && known;
        Ok(Self { ranges: Made::of(built_in, ranges)?, built_in })
    }

    /// True when a font has the character, or it needs no glyph. False for a
    /// combining mark that could not be composed with its letter, which would be
    /// read twice in the PDF, and for private-use characters, which have no meaning
    /// (PDF/UA-1, clause 7.21.7).
    pub fn shows(&self, c: char) -> bool {
        let invisible =
            matches!(c, '\n' | '\t' | '\r' | '\u{ad}' | '\u{2060}' | '\u{200b}' | '\u{200d}');
        if invisible || self.built_in && is_usual(c) {
            return true;
        }
        let private = matches!(c as u32, 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
        let code = c as u32;
        let before = self.ranges.partition_point(|(start, _)| *start <= code).checked_sub(1);
        let known = before.is_some_and(|at| code <= self.ranges[at].1);
        known && !private && !is_combining_mark(c)
    }
}

fn shared(faces: &[FontCoverage]) -> Vec<u32> {
    let Some((first, others)) = faces.split_first() else { return Vec::new() };
    let all = |codepoint: &u32| others.iter().all(|face| face.contains(*codepoint));
    first.iter().filter(all).collect()
}

#[cfg(test)]
mod tests {
    use crate::bundle::Bundle;
    use crate::typeset::Engine;

    #[test]
    fn built_in_fonts_show_what_is_usual() {
        let engine = Engine::new(&Bundle::built_in()).unwrap();
        for family in super::FAMILIES {
            let mut coverage = engine.coverage(&[family]).unwrap();
            assert!(coverage.built_in);
            coverage.built_in = false;
            for c in (' '..'\u{3000}').filter(|c| super::is_usual(*c)) {
                assert!(coverage.shows(c), "{family}: {c:?}");
            }
        }
    }

    #[test]
    fn fonts_know_nordic_letters_and_no_emoji() {
        let coverage = Engine::new(&Bundle::built_in()).unwrap();
        let coverage = coverage.coverage(&["Source Sans 3"]).unwrap();
        for c in "aåäöÅÄÖšžŋđ–—”’§€→1½ \u{a0}".chars() {
            assert!(coverage.shows(c), "{c:?}");
        }
        // the letters of the Sámi languages of Finland
        for c in "ǩǨǥǤǧǦǯǮʒƷʹʼâčđŋõŧïæøáÁ".chars() {
            assert!(coverage.shows(c), "{c:?}");
        }
        for c in "😀漢\u{e000}\u{30c}".chars() {
            assert!(!coverage.shows(c), "{c:?}");
        }
    }
}
