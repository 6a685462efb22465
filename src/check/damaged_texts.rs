//! The rule about texts that scanning damaged throughout: one finding per text replaces
//! those of single words, which would hide everything else.

use std::collections::{BTreeMap, BTreeSet};

use super::prose::{Texts, without_addresses};
use super::tables::Tables;
use super::{Report, scan_errors, split_words};
use crate::model::translation::Prose;
use crate::model::{Fix, Language, Problem};

/// Number of damaged words from which a text gets a single finding.
const WORDS: usize = 5;
/// Number of damaged texts from which a record gets a single finding.
const FIELDS: usize = 3;
/// Most damaged words and texts that the finding lists.
const NAMED: usize = 4;

/// Rules whose findings are merged.
const DAMAGE: &[&str] = &["text-umlauts-lost", "text-word-broken", "text-stray", "text-hyphen"];

/// A damaged text.
struct DamagedText {
    field: String,
    count: usize,
    words: Vec<String>,
}

/// Replaces the findings of every heavily damaged text by one, or by one per record when
/// many texts are damaged. Returns the fields of these texts, whose single words are not
/// reported.
pub fn merge_findings(texts: &Texts, tables: &Tables, report: &mut Report<'_>) -> BTreeSet<String> {
    let umlaut_words = match texts.language {
        Language::Fi => &tables.scanning.fi,
        Language::Sv => &tables.scanning.sv,
        Language::En => return BTreeSet::new(),
    };
    let mut fields: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in report.problems.iter().filter(|problem| DAMAGE.contains(&problem.rule)) {
        *fields.entry(problem.place.field.as_str()).or_default() += 1;
    }
    let damaged = |prose: &&Prose| fields.contains_key(prose.field.as_str());
    let measured = texts.all.iter().filter(damaged).map(|prose| {
        let text = without_addresses(&prose.text);
        let lost = scan_errors::lost_umlauts(&text, umlaut_words).into_iter().map(|one| one.range);
        let mut ranges: Vec<_> = lost.collect();
        if texts.language == Language::Fi {
            ranges.extend(split_words::find_all(&text).into_iter().map(|(range, _)| range));
        }
        ranges.sort_by_key(|range| range.start);
        let words =
            ranges.iter().take(NAMED).map(|range| format!("`{}`", &prose.text[range.clone()]));
        DamagedText { field: prose.field.clone(), count: ranges.len(), words: words.collect() }
    });
    let all: Vec<DamagedText> = measured.collect();
    let several = all.len() > FIELDS && all.iter().map(|one| one.count).sum::<usize>() > WORDS * 2;
    let ruined: Vec<DamagedText> =
        all.into_iter().filter(|one| several || one.count >= WORDS).collect();
    if ruined.len() > FIELDS {
        report_damage(&ruined, report);
    } else {
        for one in &ruined {
            report_damage(std::slice::from_ref(one), report);
        }
    }
    ruined.into_iter().map(|one| one.field).collect()
}

/// One finding for these texts, with all fixes that can be made in them.
fn report_damage(ruined: &[DamagedText], report: &mut Report<'_>) {
    let is_in = |problem: &Problem| {
        DAMAGE.contains(&problem.rule) && ruined.iter().any(|one| one.field == problem.place.field)
    };
    let (taken, left): (Vec<Problem>, Vec<Problem>) =
        std::mem::take(&mut report.problems).into_iter().partition(is_in);
    report.problems = left;
    let Some(first) = taken.first() else { return };
    let within = first.place.within.clone();
    // a text is fixed once: its lost letters, which are the most
    let mut edits: BTreeMap<String, String> = BTreeMap::new();
    let fixes = taken.iter().filter(|problem| problem.rule == "text-umlauts-lost");
    for (field, new) in fixes.filter_map(|problem| problem.fix.clone()).flat_map(|fix| fix.edits) {
        edits.entry(field).or_insert(new);
    }
    let mut problem = report.found("text-ruined", &first.place.field);
    problem.place.within = within;
    let count: usize = ruined.iter().map(|one| one.count).sum();
    let words: Vec<String> = ruined.iter().flat_map(|one| one.words.iter().cloned()).collect();
    let named = words.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    let mut fields: Vec<String> =
        ruined.iter().take(NAMED).map(|one| format!("`{}`", one.field)).collect();
    if ruined.len() > NAMED {
        fields.push(format!("+ {}", ruined.len() - NAMED));
    }
    let problem =
        problem.with("count", count).with("words", named).with("fields", fields.join(", "));
    let edits: Vec<(String, String)> = edits.into_iter().collect();
    report.problems.push(match edits.is_empty() {
        true => problem,
        false => problem.fixed_by(Fix { edits, safe: false }),
    });
}
