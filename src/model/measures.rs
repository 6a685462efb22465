//! Measures of a plan, and their yearly follow-up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::record;
use super::{Date, Id, Long, Short};

record! {
    /// A plan's measures and their yearly follow-up.
    Measures, MeasuresTag = "measures" {
        /// The plan that the measures belong to.
        plan: MeasuresPlan,
        /// Id of the round that the plan came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<Id>,
        #[schemars(length(min = 1))]
        #[serde(deserialize_with = "super::limits::not_empty")]
        measures: Vec<Measure>,
        /// What happened to each measure, a year at a time.
        #[serde(default)]
        follow_up: Vec<FollowUp>,
        /// Who prepared the plan.
        #[serde(default)]
        working_group: Vec<Member>,
    }
}

/// The plan that the measures belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasuresPlan {
    pub title: Short,
    /// Organisation that issues the plan.
    pub authority: Short,
    /// The agreement that the plan completes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completes: Option<Short>,
    pub valid_from: Date,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    #[schemars(range(min = 1, max = 999))]
    #[serde(deserialize_with = "super::limits::within::<1, 999, _, _>")]
    pub number: u16,
    pub title: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Long>,
    /// Who is responsible.
    #[serde(default)]
    pub who: Vec<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// What shows that it is done.
    #[serde(default)]
    pub indicators: Vec<Short>,
}

/// How far a measure is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    NotStarted,
    UnderWay,
    Done,
    Dropped,
}

impl Progress {
    /// The value in a record, and the last part of its label.
    pub fn as_str(self) -> &'static str {
        match self {
            Progress::NotStarted => "not-started",
            Progress::UnderWay => "under-way",
            Progress::Done => "done",
            Progress::Dropped => "dropped",
        }
    }
}

/// One measure's state in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    #[schemars(range(min = 1900, max = 2200))]
    #[serde(deserialize_with = "super::limits::within::<1900, 2200, _, _>")]
    pub year: i16,
    /// Number of the measure.
    pub measure: u16,
    pub status: Progress,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Long>,
}

/// A member of the working group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: Short,
    pub title: Short,
    pub organisation: Short,
}
