//! The rule about dashes in ranges and between words. Identifiers keep their hyphens.

use std::sync::LazyLock;

use super::Report;
use super::patterns::{Pattern, has_pair, pattern};
use super::prose::fix;
use crate::model::translation::Prose;

/// Reports a hyphen used as a dash: between two words, or in a range of years, times,
/// days or small numbers. Identifiers keep their hyphens.
pub fn dash(prose: &Prose, text: &str, report: &mut Report<'_>) {
    static BETWEEN: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"([\p{L},)”]) - (\S)").if_text(|text| text.contains(" - ")));
    static RANGE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?:18|19|20)\d{2} ?- ?(?:18|19|20)\d{2}|\d{1,2}[.:]\d{2} ?- ?\d{1,2}[.:]\d{2}|\d{1,2}\.(?:\d{1,2}\.?)?(?:\d{4})? ?- ?\d{1,2}\.\d{1,2}\.(?:\d{4})?|\d{1,2}-\d{1,2}",
        )
        .if_text(|text| text.contains(" -") || has_pair(text, |a, b| b == '-' && (a.is_ascii_digit() || a == '.')))
    });
    let mut found: Vec<(std::ops::Range<usize>, &str)> = Vec::new();
    for one in BETWEEN.captures_iter(text) {
        let at = one.get(1).map_or(0, |before| before.end());
        found.push((at..at + 3, " – "));
    }
    for one in RANGE.find_iter(text).filter(|one| is_range(text, one.start(), one.end())) {
        let hyphen = one.as_str().find('-').unwrap_or(0);
        let sides = (one.as_str()[..hyphen].trim_end(), one.as_str()[hyphen + 1..].trim_start());
        let start = one.start() + sides.0.len();
        found.push((start..one.end() - sides.1.len(), "–"));
    }
    found.sort_by_key(|(range, _)| range.start);
    let Some(first) = found.first().map(|(range, _)| range.clone()) else { return };
    let mut new = prose.text.clone();
    for (range, dash) in found.into_iter().rev() {
        new.replace_range(range, dash);
    }
    let problem = report.found("text-dash", &prose.field).within(first);
    report.problems.push(problem.fixed_by(fix(prose, new, true)));
}

/// True for an ascending range that is not part of an identifier.
fn is_range(text: &str, start: usize, end: usize) -> bool {
    const NUMBERED: &[&str] = &[
        "nro",
        "nr",
        "no",
        "n:o",
        "tunnus",
        "viite",
        "viitenumero",
        "issn",
        "isbn",
        "iso",
        "puh",
        "tel",
        "laskunro",
        "lasku",
        "asia",
        "asianro",
        "asianumero",
        "diaarinumero",
        "dnro",
        "lupa",
        "sopimus",
        "ärende",
        "ärendenummer",
        "case",
        "number",
        "y-tunnus",
        "ref",
        "phone",
    ];
    let alone = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "(),;:”".contains(c));
    let behind = text[end..].trim_start_matches('.').chars().next();
    if !alone(text[..start].chars().next_back()) || !alone(behind) {
        return false;
    }
    let near = text[..start].char_indices().rev().nth(24).map_or(0, |(at, _)| at);
    let word = text[near..start].split_whitespace().next_back().unwrap_or_default();
    if NUMBERED.contains(&word.trim_end_matches(['.', ':']).to_lowercase().as_str()) {
        return false;
    }
    let (left, right) = text[start..end].split_once('-').unwrap_or_default();
    match (left.trim().parse::<u32>(), right.trim().parse::<u32>()) {
        (Ok(from), Ok(to)) => from < to && !left.trim().starts_with('0'),
        _ => true,
    }
}
