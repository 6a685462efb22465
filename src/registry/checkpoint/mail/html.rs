//! Converts HTML to plain text, as far as words and lines matter.

/// Removes the tags of a text and decodes its character references.
pub fn read(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match tag(rest).or_else(|| reference(rest)) {
            Some((seen, length)) => {
                plain.extend(seen);
                rest = &rest[length..];
            }
            None => {
                plain.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Tags that may occur inside words.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "em", "font", "i", "ins", "kbd", "mark",
    "samp", "small", "span", "strong", "tt", "u", "var", "wbr",
];
/// Longest tag, with its attributes, and longest character reference, in bytes.
const LONGEST_TAG: usize = 4096;
const LONGEST_REFERENCE: usize = 12;

/// The visible effect of the tag at the beginning of a text, and its length.
fn tag(text: &str) -> Option<(Option<char>, usize)> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
        return None;
    }
    let end = text.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    let after = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':'));
    let name = name[..after.unwrap_or(name.len())].to_ascii_lowercase();
    let seen = (!INLINE.contains(&name.as_str())).then_some('\n');
    Some((seen, end + 1))
}

/// The character of the reference at the beginning of a text, and the length of the
/// reference.
fn reference(text: &str) -> Option<(Option<char>, usize)> {
    let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let name = text[..end].strip_prefix('&')?;
    let number = name.strip_prefix('#').map(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    });
    let seen = match (number, name) {
        (Some(number), _) => char::from_u32(number.ok()?)?,
        (None, "nbsp" | "ensp" | "emsp" | "thinsp") => ' ',
        (None, "shy") => '\u{ad}',
        (None, "mdash") => '\u{2014}',
        (None, "ndash") => '\u{2013}',
        (None, "amp") => '&',
        (None, "lt") => '<',
        (None, "gt") => '>',
        (None, "quot") => '"',
        (None, "plus") => '+',
        (None, "sol") => '/',
        (None, "equals") => '=',
        (None, "colon") => ':',
        _ => return None,
    };
    Some((Some(seen), end + 1))
}
