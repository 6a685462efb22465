//! Rules about a proposal and the records that its blocks use.

use super::{CheckContext, Report, attachments, quoted};
use crate::model::proposal::{Appeal, Block, Section};
use crate::model::{Id, Proposal};

/// All rules about a proposal.
pub fn proposal(proposal: &Proposal, report: &mut Report<'_>, context: &CheckContext<'_>) {
    let set = report.set;
    if let Some(id) = &proposal.round {
        report.refers_to("round", id, set.round(id).is_some(), "round");
    }
    for (index, section) in proposal.sections.iter().enumerate() {
        section_rules(proposal, section, index, report);
    }
    attachments::attachments(&proposal.attachments, report);
    decision(proposal, report);
    if let Some(id) = &proposal.strategy_text
        && !context.text_ids.contains(&(id.as_str(), proposal.language))
    {
        let own = context.text_ids.iter().filter(|(_, language)| *language == proposal.language);
        let all: Vec<&str> = own.map(|(id, _)| *id).collect();
        let known = quoted(&all);
        report.unknown_id(
            "strategy_text",
            "text-missing",
            (id.as_str(), &all),
            &[("known", &known)],
        );
    }
    report.final_needs("section", proposal.section.is_some());
    report.final_needs("sections", !proposal.sections.is_empty());
    report.final_needs("competence", proposal.competence.is_some());
    report.final_needs("presenter", proposal.presenter.is_some());
    report.final_needs("motion", proposal.motion.is_some());
    report.final_needs("case.number", proposal.case.number.is_some());
}

/// Preparation, execution and noting give no right of appeal (611/2021 141 §). A decision
/// is made in its meeting and published after it; then the extract is certified, which
/// says since when the minutes have been published.
fn decision(proposal: &Proposal, report: &mut Report<'_>) {
    if proposal.action.is_final_by_law() && proposal.way_of_appeal() != Appeal::None {
        report.add("appeal", "appeal-forbidden", &[]);
    }
    let body = proposal.body.as_str().to_lowercase();
    let council = ["valtuusto", "fullmäktige", "council"].iter().any(|word| body.contains(word));
    if council && proposal.way_of_appeal() == Appeal::Rectification {
        report.add("body", "appeal-of-council", &[("body", &proposal.body)]);
    }
    let Some(decision) = &proposal.decision else { return };
    if decision.date < proposal.meeting_date {
        let args: [(&'static str, &dyn ToString); 2] =
            [("date", &decision.date), ("meeting", &proposal.meeting_date)];
        report.add("decision.date", "decision-before-meeting", &args);
    }
    if let Some(certified) = decision.certified {
        if decision.certified_by.is_none() {
            report.add("decision.certified", "certified-by-nobody", &[]);
        }
        if certified < decision.date {
            let args: [(&'static str, &dyn ToString); 2] =
                [("certified", &certified), ("date", &decision.date)];
            report.add("decision.certified", "certified-before-decision", &args);
        }
        if let Some(published) = decision.published
            && certified < published
        {
            let args: [(&'static str, &dyn ToString); 2] =
                [("certified", &certified), ("published", &published)];
            report.add("decision.certified", "certified-before-published", &args);
        }
    }
    if let Some(published) = decision.published
        && published < decision.date
    {
        let args: [(&'static str, &dyn ToString); 2] =
            [("published", &published), ("date", &decision.date)];
        report.add("decision.published", "published-before-decision", &args);
    }
}

/// A section has content, and its block has a record of the right kind.
fn section_rules(proposal: &Proposal, section: &Section, index: usize, report: &mut Report<'_>) {
    let field = format!("sections[{index}]");
    let Some(block) = section.block else {
        if section.text.is_none() {
            report.add(field, "section-empty", &[]);
        }
        return;
    };
    let source = section.of.as_ref().or(proposal.round.as_ref());
    let Some(id) = source else {
        report.add(format!("{field}.block"), "block-without-record", &[]);
        return;
    };
    let at = if section.of.is_some() { format!("{field}.of") } else { "round".to_owned() };
    block_source(block, id, at, report);
}

fn block_source(block: Block, id: &Id, field: String, report: &mut Report<'_>) {
    let set = report.set;
    let (round, measures) = (set.round(id).is_some(), set.measures(id).is_some());
    let (fits, kind) = match block {
        Block::Schedule | Block::Groups | Block::Goals => (round, "round"),
        Block::Measures => (measures, "measures"),
        Block::Participants => (round || measures, "measures"),
    };
    report.shows(field.clone(), id);
    // a missing round has been reported at the field `round` already
    if field != "round" || set.record(id).is_some() {
        report.refers_to(field, id, fits, kind);
    }
}
