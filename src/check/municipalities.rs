//! Rules about the municipalities that records name: one order for all lists, and groups
//! that are said to be unchanged.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, fix, sentence_at, words};
use crate::locale::alphabetical;
use crate::model::session::Recipient;
use crate::model::translation::Prose;
use crate::model::{Fix, Language, Record, RecordSet, Round, Short};

/// All rules about municipalities.
pub fn municipalities(texts: &Texts, names: &BTreeSet<String>, report: &mut Report<'_>) {
    let record = report.source.record.clone();
    match &*record {
        Record::Round(round) => {
            list("municipalities", &round.municipalities, report);
            for (index, group) in round.groups.iter().enumerate() {
                list(&format!("groups[{index}].municipalities"), &group.municipalities, report);
            }
        }
        Record::Session(session) => distribution(&session.distribution, report),
        Record::Proposal(proposal) => distribution(&proposal.distribution, report),
        Record::Summary(_) | Record::Measures(_) => {}
    }
    for prose in texts.written() {
        in_text(prose, names, report);
    }
    groups_said_to_be_the_same(texts, report);
}

/// The names of the municipalities of all rounds.
pub fn municipality_names(set: &RecordSet) -> BTreeSet<String> {
    set.rounds().flat_map(|round| &round.municipalities).map(ToString::to_string).collect()
}

/// A list of municipalities is in alphabetical order.
fn list(field: &str, names: &[Short], report: &mut Report<'_>) {
    let names: Vec<&str> = names.iter().map(Short::as_str).collect();
    let Some(at) = out_of_order(&names) else { return };
    let mut sorted = names.clone();
    sorted.sort_by(|a, b| alphabetical(a, b));
    let edits = names.iter().zip(&sorted).enumerate().filter(|(_, (old, new))| old != new);
    let edits = edits.map(|(index, (_, new))| (format!("{field}[{index}]"), (*new).to_owned()));
    let fix = Fix { edits: edits.collect(), safe: true };
    let problem = report.found("municipalities-order", format!("{field}[{at}]"));
    let problem = problem.with("name", names[at]).with("order", sorted.join(", "));
    report.problems.push(problem.fixed_by(fix));
}

/// The index of the first name that should precede the one before it.
fn out_of_order(names: &[&str]) -> Option<usize> {
    let wrong = |pair: &[&str]| alphabetical(pair[0], pair[1]) == Ordering::Greater;
    names.windows(2).position(wrong).map(|at| at + 1)
}

/// The registry offices of municipalities are in alphabetical order.
fn distribution(recipients: &[Recipient], report: &mut Report<'_>) {
    let named = recipients.iter().enumerate();
    let named: Vec<(usize, &str)> =
        named.filter_map(|(at, r)| Some((at, r.municipality.as_ref()?.as_str()))).collect();
    let names: Vec<&str> = named.iter().map(|(_, name)| *name).collect();
    let Some(at) = out_of_order(&names) else { return };
    let mut sorted = names.clone();
    sorted.sort_by(|a, b| alphabetical(a, b));
    let problem = report.found("municipalities-order", format!("distribution[{}]", named[at].0));
    let problem = problem.with("name", names[at]);
    report.problems.push(problem.with("order", sorted.join(", ")));
}

