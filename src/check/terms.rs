//! Rules over the words of the trade: one name for one thing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::abbreviations::Abbreviations;
use super::patterns::{Pattern, compiled};
use super::prose::{Texts, without_addresses};
use super::wording::fix;
use super::{Report, abbreviations};
use crate::model::{Language, Record};

/// A preferred form with what is written in its place (`data/terms.json`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    r#use: String,
    not: Vec<String>,
    /// Beginnings of names in which a variant is right: `HYTE-kerroin`.
    #[serde(default)]
    except: Vec<String>,
}

/// Preferred forms by language.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    languages: BTreeMap<Language, Variants>,
}

/// The variants of one language.
#[derive(Debug, Clone)]
struct Variants {
    pattern: Pattern,
    preferred: BTreeMap<String, String>,
    except: Vec<String>,
}

impl Terms {
    /// Makes the table ready.
    pub fn new(table: BTreeMap<Language, Vec<Term>>) -> Self {
        let ready = |(language, terms): (Language, Vec<Term>)| {
            let except = terms.iter().flat_map(|term| term.except.iter().cloned()).collect();
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
            Some((language, Variants { pattern, preferred: variants, except }))
        };
        Self { languages: table.into_iter().filter_map(ready).collect() }
    }
}

/// All rules over terms and abbreviations.
pub fn terms(texts: &Texts, terms: &Terms, table: &Abbreviations, report: &mut Report<'_>) {
    variants(texts, terms, report);
    // a variant of a term is another rule's business
    let own = terms.languages.get(&texts.language);
    let own: BTreeSet<&str> =
        own.into_iter().flat_map(|own| own.preferred.keys()).map(String::as_str).collect();
    abbreviations::unexplained(texts, table, &own, report);
    unit(report);
}

/// A variant of a term that has one preferred form.
fn variants(texts: &Texts, terms: &Terms, report: &mut Report<'_>) {
    let Some(Variants { pattern, preferred: variants, except }) =
        terms.languages.get(&texts.language)
    else {
        return;
    };
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
            // "HYTE- kerroin" has a space too much, which is another rule's
            let name: String = text[found.start()..].chars().take(40).collect();
            let name = name.replace("- ", "-");
            if except.iter().any(|own| name.starts_with(own.as_str())) {
                continue;
            }
            let begins = begins_sentence(&text[..found.start()]);
            let first = found.as_str().chars().next().is_some_and(char::is_uppercase);
            let written = if begins && first { capitalised(preferred) } else { preferred.clone() };
            // at the beginning of a sentence its capital is right
            if written == found.as_str() {
                continue;
            }
            let mut new = prose.text.clone();
            new.replace_range(found.range(), &written);
            let problem = report.found("term-variant", &prose.field).within(found.range());
            let problem = problem.with("variant", found.as_str()).with("preferred", written);
            report.problems.push(problem.fixed_by(fix(prose, new, false)));
            // one of each field is enough to show
            break;
        }
    }
}

/// True where a sentence, a line or an item of a list begins.
fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '”', '“', '(', '[', '*', '_']);
    let line = before.trim_end_matches([' ', '\u{a0}', '-', '•', '–', '·', '*']);
    line.is_empty()
        || line.ends_with(['\n', '.', '!', '?', ':'])
        || line.ends_with(|c: char| c.is_ascii_digit()) && before.ends_with(") ")
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
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
