//! Rules about a session, by itself and against its round.

use super::{Report, attachments, attendance, meeting_times};
use crate::model::normal::folded;
use crate::model::problem::Fix;
use crate::model::round::{Forum, Group, Meeting};
use crate::model::session::Note;
use crate::model::{Round, Session, Short, Status};

/// All rules about a session.
pub fn session(session: &Session, report: &mut Report<'_>) {
    if session.group.is_some() == session.forum.is_some() {
        report.add("", "group-or-forum", &[]);
    }
    meeting_times::in_order("end", (session.start, session.end), "follow_up", report);
    attachments::attachments(&session.attachments, report);
    for (list, people) in [("present", &session.present), ("absent", &session.absent)] {
        for (index, participant) in people.iter().enumerate() {
            if participant.count.is_some() && participant.name.is_some() {
                report.add(format!("{list}[{index}]"), "count-and-name", &[]);
            }
        }
    }
    attendance::attendance(session, report);
    report.final_needs("start", session.start.is_some());
    report.final_needs("end", session.end.is_some());
    report.final_needs("chair", session.chair.is_some());
    report.final_needs("secretary", session.secretary.is_some());
    report.final_needs("present", !session.present.is_empty());
    report.final_needs("distribution", !session.distribution.is_empty());
    report.final_needs("case.number", session.case.number.is_some());
    let set = report.set;
    report.shows("round", &session.round);
    match set.round(&session.round) {
        Some(round) => against_round(session, round, report),
        None => report.refers_to("round", &session.round, false, "round"),
    }
}

