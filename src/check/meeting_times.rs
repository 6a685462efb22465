//! The hours of meetings: an end comes after its start, on the same day.

use super::Report;
use crate::model::Time;

/// A meeting that begins at this hour or later and ends before the next is one
/// that goes past midnight.
const EVENING: i8 = 15;
const MORNING: i8 = 6;

/// An end that is not after its start; `field` is that of the end, and `text`
/// the field for what has none of its own.
pub fn in_order(
    field: impl Into<String>,
    (start, end): (Option<Time>, Option<Time>),
    text: &'static str,
    report: &mut Report<'_>,
) {
    let (Some(start), Some(end)) = (start, end) else { return };
    if end > start {
        return;
    }
    let past_midnight = end < start && start.hour() >= EVENING && end.hour() < MORNING;
    let rule = if past_midnight { "times-midnight" } else { "times-order" };
    report.add(field, rule, &[("start", &start), ("end", &end), ("text", &text)]);
}
