//! Which characters the fonts can show, asked before anything is typeset.

use typst::text::Coverage as FontCoverage;
use unicode_normalization::UnicodeNormalization;

/// The characters of a set of fonts.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Sorted, not overlapping, ends included.
    ranges: Vec<(u32, u32)>,
}

impl Coverage {
    /// What all of these faces have.
    pub(super) fn new(faces: &[FontCoverage]) -> Self {
        let (first, others) = faces.split_first().map_or((None, faces), |(f, o)| (Some(f), o));
        let shared = first.into_iter().flat_map(FontCoverage::iter);
        let shared = shared.filter(|codepoint| others.iter().all(|face| face.contains(*codepoint)));
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for codepoint in shared {
            match ranges.last_mut() {
                Some((_, end)) if *end + 1 == codepoint => *end = codepoint,
                _ => ranges.push((codepoint, codepoint)),
            }
        }
        Self { ranges }
    }

    /// True when a font has the character, or the letter and the mark that it is
    /// put together of, or it needs none. Private-use characters have no meaning and are refused (PDF/UA-1, clause 7.21.7).
    pub fn shows(&self, c: char) -> bool {
        let private = matches!(c as u32, 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
        let invisible =
            matches!(c, '\n' | '\t' | '\r' | '\u{ad}' | '\u{2060}' | '\u{200b}' | '\u{200d}');
        invisible || (!private && (self.has(c) || c.nfd().all(|part| self.has(part))))
    }

    fn has(&self, c: char) -> bool {
        let code = c as u32;
        let before = self.ranges.partition_point(|(start, _)| *start <= code).checked_sub(1);
        before.is_some_and(|at| code <= self.ranges[at].1)
    }
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
        // ǩ stands in the fonts as k and its mark
        for c in "ǩǨǥǤǧǦǯǮʒƷʹʼâčđŋõŧïæøáÁ".chars() {
            assert!(coverage.shows(c), "{c:?}");
        }
        for c in "😀漢\u{e000}".chars() {
            assert!(!coverage.shows(c), "{c:?}");
        }
    }
}
