//! Rules about an editor's summary.

use std::collections::BTreeSet;

use super::{CheckContext, Report, quoted};
use crate::model::markup::slide_references;
use crate::model::session::Note;
use crate::model::summary::{Highlight, SlideKind};
use crate::model::{Id, Long, Record, RecordSet, Round, Session, Status, Summary};

/// All rules about a summary.
pub fn summary(summary: &Summary, report: &mut Report<'_>, context: &CheckContext<'_>) {
    let set = report.set;
    report.shows("round", &summary.round);
    match set.round(&summary.round) {
        Some(round) => highlights(summary, round, report),
        None => report.refers_to("round", &summary.round, false, "round"),
    }
    let other = set.iter().find_map(|source| match &*source.record {
        Record::Summary(other) if other.round == summary.round && other.id < summary.id => {
            Some(other)
        }
        _ => None,
    });
    if let Some(other) = other {
        report.add("round", "summary-twice", &[("round", &summary.round), ("other", &other.id)]);
    }
    slides("order", &summary.order, report);
    slides("omit", &summary.omit, report);
    whole(summary, report);
    references("general", &summary.general, report, context);
    references("implementation", &summary.implementation, report, context);
    for (index, highlight) in summary.highlights.iter().enumerate() {
        references(&format!("highlights[{index}].bullets"), &highlight.bullets, report, context);
    }
}

/// A slide is ordered or omitted once; the title slide stays first.
fn slides(field: &str, kinds: &[SlideKind], report: &mut Report<'_>) {
    for (index, kind) in kinds.iter().enumerate() {
        let title_gone = field == "omit" && *kind == SlideKind::Title;
        if title_gone || kinds[..index].contains(kind) {
            let word = serde_json::to_value(kind).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned();
            let args: [(&'static str, &dyn ToString); 2] = [("slide", &word), ("list", &field)];
            report.add(format!("{field}[{index}]"), "slide-stays", &args);
        }
    }
}

/// A final summary of a round with a group without a session, or with only a draft of
/// one.
fn whole(summary: &Summary, report: &mut Report<'_>) {
    let missing = report.set.groups_without_session(&summary.round);
    // an unreadable file may hold the missing session
    let readable = report.set.refused().is_empty();
    if summary.status == Status::Final && readable && !missing.is_empty() {
        report.add("round", "group-without-session", &[("groups", &quoted(&missing))]);
    }
    let sessions = report.set.sessions_of(&summary.round);
    // a summary shows nothing of a session that is secret as a whole
    let shown = sessions.iter().filter(|session| !session.is_secret());
    let drafts = shown.filter(|session| session.status == Status::Draft);
    let drafts: Vec<&Id> = drafts.map(|session| &session.id).collect();
    if summary.status == Status::Final && !drafts.is_empty() {
        let problem = report.found("summary-of-drafts", "status");
        report.problems.push(problem.with("sessions", quoted(&drafts)));
    }
}

fn highlights(summary: &Summary, round: &Round, report: &mut Report<'_>) {
    left_out(summary, round, report);
    let mut nameless = summary.highlights.iter().enumerate().filter(|(_, h)| h.groups.is_empty());
    // one hint per record: what to do is the same for each
    if let Some((index, _)) = nameless.next() {
        let count = nameless.count() + 1;
        let field = format!("highlights[{index}]");
        report.add(field, "highlight-without-groups", &[("count", &count)]);
    }
    for (index, highlight) in summary.highlights.iter().enumerate() {
        let field = format!("highlights[{index}]");
        let cell = |other: &Highlight| {
            let place = |h: &Highlight| (h.priority.clone(), h.service_area.clone());
            place(other) == place(highlight)
                && other.groups.iter().collect::<BTreeSet<_>>()
                    == highlight.groups.iter().collect::<BTreeSet<_>>()
        };
        if summary.highlights[..index].iter().any(cell) {
            report.add(field.clone(), "highlight-twice", &[]);
        }
        for (at, group) in highlight.groups.iter().enumerate() {
            report.group_of(round, format!("{field}.groups[{at}]"), group);
        }
        report.priority_of(round, format!("{field}.priority"), &highlight.priority);
        if let Some(area) = &highlight.service_area {
            report.area_of(round, format!("{field}.service_area"), area);
        }
    }
}

/// Most notes that a hint lists.
const NAMED: usize = 12;

/// Notes of sessions in cells that the editor's bullets replace: one hint per record, at
/// the first of them.
fn left_out(summary: &Summary, round: &Round, report: &mut Report<'_>) {
    let (mut raised, mut replacing) = (BTreeSet::new(), Vec::new());
    for (index, highlight) in summary.highlights.iter().enumerate() {
        let before = raised.len();
        raised.extend(replaced(highlight, round, report.set));
        if raised.len() > before {
            replacing.push(index);
        }
    }
    let Some(first) = replacing.first() else { return };
    let more = raised.len().saturating_sub(NAMED);
    let mut raised: Vec<String> = raised.into_iter().take(NAMED).collect();
    if more > 0 {
        raised.push(format!("+ {more}"));
    }
    let args: [(&'static str, &dyn ToString); 2] =
        [("left_out", &raised.join(", ")), ("count", &replacing.len())];
    report.add(format!("highlights[{first}]"), "highlight-replaces", &args);
}

/// Notes of sessions in the cell of a highlight.
fn replaced(highlight: &Highlight, round: &Round, set: &RecordSet) -> Vec<String> {
    let in_cell = |note: &&Note| {
        note.priority.as_ref() == Some(&highlight.priority)
            && note.areas() == highlight.service_area.iter().collect::<Vec<_>>()
    };
    let sessions = set.sessions_of(&round.id);
    let replaced = |session: &&&Session| {
        let named = session.group.as_ref().is_some_and(|group| highlight.groups.contains(group));
        named || highlight.groups.is_empty()
    };
    let notes =
        sessions.iter().filter(replaced).flat_map(|session| session.public_notes()).filter(in_cell);
    notes
        .map(|note| note.topic.as_ref().map_or(note.text.as_str(), |topic| topic.as_str()))
        .map(|text| format!("`{text}`"))
        .collect()
}

/// Slide references name existing slides.
fn references(field: &str, texts: &[Long], report: &mut Report<'_>, context: &CheckContext<'_>) {
    for (index, text) in texts.iter().enumerate() {
        for key in slide_references(text.as_str()) {
            if !context.slide_keys.contains(&key) {
                let known = quoted(context.slide_keys);
                report.add(
                    format!("{field}[{index}]"),
                    "slides-unknown",
                    &[("key", &key), ("known", &known)],
                );
            }
        }
    }
}
