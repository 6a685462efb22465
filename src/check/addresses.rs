//! Finds what in a text is no prose: addresses, targets of links, references to
//! slides, entities, names of files and of sites. Knows no rule.

use std::ops::Range;

/// Longest targets, titles and names that are looked for, in characters.
const TARGET: usize = 300;
const TITLE: usize = 100;
const SLIDE: usize = 20;

/// Endings of files and sites.
const ENDINGS: [&str; 20] = [
    "fi", "com", "org", "net", "eu", "js", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "json", "htm", "html", "png", "jpg", "jpeg", "csv",
];
const MORE_ENDINGS: [&str; 2] = ["txt", "zip"];

/// Byte ranges of what is no prose, in order.
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !may_have_one(text) {
        return found;
    }
    let (mut from, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        // a word is tried where it begins
        let last = before.filter(|_| at > from);
        before = Some(c);
        if at < from {
            continue;
        }
        let rest = &text[at..];
        let Some(length) = length_of(rest, c, last, at == 0) else { continue };
        let range = at..at + length;
        from = range.end;
        if is_whole(text, &range) {
            // of a link's target the brackets count
            found.push(match rest.starts_with("](") {
                true => range.start + 2..range.end - 1,
                false => range,
            });
        }
    }
    found
}

/// False for most texts, at little cost.
fn may_have_one(text: &str) -> bool {
    const SIGNS: [&str; 8] = ["@", "{", "](", "]:", "//", "&", "mailto:", "www."];
    let names_file = |two: &[u8]| two[0] == b'.' && two[1].is_ascii_alphabetic();
    text.as_bytes().windows(2).any(names_file) || SIGNS.iter().any(|sign| text.contains(sign))
}

/// How long what stands here is, if it is no prose; `last` is the character
/// before it.
fn length_of(rest: &str, c: char, last: Option<char>, is_first: bool) -> Option<usize> {
    let definition = || if is_first { link_definition(rest) } else { None };
    match c {
        ']' => link_target(rest),
        '[' | ' ' => definition(),
        '{' => slide_reference(rest),
        '&' => entity(rest),
        _ if !in_mail(c) => None,
        _ => {
            let site = || site(rest);
            let mail = || if last.is_some_and(in_mail) { None } else { mail(rest) };
            let file = || if last.is_some_and(in_name) { None } else { file(rest) };
            site().or_else(mail).or_else(file)
        }
    }
}

/// `](target "title")`
fn link_target(rest: &str) -> Option<usize> {
    let target = rest.strip_prefix("](")?;
    let end = length_while(target, TARGET, |c| c != ')' && !c.is_whitespace());
    let behind = &target[end..];
    let end = match behind.strip_prefix(' ') {
        Some(title) => end + 1 + length_while(title, TITLE, |c| c != ')'),
        None => end,
    };
    target[end..].starts_with(')').then_some(2 + end + 1)
}

/// `[name]: target` at the beginning of a text.
fn link_definition(rest: &str) -> Option<usize> {
    let spaces = length_while(rest, 3, |c| c == ' ');
    let name = rest[spaces..].strip_prefix('[')?;
    let target = name[length_while(name, TITLE, |c| c != ']')..].strip_prefix("]:")?;
    let target = target.strip_prefix(' ').unwrap_or(target);
    let length = length_while(target, usize::MAX, |c| !c.is_whitespace());
    (length > 0).then(|| rest.len() - target.len() + length)
}

/// `{slides:goals}`
fn slide_reference(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix('{')?;
    let length = length_while(name, SLIDE, |c| c.is_ascii_lowercase() || c == '-');
    let key = name[length..].strip_prefix(':').filter(|_| length > 0)?;
    let key = &key[length_while(key, TITLE, |c| c != '}')..];
    key.starts_with('}').then(|| rest.len() - key.len() + 1)
}

/// `&nbsp;`
fn entity(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix('&')?;
    let name = name.strip_prefix('#').unwrap_or(name);
    let length = length_while(name, usize::MAX, in_word);
    let end = rest.len() - name.len() + length;
    (length > 0 && name[length..].starts_with(';')).then_some(end + 1)
}

/// `https://…`, `www.…`
fn site(rest: &str) -> Option<usize> {
    const BEGINNINGS: [&str; 4] = ["http://", "https://", "mailto:", "www."];
    let address = BEGINNINGS.iter().find_map(|begin| rest.strip_prefix(begin))?;
    let inside = |c: char| !c.is_whitespace() && !matches!(c, ')' | ']' | '>');
    let length = length_while(address, usize::MAX, inside);
    (length > 0).then(|| rest.len() - address.len() + length)
}

/// `name@site.fi`
fn mail(rest: &str) -> Option<usize> {
    let name = length_while(rest, usize::MAX, in_mail);
    let site = rest[name..].strip_prefix('@')?;
    let length = length_while(site, usize::MAX, |c| in_name(c) || c == '.');
    let whole = site[..length].trim_end_matches(['.', '-']);
    (whole.chars().count() > 1).then(|| name + 1 + whole.len())
}

/// `name.pdf`
fn file(rest: &str) -> Option<usize> {
    let name = length_while(rest, usize::MAX, in_name);
    let ending = rest[name..].strip_prefix('.').filter(|_| name > 0)?;
    let ending = &ending[..length_while(ending, usize::MAX, in_word)];
    let mut endings = ENDINGS.iter().chain(&MORE_ENDINGS);
    let known = endings.any(|known| known.eq_ignore_ascii_case(ending));
    known.then(|| name + 1 + ending.len())
}

/// The bytes of the first characters that are like this.
fn length_while(text: &str, most: usize, is_like: impl Fn(char) -> bool) -> usize {
    let end = text.char_indices().take(most).find(|(_, c)| !is_like(*c));
    end.or_else(|| text.char_indices().nth(most)).map_or(text.len(), |(at, _)| at)
}

fn in_word(c: char) -> bool {
    // a mark belongs to the letter before it
    c.is_alphanumeric() || c == '_' || matches!(c, '\u{300}'..='\u{36f}')
}

fn in_name(c: char) -> bool {
    in_word(c) || c == '-'
}

fn in_mail(c: char) -> bool {
    in_name(c) || matches!(c, '.' | '+')
}

/// True unless a letter beside the place belongs to the same word.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && c.is_alphanumeric());
    let own = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inside = &text[range.clone()];
    let begins = own(inside.chars().next()) && beside(text[..range.start].chars().next_back());
    let ends = own(inside.chars().next_back()) && beside(text[range.end..].chars().next());
    !begins && !ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_prose_is_found() {
        for (text, wanted) in [
            ("Katso https://a.example/b-c ja", vec!["https://a.example/b-c"]),
            ("[sivu](www.a.fi \"x y\") ja [x](y)", vec!["www.a.fi \"x y\"", "y"]),
            ("[nimi]: kohde ja", vec!["[nimi]: kohde"]),
            ("ks. {slides:goals} ja &nbsp; &#160;", vec!["{slides:goals}", "&nbsp;", "&#160;"]),
            ("etu.suku+x@kunta-a.fi.", vec!["etu.suku+x@kunta-a.fi"]),
            ("liite-1.PDF, sivu a.b.fi, 1.2.2025 ja loppu.Uusi", vec!["liite-1.PDF", "b.fi"]),
            ("a@b c@ @d {x} &; x.fil http:// äwww.x", vec![]),
        ] {
            let found = addresses(text);
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
