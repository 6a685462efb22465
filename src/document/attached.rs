//! Numbered attachments. An attachment that is the document of another record
//! takes its title and date from that record; if the document may not show the
//! record, only a mark remains.

use serde::Serialize;

use super::blocks::{group_name, mark_of};
use super::public::secret_sessions;
use super::{DocumentKind, HIDDEN_PLANS, ViewContext};
use crate::model::session::Attachment;
use crate::model::{Date, Id, Record, RecordSet, Session};

/// `Liite 1` with its title.
#[derive(Debug, Clone, Serialize)]
pub struct NumberedAttachment {
    pub label: String,
    pub title: String,
    pub link: Option<String>,
}

/// The attachments with their numbers.
pub fn numbered(attachments: &[Attachment], context: &ViewContext<'_>) -> Vec<NumberedAttachment> {
    let locale = context.locale;
    let titled = attachments.iter().enumerate().map(|(index, attachment)| {
        let own = attachment.title.as_ref().map(|title| locale.tie(title.as_str()));
        let record = attachment.record.as_ref();
        let hidden = record.and_then(|id| context.set.left_out(id));
        let hidden = hidden.map(|provision| mark_of(provision, locale));
        let of_record = || hidden.or_else(|| title_of(record?, context));
        NumberedAttachment {
            label: locale.fill("attachment", &[("number", &(index + 1).to_string())]),
            title: own.or_else(of_record).unwrap_or_default(),
            link: attachment.link.as_ref().map(ToString::to_string),
        }
    });
    titled.collect()
}

/// Ids of the records whose documents are attached, and of the records that their
/// titles are taken from.
pub fn records(attachments: &[Attachment], set: &RecordSet) -> Vec<Id> {
    let attached = attachments.iter().filter_map(|attachment| attachment.record.as_ref());
    let drawn = attached.flat_map(|id| {
        let others = match set.record(id) {
            Some(Record::Session(session)) => vec![session.round.clone()],
            Some(Record::Summary(summary)) => vec![summary.round.clone()],
            // its date may be the date of its first meeting
            Some(Record::Round(round)) if round.issued.is_none() => secret_sessions(&round.id, set),
            _ => Vec::new(),
        };
        std::iter::once(id.clone()).chain(others)
    });
    drawn.collect()
}

/// Kind, title and date of a record's document: `Muistio: Joutsa, Luhanka ja
/// Toivakka, 23.10.2025`.
fn title_of(id: &Id, context: &ViewContext<'_>) -> Option<String> {
    let record = context.set.record(id)?;
    let (kind, title, date) = match record {
        Record::Session(session) => {
            (DocumentKind::Memo, who_met(session, context), session.issued.unwrap_or(session.date))
        }
        Record::Round(round) => {
            let date = context.set.planned(round, HIDDEN_PLANS).date();
            (DocumentKind::Plan, round.title.to_string(), date)
        }
        Record::Summary(summary) => {
            let round = context.set.round(&summary.round).map(|round| round.title.to_string());
            let title = summary.title.as_ref().map(ToString::to_string).or(round);
            (DocumentKind::Summary, title.unwrap_or_default(), summary.date)
        }
        Record::Proposal(proposal) => {
            let (kind, date): (_, Date) = match &proposal.decision {
                Some(decision) => (DocumentKind::Extract, decision.date),
                None => (DocumentKind::Proposal, proposal.meeting_date),
            };
            (kind, proposal.title.to_string(), proposal.issued.unwrap_or(date))
        }
        Record::Measures(measures) => {
            let date = measures.issued.unwrap_or(measures.plan.valid_from);
            (DocumentKind::Measures, measures.plan.title.to_string(), date)
        }
    };
    let kind = context.locale.label(&format!("kind.{}", kind.template()));
    let date = context.locale.date(date);
    Some(format!("{kind}: {}, {date}", context.locale.tie(&title)))
}

fn who_met(session: &Session, context: &ViewContext<'_>) -> String {
    let round = context.set.round(&session.round);
    let group = round.zip(session.group.as_ref()).and_then(|(round, id)| round.group(id));
    match (group, &session.forum) {
        (Some(group), _) => group_name(group, context.locale),
        (None, Some(forum)) => forum.title.to_string(),
        (None, None) => String::new(),
    }
}