/// A municipality that is not in the session's group: misspelt, or of another group.
fn foreign(name: &Short, field: String, (group, round): (&Group, &Round), report: &mut Report<'_>) {
    let all = || round.groups.iter().flat_map(|group| &group.municipalities);
    let plain = folded(name.as_str());
    let same = all().find(|known| folded(known.as_str()) == plain);
    let like = |known: &&Short| {
        let known = folded(known.as_str());
        // "Jämsän kaupunki"
        let inflected = plain.split_whitespace().next().is_some_and(|word| {
            known.chars().count() > 3 && word.starts_with(&known) && word.len() < known.len() + 4
        });
        inflected || strsim::normalized_damerau_levenshtein(&known, &plain) > 0.7
    };
    let known = all().any(|known| known == name);
    let Some(near) = same.or_else(|| all().find(like)).filter(|_| !known) else {
        let args: [(&'static str, &dyn ToString); 2] = [("name", name), ("group", &group.id)];
        return report.add(field, "municipality-of-other-group", &args);
    };
    let problem = report.found("municipality-misspelt", field.clone());
    let problem = problem.with("name", name).with("near", near);
    let edits = vec![(field, near.to_string())];
    report.problems.push(problem.fixed_by(Fix { edits, safe: same.is_some() }));
}

fn against_round(session: &Session, round: &Round, report: &mut Report<'_>) {
    let group = session.group.as_ref().and_then(|id| round.group(id));
    if let Some(id) = &session.group {
        report.group_of(round, "group", id);
    }
    for (index, note) in session.notes.iter().enumerate() {
        note_rules(note, index, round, report);
        goal(note, index, round, report);
        let Some(group) = group else { continue };
        if let Some(name) = &note.municipality
            && !group.municipalities.contains(name)
        {
            let field = format!("notes[{index}].municipality");
            foreign(name, field, (group, round), report);
        }
    }
    if group.is_some() || session.forum.is_some() {
        schedule(session, round, report);
    }
    if let Some(group) = group {
        one_session(session, report);
        distribution(session, &group.municipalities, report);
    }
}

/// A note names an existing cell.
fn note_rules(note: &Note, index: usize, round: &Round, report: &mut Report<'_>) {
    let field = |name: &str| format!("notes[{index}].{name}");
    if let Some(id) = &note.priority {
        report.priority_of(round, field("priority"), id);
    }
    if let Some(id) = &note.service_area {
        report.area_of(round, field("service_area"), id);
    }
    for (at, id) in note.service_areas.iter().enumerate() {
        report.area_of(round, field(&format!("service_areas[{at}]")), id);
    }
    if note.priority.is_none() && !note.areas().is_empty() {
        report.add(format!("notes[{index}]"), "note-without-priority", &[]);
    }
    if note.priority.is_some() && (note.sector.is_some() || note.municipality.is_some()) {
        report.add(format!("notes[{index}]"), "note-two-places", &[]);
    }
    if note.service_area.is_some() && !note.service_areas.is_empty() {
        report.add(field("service_areas"), "note-two-areas", &[]);
    }
}

/// A group has one session in a round.
fn one_session(session: &Session, report: &mut Report<'_>) {
    let sessions = report.set.sessions_of(&session.round);
    let other =
        sessions.into_iter().find(|other| other.group == session.group && other.id < session.id);
    let Some(other) = other else { return };
    if other.date == session.date {
        report.add("group", "session-twice", &[("other", &other.id)]);
    } else {
        let args: [(&'static str, &dyn ToString); 3] =
            [("other", &other.id), ("first", &other.date), ("date", &session.date)];
        report.add("group", "session-continued", &args);
    }
}

/// Differences between the session and its schedule.
fn schedule(session: &Session, round: &Round, report: &mut Report<'_>) {
    if round.schedule.is_empty() {
        return;
    }
    let forum = |meeting: &&Meeting| {
        let title = |forum: &Option<Forum>| forum.as_ref().map(|forum| forum.title.clone());
        meeting.forum.is_some() && title(&meeting.forum) == title(&session.forum)
    };
    let meeting = match &session.group {
        Some(id) => round.meeting(id),
        None => round.schedule.iter().find(forum),
    };
    let Some(meeting) = meeting else {
        let at = if session.group.is_some() { "group" } else { "forum" };
        let problem = report.found("session-unplanned", at);
        report.problems.push(problem.with("round", &round.id));
        return;
    };
    hours(session, meeting, report);
    if meeting.date != session.date {
        report.add(
            "date",
            "session-date-differs",
            &[("planned", &meeting.date), ("held", &session.date)],
        );
    }
    if meeting.mode != session.mode {
        report.add("mode", "session-mode-differs", &[]);
    }
}

/// Compares the hours of a session with the planned ones.
fn hours(session: &Session, meeting: &Meeting, report: &mut Report<'_>) {
    let pairs = [("start", meeting.start, session.start), ("end", meeting.end, session.end)];
    for (field, planned, held) in pairs {
        if let (Some(planned), Some(held)) = (planned, held)
            && planned != held
        {
            let problem = report.found("session-time-differs", field);
            report.problems.push(problem.with("planned", planned).with("held", held));
        }
    }
}

/// A note is in a cell for which the round has a goal.
fn goal(note: &Note, index: usize, round: &Round, report: &mut Report<'_>) {
    let Some(priority) = note.priority.as_ref().filter(|id| round.priority(id).is_some()) else {
        return;
    };
    if round.goals.is_empty() {
        return;
    }
    let missing = note
        .areas()
        .into_iter()
        .find(|area| round.service_area(area).is_some() && round.goal(priority, area).is_none());
    if let Some(area) = missing {
        let problem = report.found("goal-missing", format!("notes[{index}]"));
        report.problems.push(problem.with("priority", priority).with("area", area));
    }
}

/// The memo of a group goes to the registry office of each of its municipalities.
fn distribution(session: &Session, municipalities: &[Short], report: &mut Report<'_>) {
    if session.status != Status::Final || session.distribution.is_empty() {
        return;
    }
    let reached = |name: &Short| {
        session.distribution.iter().any(|recipient| recipient.municipality.as_ref() == Some(name))
    };
    let missing: Vec<&str> =
        municipalities.iter().filter(|name| !reached(name)).map(|name| name.as_str()).collect();
    if !missing.is_empty() {
        report.add("distribution", "distribution-incomplete", &[("names", &missing.join(", "))]);
    }
}
