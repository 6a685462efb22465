//! Rules about a record in several languages: all its texts are translated, and so is
//! everything that its documents take from other records.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::language_guess::{ProperNames, is_in};
use super::{Report, quoted, schema_of};
use crate::model::session::Attachment;
use crate::model::{Id, Language, Problem, Record, RecordSet, Source, translation};

/// Number of characters from which a text is a sentence whatever its words; a shorter one
/// may be a name, which is the same in every language.
const SENTENCE: usize = 40;

/// Texts that are identical in the record's own language and in another.
pub fn untranslated(
    source: &Source,
    record: &Record,
    set: &RecordSet,
    proper: &ProperNames,
) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let value = |record: &Record| serde_json::to_value(record).unwrap_or_default();
    let (own, other) = (value(&source.record), value(record));
    let [own_language, language] = [&*source.record, record].map(|r| r.language().code());
    if same_but_for_language(&own, &other) {
        report.add("also_in", "translation-none", &[("language", &language)]);
        return report.problems;
    }
    for field in untranslated_texts((source, record), (&own, &other), proper) {
        let args: [(&'static str, &dyn ToString); 2] =
            [("own", &own_language), ("language", &language)];
        report.add(field, "text-untranslated", &args);
    }
    report.problems
}

/// Short Finnish texts of a Swedish record, or of its Swedish translation. Texts that are
/// identical in both languages are [`untranslated`].
pub fn finnish(
    source: &Source,
    record: &Record,
    set: &RecordSet,
    proper: &ProperNames,
) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    if record.language() != Language::Sv {
        return report.problems;
    }
    let texts = |record: &Record| {
        let value = serde_json::to_value(record).unwrap_or_default();
        translation::texts(&value, schema_of(record.kind()))
    };
    let own: BTreeSet<(String, String)> = if source.record.language() == Language::Sv {
        BTreeSet::new()
    } else {
        texts(&source.record).into_iter().map(|text| (text.field, text.text)).collect()
    };
    let mut seen = BTreeSet::new();
    for text in texts(record) {
        let name = match nature(&text.field) {
            Nature::Same => continue,
            Nature::Name => true,
            Nature::Words => false,
        };
        let is_in = |language| is_in(&text.text, language, name, proper);
        let short = text.text.chars().count() < SENTENCE;
        if short && is_in(Language::Fi) && !is_in(Language::Sv) && seen.insert(text.text.clone()) {
            let shown = text.text.clone();
            if !own.contains(&(text.field.clone(), text.text)) {
                report.add(text.field, "text-in-finnish", &[("found", &shown)]);
            }
        }
    }
    report.problems
}

/// Other records used in the document that lack a language of this one.
pub fn sources_without(source: &Source, language: Language, set: &RecordSet) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let lacks = |id: &Id| {
        set.source(id).is_some_and(|source| source.languages().all(|own| own != language))
    };
    let field = if source.record.language() == language { "language" } else { "also_in" };
    if let Some(round) = round_of(&source.record).filter(|id| lacks(id)) {
        let args: [(&'static str, &dyn ToString); 2] =
            [("round", round), ("language", &language.code())];
        report.add(field, "round-untranslated", &args);
    }
    let others: Vec<String> =
        others(&source.record, set).into_iter().filter(lacks).map(|id| id.to_string()).collect();
    if !others.is_empty() {
        let names = quoted(&others);
        let args: [(&'static str, &dyn ToString); 2] =
            [("records", &names), ("language", &language.code())];
        report.add(field, "records-untranslated", &args);
    }
    report.problems
}

/// The round that a record belongs to.
fn round_of(record: &Record) -> Option<&Id> {
    match record {
        Record::Session(session) => Some(&session.round),
        Record::Summary(summary) => Some(&summary.round),
        Record::Proposal(proposal) => proposal.round.as_ref(),
        Record::Measures(measures) => measures.round.as_ref(),
        Record::Round(_) => None,
    }
}

/// Records other than the round whose texts are shown: sessions of a summary, attached
/// documents.
fn others(record: &Record, set: &RecordSet) -> Vec<Id> {
    let sessions = |round: &Id| set.sessions_of(round).into_iter().map(|s| s.id.clone()).collect();
    let attached = |all: &[Attachment]| all.iter().filter_map(|one| one.record.clone()).collect();
    match record {
        // the summary of a round without an editor's summary is only a draft
        Record::Round(_) | Record::Measures(_) => Vec::new(),
        Record::Summary(summary) => sessions(&summary.round),
        Record::Session(session) => attached(&session.attachments),
        Record::Proposal(proposal) => attached(&proposal.attachments),
    }
}

fn same_but_for_language(own: &Value, other: &Value) -> bool {
    let without = |value: &Value| {
        let mut fields = value.as_object().cloned().unwrap_or_default();
        fields.remove("language");
        fields
    };
    without(own) == without(other)
}

/// Fields of texts that are identical in both languages and should not be; of several
/// identical texts, the first.
fn untranslated_texts(
    (source, record): (&Source, &Record),
    (own, other): (&Value, &Value),
    proper: &ProperNames,
) -> Vec<String> {
    let schema = schema_of(record.kind());
    let others: BTreeMap<String, String> =
        translation::texts(other, schema).into_iter().map(|text| (text.field, text.text)).collect();
    let mut seen = BTreeSet::new();
    let texts = translation::texts(own, schema).into_iter();
    let same = texts.filter(|text| others.get(&text.field) == Some(&text.text));
    let wrong = same.filter(|text| {
        let language = source.record.language();
        match nature(&text.field) {
            Nature::Same => false,
            Nature::Name => is_in(&text.text, language, true, proper),
            Nature::Words => is_sentence(&text.text) || is_in(&text.text, language, false, proper),
        }
    });
    wrong.filter(|text| seen.insert(text.text.clone())).map(|text| text.field).collect()
}

/// What a field holds.
enum Nature {
    /// Text that is the same in every language, or is not printed.
    Same,
    /// A name, which may be the same in every language.
    Name,
    Words,
}

fn nature(field: &str) -> Nature {
    let (parent, name) = field.rsplit_once('.').unwrap_or(("", field));
    let name = name.split('[').next().unwrap_or_default();
    let list = parent.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default();
    match (list, name) {
        // the names of statutes have a rule of their own
        ("accept" | "basis" | "retention", "name" | "reason") => Nature::Same,
        ("case", "number" | "function") => Nature::Same,
        (_, "municipality" | "municipalities" | "email" | "link") => Nature::Same,
        ("groups" | "priorities" | "service_areas", "name") => Nature::Words,
        ("authority", "name") => Nature::Name,
        // of a person
        (_, "name") => Nature::Same,
        (_, "organisation" | "place" | "sites" | "recipient" | "who" | "from" | "unit") => {
            Nature::Name
        }
        (_, "body" | "channel" | "secrecy_basis" | "short") => Nature::Name,
        _ => Nature::Words,
    }
}

fn is_sentence(text: &str) -> bool {
    let address = text.contains("://") || text.contains('@');
    let words = text.split_whitespace().count() > 3;
    words && !address && text.chars().count() >= SENTENCE
}
