//! Source map from Typst lines to template lines, made by rendering templates
//! that contain their own line numbers as marks.

/// Private-use characters, which records cannot contain.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

/// The template with a mark before each line that has no block tag, where a mark
/// would change how Handlebars treats the line break.
pub fn mark(index: usize, text: &str) -> String {
    let mut inside_tag = false;
    let mut out = String::with_capacity(text.len() * 2);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let block = ["{{#", "{{/", "{{else", "{{>", "{{~", "{{!", "{{^"]
            .iter()
            .any(|tag| line.contains(tag));
        if !inside_tag && !block {
            out.push_str(&format!("{OPEN}{index}:{}{CLOSE}", number + 1));
        }
        inside_tag = line.rfind("{{") > line.rfind("}}");
        out.push_str(line);
    }
    out
}

/// The last mark at or before the end of a line (from 1): template index and
/// line in the template.
pub fn find(marked: &str, line: usize) -> Option<(usize, usize)> {
    let end: usize = marked.split_inclusive('\n').take(line).map(str::len).sum();
    let before = &marked[..end];
    let mark = &before[before.rfind(OPEN)? + OPEN.len_utf8()..];
    let (index, number) = mark.split_once(CLOSE)?.0.split_once(':')?;
    Some((index.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_lead_back_to_the_template() {
        let marked = mark(3, "a\n{{#each x}}\nb {{y}}\n{{/each}}\nc");
        let rendered =
            marked.replace("{{#each x}}\n", "").replace("{{/each}}\n", "").replace("{{y}}", "Y");
        assert_eq!(find(&rendered, 1), Some((3, 1)));
        assert_eq!(find(&rendered, 2), Some((3, 3)));
        assert_eq!(find(&rendered, 3), Some((3, 5)));
    }
}
