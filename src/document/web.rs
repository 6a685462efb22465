//! Copies for the web: which documents have one, until when, and what must not
//! be read in it. (What they show, `public` decides.)

use crate::model::round::Sector;
use crate::model::session::Participant;
use crate::model::{Date, Publicity, Record};

/// Whether a record's document can have a web copy: not when it is secret as a
/// whole, nor when something in it is that the record does not mark.
pub fn can_be_on_the_web(record: &Record) -> bool {
    match (record.case().publicity(), record) {
        (Publicity::Public, _) => true,
        (Publicity::PartlySecret, Record::Session(s)) => s.notes.iter().any(|note| note.secret),
        _ => false,
    }
}

/// Whether the copy for the web has of a person only that there was one.
pub(super) fn is_private(person: &Participant) -> bool {
    matches!(person.sector, Sector::Organisation | Sector::Parish | Sector::Company)
}

/// Days after publication on which a decision counts as known (611/2021 145 §).
const KNOWN_AFTER: u16 = 7;
/// Days in which rectification is requested, or an appeal is lodged, after that
/// (611/2021 139 § and 140 §).
const RECTIFICATION: u16 = 14;
const COMPLAINT: u16 = 30;

/// Day on which the web copy of a record's document must be gone: the day
/// after its appeal period ends. `None` when nobody can appeal.
pub fn remove_on(record: &Record, extract: bool, registered: Date) -> Option<Date> {
    use crate::model::proposal::Appeal;
    let Record::Proposal(proposal) = record else { return None };
    let days = match proposal.way_of_appeal() {
        Appeal::Rectification => RECTIFICATION,
        Appeal::Complaint => COMPLAINT,
        Appeal::None => return None,
    };
    let decision = proposal.decision.as_ref().filter(|_| extract)?;
    let published = decision.published.unwrap_or(registered);
    let last = published.days_later(KNOWN_AFTER + days)?.next_working_day()?;
    last.days_later(1)
}
