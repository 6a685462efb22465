//! Rules about terms: one name for one thing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::abbreviations::Abbreviations;
use super::prose::{Texts, fix, without_addresses};
use super::stems::Stems;
use super::{Report, abbreviations};
use crate::model::{Language, Record};

/// A preferred form with its variants (`data/terms.json`).
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
    stems: Stems,
    preferred: BTreeMap<String, String>,
    except: Vec<String>,
}

impl Terms {
    /// Compiles the table.
    pub fn new(table: BTreeMap<Language, Vec<Term>>) -> Self {
        let ready = |(language, terms): (Language, Vec<Term>)| {
            let except = terms.iter().flat_map(|term| term.except.iter().cloned()).collect();
            let variants = terms.into_iter().flat_map(|term| {
                let preferred = term.r#use;
                term.not.into_iter().map(move |variant| (variant, preferred.clone()))
            });
            let mut variants: BTreeMap<String, String> = variants.collect();
            // a lower-case variant may begin a sentence with a capital
            for (variant, preferred) in variants.clone() {
                let (variant, preferred) = (capitalised(&variant), capitalised(&preferred));
                if variant != preferred {
                    variants.entry(variant).or_insert(preferred);
                }
            }
            let stems = Stems::exact(variants.keys().map(String::as_str));
            (language, Variants { stems, preferred: variants, except })
        };
        Self { languages: table.into_iter().map(ready).collect() }
    }
}

/// All rules about terms and abbreviations.
pub fn terms(texts: &Texts, terms: &Terms, table: &Abbreviations, report: &mut Report<'_>) {
    variants(texts, terms, report);
    // variants of terms belong to another rule
    let own = terms.languages.get(&texts.language);
    let own: BTreeSet<&str> =
        own.into_iter().flat_map(|own| own.preferred.keys()).map(String::as_str).collect();
    abbreviations::unexplained(texts, table, &own, report);
    unit(report);
}

/// Reports variants of terms that have a preferred form.
fn variants(texts: &Texts, terms: &Terms, report: &mut Report<'_>) {
    let Some(Variants { stems, preferred: variants, except }) =
        terms.languages.get(&texts.language)
    else {
        return;
    };
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        for word in stems.find_all(&text, char::is_alphabetic) {
            // the variant that a word begins with, and its ending
            let found = &text[word.stem.clone()];
            let ending = &text[word.stem.end..word.end];
            // in capitals it is a word of its own: HYTEN is no HYTE
            let capitals = found.chars().all(|c| !c.is_lowercase());
            if capitals && !ending.is_empty() {
                continue;
            }
            let Some(preferred) = variants.get(found) else { continue };
            // "HYTE- kerroin" has a space too much, which is another rule's
            let name: String = text[word.stem.start..].chars().take(40).collect();
            let name = name.replace("- ", "-");
            if except.iter().any(|own| name.starts_with(own.as_str())) {
                continue;
            }
            let begins = begins_sentence(&text[..word.stem.start]);
            let first = found.chars().next().is_some_and(char::is_uppercase);
            let written = if begins && first { capitalised(preferred) } else { preferred.clone() };
            // at the beginning of a sentence its capital is right
            if written == found {
                continue;
            }
            let mut range = word.stem.start..word.end;
            // "MOVE!" has its mark already
            let mark = written.chars().next_back().filter(|c| !c.is_alphanumeric());
            if let Some(mark) = mark.filter(|mark| text[range.end..].starts_with(*mark)) {
                range.end += mark.len_utf8();
            }
            let whole = with_ending(&written, found, ending);
            let problem = report.found("term-variant", &prose.field).within(range.clone());
            let problem = problem.with("variant", &text[range.clone()]);
            report.problems.push(match whole {
                Some(whole) => {
                    let mut new = prose.text.clone();
                    new.replace_range(range, &whole);
                    problem.with("preferred", whole).fixed_by(fix(prose, new, false))
                }
                // the table does not have the inflected form
                None => problem.with("preferred", written),
            });
            // one finding per field is enough
            break;
        }
    }
}

/// Most letters by which a term is longer than its stem in the table: "laitos", of
/// "laito".
const OVERHANG: usize = 2;
/// Number of final letters by which words are inflected alike.
const ALIKE: usize = 4;

/// The preferred form with the ending of the variant; `None` when the two are inflected
/// differently. The table may have only a stem of the variant: "terveyspalveluja" of
/// "terveyspalvelut" has the stem "terveyspalvelu".
fn with_ending(preferred: &str, variant: &str, ending: &str) -> Option<String> {
    let last = |text: &str| {
        let letters = text.chars().rev().filter(|c| c.is_alphabetic());
        letters.flat_map(char::to_lowercase).take(ALIKE).collect::<String>()
    };
    let wanted = last(variant);
    let mut stem = preferred;
    for _ in 0..=OVERHANG {
        let ends = ending.is_empty() || stem.ends_with(char::is_alphabetic);
        if ends && last(stem) == wanted {
            return Some(format!("{stem}{ending}"));
        }
        let shorter = stem.char_indices().next_back().filter(|(_, c)| c.is_alphabetic());
        let Some((at, _)) = shorter else { break };
        stem = &stem[..at];
    }
    ending.is_empty().then(|| preferred.to_owned())
}

