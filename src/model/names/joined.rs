//! Tokens of compounds without spaces: addresses, file names and user names, such as
//! `lausunto_Liisa_Virtanen.pdf` or `LiisaVirtanen`.

use super::token::Token;
use crate::model::reader::Seen;

/// Characters of addresses and file names.
const ADDRESS: &[char] = &['@', '%', '/', '_'];
/// Characters that may join words, between letters.
const JOINERS: &[char] = &['_', '.', '-', '+', '~', '=', '&', '#', '|', '\\'];
/// Characters after which such a chunk may be broken at a line end.
const BREAKS: &[char] = &['_', '-', '/', '@', '+', '=', '&'];

/// A part of a text between spaces.
struct TextChunk {
    /// End, in bytes.
    end: usize,
    /// The first chunk that it continues over a line end.
    first: usize,
    /// Whether it contains joined words.
    joins: bool,
    /// Whether capital letters or digits separate words in it.
    turns: bool,
}

/// The words of joined chunks, where letter case means nothing.
pub(super) fn tokens(text: &str, folded: &Seen) -> Vec<Token> {
    let signs = folded.signs();
    let mut parts = parts(text);
    let c = |at: usize| signs.get(at).map(|sign| sign.c);
    let is_letter = |at: usize| c(at).is_some_and(char::is_alphanumeric);
    let is_upper = |at: usize| {
        let typed = signs.get(at).and_then(|sign| text.get(sign.place()));
        typed.and_then(|typed| typed.chars().next()).is_some_and(char::is_uppercase)
    };
    let is_digit = |at: usize| c(at).is_some_and(|c| c.is_ascii_digit());
    let is_small = |at: usize| is_letter(at) && !is_upper(at) && !is_digit(at);
    // "LiisaVirtanen", "VIRTANENLiisa", "Liisa2025"
    let turns = |before: usize, at: usize| {
        let upper = is_upper(at) && (is_small(before) || is_upper(before) && is_small(at + 1));
        let inside = is_letter(before) && is_letter(at);
        inside && (upper || is_digit(at) != is_digit(before))
    };
    for (at, sign) in signs.iter().enumerate().skip(1) {
        let breaks = BREAKS.contains(&sign.c) && c(at + 1) == Some('\n');
        let (before, next) = (at - 1, if breaks { at + 2 } else { at + 1 });
        let is_joiner = JOINERS.contains(&sign.c) && is_letter(before) && is_letter(next);
        let joins = is_joiner && !(is_digit(before) && is_digit(next));
        let turned = turns(before, at);
        if !joins && !turned {
            continue;
        }
        let part = part_at(&parts, sign.place().start);
        if let Some(part) = parts.get_mut(part) {
            part.joins |= joins;
            part.turns |= turned;
        }
    }
    spread(&mut parts);
    let mut tokens = Vec::new();
    for split in [false, true] {
        let (mut at, mut last) = (0, None);
        while at < signs.len() {
            if !is_letter(at) {
                at += 1;
                continue;
            }
            let from = at;
            at += 1;
            while is_letter(at) && !(split && turns(at - 1, at)) {
                at += 1;
            }
            let place = folded.place(from..at);
            let part = part_at(&parts, place.start);
            let wanted = |part: &&TextChunk| if split { part.turns } else { part.joins };
            let Some(part) = parts.get(part).filter(wanted) else { continue };
            let gap = if last.replace(part.first) == Some(part.first) { "" } else { ";" };
            let word = signs[from..at].iter().map(|sign| sign.c).collect();
            let (gap, capital) = (gap.to_owned(), is_upper(from));
            tokens.push(Token { text: word, gap, upper: true, capital, shouts: false, place });
        }
    }
    tokens
}

fn parts(text: &str) -> Vec<TextChunk> {
    let mut parts: Vec<TextChunk> = Vec::new();
    let (mut end, mut before) = (0, "");
    for typed in text.split_inclusive(char::is_whitespace) {
        end += typed.len();
        let broken = before.strip_suffix('\n').is_some_and(|before| {
            before.ends_with(BREAKS) || !before.is_empty() && typed.starts_with(['_', '/', '@'])
        });
        let first = parts.last().filter(|_| broken).map_or(parts.len(), |part| part.first);
        parts.push(TextChunk { end, first, joins: typed.contains(ADDRESS), turns: false });
        before = typed;
    }
    parts
}

/// Chunks that continue over a line end are treated as one.
fn spread(parts: &mut [TextChunk]) {
    for same in parts.chunk_by_mut(|one, other| one.first == other.first) {
        let joins = same.iter().any(|part| part.joins);
        let turns = same.iter().any(|part| part.turns);
        for part in same {
            part.joins = joins;
            part.turns = turns;
        }
    }
}

/// Index of the chunk that contains a byte; after the last one, the number of chunks.
fn part_at(parts: &[TextChunk], byte: usize) -> usize {
    parts.partition_point(|part| part.end <= byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let tokens = tokens(text, &Seen::typed(text).folded());
        tokens.into_iter().map(|token| format!("{}{}", token.gap, token.text)).collect()
    }

    #[test]
    fn joined_words_are_told_apart() {
        assert_eq!(words("tänään lausunto_Liisa.pdf ja"), [";lausunto", "liisa", "pdf"]);
        assert_eq!(words("LiisaVirtanen"), [";liisa", "virtanen"]);
        assert_eq!(words("VIRTANENLiisa2025"), [";virtanen", "liisa", "2025"]);
        assert_eq!(words("a@b.fi c/d"), [";a", "b", "fi", ";c", "d"]);
        assert_eq!(words("a_\nb c"), [";a", "b"]);
        assert_eq!(words("Meik%C3%A4"), [";meika"]);
    }

    #[test]
    fn words_with_spaces_between_are_left() {
        for text in ["", "Liisa Virtanen.", "klo 13.30–15.30, 23.10.2025", "Liisa.\nVirtanen", "A."]
        {
            assert_eq!(words(text), Vec::<String>::new(), "{text}");
        }
    }
}