/// Three or more names in a row in a text are in alphabetical order.
fn in_text(prose: &Prose, known: &BTreeSet<String>, report: &mut Report<'_>) {
    static JOINT: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^(?:, ?| (?:ja|sekä|och|samt|and) |, and )$"));
    static RANKED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:suurim|pienim|väkiluvu|asukasluvu|eniten|järjestyksessä|störst|minst|befolknin|invånarantal|largest|smallest|population|in order)",
        )
    });
    let mut runs: Vec<Vec<std::ops::Range<usize>>> = Vec::new();
    for (range, word) in words(&prose.text) {
        if !known.contains(word) {
            continue;
        }
        let follows = |run: &&mut Vec<std::ops::Range<usize>>| {
            run.last().is_some_and(|l| JOINT.is_match(&prose.text[l.end..range.start]))
        };
        match runs.last_mut().filter(follows) {
            Some(run) => run.push(range),
            None => runs.push(vec![range]),
        }
    }
    for run in runs.iter().filter(|run| run.len() >= 3) {
        let names: Vec<&str> = run.iter().map(|range| &prose.text[range.clone()]).collect();
        let Some(at) = out_of_order(&names) else { continue };
        // "the largest are Jyväskylä, Laukaa and Jämsä" has an order of its own
        if RANKED.is_match(&prose.text[sentence_at(&prose.text, run[0].start)]) {
            continue;
        }
        let mut sorted = names.clone();
        sorted.sort_by(|a, b| alphabetical(a, b));
        let mut new = prose.text.clone();
        for (range, name) in run.iter().zip(&sorted).rev() {
            new.replace_range(range.clone(), name);
        }
        let problem = report.found("municipalities-order", &prose.field).within(run[at].clone());
        let problem = problem.with("name", names[at]).with("order", sorted.join(", "));
        // in a sentence the order may have a meaning: "had 3, 2 and 1 seats"
        report.problems.push(problem.fixed_by(fix(prose, new, false)));
        // each fix replaces the whole text: the next one follows when this one is made
        return;
    }
}

/// A text that says that the groups are the same as before when they are not.
fn groups_said_to_be_the_same(texts: &Texts, report: &mut Report<'_>) {
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:sam(?:oissa|oin|at|oihin|oja|ojen|oilla) (?:kunta|neuvottelu)?ryhm\p{L}+|(?:kunta)?ryhmät (?:ovat|pysyvät|säilyvät) (?:samat|samoina|ennallaan|muuttumattomina)|(?:kunta)?ryhmiin ei (?:tule|ole tullut) muutoksia)",
        )
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:samma (?:kommun)?grupper|(?:kommun)?grupperna (?:är|förblir) (?:desamma|oförändrade))",
        )
    });
    static EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:the same (?:municipality |municipal )?groups|groups (?:are|remain|stay) (?:the same|unchanged))",
        )
    });
    let pattern = match texts.language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => &*EN,
    };
    let id = match &*report.source.record {
        Record::Round(round) => Some(&round.id),
        Record::Proposal(proposal) => proposal.round.as_ref(),
        Record::Summary(summary) => Some(&summary.round),
        _ => None,
    };
    let Some(round) = id.and_then(|id| report.set.round(id)) else { return };
    let Some(before) = previous(round, report) else { return };
    let moves = moves(before, round);
    if moves.is_empty() {
        return;
    }
    for prose in texts.written() {
        let Some(found) = pattern.find(&prose.text) else { continue };
        let problem = report.found("groups-not-same", &prose.field).within(found.range());
        let problem = problem.with("moves", moves.join("; ")).with("round", &before.id);
        report.problems.push(problem.with("words", found.as_str()));
    }
}

/// The previous round with groups of the same authority.
fn previous<'a>(round: &Round, report: &Report<'a>) -> Option<&'a Round> {
    let earlier = report.set.rounds().filter(|other| {
        other.years.from < round.years.from
            && !other.groups.is_empty()
            && other.authority.name == round.authority.name
    });
    earlier.max_by_key(|other| other.years.from)
}

/// The municipalities that negotiate with others than in the previous round.
fn moves(before: &Round, now: &Round) -> Vec<String> {
    fn by_name(round: &Round) -> BTreeMap<&str, Vec<&str>> {
        let each = round.groups.iter().flat_map(|group| {
            let all: Vec<&str> = group.municipalities.iter().map(Short::as_str).collect();
            group.municipalities.iter().map(move |name| (name.as_str(), all.clone()))
        });
        each.collect()
    }
    let (old, new) = (by_name(before), by_name(now));
    let mut moved: Vec<String> = Vec::new();
    for (name, group) in &new {
        // a municipality has moved when most companions are new
        let Some(earlier) = old.get(name) else { continue };
        let kept = group.iter().filter(|other| earlier.contains(other) && *other != name).count();
        if kept * 2 < group.len().saturating_sub(1) || (kept == 0 && group.len() > 1) {
            let others = |all: &[&str]| {
                let all = all.iter().filter(|other| *other != name).copied();
                all.collect::<Vec<_>>().join(", ")
            };
            moved.push(format!(
                "{name}: {} {} → {} {}",
                before.years.from,
                others(earlier),
                now.years.from,
                others(group)
            ));
        }
    }
    moved
}
