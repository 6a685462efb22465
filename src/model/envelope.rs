//! The fields that every record shares: identity, status, language, publicity, retention
//! and registration data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Date;
use super::text::{Id, Short};

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
    /// All languages of documents.
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
    /// The value in records.
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
    /// Publicity of the document; public by default.
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

/// Defines a record kind: its own fields after those of the envelope. Serde's `flatten`
/// would do the same, but it loses the position of an error and cannot refuse unknown
/// fields.
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
            #[serde(default = "crate::model::envelope::first_version")]
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

/// The default version.
pub(super) fn first_version() -> u16 {
    1
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
