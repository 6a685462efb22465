//! Writes the draft of a session record, and the difference that its notes would make to an
//! existing record. Writes no file.

use serde::de::IgnoredAny;
use serde_json::{Deserializer, Map, Value, json};
use similar::TextDiff;

use super::ImportError;
use super::cell_text::says_the_same;
use super::choices::PlannedSession;
use crate::model::normal::same_words;
use crate::model::round::{Forum, Meeting};
use crate::model::session::Note;
use crate::model::{Id, Publicity, Record, Round, Session, Status};

/// The draft of a session record.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: Id,
    /// File name of the record, without a folder.
    pub file: String,
    /// The group that met; otherwise `forum` is set.
    pub group: Option<Id>,
    pub forum: Option<Forum>,
    pub notes: Vec<Note>,
    /// The record as JSON, with a trailing line break.
    pub text: String,
}

/// The change that new notes make to an existing record.
#[derive(Debug, Clone)]
pub struct Addition {
    /// Number of notes that the record lacks.
    pub notes: usize,
    /// Number of secret notes among them.
    pub secret: usize,
    /// Unified diff of the record's text.
    pub diff: String,
}

impl Draft {
    /// True for a session of the same group or forum in the same round.
    pub fn is_of(&self, session: &Session) -> bool {
        let title = |forum: &Option<Forum>| forum.as_ref().map(|forum| forum.title.clone());
        self.group == session.group && title(&self.forum) == title(&session.forum)
    }

    /// Number of secret notes.
    pub fn secret(&self) -> usize {
        self.notes.iter().filter(|note| note.secret).count()
    }
}

/// Drafts the record of a meeting as planned in the round's schedule.
pub(super) fn draft(
    round: &Round,
    sitting: &PlannedSession<'_>,
    notes: Vec<Note>,
) -> Result<Draft, ImportError> {
    let meeting = sitting.meeting;
    let (group, forum) = match &meeting.group {
        Some(group) => (Some(group.clone()), None),
        None => (None, meeting.forum.clone()),
    };
    let text = record(round, sitting, &notes)?;
    // what is written can be read again
    Record::from_json(&text)?;
    let (id, file) = (sitting.id.clone(), format!("session-{}.json", sitting.part));
    Ok(Draft { id, file, group, forum, notes, text })
}

/// The record with its fields in the usual order.
fn record(
    round: &Round,
    sitting: &PlannedSession<'_>,
    notes: &[Note],
) -> Result<String, serde_json::Error> {
    let meeting = sitting.meeting;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    // the draft is next to the round, so its schema is next to the round's
    let schema = round.schema.as_deref().and_then(|path| path.strip_suffix("round.schema.json"));
    put("$schema", schema.map(|folder| format!("{folder}session.schema.json")).into());
    put("kind", "session".into());
    put("id", sitting.id.as_str().into());
    put("status", serde_json::to_value(Status::Draft)?);
    put("language", round.language.code().into());
    if notes.iter().any(|note| note.secret) {
        put("case", json!({ "publicity": Publicity::PartlySecret.as_str() }));
    }
    put("round", round.id.as_str().into());
    match &meeting.group {
        Some(group) => put("group", group.as_str().into()),
        None => put("forum", serde_json::to_value(&meeting.forum)?),
    }
    put("date", meeting.date.to_string().into());
    put("start", meeting.start.map(|time| time.to_string()).into());
    put("end", meeting.end.map(|time| time.to_string()).into());
    put("mode", serde_json::to_value(meeting.mode)?);
    put("place", place(meeting).into());
    put("notes", serde_json::to_value(notes)?);
    Ok(serde_json::to_string_pretty(&Value::Object(fields))? + "\n")
}

/// Place of the meeting: a session has one, a hybrid meeting may have several.
fn place(meeting: &Meeting) -> Option<String> {
    let sites = || meeting.sites.iter().map(|site| site.as_str()).collect::<Vec<_>>().join(", ");
    let place = meeting.place.as_ref().map(|place| place.to_string());
    place.or_else(|| (!meeting.sites.is_empty()).then(sites))
}

