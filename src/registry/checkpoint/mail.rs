//! Undoes what mail programs and editors do to a text: transfer encoding, HTML, quote
//! marks, line breaks.

mod html;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

/// Decodes a file in UTF-8 or UTF-16, with or without a byte order mark.
pub fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_utf8(rest),
        _ => match zeros(bytes) {
            (false, true) => decode_utf16(bytes, u16::from_le_bytes),
            (true, false) => decode_utf16(bytes, u16::from_be_bytes),
            _ => decode_utf8(bytes),
        },
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// UTF-8; invalid bytes are read as Latin-1.
fn decode_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text
}

/// Whether many bytes at even and at odd positions are zero, as in Latin text in UTF-16.
fn zeros(bytes: &[u8]) -> (bool, bool) {
    let most = |first: usize| {
        let zeros = bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
        zeros > bytes.len() / 4
    };
    (most(0), most(1))
}

/// All decodings of a text: as it is, and read as quoted-printable, base64 or HTML, also
/// nested. A decoding that does not apply gives nonsense, or nothing.
pub fn readings(text: &str) -> Vec<String> {
    let mut readings = vec![visible(text)];
    let mut at = 0;
    for _ in 0..DEPTH {
        let until = readings.len();
        while at < until {
            let mut read = vec![quoted_printable(&readings[at]), html::read(&readings[at])];
            read.extend(coded_runs(&readings[at]));
            for reading in read.iter().map(|read| visible(read)) {
                if readings.len() < MOST_READINGS && !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
            at += 1;
        }
    }
    readings
}

/// Number of nested decodings: a mail in a mail, encoded, of HTML.
const DEPTH: usize = 4;
const MOST_READINGS: usize = 64;

/// A text without invisible characters.
fn visible(text: &str) -> String {
    let hidden =
        |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    text.chars().filter(|c| !hidden(c)).collect()
}

/// The words of a text, without quote marks.
pub fn words(text: &str) -> Vec<&str> {
    let lines = text.split(['\n', '\r']).map(unquoted);
    let words = lines.flat_map(str::split_whitespace);
    words.filter(|word| !word.chars().all(is_mark)).collect()
}

/// A line without quote marks and surrounding spaces.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || is_mark(c)).trim_end()
}

fn is_mark(c: char) -> bool {
    matches!(c, '>' | '|')
}

/// Decodes quoted-printable (RFC 2045).
fn quoted_printable(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let spaces = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match (&after[spaces..], hex(0).zip(hex(1))) {
            ([b'\n', after @ ..] | [b'\r', b'\n', after @ ..], _) => rest = after,
            (_, Some((high, low))) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &after[2..];
            }
            _ => bytes.push(b'='),
        }
    }
    decode_utf8(&bytes)
}

/// Decodes base64: consecutive lines of nothing else.
fn coded_runs(text: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    for line in text.lines().map(unquoted) {
        let run = runs.len() - 1;
        if is_coded(line) {
            runs[run].push_str(line.trim_end_matches('='));
        } else if !runs[run].is_empty() {
            runs.push(String::new());
        }
    }
    let long = runs.iter().filter(|run| run.len() >= SHORTEST);
    let decoded = long.filter_map(|run| BASE64.decode(run).ok());
    decoded.map(|bytes| decode_text(&bytes)).filter(|text| is_text(text)).collect()
}

/// Fewest characters that can contain a checkpoint; a single word in a line is not base64.
const SHORTEST: usize = 200;

fn is_coded(line: &str) -> bool {
    let coded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    !line.is_empty() && line.trim_end_matches('=').chars().all(coded)
}

fn is_text(text: &str) -> bool {
    let control = |c: char| c.is_ascii_control() && !c.is_whitespace();
    !text.is_empty() && !text.contains(control)
}
