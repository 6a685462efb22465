//! Names the fault of a text that is not JSON, by what stands around the place
//! where the parser gave up.

/// The rule that the text breaks at a byte.
pub fn fault(text: &str, at: usize) -> &'static str {
    let mut ahead = text[at..].chars();
    let (found, next) = (ahead.next().unwrap_or(' '), ahead.next().unwrap_or(' '));
    let before = text[..at].trim_end().chars().next_back().unwrap_or(' ');
    match (before, found) {
        _ if is_whole(&text[..at]) => "json-two-values",
        ('"', _) if after_name(&text[..at]) => "json-missing-colon",
        (',', '}' | ']') => "json-trailing-comma",
        (_, '/') => "json-comment",
        (_, '”' | '“' | '„' | '\'' | '’') => "json-quotes",
        ('"' | '}' | ']' | '0'..='9' | 'e' | 'l', '"' | '{' | '[') => "json-missing-comma",
        _ if next == '\n' || next == '\r' => "json-line-break",
        _ => "json-syntax",
    }
}

/// True when a text is one JSON value already.
fn is_whole(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// True when a text ends behind the name of a field, where a colon belongs.
fn after_name(text: &str) -> bool {
    // for each open bracket: is it an object's, and does a name come next?
    let mut open: Vec<(bool, bool)> = Vec::new();
    let mut named = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' => _ = chars.next(),
                        '"' => break,
                        _ => {}
                    }
                }
                named = open.last().is_some_and(|(object, name)| *object && *name);
            }
            '{' => open.push((true, true)),
            '[' => open.push((false, false)),
            '}' | ']' => _ = open.pop(),
            ',' => {
                if let Some((object, name)) = open.last_mut() {
                    *name = *object;
                }
            }
            ':' => {
                named = false;
                if let Some((_, name)) = open.last_mut() {
                    *name = false;
                }
            }
            _ => {}
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_missed_only_behind_a_name() {
        for (text, missed) in [
            ("{\"a\" ", true),
            ("{\"a\": \"b\" ", false),
            ("{\"a\": [\"b\" ", false),
            ("{\"a\": [\"b\"], \"c\\\"\" ", true),
            ("[\"a\" ", false),
        ] {
            assert_eq!(after_name(text), missed, "{text}");
        }
    }
}
