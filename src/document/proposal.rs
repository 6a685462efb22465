//! View of a decision proposal: an agenda item with blocks computed from the
//! records that it refers to.

use serde::Serialize;

use super::attached::{self, NumberedAttachment};
use super::blocks::{self, Fact, GroupRow, PriorityGoals, ScheduleRow};
use super::measures::{MeasureRow, measure_rows, members};
use super::memo::Signature;
use super::meta::{Meta, MetaInput, meta};
use super::public::secret_sessions;
use super::{Document, DocumentKind, HIDDEN_PLANS, ViewContext};
use crate::model::markup::plain;
use crate::model::proposal::{Action, Appeal, Block, Decision, Section};
use crate::model::{Date, Id, Proposal, Publicity, RecordSet, Round, Status};

/// View of a proposal.
#[derive(Debug, Clone, Serialize)]
pub struct ProposalView {
    pub meta: Meta,
    pub facts: Vec<Fact>,
    pub attachments: Vec<NumberedAttachment>,
    pub earlier: Vec<String>,
    pub sections: Vec<SectionView>,
    /// Long text.
    pub strategy: Option<String>,
    pub competence: Option<String>,
    pub presenter: Option<String>,
    pub preparers: Vec<String>,
    /// Long text.
    pub motion: Option<String>,
    /// The decision, in the extract of the minutes.
    pub decision: Option<DecisionView>,
    pub distribution: Vec<String>,
}

/// A part of the account.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SectionView {
    pub heading: Option<String>,
    /// Long text.
    pub text: Option<String>,
    pub schedule: Option<Vec<ScheduleRow>>,
    pub groups: Option<Vec<GroupRow>>,
    pub goals: Option<Vec<PriorityGoals>>,
    pub goal_sets: Option<Vec<GoalSetRow>>,
    pub measures: Option<Vec<MeasureRow>>,
    pub members: Option<Vec<String>>,
}

/// A goal set of an agreement.
#[derive(Debug, Clone, Serialize)]
pub struct GoalSetRow {
    pub title: String,
    /// Long text.
    pub text: Option<String>,
}

/// The decision and how to appeal against it.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionView {
    /// How the item was handled, as long text.
    pub handling: Option<String>,
    /// `Aluehallitus 24.2.2026 § 41`
    pub made: String,
    /// Long text.
    pub text: String,
    /// Long text.
    pub appeal: String,
    /// Publication of the minutes on the web, with its date.
    pub published: Option<String>,
    /// Certification of the extract, with date and name.
    pub certified_on: Option<String>,
    pub certified: Option<Signature>,
}

/// Every record that a proposal takes blocks or attachments from.
pub fn draws_on(proposal: &Proposal, set: &RecordSet) -> Vec<Id> {
    let blocks = proposal.sections.iter().filter(|section| section.block.is_some());
    let mut drawn: Vec<Id> = blocks.filter_map(|section| block_source(proposal, section)).collect();
    let participants =
        proposal.sections.iter().filter(|section| section.block == Some(Block::Participants));
    for round in participants.filter_map(|section| block_source(proposal, section)) {
        drawn.extend(set.sessions_of(&round).into_iter().map(|session| session.id.clone()));
    }
    // a public schedule discloses nothing of a meeting whose session is secret
    if proposal.case.publicity() == Publicity::Public {
        let schedules =
            proposal.sections.iter().filter(|section| section.block == Some(Block::Schedule));
        let rounds = schedules.filter_map(|section| block_source(proposal, section));
        drawn.extend(rounds.flat_map(|round| secret_sessions(&round, set)));
    }
    drawn.extend(attached::records(&proposal.attachments, set));
    drawn
}

fn block_source(proposal: &Proposal, section: &Section) -> Option<Id> {
    section.of.clone().or_else(|| proposal.round.clone())
}

