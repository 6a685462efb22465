//! The envelope that every record shares, and the five kinds in one type.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::text::{Id, Short};
use super::{Date, Measures, Proposal, Round, Session, Summary, limits};

/// What a record is about.
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
    /// All kinds, in the order in which an official meets them.
    pub const ALL: [Kind; 5] =
        [Kind::Round, Kind::Session, Kind::Proposal, Kind::Summary, Kind::Measures];

    /// The word in the record's `kind` field.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Round => "round",
            Kind::Session => "session",
            Kind::Proposal => "proposal",
            Kind::Summary => "summary",
            Kind::Measures => "measures",
        }
    }

    /// The schema as editors use it: every text may also be an object of the
    /// same text in several languages.
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

    /// JSON Schema (draft 2020-12) of the kind, made from the Rust type.
    pub fn schema(self) -> Schema {
        let mut schema = match self {
            Kind::Round => schemars::schema_for!(Round),
            Kind::Session => schemars::schema_for!(Session),
            Kind::Proposal => schemars::schema_for!(Proposal),
            Kind::Summary => schemars::schema_for!(Summary),
            Kind::Measures => schemars::schema_for!(Measures),
        };
        limits::lists_in(&mut schema);
        schema
    }
}

/// Whether the record is still being written.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Still being written: every page of the document says so.
    #[default]
    Draft,
    /// Ready to be issued.
    Final,
}

/// Language of a record's texts and of its document.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Finnish
    Fi,
    /// Swedish
    Sv,
    /// English
    En,
}

impl Language {
    /// Every language that documents exist in.
    pub const ALL: [Language; 3] = [Language::Fi, Language::Sv, Language::En];

    /// ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Fi => "fi",
            Language::Sv => "sv",
            Language::En => "en",
        }
    }
}

/// How public the document is (names follow the SÄHKE2 `PublicityClass`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Publicity {
    #[default]
    Public,
    PartlySecret,
    Secret,
}

impl Publicity {
    /// The word in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Publicity::Public => "public",
            Publicity::PartlySecret => "partly-secret",
            Publicity::Secret => "secret",
        }
    }
}

/// What personal data the document holds (SÄHKE2 `PersonalData`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PersonalData {
    #[default]
    None,
    Yes,
    Sensitive,
}

/// How long the archive keeps the document: `years`, or `permanent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Years from the end of the year of the document's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u16>,
    /// Kept for ever.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub permanent: bool,
    /// Where the time comes from, for example the records management plan.
    pub reason: Short,
}

/// What the registry office gives or decides about the document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Case number (asianumero) given by the registry office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Short>,
    /// Function class of the records management plan, for example 00.01.02.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Short>,
    /// public, partly-secret or secret; left out, as the registry's settings
    /// say for the kind of document, else public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publicity: Option<Publicity>,
    /// The provision that makes it secret; required unless public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_basis: Option<Short>,
    /// For how many years from the document's date it is not public; the
    /// archive needs it unless the document is public (621/1999 31 §).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 200))]
    #[serde(deserialize_with = "super::limits::within_option::<1, 200, _, _>")]
    pub secrecy_years: Option<u16>,
    /// none, yes or sensitive; left out, as the registry's settings say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_data: Option<PersonalData>,
    /// How long the archive keeps the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
}

impl Case {
    /// How public the document is; public when nothing else is said.
    pub fn publicity(&self) -> Publicity {
        self.publicity.unwrap_or_default()
    }
}

/// A finding of the checks that is right as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Key of the rule, as the finding names it: `text-cut`.
    pub rule: String,
    /// Field of the finding, for example `notes[3].text`; needed only when the
    /// rule finds more than one thing in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why it is right as it is.
    pub reason: Short,
}

/// Defines a record kind: its own fields after those of the envelope. Serde's
/// `flatten` would do the same, but it loses the place of an error and cannot
/// refuse unknown fields.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident, $tag:ident = $kind:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
    }) => {
        /// The word that says which kind the record is.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub enum $tag {
            #[default]
            #[serde(rename = $kind)]
            Tag,
        }

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Address of the JSON Schema, for editors.
            #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
            pub schema: Option<String>,
            /// What the record is about.
            pub kind: $tag,
            /// Stable name of the record; corrections keep it.
            pub id: crate::model::Id,
            /// draft (default) or final.
            #[serde(default)]
            pub status: crate::model::Status,
            /// Language of the texts and of the document: fi, sv or en.
            pub language: crate::model::Language,
            /// Languages beside its own that the record's texts are also in.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub also_in: Vec<crate::model::Language>,
            /// Version of the document: 1 (default); one more with each correction.
            #[serde(default = "crate::model::record::first_version")]
            #[schemars(range(min = 1, max = 999))]
            #[serde(deserialize_with = "crate::model::limits::within::<1, 999, _, _>")]
            pub version: u16,
            /// Date of the document, when it is not the meeting's own date.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub issued: Option<crate::model::Date>,
            /// What the registry office gives or decides.
            #[serde(default)]
            pub case: crate::model::Case,
            /// What was wrong in the version that this one replaces.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub corrects: Option<crate::model::Short>,
            /// Findings of the checks that are right as they are, each with the
            /// reason. They stay visible.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub accept: Vec<crate::model::Acceptance>,
            $($(#[$field_doc])* pub $field: $type,)*
        }
    };
}
pub(super) use record;

/// The version of a record that names none.
pub(super) fn first_version() -> u16 {
    1
}

/// Any record.
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

    /// Makes it final, or a draft again.
    pub fn set_status(&mut self, status: Status) {
        match self {
            Record::Round(r) => r.status = status,
            Record::Session(r) => r.status = status,
            Record::Proposal(r) => r.status = status,
            Record::Summary(r) => r.status = status,
            Record::Measures(r) => r.status = status,
        }
    }

    /// The same, to fill in what the registry's settings say.
    pub fn case_mut(&mut self) -> &mut Case {
        match self {
            Record::Round(r) => &mut r.case,
            Record::Session(r) => &mut r.case,
            Record::Proposal(r) => &mut r.case,
            Record::Summary(r) => &mut r.case,
            Record::Measures(r) => &mut r.case,
        }
    }

    /// Leaves out what is accepted of it: that says nothing in its document.
    pub fn forget_acceptances(&mut self) {
        match self {
            Record::Round(r) => r.accept.clear(),
            Record::Session(r) => r.accept.clear(),
            Record::Proposal(r) => r.accept.clear(),
            Record::Summary(r) => r.accept.clear(),
            Record::Measures(r) => r.accept.clear(),
        }
    }

    /// What the shared fields say, whatever the kind.
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

    /// True when anything in the record must not become public: then its
    /// source never travels inside a PDF.
    pub fn holds_secrets(&self) -> bool {
        let secret_part = match self {
            Record::Session(session) => session.notes.iter().any(|note| note.secret),
            Record::Round(round) => round.goals.iter().any(|goal| goal.secret),
            _ => false,
        };
        secret_part || self.case().publicity() != Publicity::Public
    }
}

/// The fields that every kind has.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    pub id: &'a Id,
    pub status: Status,
    pub language: Language,
    pub also_in: &'a [Language],
    pub version: u16,
    pub issued: Option<Date>,
    pub case: &'a Case,
    pub corrects: Option<&'a Short>,
    pub accept: &'a [Acceptance],
}
