//! Font coverage: the characters that the fonts can display, for checks before
//! typesetting.

use typst::text::Coverage as FontCoverage;
use unicode_normalization::char::is_combining_mark;

/// The characters that a set of fonts can display.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Sorted, not overlapping, ends included.
    ranges: Vec<(u32, u32)>,
}

impl Coverage {
    /// The characters that all of these faces have, or all fallback faces.
    pub(super) fn new(faces: &[FontCoverage], fallback: &[FontCoverage]) -> Self {
        let mut codepoints = shared(faces);
        codepoints.extend(shared(fallback));
        codepoints.sort_unstable();
        codepoints.dedup();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for codepoint in codepoints {
            match ranges.last_mut() {
                Some((_, end)) if *end + 1 == codepoint => *end = codepoint,
                _ => ranges.push((codepoint, codepoint)),
            }
        }
        Self { ranges }
    }

    /// True when a font has the character, or it needs no glyph. False for a
    /// combining mark that could not be composed with its letter, which would be
    /// read twice in the PDF, and for private-use characters, which have no meaning
    /// (PDF/UA-1, clause 7.21.7).
    pub fn shows(&self, c: char) -> bool {
        let private = matches!(c as u32, 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
        let invisible =
            matches!(c, '\n' | '\t' | '\r' | '\u{ad}' | '\u{2060}' | '\u{200b}' | '\u{200d}');
        let code = c as u32;
        let before = self.ranges.partition_point(|(start, _)| *start <= code).checked_sub(1);
        let known = before.is_some_and(|at| code <= self.ranges[at].1);
        invisible || (known && !private && !is_combining_mark(c))
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