/// The view of a proposal; `None` when a record that it needs is missing.
pub fn proposal(document: &Document, context: &ViewContext<'_>) -> Option<ProposalView> {
    let proposal = context.set.proposal(&document.source)?;
    let locale = context.locale;
    let input = MetaInput {
        title: locale.tie(proposal.title.as_str()),
        date: date(proposal, document.kind),
        sender: sender(proposal, context),
        unit: None,
        keywords: vec![proposal.body.to_string()],
    };
    Some(ProposalView {
        meta: meta(document, context, input)?,
        facts: facts(proposal, context),
        attachments: attached::numbered(&proposal.attachments, context),
        earlier: earlier(proposal, context),
        sections: proposal
            .sections
            .iter()
            .map(|section| section_view(proposal, section, context))
            .collect::<Option<_>>()?,
        strategy: strategy(proposal, context),
        competence: proposal.competence.as_ref().map(|text| locale.tie(text.as_str())),
        presenter: proposal.presenter.as_ref().map(|presenter| {
            if presenter.acting {
                let acting = locale.label("proposal.acting");
                format!("{acting} {} {}", presenter.title, presenter.name)
            } else {
                let mut title = presenter.title.as_str().chars();
                let first = title.next().map(|c| c.to_uppercase().to_string());
                format!("{}{} {}", first.unwrap_or_default(), title.as_str(), presenter.name)
            }
        }),
        preparers: preparers(proposal),
        motion: proposal.motion.as_ref().map(ToString::to_string),
        decision: proposal
            .decision
            .as_ref()
            .filter(|_| document.kind == DocumentKind::Extract)
            .map(|decision| decision_view(proposal, decision, context)),
        distribution: blocks::recipients(&proposal.distribution),
    })
}

/// The day of the meeting; for an extract the day of the decision, since the
/// proposal may have been issued earlier.
fn date(proposal: &Proposal, kind: DocumentKind) -> Date {
    let decided = proposal.decision.as_ref().filter(|_| kind == DocumentKind::Extract);
    match decided {
        Some(decision) => proposal.issued.unwrap_or(decision.date).max(decision.date),
        None => proposal.issued.unwrap_or(proposal.meeting_date),
    }
}

fn decision_view(
    proposal: &Proposal,
    decision: &Decision,
    context: &ViewContext<'_>,
) -> DecisionView {
    let locale = context.locale;
    let number = proposal.section.map(|section| locale.decision_number(section));
    let made = [Some(proposal.body.to_string()), Some(locale.date(decision.date)), number];
    DecisionView {
        handling: decision.handling.as_ref().map(ToString::to_string),
        made: made.into_iter().flatten().collect::<Vec<_>>().join(" "),
        text: decision.text.to_string(),
        appeal: appeal(proposal, context),
        published: decision.published.map(|date| {
            // a draft may name a day in the future
            let key = match proposal.status {
                Status::Final => "proposal.published",
                Status::Draft => "proposal.to_be_published",
            };
            locale.tie(&locale.fill(key, &[("date", &locale.date(date))]))
        }),
        certified_on: decision.certified.map(|date| locale.date(date)),
        certified: decision.certified_by.as_ref().map(|person| Signature {
            role: match &person.name {
                Some(_) => blocks::office(person),
                None => person.organisation.iter().map(ToString::to_string).collect(),
            },
            name: person.name.as_ref().unwrap_or(&person.role).to_string(),
        }),
    }
}

/// Instructions for appeal: the authority's own text if its templates have one
/// (`data/texts.json`), else the general one.
fn appeal(proposal: &Proposal, context: &ViewContext<'_>) -> String {
    let key = match (proposal.way_of_appeal(), proposal.action) {
        (Appeal::Rectification, _) => "rectification",
        (Appeal::Complaint, _) => "complaint",
        (Appeal::None, Action::Note) => "note",
        (Appeal::None, Action::Refer | Action::Execute) => "preparation",
        (Appeal::None, Action::Approve) => "none",
    };
    let own = Id::parse(&format!("appeal-{key}"));
    let own = own.and_then(|id| context.texts.get(&id, context.locale.language));
    let general = || plain(&context.locale.label(&format!("proposal.appeal.{key}")));
    own.map_or_else(general, str::to_owned)
}

