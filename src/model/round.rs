//! A round: one year's negotiations (612/2021 6–7 §), or a council term's
//! (611/2021 14 §).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::record;
use super::{Date, Id, Long, Short, StatuteNumber, Time};

record! {
    /// One year's negotiations, or a council term's.
    Round, RoundTag = "round" {
        /// Title of the round, for example the name of the year's negotiations.
        title: Short,
        /// The year, or the first and last year of a council term.
        years: Years,
        /// Who negotiates with the municipalities.
        authority: Authority,
        /// The statutes that the round rests on.
        #[serde(default)]
        basis: Vec<Basis>,
        /// The plan that the round prepares.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Plan>,
        /// Every municipality of the authority, each in exactly one group.
        #[serde(default)]
        municipalities: Vec<Short>,
        /// Municipalities that negotiate together.
        #[serde(default)]
        groups: Vec<Group>,
        /// When and how each group or forum meets.
        #[serde(default)]
        schedule: Vec<Meeting>,
        /// Rows of the goal matrix.
        #[serde(default)]
        priorities: Vec<Priority>,
        /// Columns of the goal matrix.
        #[serde(default)]
        service_areas: Vec<ServiceArea>,
        /// Cells of the goal matrix.
        #[serde(default)]
        goals: Vec<Goal>,
        /// Sets of goals that are not a matrix, as in a strategic agreement.
        #[serde(default)]
        goal_sets: Vec<GoalSet>,
        /// Parts in which the round is held.
        #[serde(default)]
        phases: Vec<Phase>,
        /// The statutory themes of the negotiations.
        #[serde(default)]
        themes: Vec<Theme>,
        /// What a session or forum consists of.
        #[serde(default)]
        programme: Vec<ProgrammePart>,
        /// How the round was prepared.
        #[serde(default)]
        preparation: Vec<Short>,
        /// Background material.
        #[serde(default)]
        materials: Vec<Material>,
        /// How written comments can be sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comments: Option<CommentChannel>,
        /// A survey that belongs to the round.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        survey: Option<Survey>,
        /// Earlier rounds, a year at a time.
        #[serde(default)]
        history: Vec<Year>,
        /// Sectors that take part.
        #[serde(default)]
        roles: Vec<Sector>,
    }
}

/// One year (`from` alone) or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// First year, for example 2025.
    #[schemars(range(min = 1900, max = 2200))]
    #[serde(deserialize_with = "super::limits::within::<1900, 2200, _, _>")]
    pub from: i16,
    /// Last year; leave out when there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1900, max = 2200))]
    #[serde(deserialize_with = "super::limits::within_option::<1900, 2200, _, _>")]
    pub to: Option<i16>,
}

/// The organisation that issues the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Name of the wellbeing services county.
    pub name: Short,
    /// The unit that coordinates the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Short>,
}

/// A statute that the round rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Number of the statute, for example 612/2021.
    pub statute: StatuteNumber,
    /// Name of the statute.
    pub name: Short,
    /// The sections that matter.
    pub sections: Vec<StatuteSection>,
}

/// A section of a statute, with what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatuteSection {
    /// Section number (§).
    #[schemars(range(min = 1, max = 100000))]
    #[serde(deserialize_with = "super::limits::within::<1, 100000, _, _>")]
    pub section: u16,
    /// Moment (subsection) number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100000))]
    #[serde(deserialize_with = "super::limits::within_option::<1, 100000, _, _>")]
    pub moment: Option<u16>,
    /// Heading of the section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Short>,
    /// What it obliges to, in the authority's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Long>,
}

/// The plan that the round prepares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub title: Short,
    /// First and last year of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<Years>,
}

/// Municipalities that negotiate together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: Id,
    /// Name of the group; its municipalities joined when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Short>,
    /// Where the group is only mentioned; its first municipality when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Short>,
    #[schemars(length(min = 1))]
    #[serde(deserialize_with = "super::limits::not_empty")]
    pub municipalities: Vec<Short>,
}

/// How people meet.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    InPerson,
    Remote,
    Hybrid,
}

/// An entry of the schedule: a group's session (`group`), or a forum or
/// event (`forum`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// Id of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Id>,
    /// The forum, when it is not a group that meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forum: Option<Forum>,
    pub date: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
    pub mode: Mode,
    /// Where people meet; for a remote meeting it may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Short>,
    /// Places of a hybrid meeting that is held at several at once.
    #[serde(default)]
    pub sites: Vec<Short>,
    /// Something to know about the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Short>,
}

/// A meeting that is not a group's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forum {
    pub title: Short,
    pub sector: Sector,
}

/// Who takes part, by kind of organisation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Sector {
    Municipality,
    EmploymentArea,
    Organisation,
    Parish,
    Company,
    RegionalCouncil,
    Authority,
}

