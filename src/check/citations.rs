//! Rules about the form in which running text cites statutes and decisions.

use std::sync::LazyLock;

use regex::Captures;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, fix, outside_addresses, word_start};
use crate::model::Language;

/// A section of an act is written `14 §`, a subsection `4 mom.`, an item of the minutes
/// `§ 89` after its date; English texts only need the space.
pub fn citations(texts: &Texts, report: &mut Report<'_>) {
    for prose in &texts.all {
        if !prose.text.contains('§') && !prose.text.contains("mom") {
            continue;
        }
        let new = outside_addresses(&prose.text, |part| put_right(part, texts.language));
        if new == prose.text {
            continue;
        }
        // the part that changes, extended to whole words
        let same = |a: &str, b: &str| a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
        let start = same(&prose.text, &new);
        let from = |text: &str, at: usize| text.char_indices().nth(at).map_or(text.len(), |c| c.0);
        let at = from(&prose.text, start);
        let before = word_start(&prose.text, at, char::is_whitespace);
        let end = prose.text[at..].find(char::is_whitespace).map_or(prose.text.len(), |e| at + e);
        let end = end.max(at + prose.text[at..].chars().next().map_or(0, char::len_utf8));
        // the sign itself, not the full stop of the sentence
        let sign = prose.text[end..].strip_prefix(' ').filter(|rest| rest.starts_with('§'));
        let end = sign.map_or(end, |rest| {
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            prose.text.len() - rest.len() + word
        });
        let end = before + prose.text[before..end].trim_end_matches(['.', ',', ';']).len();
        let problem = report.found("citation-style", &prose.field).within(before..end);
        let problem = problem.with("words", &prose.text[before..end]);
        report.problems.push(problem.fixed_by(fix(prose, new, true)));
    }
}

fn put_right(text: &str, language: Language) -> String {
    static GLUED: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(\d)§"));
    static GLUED_BEHIND: LazyLock<Pattern> = LazyLock::new(|| pattern(r"§(\d)"));
    static MOMENT: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(\d) ?mom\b\.?"));
    // "(89 §)" after a date is an item of the minutes
    static ITEM: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(\d{1,2}\.\d{1,2}\.\d{4},? \(?)(\d+) §(\)|[,.;]|$)"));
    // "612/2021 § 6" is a section of an act
    static SECTION: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(\d{1,4}/(?:19|20)\d{2}\)?,? \(?)§ (\d+)"));
    let text = GLUED.replace_all(text, "$1 §");
    let text = GLUED_BEHIND.replace_all(&text, "§ $1");
    if language == Language::En {
        return text.into_owned();
    }
    let text = MOMENT.replace_all(&text, |found: &Captures<'_>| format!("{} mom.", &found[1]));
    // after the date of an act it is a section of the act
    static ACT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:la(?:ki|in|issa|ista|kia|kiin)|annet\p{L}+|lag(?:en)?|asetu\p{L}+)\b[^.]*$",
        )
    });
    let item = |found: &Captures<'_>| {
        let start = found.get(0).map_or(0, |all| all.start());
        // in the preceding sentence, not further back
        let near = text.floor_char_boundary(start.saturating_sub(300));
        match ACT.is_match(&text[near..start]) {
            true => found[0].to_owned(),
            false => format!("{}§ {}{}", &found[1], &found[2], &found[3]),
        }
    };
    let text = ITEM.replace_all(&text, item);
    SECTION.replace_all(&text, "$1$2 §").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_citation_has_one_form() {
        let fi = |text| put_right(text, Language::Fi);
        assert_eq!(fi("lain 6§ ja 7§:n 4mom"), "lain 6 § ja 7 §:n 4 mom.");
        assert_eq!(fi("sopimus 4.10.2022 (89 §)."), "sopimus 4.10.2022 (§ 89).");
        assert_eq!(fi("laki (611/2021) § 14"), "laki (611/2021) 14 §");
        assert_eq!(fi("§80"), "§ 80");
        assert_eq!(fi("laki annettiin 4.2.2025 (14 §)"), "laki annettiin 4.2.2025 (14 §)");
        for well in ["6 § 4 mom. ja 14 §:n mukaan", "11.2.2025 (§ 41)", "24 § 1 mom. 25 k"] {
            assert_eq!(fi(well), well);
        }
        assert_eq!(put_right("section 6§", Language::En), "section 6 §");
    }
}
