//! Web copies of documents: which documents have one, and until when. (`public`
//! determines what they show.)

use crate::model::round::Sector;
use crate::model::session::Participant;
use crate::model::{Date, Publicity, Record};

/// Whether a record's document can have a web copy: not if the record is secret as
/// a whole, or has secret parts that it does not mark.
pub fn can_be_on_the_web(record: &Record) -> bool {
    match (record.case().publicity(), record) {
        (Publicity::Public, _) => true,
        (Publicity::PartlySecret, Record::Session(s)) => s.notes.iter().any(|note| note.secret),
        _ => false,
    }
}

/// Whether the web copy only counts this person.
pub(super) fn is_private(person: &Participant) -> bool {
    matches!(person.sector, Sector::Organisation | Sector::Parish | Sector::Company)
}

/// Days after publication on which a decision counts as known (611/2021 145 §).
const KNOWN_AFTER: u16 = 7;
/// Days for requesting rectification or lodging an appeal after that
/// (611/2021 139 § and 140 §).
const RECTIFICATION: u16 = 14;
const COMPLAINT: u16 = 30;

/// Day on which the web copy of a record's document must be removed: the day after
/// the appeal period ends. `None` when there is no appeal.
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
