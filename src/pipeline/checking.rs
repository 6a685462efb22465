//! Checks all records with the rules, and decides from which records documents may be
//! made.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::sender::{self, Example};
use super::webcheck::Secrets;
use super::{Design, ManagementPlan};
use crate::check::{self, CheckContext, Office, Passages, ProperNames, SeverityOverrides, Speller};
use crate::document::{self, Document, Records};
use crate::intake::{self, Intake};
use crate::model::guard::guarded;
use crate::model::{
    Date, Id, Kind, Language, Problem, Record, RecordSet, Severity, Source, Status, lint,
};
use crate::parallel;
use crate::spelling::Dictionaries;

/// Options of the checks, apart from the design.
#[derive(Clone, Copy)]
pub struct CheckOptions<'a> {
    /// The records management plan, when documents are registered.
    pub plan: Option<&'a ManagementPlan>,
    /// Severities that the settings override.
    pub overrides: &'a SeverityOverrides,
    /// Office holders with their terms.
    pub offices: &'a [Office],
    /// The current date; without it nothing is overdue.
    pub today: Option<Date>,
    /// The spelling checker, if there is a dictionary.
    pub speller: Option<&'a dyn Speller>,
    /// Settings with example values; `None` when records are only tried out.
    pub examples: Option<&'a [Example]>,
    /// Records that are checked, when not all are; the others only give them context.
    pub only: Option<&'a BTreeSet<Id>>,
    /// How many records are checked at the same time.
    pub workers: usize,
}

impl Speller for Dictionaries {
    fn unknown<'a>(&self, language: Language, words: &[&'a str]) -> Vec<&'a str> {
        self.unknown(language, words)
    }
}

static USUAL: SeverityOverrides = SeverityOverrides::usual();

impl Default for CheckOptions<'_> {
    /// Default severities, without date, dictionary and registry.
    fn default() -> Self {
        let offices = &[];
        Self {
            plan: None,
            overrides: &USUAL,
            offices,
            today: None,
            speller: None,
            examples: None,
            only: None,
            workers: 1,
        }
    }
}

/// Checked records with their problems.
#[derive(Debug)]
pub struct Checked {
    pub set: Records,
    /// By file and place.
    pub problems: Vec<Problem>,
    /// Records with an error that no setting can change.
    pub(super) faulty: BTreeSet<Id>,
    /// Records with an error of a configurable rule: drafts are made from them, final
    /// documents are not.
    pub(super) unfit: BTreeSet<Id>,
    /// Final records without the metadata that the archive requires; other documents that
    /// draw on them are made.
    pub(super) unclassified: BTreeSet<Id>,
    /// Texts that must not be on the web, collected when needed.
    secrets: OnceLock<Secrets>,
}

/// Why no document may be made from records.
#[derive(Debug)]
pub enum Blocked {
    /// The record of the document has errors, which are reported there.
    RecordInvalid,
    /// These files, which it draws on, must be corrected first.
    WaitsFor(Vec<PathBuf>),
}

impl Checked {
    /// Why a document may not be made from these records.
    pub fn blocked(&self, document: &Document) -> Option<Blocked> {
        let is_final = document.status == Status::Final;
        let unclassified = is_final && self.unclassified.contains(&document.source);
        // a draft may have what only judgement calls an error
        let faulty = |id: &Id| self.faulty.contains(id) || (is_final && self.unfit.contains(id));
        if faulty(&document.source) || unclassified {
            return Some(Blocked::RecordInvalid);
        }
        let file_of = |id: &Id| match self.set.refused_with_id(id) {
            Some(refused) => Some(refused.file.clone()),
            None if faulty(id) => self.set.source(id).map(|s| s.file.clone()),
            None => None,
        };
        let shown = document.draws_on.iter().filter(|id| !self.set.is_hidden_from(document, id));
        let mut waits: Vec<PathBuf> = shown.filter_map(file_of).collect();
        if let Some(round) = &document.sums_up {
            // a file that cannot be read might hold a session of this round:
            // without it the summary would silently lose what that session raised
            let unread = self.set.refused().iter();
            let may_belong = unread.filter(|file| {
                let kind = file.kind.is_none_or(|k| matches!(k, Kind::Session | Kind::Summary));
                // a round that is nowhere is a mistyped one
                let known = |of: &Id| self.set.round(of).is_some();
                kind && file.round.as_ref().is_none_or(|of| of == round || !known(of))
            });
            waits.extend(may_belong.map(|file| file.file.clone()));
            // likewise a session whose round is mistyped
            let stray = self.set.iter().filter(|source| {
                matches!(&*source.record, Record::Session(s) if self.set.round(&s.round).is_none())
            });
            waits.extend(stray.map(|source| source.file.clone()));
        }
        waits.sort();
        waits.dedup();
        (!waits.is_empty()).then_some(Blocked::WaitsFor(waits))
    }

