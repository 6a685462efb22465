//! What mail programs and editors do to a text, undone: coding, marks of quotes,
//! line breaks. Knows nothing of what the text says.

/// The text of a file in UTF-8 or UTF-16, without the mark at its beginning.
pub fn text_of(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The words after each line that is `first` alone, to the end of the text.
pub fn after_each(text: &str, first: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().map(unquoted).collect();
    let begins = (0..lines.len()).filter(|at| lines[*at] == first);
    let words = |at: usize| {
        let rest = lines[at + 1..].iter().flat_map(|line| line.split_whitespace());
        rest.take(MOST).map(str::to_owned).collect()
    };
    begins.map(words).collect()
}

/// Most words that are looked at.
const MOST: usize = 64;

/// A line without the marks of a quote and the spaces around it.
fn unquoted(line: &str) -> &str {
    let mark = |c: char| c.is_whitespace() || matches!(c, '>' | '|' | '\u{feff}' | '\u{200b}');
    line.trim_start_matches(mark).trim_end_matches(|c: char| mark(c) && c != '>' && c != '|')
}

/// A text in quoted-printable (RFC 2045) as it is read.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (after, hex(0).zip(hex(1))) {
            ([b'\n', after @ ..] | [b'\r', b'\n', after @ ..], _) => rest = after,
            (_, Some((high, low))) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &after[2..];
            }
            _ => bytes.push(b'='),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
