//! Rules over the words of the trade: one name for one thing, and
//! abbreviations explained where they are used first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Report;
use super::patterns::{Pattern, compiled, pattern};
use super::prose::{Texts, without_addresses};
use super::wording::fix;
use crate::model::{Language, Record};

/// A preferred form with what is written in its place (`data/terms.json`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    r#use: String,
    not: Vec<String>,
}

/// Preferred forms by language.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    languages: BTreeMap<Language, (Pattern, BTreeMap<String, String>)>,
}

/// Abbreviations and what they stand for (`data/abbreviations.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviations {
    fi: BTreeMap<String, String>,
    sv: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
    /// Those that everybody knows.
    known: BTreeSet<String>,
}

impl Terms {
    /// Makes the table ready.
    pub fn new(table: BTreeMap<Language, Vec<Term>>) -> Self {
        let ready = |(language, terms): (Language, Vec<Term>)| {
            let variants = terms.into_iter().flat_map(|term| {
                let preferred = term.r#use;
                term.not.into_iter().map(move |variant| (variant, preferred.clone()))
            });
            let variants: BTreeMap<String, String> = variants.collect();
            let mut names: Vec<&String> = variants.keys().filter(|name| !name.is_empty()).collect();
            if names.is_empty() {
                return None;
            }
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
            let names: Vec<String> = names.into_iter().map(|name| regex::escape(name)).collect();
            let pattern = compiled(&format!(r"\b(?:{})", names.join("|")))?;
            Some((language, (pattern, variants)))
        };
        Self { languages: table.into_iter().filter_map(ready).collect() }
    }
}

/// All rules over terms and abbreviations.
pub fn terms(texts: &Texts, terms: &Terms, abbreviations: &Abbreviations, report: &mut Report<'_>) {
    variants(texts, terms, report);
    // a variant of a term is another rule's business
    let own = terms.languages.get(&texts.language);
    let own: BTreeSet<&str> =
        own.into_iter().flat_map(|(_, variants)| variants.keys()).map(String::as_str).collect();
    unexplained(texts, abbreviations, &own, report);
    unit(report);
}

/// A variant of a term that has one preferred form.
fn variants(texts: &Texts, terms: &Terms, report: &mut Report<'_>) {
    let Some((pattern, variants)) = terms.languages.get(&texts.language) else { return };
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        for found in pattern.find_iter(&text) {
            let behind = text[found.end()..].chars().next();
            // in capitals it is a word of its own: HYTEN is no HYTE
            let capitals = found.as_str().chars().all(|c| !c.is_lowercase());
            if capitals && behind.is_some_and(char::is_alphabetic) {
                continue;
            }
            let Some(preferred) = variants.get(found.as_str()) else { continue };
            let begins = found.start() == 0
                || text[..found.start()].ends_with(['\n', ' '])
                    && text[..found.start()].trim_end().ends_with(['.', '!', '?']);
            let first = found.as_str().chars().next().is_some_and(char::is_uppercase);
            let written = if begins && first { capitalised(preferred) } else { preferred.clone() };
            let mut new = prose.text.clone();
            new.replace_range(found.range(), &written);
            let problem = report.found("term-variant", &prose.field).within(found.range());
            let problem = problem.with("variant", found.as_str()).with("preferred", preferred);
            report.problems.push(problem.fixed_by(fix(prose, new, false)));
            // one of each field is enough to show
            break;
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// An abbreviation whose meaning the record never says, where it stands first.
fn unexplained(
    texts: &Texts,
    table: &Abbreviations,
    variants: &BTreeSet<&str>,
    report: &mut Report<'_>,
) {
    static SHORT: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\b\p{L}[\p{L}\d]{1,6}\b"));
    let own = match texts.language {
        Language::Fi => &table.fi,
        Language::Sv => &table.sv,
        Language::En => &table.en,
    };
    let mut seen = BTreeSet::new();
    let small: Vec<String> = texts.written().map(|prose| prose.text.to_lowercase()).collect();
    // where it stands first in a text that is read, names aside
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        for found in SHORT.find_iter(&text) {
            let word = found.as_str();
            let capitals = word.chars().filter(|c| c.is_uppercase()).count() >= 2
                && !word.chars().any(char::is_lowercase);
            let listed = own.get(word);
            if (!capitals && listed.is_none()) || table.known.contains(word) {
                continue;
            }
            // a number in Roman figures, or a part of a case number
            let figures = listed.is_none() && word.chars().all(|c| "IVXLCDM0123456789".contains(c));
            let around = |c: char| c.is_ascii_digit() || c == '/';
            let numbered =
                text[found.end()..].starts_with(around) || text[..found.start()].ends_with(around);
            let other_rule = variants.contains(word)
                || matches!(word, "TBD" | "TBC" | "TODO" | "NN" | "XX" | "XXX");
            let enough = seen.len() > 200;
            if figures || numbered || other_rule || enough || !seen.insert(word.to_owned()) {
                continue;
            }
            // that the authority is called so explains nothing: only a text does
            let mut all = texts.written().zip(&small);
            let explained = all.any(|(other, small)| explains(&other.text, small, word, listed));
            if explained {
                continue;
            }
            let rule =
                if listed.is_some() { "abbreviation-unexplained" } else { "abbreviation-unknown" };
            let problem = report.found(rule, &prose.field).within(found.range());
            let problem = problem.with("word", word);
            let problem = match listed {
                Some(meaning) => problem.with("meaning", meaning),
                None => problem,
            };
            report.problems.push(problem);
        }
    }
}

/// True when a text says what an abbreviation stands for: in brackets before
/// or behind it, or by having the whole name in it.
fn explains(text: &str, small: &str, word: &str, meaning: Option<&String>) -> bool {
    let bracketed = text.contains(&format!("({word})")) || text.contains(&format!("{word} ("));
    let named = meaning.is_some_and(|meaning| {
        // names are inflected: their beginning is enough
        let stem: String =
            meaning.chars().take(meaning.chars().count().saturating_sub(2)).collect();
        stem.chars().count() > 3 && small.contains(&stem.to_lowercase())
    });
    bracketed || named
}

/// One authority's unit goes by one name from round to round.
fn unit(report: &mut Report<'_>) {
    let record = report.source.record.clone();
    let Record::Round(round) = &*record else { return };
    let Some(unit) = &round.authority.unit else { return };
    let other = report
        .set
        .rounds()
        .filter(|other| {
            other.id != round.id
                && other.authority.name == round.authority.name
                && other.years.from < round.years.from
        })
        .filter_map(|other| Some((other, other.authority.unit.as_ref()?)))
        .max_by_key(|(other, _)| other.years.from);
    if let Some((other, name)) = other
        && name != unit
    {
        let problem = report.found("unit-two-names", "authority.unit");
        let problem = problem.with("unit", unit).with("other", name);
        report.problems.push(problem.with("round", &other.id));
    }
}
