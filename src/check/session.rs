//! Rules over a session, by itself and against its round.

use super::{Report, attachments};
use crate::model::session::Note;
use crate::model::{Round, Session, Short, Status};

/// All rules over a session.
pub fn session(session: &Session, report: &mut Report<'_>) {
    if session.group.is_some() == session.forum.is_some() {
        report.error("", "group-or-forum", &[]);
    }
    if let (Some(start), Some(end)) = (session.start, session.end)
        && end <= start
    {
        report.error("end", "times-order", &[("start", &start), ("end", &end)]);
    }
    attachments::attachments(&session.attachments, report);
    for (list, people) in [("present", &session.present), ("absent", &session.absent)] {
        for (index, participant) in people.iter().enumerate() {
            if participant.count.is_some() && participant.name.is_some() {
                report.error(format!("{list}[{index}]"), "count-and-name", &[]);
            }
        }
    }
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

fn against_round(session: &Session, round: &Round, report: &mut Report<'_>) {
    let group = session.group.as_ref().and_then(|id| round.group(id));
    if let (Some(id), None) = (&session.group, group) {
        report.error("group", "group-missing", &[("id", id), ("round", &round.id)]);
    }
    for (index, note) in session.notes.iter().enumerate() {
        note_rules(note, index, round, report);
        let Some(group) = group else { continue };
        if let Some(name) = &note.municipality
            && !group.municipalities.contains(name)
        {
            let field = format!("notes[{index}].municipality");
            report.error(
                field,
                "municipality-of-other-group",
                &[("name", name), ("group", &group.id)],
            );
        }
    }
    if let Some(group) = group {
        one_session(session, report);
        schedule(session, round, report);
        distribution(session, &group.municipalities, report);
    }
}

/// A note names a cell that exists.
fn note_rules(note: &Note, index: usize, round: &Round, report: &mut Report<'_>) {
    let field = |name: &str| format!("notes[{index}].{name}");
    if let Some(id) = &note.priority
        && round.priority(id).is_none()
    {
        report.error(field("priority"), "priority-missing", &[("id", id), ("round", &round.id)]);
    }
    if let Some(id) = &note.service_area
        && round.service_area(id).is_none()
    {
        report.error(field("service_area"), "area-missing", &[("id", id), ("round", &round.id)]);
    }
    for (at, id) in note.service_areas.iter().enumerate() {
        if round.service_area(id).is_none() {
            let field = field(&format!("service_areas[{at}]"));
            report.error(field, "area-missing", &[("id", id), ("round", &round.id)]);
        }
    }
    if note.priority.is_none() && !note.areas().is_empty() {
        report.error(format!("notes[{index}]"), "note-without-priority", &[]);
    }
    if note.priority.is_some() && (note.sector.is_some() || note.municipality.is_some()) {
        report.error(format!("notes[{index}]"), "note-two-places", &[]);
    }
    if note.service_area.is_some() && !note.service_areas.is_empty() {
        report.error(field("service_areas"), "note-two-areas", &[]);
    }
}

/// A group has one session in a round.
fn one_session(session: &Session, report: &mut Report<'_>) {
    let sessions = report.set.sessions_of(&session.round);
    let other =
        sessions.into_iter().find(|other| other.group == session.group && other.id < session.id);
    if let Some(other) = other {
        report.error("group", "session-twice", &[("other", &other.id)]);
    }
}

/// A session that was held otherwise than planned is worth a look.
fn schedule(session: &Session, round: &Round, report: &mut Report<'_>) {
    let Some(meeting) = session.group.as_ref().and_then(|id| round.meeting(id)) else { return };
    if meeting.date != session.date {
        report.warning(
            "date",
            "session-date-differs",
            &[("planned", &meeting.date), ("held", &session.date)],
        );
    }
    if meeting.mode != session.mode {
        report.warning("mode", "session-mode-differs", &[]);
    }
}

/// The memo of a group goes to the registry office of every municipality in it.
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
        report.error("distribution", "distribution-incomplete", &[("names", &missing.join(", "))]);
    }
}