impl Sector {
    /// All sectors, in the order in which documents list them.
    pub const ALL: [Sector; 7] = [
        Sector::Municipality,
        Sector::EmploymentArea,
        Sector::Organisation,
        Sector::Parish,
        Sector::Company,
        Sector::RegionalCouncil,
        Sector::Authority,
    ];

    /// The value in a record, and the last part of the sector's label.
    pub fn as_str(self) -> &'static str {
        match self {
            Sector::Municipality => "municipality",
            Sector::EmploymentArea => "employment-area",
            Sector::Organisation => "organisation",
            Sector::Parish => "parish",
            Sector::Company => "company",
            Sector::RegionalCouncil => "regional-council",
            Sector::Authority => "authority",
        }
    }
}

/// A row of the goal matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    pub id: Id,
    /// Full name, heading of the row.
    pub name: Short,
    /// Short name, title of the priority's slide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Short>,
}

/// A column of the goal matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceArea {
    pub id: Id,
    pub name: Short,
}

/// A cell of the goal matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Id of the priority.
    pub priority: Id,
    /// Id of the service area.
    pub service_area: Id,
    pub goal: Short,
    /// Why the goal was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Short>,
    /// Kept out of everything public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// A goal set of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalSet {
    pub title: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Long>,
}

/// A part in which the round is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub title: Short,
    /// When, in words or as a season and year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Short>,
    #[serde(default)]
    pub bullets: Vec<Short>,
}

/// What the act tells the parties to negotiate about (612/2021 7 § 4 mom.).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    Goals,
    Measures,
    Cooperation,
    FollowUp,
}

impl ThemeName {
    /// The value in a record, and the last part of the theme's label.
    pub fn as_str(self) -> &'static str {
        match self {
            ThemeName::Goals => "goals",
            ThemeName::Measures => "measures",
            ThemeName::Cooperation => "cooperation",
            ThemeName::FollowUp => "follow-up",
        }
    }
}

/// A statutory theme with its contents in this round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub theme: ThemeName,
    pub bullets: Vec<Short>,
}

/// A part of the programme of a session or forum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammePart {
    pub heading: Short,
    /// When the part is an event of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Short>,
    pub bullets: Vec<Short>,
}

/// Background material, with its address when it is on the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Material {
    pub title: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// How and until when written comments can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentChannel {
    /// For example a web form, or a registry office's address.
    pub channel: Short,
    pub until: Date,
}

/// A survey that belongs to the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    pub title: Short,
    pub bullets: Vec<Short>,
    #[serde(default)]
    pub materials: Vec<Material>,
}

/// An earlier round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Year {
    #[schemars(range(min = 1900, max = 2200))]
    #[serde(deserialize_with = "super::limits::within::<1900, 2200, _, _>")]
    pub year: i16,
    pub bullets: Vec<Short>,
}

impl Round {
    /// The group with this id.
    pub fn group(&self, id: &Id) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// The priority with this id.
    pub fn priority(&self, id: &Id) -> Option<&Priority> {
        self.priorities.iter().find(|priority| priority.id == *id)
    }

    /// The service area with this id.
    pub fn service_area(&self, id: &Id) -> Option<&ServiceArea> {
        self.service_areas.iter().find(|area| area.id == *id)
    }

    /// The goal in a cell of the matrix.
    pub fn goal(&self, priority: &Id, area: &Id) -> Option<&Goal> {
        self.goals.iter().find(|goal| goal.priority == *priority && goal.service_area == *area)
    }

    /// The group's entry in the schedule.
    pub fn meeting(&self, group: &Id) -> Option<&Meeting> {
        self.schedule.iter().find(|meeting| meeting.group.as_ref() == Some(group))
    }

    /// The round's date on documents: `issued`, else its first meeting, else
    /// the first day of its first year.
    #[expect(clippy::expect_used, reason = "the date is a constant")]
    pub fn date(&self) -> Date {
        self.issued
            .or_else(|| self.schedule.iter().map(|meeting| meeting.date).min())
            .or_else(|| Date::new(self.years.from, 1, 1))
            .or_else(|| Date::new(2000, 1, 1))
            .expect("the first of January 2000 exists")
    }
}

impl Group {
    /// Short name, or the first municipality.
    pub fn short_name(&self) -> &str {
        self.short
            .as_ref()
            .or_else(|| self.municipalities.first())
            .map_or(self.id.as_str(), |name| name.as_str())
    }
}

impl Priority {
    /// Short name, or the full one.
    pub fn short_name(&self) -> &Short {
        self.short.as_ref().unwrap_or(&self.name)
    }
}