/// The authority named by the round or the measures that the item is about, else
/// by the theme.
fn sender<'a>(proposal: &Proposal, context: &'a ViewContext<'_>) -> &'a str {
    let round = proposal.round.as_ref().and_then(|id| context.set.round(id));
    let of = proposal.sections.iter().filter_map(|section| section.of.as_ref());
    let measures = of.into_iter().find_map(|id| context.set.measures(id));
    match (round, measures) {
        (Some(round), _) => round.authority.name.as_str(),
        (None, Some(measures)) => measures.plan.authority.as_str(),
        (None, None) => context.authority,
    }
}

fn facts(proposal: &Proposal, context: &ViewContext<'_>) -> Vec<Fact> {
    let locale = context.locale;
    let mut facts = vec![
        Fact::new(locale, "proposal.body", proposal.body.as_str()),
        Fact::new(locale, "proposal.meeting", locale.date(proposal.meeting_date)),
    ];
    if let Some(section) = proposal.section {
        facts.push(Fact::new(locale, "proposal.section", locale.decision_number(section)));
    }
    if let Some(number) = &proposal.case.number {
        facts.push(Fact::new(locale, "proposal.case", number.as_str()));
    }
    facts
}

fn earlier(proposal: &Proposal, context: &ViewContext<'_>) -> Vec<String> {
    let locale = context.locale;
    proposal
        .earlier_handling
        .iter()
        .map(|handling| {
            let number = handling.section.map(|section| locale.decision_number(section));
            let parts = [Some(handling.body.to_string()), Some(locale.date(handling.date)), number];
            let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            match &handling.text {
                Some(text) => format!("{line}: {}", locale.tie(text.as_str())),
                None => line,
            }
        })
        .collect()
}

fn section_view(
    proposal: &Proposal,
    section: &Section,
    context: &ViewContext<'_>,
) -> Option<SectionView> {
    let locale = context.locale;
    let mut view = SectionView {
        heading: section.heading.as_ref().map(|heading| locale.tie(heading.as_str())),
        text: section.text.as_ref().map(ToString::to_string),
        ..SectionView::default()
    };
    let Some(block) = section.block else { return Some(view) };
    let id = block_source(proposal, section)?;
    let measures = context.set.measures(&id);
    match block {
        Block::Schedule => {
            let round = context.set.planned(context.set.round(&id)?, HIDDEN_PLANS);
            view.schedule = Some(blocks::schedule(&round, &[], locale));
        }
        Block::Groups => view.groups = Some(blocks::groups(context.set.round(&id)?, locale)),
        Block::Goals => goals(context.set.round(&id)?, context, &mut view),
        Block::Measures => view.measures = Some(measure_rows(measures?, locale)),
        Block::Participants => {
            view.members = Some(match measures {
                Some(measures) => members(measures),
                None => sectors(context.set.round(&id)?, context),
            });
        }
    }
    Some(view)
}

fn goals(round: &Round, context: &ViewContext<'_>, view: &mut SectionView) {
    let matrix = blocks::goals(round, context);
    view.goals = (!matrix.is_empty()).then_some(matrix);
    let sets: Vec<GoalSetRow> = round
        .goal_sets
        .iter()
        .map(|set| GoalSetRow {
            title: context.locale.tie(set.title.as_str()),
            text: set.text.as_ref().map(ToString::to_string),
        })
        .collect();
    view.goal_sets = (!sets.is_empty()).then_some(sets);
}

/// The sectors of a round with how many people took part in its sessions.
fn sectors(round: &Round, context: &ViewContext<'_>) -> Vec<String> {
    super::summary::participation(round, context)
        .into_iter()
        .map(|bar| format!("{}: {}", bar.label, blocks::people(bar.value, context.locale)))
        .collect()
}

fn strategy(proposal: &Proposal, context: &ViewContext<'_>) -> Option<String> {
    let shared = proposal.strategy_text.as_ref();
    let shared = shared.and_then(|id| context.texts.get(id, context.locale.language));
    let own = proposal.strategy.as_ref().map(|text| text.as_str());
    let parts: Vec<&str> = shared.into_iter().chain(own).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn preparers(proposal: &Proposal) -> Vec<String> {
    proposal
        .preparers
        .iter()
        .map(|preparer| {
            let parts = [Some(&preparer.name), Some(&preparer.title), preparer.email.as_ref()];
            parts.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        })
        .collect()
}