/// True where a sentence, a line or a list item begins.
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

/// A unit of the authority keeps its name from round to round.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> BTreeMap<Language, Vec<Term>> {
        serde_json::from_str(include_str!("../../templates/data/terms.json")).unwrap()
    }

    /// What is proposed for a typed word, as the table has its first variant in it.
    fn proposed(typed: &str) -> Option<String> {
        let terms = Terms::new(table());
        let Variants { stems, preferred, .. } = &terms.languages[&Language::Fi];
        let found = stems.find_all(typed, char::is_alphabetic);
        let variant = &typed[found[0].stem.clone()];
        with_ending(&preferred[variant], variant, &typed[variant.len()..])
    }

    #[test]
    fn terms_are_proposed_in_the_case_that_was_typed() {
        for (typed, right) in [
            ("sosiaali-ja terveyspalvelut", "sosiaali- ja terveyspalvelut"),
            ("sosiaali-ja terveyspalveluja", "sosiaali- ja terveyspalveluja"),
            ("sosiaali ja terveyspalvelujen", "sosiaali- ja terveyspalvelujen"),
            ("Sosiaali-ja terveyspalveluiden", "Sosiaali- ja terveyspalveluiden"),
            ("sosiaali ja terveyspalvelu", "sosiaali- ja terveyspalvelu"),
            ("sosiaali ja terveydenhuolto", "sosiaali- ja terveydenhuolto"),
            ("Sosiaali-ja terveydenhuollon", "Sosiaali- ja terveydenhuollon"),
            ("sosiaali-ja terveydenhuoltoon", "sosiaali- ja terveydenhuoltoon"),
            ("sosiaali-ja terveydenhuollossa", "sosiaali- ja terveydenhuollossa"),
            ("Hyvinvoinnin ja terveyden laitos", "Terveyden ja hyvinvoinnin laitos"),
            ("Hyvinvoinnin ja terveyden laitoksen", "Terveyden ja hyvinvoinnin laitoksen"),
            ("Terveyden- ja hyvinvoinnin laitosta", "Terveyden ja hyvinvoinnin laitosta"),
            ("sosiaali-ja terveysministeriöön", "sosiaali- ja terveysministeriöön"),
            ("Lupa-ja valvontavirastoon", "Lupa- ja valvontavirastoon"),
            ("puheeksi otossa", "puheeksiotossa"),
            ("puheeksi oton", "puheeksioton"),
            ("Puheeksi ottoa", "Puheeksiottoa"),
            ("hyvinvointi-alueelta", "hyvinvointialueelta"),
            ("webropolin", "Webropolin"),
            ("hyvinvointi ja kumppanuudet yksikön", "Hyvinvointi ja kumppanuudet -yksikön"),
            (
                "hyvinvointi ja kumppanuuden palvelualueella",
                "Hyvinvointi ja kumppanuudet -palvelualueella",
            ),
        ] {
            assert_eq!(proposed(typed).as_deref(), Some(right), "{typed}");
        }
    }

    #[test]
    fn what_is_proposed_ends_as_what_was_typed() {
        const ENDINGS: &[&str] = &[
            "", "n", "a", "ä", "t", "ta", "tä", "en", "in", "ja", "jä", "jen", "iden", "ien",
            "lle", "lla", "ssa", "ssä", "sta", "lta", "ksi", "ksen", "kselle", "kseen", "sten",
            "on", "oon", "una", "s", "er", "na", "ns", "verkko",
        ];
        let letters = |text: &str| {
            let small = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
            small.collect::<Vec<char>>()
        };
        for (language, terms) in table() {
            for term in &terms {
                for variant in &term.not {
                    for ending in ENDINGS {
                        let Some(whole) = with_ending(&term.r#use, variant, ending) else {
                            continue;
                        };
                        // another name is proposed for a whole one alone
                        let other = ending.is_empty() && language != Language::Fi;
                        let (own, typed) =
                            (letters(&whole), letters(&format!("{variant}{ending}")));
                        let tail = &typed[typed.len().saturating_sub(3)..];
                        assert!(other || own.ends_with(tail), "{variant}{ending}: {whole}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_form_is_made_up() {
        // how one is inflected does not tell how the other is
        assert_eq!(with_ending("kunta", "kaupunki", "ssa"), None);
        assert_eq!(with_ending("kunta", "kaupunki", "").as_deref(), Some("kunta"));
        assert_eq!(with_ending("Move!", "MOVE", "n"), None);
        assert_eq!(with_ending("Move!", "MOVE", "").as_deref(), Some("Move!"));
        let english = "Finnish Institute for Health and Welfare";
        let old = "National Institute for Health and Welfare";
        assert_eq!(with_ending(english, old, "").as_deref(), Some(english));
    }
}
