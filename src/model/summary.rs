//! The editor's hand on a year's summary slides. Without such a record the
//! summary is made from the round and its sessions alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::record;
use super::{Date, Id, Long, Short};

record! {
    /// What an editor adds to or replaces in a round's summary.
    Summary, SummaryTag = "summary" {
        /// Id of the round.
        round: Id,
        /// Title of the slides; made from the round's when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Short>,
        /// Date in the footer of every slide.
        date: Date,
        /// General remarks. `{slides:priorities}` and the like become
        /// references to slide numbers.
        #[serde(default)]
        general: Vec<Long>,
        /// Bullets that replace the merged notes of a cell.
        #[serde(default)]
        highlights: Vec<Highlight>,
        /// Order of the slides; those not named keep their place at the end.
        #[serde(default)]
        order: Vec<SlideKind>,
        /// Slides left out.
        #[serde(default)]
        omit: Vec<SlideKind>,
        /// How the round was carried out, beside what is computed.
        #[serde(default)]
        implementation: Vec<Long>,
    }
}

/// Replaces the merged notes of one cell, or of a priority's cross-cutting
/// notes when no service area is named. Several for one cell follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Highlight {
    /// Ids of the groups that raised it: their names follow the bullets, and
    /// their notes in the cell are replaced. When left out, no names follow and
    /// the notes of all groups are replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Id>,
    pub priority: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_area: Option<Id>,
    #[schemars(length(min = 1))]
    #[serde(deserialize_with = "super::limits::not_empty")]
    pub bullets: Vec<Long>,
}

/// A slide, or a run of slides, of the summary.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SlideKind {
    Title,
    Basis,
    Implementation,
    Schedule,
    Goals,
    ContentDivider,
    General,
    PriorityDivider,
    Priorities,
    GroupDivider,
    Groups,
    Organisations,
    Companies,
    Emphases,
    Comments,
    Coverage,
    Participation,
    Materials,
}

impl SlideKind {
    /// The slides in their standard order. The first thirteen are those of the published
    /// summary of 2025; then follow the remaining notes, charts and the list of materials.
    pub const STANDARD: [SlideKind; 18] = [
        SlideKind::Title,
        SlideKind::Basis,
        SlideKind::Implementation,
        SlideKind::Schedule,
        SlideKind::Goals,
        SlideKind::ContentDivider,
        SlideKind::General,
        SlideKind::PriorityDivider,
        SlideKind::Priorities,
        SlideKind::GroupDivider,
        SlideKind::Groups,
        SlideKind::Organisations,
        SlideKind::Companies,
        SlideKind::Emphases,
        SlideKind::Comments,
        SlideKind::Coverage,
        SlideKind::Participation,
        SlideKind::Materials,
    ];
}
