//! Rules about the attachments of memos and proposals.

use super::round::link;
use super::{Report, quoted};
use crate::model::session::Attachment;
use crate::model::{Id, Record, Status};

/// An attachment has a title of its own or is another record's document, its link is a
/// web address, and a public record attaches nothing secret.
pub fn attachments(attachments: &[Attachment], report: &mut Report<'_>) {
    for (index, attachment) in attachments.iter().enumerate() {
        let field = |name: &str| format!("attachments[{index}].{name}");
        link(field("link"), attachment.link.as_ref(), report);
        match (&attachment.title, &attachment.record) {
            (None, None) => report.add(format!("attachments[{index}]"), "attachment-empty", &[]),
            (Some(_), Some(id)) => {
                report.add(field("title"), "attachment-title-twice", &[("id", id)]);
            }
            _ => {}
        }
        if let Some(id) = &attachment.record {
            if id == report.source.record.id() {
                report.add(field("record"), "attachment-of-itself", &[]);
            }
            is_there(field("record"), id, report);
            let is_draft = |record: &Record| record.status() == Status::Draft;
            let is_final = !is_draft(&report.source.record);
            if is_final && report.set.record(id).is_some_and(is_draft) {
                report.add(field("record"), "attachment-draft", &[("id", id)]);
            }
            report.shows(field("record"), id);
        }
    }
}

/// The attached record exists, or is in a refused file.
fn is_there(field: String, id: &Id, report: &mut Report<'_>) {
    let set = report.set;
    let unread = set.refused().iter().any(|refused| refused.id.is_none());
    if set.record(id).is_some() || unread || set.refused_with_id(id).is_some() {
        return;
    }
    let likeness = |other: &Id| strsim::jaro_winkler(id.as_str(), other.as_str());
    let mut known: Vec<&Id> = set.iter().map(|source| source.record.id()).collect();
    // thousandths are fine enough
    known.sort_by_cached_key(|other| -((likeness(other) * 1000.0) as i64));
    let known: Vec<&str> = known.iter().take(5).map(|id| id.as_str()).collect();
    let named = quoted(&known);
    report.unknown_id(field, "attachment-missing", (id.as_str(), &known), &[("known", &named)]);
}
