//! The kinds of records, and a type for any of them.

use schemars::Schema;
use serde::{Deserialize, Serialize};

use super::envelope::{Case, Envelope, Language, Publicity, Status};
use super::text::Id;
use super::{Measures, Proposal, Round, Session, Summary, limits};

/// Kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Round,
    Session,
    Proposal,
    Summary,
    Measures,
}

impl Kind {
    /// All kinds, in the order of an official's work.
    pub const ALL: [Kind; 5] =
        [Kind::Round, Kind::Session, Kind::Proposal, Kind::Summary, Kind::Measures];

    /// The value of the record's `kind` field.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Round => "round",
            Kind::Session => "session",
            Kind::Proposal => "proposal",
            Kind::Summary => "summary",
            Kind::Measures => "measures",
        }
    }

    /// The schema for editors: every text may also be an object with the text in several
    /// languages.
    pub fn published_schema(self) -> serde_json::Value {
        let mut schema = self.schema().to_value();
        for name in ["Short", "Long"] {
            if let Some(text) = schema.pointer_mut(&format!("/$defs/{name}")) {
                let one = text.take();
                let each = Language::ALL.map(|l| (l.code().to_owned(), one.clone()));
                let properties = serde_json::Map::from_iter(each);
                *text = serde_json::json!({ "anyOf": [one, {
                    "type": "object", "properties": properties, "minProperties": 1,
                    "additionalProperties": false,
                    "description": "the same text in several languages",
                }] });
            }
        }
        schema
    }

    /// JSON Schema (draft 2020-12) of the kind, generated from the Rust type.
    pub fn schema(self) -> Schema {
        let mut schema = match self {
            Kind::Round => schemars::schema_for!(Round),
            Kind::Session => schemars::schema_for!(Session),
            Kind::Proposal => schemars::schema_for!(Proposal),
            Kind::Summary => schemars::schema_for!(Summary),
            Kind::Measures => schemars::schema_for!(Measures),
        };
        limits::add_list_limits(&mut schema);
        schema
    }
}

/// A record of any kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    Round(Round),
    Session(Session),
    Proposal(Proposal),
    Summary(Summary),
    Measures(Measures),
}

impl Record {
    pub fn kind(&self) -> Kind {
        match self {
            Record::Round(_) => Kind::Round,
            Record::Session(_) => Kind::Session,
            Record::Proposal(_) => Kind::Proposal,
            Record::Summary(_) => Kind::Summary,
            Record::Measures(_) => Kind::Measures,
        }
    }

    pub fn id(&self) -> &Id {
        self.envelope().id
    }

    pub fn status(&self) -> Status {
        self.envelope().status
    }

    pub fn language(&self) -> Language {
        self.envelope().language
    }

    pub fn case(&self) -> &Case {
        self.envelope().case
    }

    /// Sets the status.
    pub fn set_status(&mut self, status: Status) {
        match self {
            Record::Round(r) => r.status = status,
            Record::Session(r) => r.status = status,
            Record::Proposal(r) => r.status = status,
            Record::Summary(r) => r.status = status,
            Record::Measures(r) => r.status = status,
        }
    }

    /// The case data, to be completed from the settings of the registry.
    pub fn case_mut(&mut self) -> &mut Case {
        match self {
            Record::Round(r) => &mut r.case,
            Record::Session(r) => &mut r.case,
            Record::Proposal(r) => &mut r.case,
            Record::Summary(r) => &mut r.case,
            Record::Measures(r) => &mut r.case,
        }
    }

    /// Removes the accepted findings, which do not affect the document.
    pub fn forget_acceptances(&mut self) {
        match self {
            Record::Round(r) => r.accept.clear(),
            Record::Session(r) => r.accept.clear(),
            Record::Proposal(r) => r.accept.clear(),
            Record::Summary(r) => r.accept.clear(),
            Record::Measures(r) => r.accept.clear(),
        }
    }

    /// The fields shared by all kinds.
    pub fn envelope(&self) -> Envelope<'_> {
        macro_rules! of {
            ($r:expr) => {
                Envelope {
                    id: &$r.id,
                    status: $r.status,
                    language: $r.language,
                    also_in: &$r.also_in,
                    version: $r.version,
                    issued: $r.issued,
                    case: &$r.case,
                    corrects: $r.corrects.as_ref(),
                    accept: &$r.accept,
                }
            };
        }
        match self {
            Record::Round(r) => of!(r),
            Record::Session(r) => of!(r),
            Record::Proposal(r) => of!(r),
            Record::Summary(r) => of!(r),
            Record::Measures(r) => of!(r),
        }
    }

    /// True if a part of the record is not public: then its source is never attached to a
    /// PDF.
    pub fn holds_secrets(&self) -> bool {
        let secret_part = match self {
            Record::Session(session) => session.notes.iter().any(|note| note.secret),
            Record::Round(round) => round.goals.iter().any(|goal| goal.secret),
            _ => false,
        };
        secret_part || self.case().publicity() != Publicity::Public
    }
}