/// The change that the draft's notes make to an existing session with the given text;
/// `list` is the byte position of the opening bracket of its notes. `None` if the session
/// has all of them.
///
/// # Errors
/// Fails if the text is not JSON.
pub fn addition(
    draft: &Draft,
    session: &Session,
    text: &str,
    list: Option<usize>,
    file: &str,
) -> Result<Option<Addition>, ImportError> {
    let has = |note: &Note| session.notes.iter().any(|own| covers(own, note));
    let new: Vec<&Note> = draft.notes.iter().filter(|note| !has(note)).collect();
    if new.is_empty() {
        return Ok(None);
    }
    let list = list.filter(|at| text.as_bytes().get(*at) == Some(&b'['));
    let (before, after) = match list {
        Some(at) => (text.to_owned(), inserted(text, at, &new)?),
        None => rewritten(text, &new)?,
    };
    let diff = TextDiff::from_lines(before.as_str(), after.as_str())
        .unified_diff()
        .context_radius(3)
        .header(file, file)
        .to_string();
    let secret = new.iter().filter(|note| note.secret).count();
    Ok(Some(Addition { notes: new.len(), secret, diff }))
}

/// True if a record's note has the same text and place. A topic added by an editor, or a
/// secrecy mark, makes no difference.
fn covers(own: &Note, note: &Note) -> bool {
    let areas = |note: &Note| {
        let mut areas: Vec<Id> = note.areas().into_iter().cloned().collect();
        areas.sort();
        areas
    };
    let topic = |note: &Note| note.topic.as_ref().map(|topic| same_words(topic.as_str()));
    own.priority == note.priority
        && areas(own) == areas(note)
        && own.sector == note.sector
        && own.municipality == note.municipality
        && (note.topic.is_none() || topic(own) == topic(note))
        && says_the_same(own.text.as_str(), note.text.as_str())
        && (own.secret || !note.secret)
}

/// The text with the notes appended to the list that opens at a position; everything else
/// is unchanged.
fn inserted(text: &str, open: usize, notes: &[&Note]) -> Result<String, serde_json::Error> {
    let mut list = Deserializer::from_str(&text[open..]).into_iter::<IgnoredAny>();
    list.next().transpose()?;
    let close = open + list.byte_offset().saturating_sub(1);
    let line = text[..open].rsplit('\n').next().unwrap_or_default();
    let margin: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let mut items = Vec::new();
    for note in notes {
        let item = format!("\n{}", serde_json::to_string_pretty(note)?);
        items.push(item.replace('\n', &format!("\n{margin}  ")));
    }
    let kept = text[open + 1..close].trim_end();
    let comma = if kept.is_empty() { "" } else { "," };
    let (head, items, tail) = (&text[..=open], items.join(","), &text[close..]);
    Ok(format!("{head}{kept}{comma}{items}\n{margin}{tail}"))
}

/// A text without such a list, reformatted, without and with the notes.
fn rewritten(text: &str, notes: &[&Note]) -> Result<(String, String), serde_json::Error> {
    let mut value: Value = serde_json::from_str(text)?;
    let before = serde_json::to_string_pretty(&value)? + "\n";
    if let Some(fields) = value.as_object_mut() {
        fields.insert("notes".to_owned(), serde_json::to_value(notes)?);
    }
    Ok((before, serde_json::to_string_pretty(&value)? + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Long;

    fn note(text: &str) -> Note {
        Note {
            priority: None,
            service_area: None,
            service_areas: Vec::new(),
            sector: None,
            municipality: None,
            topic: None,
            text: Long::parse(text).unwrap(),
            secret: false,
        }
    }

    #[test]
    fn notes_are_put_at_the_end_of_the_list() {
        let (a, b) = (note("a"), note("b"));
        let text = "{\n  \"notes\": [\n    { \"text\": \"[x]\" }\n  ],\n  \"z\": []\n}\n";
        let after = inserted(text, text.find('[').unwrap(), &[&a, &b]).unwrap();
        let value: Value = serde_json::from_str(&after).unwrap();
        assert_eq!(value["notes"], json!([{ "text": "[x]" }, { "text": "a" }, { "text": "b" }]));
        assert!(after.contains("},\n    {\n      \"text\": \"a\"\n    },\n"), "{after}");
        assert!(after.ends_with("\n  ],\n  \"z\": []\n}\n"), "{after}");
    }

    #[test]
    fn an_empty_list_is_filled() {
        let text = "{ \"notes\": [] }";
        let after = inserted(text, text.find('[').unwrap(), &[&note("a")]).unwrap();
        let value: Value = serde_json::from_str(&after).unwrap();
        assert_eq!(value["notes"], json!([{ "text": "a" }]));
    }

    #[test]
    fn an_open_note_does_not_cover_a_secret_one() {
        let (open, kept) = (note("a"), Note { secret: true, ..note("a") });
        assert!(covers(&open, &open) && covers(&kept, &open) && covers(&kept, &kept));
        assert!(!covers(&open, &kept));
    }
}
