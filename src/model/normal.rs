//! Text normalization: the same words compare as equal, however they were typed.

use unicode_normalization::UnicodeNormalization;

/// Composes letters (NFC) and removes invisible characters. The visible text is unchanged.
pub fn composed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars().filter(|c| !is_invisible(*c)).nfc().collect()
}

/// The comparison form of a name: regardless of case, spaces, hyphens and the encoding of
/// letters (NFKC).
pub fn folded(text: &str) -> String {
    if text.chars().all(is_simple) {
        let small =
            |word: &str| word.chars().flat_map(char::to_lowercase).map(plain_mark).collect();
        let words: Vec<String> = text.split_whitespace().map(small).collect();
        return words.join(" ");
    }
    let plain = same_words(text);
    // `to_lowercase` alone does not equate `ß` and `ſ` with `SS` and `S`
    let folded = plain.to_uppercase().to_lowercase();
    folded.chars().map(plain_mark).nfc().collect()
}

/// The comparison form of a text: without spaces and invisible characters, but with case.
pub fn same_words(text: &str) -> String {
    let seen = |c: &char| !is_invisible(*c) && !is_direction(*c);
    let text: String = text.chars().filter(seen).nfkc().collect();
    // compatibility forms may contain invisible characters
    let text: String = text.chars().filter(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for the letters of Western Europe and all of ASCII, which have one form
/// alone: names have hardly any others, and are compared often.
fn is_simple(c: char) -> bool {
    c.is_ascii() || matches!(c, 'À'..='Ö' | 'Ø'..='Þ' | 'à'..='ö' | 'ø'..='ÿ')
}

/// Equates hyphens and apostrophes.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{B4}' | '`' => '\'',
        c => c,
    }
}

/// True for invisible characters without meaning (Unicode `Default_Ignorable_Code_Point`),
/// except those that change the writing direction.
pub fn is_invisible(c: char) -> bool {
    let ignorable = matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
    );
    ignorable && !is_direction(c)
}

/// True for characters that change the writing direction (Unicode Bidi).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_two_parts_become_one_and_the_unseen_goes() {
        assert_eq!(composed("Ja\u{308}msa\u{308}"), "Jämsä");
        assert_eq!(composed("\u{FEFF}Jäm\u{AD}sä\u{200B}"), "Jämsä");
        assert_eq!(composed("a\u{A0}b  c\n–’"), "a\u{A0}b  c\n–’");
        // characters that change the writing direction are refused elsewhere
        assert_eq!(composed("ä\u{202E}b"), "ä\u{202E}b");
    }

    #[test]
    fn the_same_name_has_one_form() {
        for spelt in [
            "jämsä",
            "JÄMSÄ",
            "Ja\u{308}msa\u{308}",
            " Jämsä\u{A0}",
            "\u{200B}Jäm\u{AD}sä",
            "Ｊämsä",
            "\u{200E}Jämsä\u{FEFF}",
            "J\u{2060}ämsä\u{3000}",
        ] {
            assert_eq!(folded(spelt), "jämsä", "{spelt:?}");
        }
        assert_eq!(folded("Straße"), folded("STRASSE"));
        assert_eq!(folded("Äänekoski\u{2011}Konnevesi"), folded("äänekoski–konnevesi"));
        assert_eq!(folded("Lasten,  nuorten\u{202F}ja"), "lasten, nuorten ja");
        assert_ne!(folded("Jamsa"), folded("Jämsä"));
        // the short way gives the same as the long one
        for c in (0..0x100).filter_map(char::from_u32) {
            let (short, long) = (format!("a{c} b"), format!("a{c} b\u{200B}"));
            assert_eq!(folded(&short), folded(&long), "{c:?}");
        }
    }

    #[test]
    fn of_texts_capitals_count() {
        assert_eq!(same_words("a\u{308}  b\u{A0}c"), same_words("ä b c"));
        assert_ne!(same_words("Ei"), same_words("ei"));
    }
}
