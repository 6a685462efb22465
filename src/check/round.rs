//! Rules about a round.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckContext, Report, meeting_times, quoted, statutes};
use crate::model::round::{Meeting, Mode};
use crate::model::{Id, RecordSet, Round, Session, Short, Status};

/// All rules about a round.
pub fn round(round: &Round, report: &mut Report<'_>, context: &CheckContext<'_>) {
    statutes::basis(&round.basis, round.language, &context.tables.statutes, report);
    membership(round, report);
    unique(round.groups.iter().map(|group| &group.id), "groups", report);
    unique(round.priorities.iter().map(|priority| &priority.id), "priorities", report);
    unique(round.service_areas.iter().map(|area| &area.id), "service_areas", report);
    for (index, meeting) in round.schedule.iter().enumerate() {
        meeting_rules(round, meeting, index, report);
    }
    for (index, part) in round.programme.iter().enumerate() {
        let field = format!("programme[{index}].end");
        meeting_times::in_order(field, (part.start, part.end), "bullets", report);
    }
    goals(round, report);
    links(round, report);
    incomplete_meetings(round, report);
    overdue(round, report, context);
    report.final_needs("basis", !round.basis.is_empty());
    report.final_needs("schedule", !round.schedule.is_empty());
    if let Some(to) = round.years.to
        && to < round.years.from
    {
        report.add("years.to", "years-order", &[("from", &round.years.from), ("to", &to)]);
    }
}

/// Every municipality of the authority is in exactly one group, and groups have no
/// others. A round without groups is exempt.
fn membership(round: &Round, report: &mut Report<'_>) {
    if round.groups.is_empty() {
        return;
    }
    let known: BTreeSet<&Short> = round.municipalities.iter().collect();
    let mut seen: BTreeMap<&Short, &Id> = BTreeMap::new();
    for (g, group) in round.groups.iter().enumerate() {
        for (m, name) in group.municipalities.iter().enumerate() {
            let field = format!("groups[{g}].municipalities[{m}]");
            if !known.contains(name) {
                report.add(field, "municipality-unknown", &[("name", name)]);
            } else if let Some(other) = seen.insert(name, &group.id) {
                report.add(field, "municipality-twice", &[("name", name), ("group", &other)]);
            }
        }
    }
    for (index, name) in round.municipalities.iter().enumerate() {
        if !seen.contains_key(name) {
            report.add(
                format!("municipalities[{index}]"),
                "municipality-nowhere",
                &[("name", name)],
            );
        }
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a Id>, field: &str, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if !seen.insert(id) {
            report.add(format!("{field}[{index}].id"), "part-twice", &[("id", id)]);
        }
    }
}

fn meeting_rules(round: &Round, meeting: &Meeting, index: usize, report: &mut Report<'_>) {
    let field = format!("schedule[{index}]");
    if meeting.group.is_some() == meeting.forum.is_some() {
        report.add(&field, "group-or-forum", &[]);
    }
    if let Some(group) = &meeting.group {
        report.group_of(round, format!("{field}.group"), group);
    }
    meeting_times::in_order(format!("{field}.end"), (meeting.start, meeting.end), "remark", report);
}

/// What a meeting of a final round must state before anybody is invited.
fn incomplete_meetings(round: &Round, report: &mut Report<'_>) {
    if round.status != Status::Final {
        return;
    }
    for (index, meeting) in round.schedule.iter().enumerate() {
        let somewhere = meeting.place.is_some() || !meeting.sites.is_empty();
        let mut missing = Vec::new();
        // an all-day event has no hours
        if meeting.group.is_some() && meeting.start.is_none() {
            missing.push("start");
        }
        if meeting.group.is_some() && meeting.end.is_none() {
            missing.push("end");
        }
        if meeting.mode != Mode::Remote && !somewhere {
            missing.push("place");
        }
        if !missing.is_empty() {
            let problem = report.found("meeting-incomplete", format!("schedule[{index}]"));
            report.problems.push(problem.with("missing", quoted(&missing)));
        }
    }
}

/// A past meeting without a record. A round is closed once a later one of its authority
/// has begun.
fn overdue(round: &Round, report: &mut Report<'_>, context: &CheckContext<'_>) {
    let Some(today) = context.today else { return };
    let set = report.set;
    // a draft is no plan yet, and an unreadable file may hold the session
    if round.status == Status::Draft || !set.refused().is_empty() || is_closed(round, set) {
        return;
    }
    let sessions = set.sessions_of(&round.id);
    // a session of an unknown group may be the missing one
    let stray = |session: &&Session| {
        session.group.as_ref().is_some_and(|group| round.group(group).is_none())
    };
    if sessions.iter().any(stray) {
        return;
    }
    for (index, meeting) in round.schedule.iter().enumerate() {
        let held = sessions.iter().any(|session| match (&meeting.group, &meeting.forum) {
            (Some(group), _) => session.group.as_ref() == Some(group),
            (None, Some(forum)) => session.forum.as_ref().is_some_and(|f| f.title == forum.title),
            (None, None) => true,
        });
        // a forum needs no record
        let wanted = meeting.group.is_some() || !sessions.is_empty();
        if wanted && !held && meeting.date < today {
            let who = match (&meeting.group, &meeting.forum) {
                (Some(group), _) => group.to_string(),
                (None, forum) => forum.as_ref().map_or(String::new(), |f| f.title.to_string()),
            };
            let problem = report.found("session-overdue", format!("schedule[{index}].date"));
            let problem = problem.with("who", who).with("date", meeting.date);
            report.problems.push(problem);
        }
    }
}

fn is_closed(round: &Round, set: &RecordSet) -> bool {
    set.rounds().any(|later| {
        later.years.from > round.years.from
            && later.authority.name == round.authority.name
            && !later.groups.is_empty()
    })
}

fn goals(round: &Round, report: &mut Report<'_>) {
    let mut cells = BTreeSet::new();
    for (index, goal) in round.goals.iter().enumerate() {
        let field = format!("goals[{index}]");
        report.priority_of(round, format!("{field}.priority"), &goal.priority);
        report.area_of(round, format!("{field}.service_area"), &goal.service_area);
        if !cells.insert((&goal.priority, &goal.service_area)) {
            report.add(
                field,
                "goal-twice",
                &[("priority", &goal.priority), ("area", &goal.service_area)],
            );
        }
    }
}

fn links(round: &Round, report: &mut Report<'_>) {
    let survey = round.survey.iter().flat_map(|survey| survey.materials.iter().enumerate());
    let survey = survey.map(|(i, material)| (format!("survey.materials[{i}].link"), material));
    let own = round.materials.iter().enumerate();
    let own = own.map(|(i, material)| (format!("materials[{i}].link"), material));
    for (field, material) in own.chain(survey) {
        link(field, material.link.as_ref(), report);
    }
}

/// A link is a web address.
pub fn link(field: String, link: Option<&Short>, report: &mut Report<'_>) {
    if let Some(link) = link
        && !crate::model::markup::is_web_address(link.as_str())
    {
        report.add(field, "link-form", &[("link", link)]);
    }
}
