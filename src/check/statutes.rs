//! Statutes by number and name: in the basis of a round, and wherever a text
//! cites one. Number, name and section belong together.

mod names;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use names::Names;
use serde::Deserialize;

use super::Report;
use super::patterns::{Pattern, has_pair, pattern};
use super::prose::{Texts, fix, sentences};
use crate::model::round::Basis;
use crate::model::translation::Prose;
use crate::model::{Language, Severity, StatuteNumber};

/// The statutes that the field uses, by number (`data/statutes.json`).
#[derive(Debug, Clone, Default)]
pub struct Statutes {
    known: BTreeMap<String, Statute>,
    /// Names of all of them, as texts write them.
    names: Names,
}

/// A statute.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statute {
    fi: String,
    sv: String,
    en: String,
    /// Short names: in small letters, or abbreviations as they are written.
    #[serde(default)]
    also: Vec<String>,
    /// Number of the last section; without it sections are not looked at.
    sections: Option<u16>,
}

impl Statutes {
    /// Takes the table of a bundle.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let known: BTreeMap<String, Statute> = serde_json::from_str(text)?;
        let mut names = Names::default();
        for (number, statute) in &known {
            names.add([&statute.fi, &statute.sv, &statute.en], &statute.also, number);
        }
        Ok(Self { known, names })
    }

    fn name(&self, number: &str, language: Language) -> Option<&str> {
        let statute = self.known.get(number)?;
        Some(match language {
            Language::Fi => &statute.fi,
            Language::Sv => &statute.sv,
            Language::En => &statute.en,
        })
    }

    /// The number of the statute with this name.
    fn number_of(&self, name: &str) -> Option<&str> {
        let named = |statute: &Statute| statute.names().any(|known| same_name(known, name));
        self.known.iter().find(|(_, statute)| named(statute)).map(|(number, _)| number.as_str())
    }

    /// The known number most like this one.
    fn nearest(&self, number: &str) -> Option<(&str, &str)> {
        let likeness = |other: &str| strsim::normalized_levenshtein(other, number);
        let near = self.known.iter().max_by(|a, b| likeness(a.0).total_cmp(&likeness(b.0)));
        near.map(|(near, statute)| (near.as_str(), statute.fi.as_str()))
    }

    /// The last section of a statute, when a citation goes beyond it.
    fn beyond(&self, number: &str, section: u16) -> Option<u16> {
        self.known.get(number)?.sections.filter(|last| section > *last || section == 0)
    }

    /// Where a text names statutes, with the number of each.
    fn named_in(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        self.names.find_all(text)
    }
}

impl Statute {
    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.fi, &self.sv, &self.en].into_iter().map(String::as_str)
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Every statute of a basis is known, goes by its own name, and has the
/// sections that are named.
pub fn basis(basis: &[Basis], language: Language, statutes: &Statutes, report: &mut Report<'_>) {
    for (index, entry) in basis.iter().enumerate() {
        let field = format!("basis[{index}].statute");
        let (number, written) = (entry.statute.as_str(), entry.name.as_str());
        match statutes.name(number, language) {
            Some(name) if same_name(name, written) => {}
            Some(name) => match statutes.number_of(written) {
                Some(right) if right != number => {
                    mixed(field.clone(), (number, written), (right, name), None, report);
                }
                _ => report.add(
                    format!("basis[{index}].name"),
                    "statute-name",
                    &[("number", &number), ("name", &written), ("right", &name)],
                ),
            },
            None => {
                let by_name = statutes.number_of(written).map(|number| (number, written));
                unknown(field.clone(), &entry.statute, by_name, statutes, report);
            }
        }
        for (at, section) in entry.sections.iter().enumerate() {
            let field = format!("basis[{index}].sections[{at}].section");
            section_exists(field, number, section.section, None, statutes, report);
        }
    }
}

/// Every statute that a text cites is known, goes with the name that stands
/// before it, and has the section that stands behind it.
pub fn cited(texts: &Texts, statutes: &Statutes, report: &mut Report<'_>) {
    for prose in &texts.all {
        if prose.field.starts_with("basis[") && prose.field.ends_with(".name") {
            continue;
        }
        by_number(prose, statutes, texts.language, report);
        by_name(prose, statutes, report);
    }
}

static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\w/.–-])(\d{1,4}/(?:18|19|20)\d{2})(?:\)?,? (\d{1,3})(?:[–-](\d{1,3}))? ?\p{L}? ?§)?",
    )
});

/// Most findings of one text.
const MOST: usize = 20;

