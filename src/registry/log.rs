//! The log: a hash chain of events. Each entry contains the digest of the one before, so
//! that no entry can be changed, removed or moved without breaking the chain. (A truncated
//! or rewritten chain shows only against a checkpoint kept elsewhere.)

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Digest, Moment};

/// Name of the file with a segment of the log.
pub const FILE: &str = "log.jsonl";

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A register number was reserved for a document.
    Reserved,
    /// A version was issued under its number, or a copy was added to it.
    Registered,
    /// A number will never be used, with the reason.
    Voided,
    /// A version was replaced by a later one.
    Superseded,
    /// The registry was verified, with the result.
    Verified,
    /// Documents were exported.
    Exported,
    /// The export failed: the package could not be put in its place.
    ExportFailed,
    /// The web copy of a version contains what is secret now: it stays in the archive, and
    /// is no longer published or exported.
    Withdrawn,
    /// A version contains what became secret since it was issued: it is exported as such,
    /// with the provision and the period if the record has them.
    Restricted,
    /// The index was rebuilt from the files; the old one is named with the digests of its
    /// files.
    Recovered,
}

impl Event {
    /// The name of the event in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Reserved => "reserved",
            Event::Registered => "registered",
            Event::Voided => "voided",
            Event::Superseded => "superseded",
            Event::Verified => "verified",
            Event::Exported => "exported",
            Event::ExportFailed => "export-failed",
            Event::Withdrawn => "withdrawn",
            Event::Restricted => "restricted",
            Event::Recovered => "recovered",
        }
    }
}

/// An event that is not in the chain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    pub event: Event,
    pub number: Option<String>,
    pub document: Option<String>,
    pub version: Option<u16>,
    pub detail: BTreeMap<String, String>,
}

/// An entry of the hash chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// From 1, without gaps.
    pub sequence: u64,
    pub time: Moment,
    pub event: Event,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
    /// Digest of the entry before; for the first entry, the digest of nothing.
    pub previous: Digest,
    /// SHA-256 of this entry as JSON without this field.
    pub digest: Digest,
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Sequence of the last entry; 0 if there is none.
    pub sequence: u64,
    pub digest: Digest,
}

impl LogHead {
    /// The end of an empty chain.
    pub fn none() -> Self {
        Self { sequence: 0, digest: Digest::of(b"") }
    }
}

impl LogEvent {
    /// An event without details.
    pub fn of(event: Event) -> Self {
        Self { event, number: None, document: None, version: None, detail: BTreeMap::new() }
    }

    /// Sets the register number and the document.
    #[must_use]
    pub fn about(mut self, number: &str, document: &str, version: u16) -> Self {
        self.number = Some(number.to_owned());
        self.document = Some(document.to_owned());
        self.version = Some(version);
        self
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }

    /// The entry that follows `head` at this time.
    pub fn after(self, head: &LogHead, time: Moment) -> LogEntry {
        let mut entry = LogEntry {
            sequence: head.sequence + 1,
            time,
            event: self.event,
            number: self.number,
            document: self.document,
            version: self.version,
            detail: self.detail,
            previous: head.digest.clone(),
            digest: head.digest.clone(),
        };
        entry.digest = entry.own_digest();
        entry
    }
}

impl LogEntry {
    /// The end of the chain at this entry.
    pub fn head(&self) -> LogHead {
        LogHead { sequence: self.sequence, digest: self.digest.clone() }
    }

    /// The digest that the entry should have.
    pub fn own_digest(&self) -> Digest {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.shift_remove("digest");
        }
        Digest::of(value.to_string().as_bytes())
    }

    /// Whether the entry follows `head` in the chain and is unchanged.
    pub fn follows(&self, head: &LogHead) -> bool {
        self.sequence == head.sequence + 1
            && self.previous == head.digest
            && self.digest == self.own_digest()
    }
}

/// Serializes entries as lines of JSON.
pub fn lines(entries: &[LogEntry]) -> String {
    entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).fold(
        String::new(),
        |mut text, line| {
            text.push_str(&line);
            text.push('\n');
            text
        },
    )
}

/// Parses what [`lines`] wrote; `None` if any line is malformed.
pub fn read(bytes: &[u8]) -> Option<Vec<LogEntry>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let entries: Vec<LogEntry> =
        text.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    // only one serialization is valid, so that no byte can be changed unnoticed
    (lines(&entries) == text).then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_entry_does_not_follow() {
        let time = Moment::from_unix(0).unwrap();
        let first =
            LogEvent::of(Event::Reserved).about("1", "memo", 1).after(&LogHead::none(), time);
        let second = LogEvent::of(Event::Voided).with("reason", "x").after(&first.head(), time);
        assert!(first.follows(&LogHead::none()) && second.follows(&first.head()));
        let mut changed = second.clone();
        changed.detail.insert("reason".into(), "y".into());
        assert!(!changed.follows(&first.head()));
        assert!(!second.follows(&LogHead::none()));
        let text = lines(&[first.clone(), second.clone()]);
        assert_eq!(read(text.as_bytes()), Some(vec![first, second]));
        assert_eq!(read(text.trim_end().as_bytes()), None);
    }
}