    /// The texts and names that must not be on the web.
    pub(super) fn secrets(&self, design: &Design) -> &Secrets {
        self.secrets.get_or_init(|| Secrets::of(&self.set, design))
    }
}

/// Checks the records, each by itself and together; with a plan also whether the archive
/// gets the metadata that it requires.
pub fn check_records(intake: Intake, design: &Design, check_options: CheckOptions<'_>) -> Checked {
    let Intake { set, mut problems, .. } = intake;
    let set = match check_options.plan {
        Some(plan) => plan.fill(set),
        None => set,
    };
    let slide_keys = document::slide_keys();
    let shows = |c| design.coverage.shows(c);
    let context = check_context(design, &set, &slide_keys, &shows, check_options);
    let wanted =
        |source: &&Source| check_options.only.is_none_or(|only| only.contains(source.record.id()));
    let sources: Vec<&Source> = set.iter().filter(wanted).collect();
    let found = parallel::map(sources, check_options.workers, |source| {
        check::check(source, &set, &context)
    });
    let mut found: Vec<Problem> = found.into_iter().flatten().collect();
    let by_file: BTreeMap<&Path, &Id> =
        set.iter().map(|source| (source.file.as_path(), source.record.id())).collect();
    let id_of = |problem: &Problem| by_file.get(problem.place.file.as_path()).copied().cloned();
    let with_error = |configurable: bool| -> BTreeSet<Id> {
        let errors = found.iter().filter(|problem| problem.severity == Severity::Error);
        let errors = errors.filter(|problem| lint::is_configurable(problem.rule) == configurable);
        errors.filter_map(id_of).collect()
    };
    let (faulty, unfit) = (with_error(false), with_error(true));
    let mut incomplete: Vec<Problem> =
        check_options.plan.into_iter().flat_map(|plan| plan.problems(&set)).collect();
    if let Some(examples) = check_options.examples {
        let examples: Vec<&Example> = design.sender.examples.iter().chain(examples).collect();
        incomplete.extend(sender::example_problems(&set, &examples));
    }
    let unclassified = incomplete.iter().filter_map(id_of).collect();
    found.extend(incomplete);
    found.sort_by(|a, b| a.place.file.cmp(&b.place.file));
    for of_one_file in found.chunk_by_mut(|a, b| a.place.file == b.place.file) {
        // positions that cannot be determined are omitted; the problem is reported anyway
        let _ = guarded(|| locate(of_one_file));
    }
    problems.append(&mut found);
    problems.sort_by_key(|problem| {
        (problem.place.file.clone(), problem.place.span.as_ref().map(|span| span.start))
    });
    let secrets = OnceLock::new();
    Checked { set: set.into(), problems, faulty, unfit, unclassified, secrets }
}

/// The context of the rules, apart from the records.
fn check_context<'a>(
    design: &'a Design,
    set: &RecordSet,
    slide_keys: &'a [&'static str],
    shows: &'a (dyn Fn(char) -> bool + Sync),
    check_options: CheckOptions<'a>,
) -> CheckContext<'a> {
    let municipalities = check::municipality_names(set);
    CheckContext {
        proper_names: ProperNames::of(municipalities.iter().map(String::as_str)),
        tables: &design.tables,
        has_glyph: shows,
        text_ids: design.texts.all().map(|(id, language, _)| (id, language)).collect(),
        shared_texts: design.texts.all().collect(),
        passages: Passages::of(set),
        slide_keys,
        municipalities,
        offices: check_options.offices,
        today: check_options.today,
        web_copies: check_options.plan.is_some_and(|plan| plan.web),
        speller: check_options.speller,
        sender: check_options.examples.map(|_| &design.sender.names),
        overrides: check_options.overrides,
    }
}

/// Locates the problems of one file in its text.
fn locate(problems: &mut [Problem]) {
    let Some(text) = problems.iter().find_map(|problem| problem.place.text.clone()) else { return };
    let places = intake::Places::of(&text);
    for place in problems.iter_mut().map(|problem| &mut problem.place) {
        if place.span.is_none() && place.text.is_some() {
            place.span = match &place.within {
                Some(within) => places.span_within(&place.field, within),
                None => places.span_of(&place.field),
            };
        }
    }
}