fn by_number(prose: &Prose, statutes: &Statutes, language: Language, report: &mut Report<'_>) {
    static ACT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\p{L}*(?:laki|lain|laissa|laista|lakiin|lakia)|\p{L}*(?:lag|lagen)|acts?)\b[^.]*$",
        )
    });
    if !has_pair(&prose.text, |a, b| a == '/' && b.is_ascii_digit()) {
        return;
    }
    let all = sentences(&prose.text);
    let from = report.problems.len();
    for found in NUMBER.captures_iter(&prose.text) {
        if report.problems.len() - from > MOST {
            return;
        }
        let Some(number) = found.get(1) else { continue };
        // "1042/2025/3" and the like are case numbers
        if prose.text[number.end()..].starts_with(['/', '-']) {
            continue;
        }
        let index = all.partition_point(|sentence| sentence.end <= number.start());
        let start = all.get(index).map_or(0, |sentence| sentence.start.min(number.start()));
        let before = nearest_part(&prose.text[start..number.start()]);
        let cited = found.get(2);
        let named: Vec<&str> = statutes.named_in(before).into_iter().map(|(_, n)| n).collect();
        // the table has acts of Parliament, no decrees
        let decree = ["asetu", "förordning", "decree"].iter().any(|word| before.contains(word));
        let act = cited.is_some() || ACT.is_match(before);
        let is_citation = !named.is_empty() || (act && !decree);
        let name_of = |number: &str| statutes.name(number, language).unwrap_or_default();
        if statutes.known.contains_key(number.as_str()) {
            // the name that stands nearest
            if let Some(other) = named.last()
                && *other != number.as_str()
            {
                let (field, range) = (prose.field.clone(), Some(number.range()));
                let as_written = (number.as_str(), name_of(other));
                mixed(field, as_written, (other, name_of(number.as_str())), range, report);
            }
        } else if is_citation && let Some(wrong) = StatuteNumber::parse(number.as_str()) {
            let by_name = named.last().map(|right| (*right, name_of(right)));
            let index = report.problems.len();
            unknown(prose.field.clone(), &wrong, by_name, statutes, report);
            if let Some(problem) = report.problems.get_mut(index) {
                problem.place.within = Some(number.range());
                // an act that the table does not have may well be there: only a
                // known name or number makes it an error
                let (own, _) = number.as_str().split_once('/').unwrap_or_default();
                let known = |known: &String| known.split('/').next() == Some(own);
                if by_name.is_none() && !statutes.known.keys().any(known) {
                    problem.severity = Severity::Warning;
                }
                problem.fix = by_name.map(|(right, _)| {
                    let mut new = prose.text.clone();
                    new.replace_range(number.range(), right);
                    fix(prose, new, false)
                });
            }
        }
        for section in [cited, found.get(3)].into_iter().flatten() {
            if let Ok(value) = section.as_str().parse() {
                let range = Some(section.range());
                let field = prose.field.clone();
                section_exists(field, number.as_str(), value, range, statutes, report);
            }
        }
    }
}

/// The end of what stands before a number: there its name is, if anywhere.
fn nearest_part(before: &str) -> &str {
    let start = before.char_indices().rev().nth(140).map_or(0, |(at, _)| at);
    let part = &before[start..];
    // an act that was cited before has its own number
    part.rfind(|c: char| c.is_ascii_digit()).map_or(part, |at| &part[at + 1..])
}

/// A section behind the name of an act.
fn by_name(prose: &Prose, statutes: &Statutes, report: &mut Report<'_>) {
    static BEHIND: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^,? (\d{1,3})(?:[–-](\d{1,3}))? ?\p{L}? ?§"));
    if !prose.text.contains('§') {
        return;
    }
    for (range, number) in statutes.named_in(&prose.text) {
        let Some(found) = BEHIND.captures(&prose.text[range.end..]) else { continue };
        for section in [found.get(1), found.get(2)].into_iter().flatten() {
            if let Ok(value) = section.as_str().parse() {
                let place = range.end + section.start()..range.end + section.end();
                section_exists(prose.field.clone(), number, value, Some(place), statutes, report);
            }
        }
    }
}

fn section_exists(
    field: String,
    number: &str,
    section: u16,
    range: Option<Range<usize>>,
    statutes: &Statutes,
    report: &mut Report<'_>,
) {
    if let Some(last) = statutes.beyond(number, section) {
        let mut problem = report.found("statute-section-missing", field);
        problem.place.within = range;
        let problem = problem.with("number", number).with("section", section);
        report.problems.push(problem.with("last", last));
    }
}

/// A number with the name of another statute.
fn mixed(
    field: String,
    (number, name): (&str, &str),
    (right, other): (&str, &str),
    range: Option<Range<usize>>,
    report: &mut Report<'_>,
) {
    let mut problem = report.found("statute-mixed", field);
    problem.place.within = range;
    let problem = problem.with("number", number).with("name", name);
    report.problems.push(problem.with("right", right).with("other", other));
}

/// A number that no known statute has.
fn unknown(
    field: String,
    number: &StatuteNumber,
    by_name: Option<(&str, &str)>,
    statutes: &Statutes,
    report: &mut Report<'_>,
) {
    let near = by_name.or_else(|| statutes.nearest(number.as_str()));
    let (near, name) = near.unwrap_or(("–", "–"));
    report.add(field, "statute-unknown", &[("number", number), ("near", &near), ("name", &name)]);
}
