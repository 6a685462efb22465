//! Rules over the attachments of memos and proposals.

use super::Report;
use super::round::link;
use crate::model::session::Attachment;

/// An attachment has a title of its own or is another record's document; its
/// link leads to the web; a public record attaches nothing secret.
pub fn attachments(attachments: &[Attachment], report: &mut Report<'_>) {
    for (index, attachment) in attachments.iter().enumerate() {
        let field = |name: &str| format!("attachments[{index}].{name}");
        link(field("link"), attachment.link.as_ref(), report);
        match (&attachment.title, &attachment.record) {
            (None, None) => report.error(format!("attachments[{index}]"), "attachment-empty", &[]),
            (Some(_), Some(id)) => {
                report.error(field("title"), "attachment-title-twice", &[("id", id)]);
            }
            _ => {}
        }
        if let Some(id) = &attachment.record {
            report.refers_to(field("record"), id, report.set.record(id).is_some(), "round");
            report.shows(field("record"), id);
        }
    }
}
