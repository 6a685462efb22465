//! The rule about the hours of meetings: a meeting ends after it starts, on the same day.

use super::Report;
use crate::model::Time;

/// A meeting that starts at this hour or later and ends before the next one continues
/// past midnight.
const EVENING: i8 = 15;
const MORNING: i8 = 6;

/// Reports an end that is not after its start. `field` is the field of the end, and
/// `text` the field to use when a meeting continues past midnight.
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
