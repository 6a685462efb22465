//! A proposal: an agenda item with the account of the matter and what the
//! body is asked to decide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::record;
use super::session::{Attachment, Person, Recipient};
use super::{Date, Id, Long, Short};

record! {
    /// An agenda item of a body.
    Proposal, ProposalTag = "proposal" {
        /// The body that decides, for example Aluehallitus.
        body: Short,
        meeting_date: Date,
        /// Number of the item in the meeting (§).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 1, max = 100000))]
        #[serde(deserialize_with = "super::limits::within_option::<1, 100000, _, _>")]
        section: Option<u32>,
        title: Short,
        /// Id of the round that computed blocks are taken from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<Id>,
        /// Where the matter was handled before.
        #[serde(default)]
        earlier_handling: Vec<Handling>,
        /// The account of the matter.
        #[serde(default)]
        sections: Vec<Section>,
        /// How the matter follows the strategy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strategy: Option<Long>,
        /// Id of a shared text block that says it (templates/data/texts.json).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strategy_text: Option<Id>,
        /// What gives the body its competence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        competence: Option<Short>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presenter: Option<Presenter>,
        #[serde(default)]
        preparers: Vec<Preparer>,
        /// What the body is asked to do.
        action: Action,
        /// How the decision can be appealed against; left out, it follows from
        /// the action.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appeal: Option<Appeal>,
        /// The proposed decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        motion: Option<Long>,
        /// What was decided, after the meeting. It calls for the extract of the
        /// minutes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<Decision>,
        #[serde(default)]
        attachments: Vec<Attachment>,
        #[serde(default)]
        distribution: Vec<Recipient>,
    }
}

/// What the body is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Decide (hyväksyä, päättää).
    Approve,
    /// Take note (merkitä tiedoksi).
    Note,
    /// Send on for preparation.
    Refer,
    /// Put an earlier decision into effect.
    Execute,
}

/// How a decision can be appealed against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Appeal {
    /// A rectification request to the body itself (611/2021 139 §).
    Rectification,
    /// An appeal to the administrative court, as against a decision of the
    /// county council (611/2021 140 §).
    Complaint,
    /// None (611/2021 141 §).
    None,
}

impl Action {
    /// True if the decision only prepares, implements or takes note: then it cannot be
    /// appealed (611/2021 141 §).
    pub fn is_final_by_law(self) -> bool {
        self != Action::Approve
    }
}

impl Proposal {
    /// The way of appeal: as the record says, else by what the body is asked to do.
    pub fn way_of_appeal(&self) -> Appeal {
        let by_action =
            if self.action.is_final_by_law() { Appeal::None } else { Appeal::Rectification };
        self.appeal.unwrap_or(by_action)
    }
}

/// An earlier handling of the matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    pub body: Short,
    pub date: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100000))]
    #[serde(deserialize_with = "super::limits::within_option::<1, 100000, _, _>")]
    pub section: Option<u32>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Short>,
}

/// A part of the account: a heading with text, a computed block, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Long>,
    /// A block that is computed from another record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<Block>,
    /// Id of that record; the proposal's round when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Id>,
}

/// What a computed block shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// Groups or forums with date, time and mode, from a round.
    Schedule,
    /// The goal matrix or the goal sets, from a round.
    Goals,
    /// Groups and their municipalities, from a round.
    Groups,
    /// The numbered measures, from a measures record.
    Measures,
    /// The working group of a measures record, or the sectors that took part
    /// in a round's sessions.
    Participants,
}

/// Who presents the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presenter {
    pub title: Short,
    pub name: Short,
    /// Holds the office for the time being (vt.).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acting: bool,
}

/// Who prepared the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preparer {
    pub name: Short,
    pub title: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Short>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// How the item was dealt with in the meeting: changes, votes,
    /// disqualifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Long>,
    pub text: Long,
    pub date: Date,
    /// When the minutes were put on the web (611/2021 145 §).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// When the extract is certified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified: Option<Date>,
    /// Who certifies the extract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_by: Option<Person>,
}
