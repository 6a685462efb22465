//! Headings and cells that may tell what is secret. A column that may, and is not
//! understood, must not be left out: its notes would become public.

use super::headings::parts;
use crate::model::normal::folded;

/// How words begin that are about secrecy or publicity, in three languages.
const STEMS: [&str; 25] = [
    "näkyvyy",
    "sisäis",
    "sisäin",
    "piilot",
    "sala",
    "sekret",
    "sekres",
    "hemli",
    "secre",
    "confid",
    "konfid",
    "luottamuksel",
    "julk",
    "offentl",
    "offl",
    "publi",
    "nonpubli",
    "förtrol",
    "arkaluon",
    "känslig",
    "sensit",
    "restricted",
    "classif",
    "turvaluok",
    "suojausta",
];

/// Words that begin like these and are about something else.
const OTHERS: [&str; 8] = [
    "sekreter",
    "sekretari",
    "sekretär",
    "secretar",
    "salasana",
    "salaat",
    "julkaisupäiv",
    "julkaisija",
];

/// What stands inside a longer word.
const INSIDE: [&str; 8] =
    ["salassa", "salais", "sekretes", "hemlig", "secret", "confidential", "luottamuksel", "julkis"];

/// Words that are about secrecy when they are the whole heading.
const WHOLE: [&str; 8] =
    ["private", "privat", "yksityinen", "internal", "intern", "sekr", "tliv", "piilota"];

/// What a heading for secrecy says when it means the opposite.
const NOT: [&str; 11] =
    ["ei", "eivät", "älä", "ilman", "inte", "ej", "icke", "utan", "not", "non", "no"];

/// Words for what is public, which turn yes into no.
const PUBLIC: [&str; 5] = ["julkinen", "julkista", "julkise", "public", "offentlig"];

/// The name of the law is about both.
const LAW: &str = "offentlighets";

/// Cells that call a note secret.
const CELLS: [&str; 17] = [
    "salassa",
    "salassa pidettävä",
    "salassapidettävä",
    "salainen",
    "luottamuksellinen",
    "ei julkinen",
    "ei-julkinen",
    "ei julkaista",
    "sekretess",
    "sekretessbelagd",
    "sekretessbelagt",
    "hemlig",
    "hemligt",
    "ej offentlig",
    "secret",
    "confidential",
    "not public",
];

/// How many letters may be wrong in a word of so many.
fn tolerance(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// True for a heading that may tell what is secret; `known` are the names of the
/// column that does.
pub(super) fn may_tell(heading: &str, known: &[&str]) -> bool {
    let parts = parts(heading);
    let whole = parts.concat();
    if WHOLE.contains(&whole.as_str()) {
        return true;
    }
    parts.iter().chain([&whole]).any(|word| {
        let other = OTHERS.iter().any(|other| word.starts_with(other));
        let about = STEMS.iter().any(|stem| word.starts_with(stem))
            || INSIDE.iter().any(|piece| word.contains(piece))
            || known.iter().any(|name| is_like(word, name));
        about && !other
    })
}

fn is_like(word: &str, name: &str) -> bool {
    let length = name.chars().count();
    let most = tolerance(length.min(word.chars().count() + 1));
    word.chars().count().abs_diff(length) <= most && strsim::damerau_levenshtein(word, name) <= most
}

/// True for a heading of secrecy that may mean the opposite, as in "not secret"
/// and "public or secret".
pub(super) fn is_doubtful(heading: &str) -> bool {
    let parts = parts(heading);
    let about = |word: &String| STEMS.iter().any(|stem| word.starts_with(stem));
    let first = parts.iter().position(about).unwrap_or(0);
    let negated = parts[..first].iter().any(|word| NOT.contains(&word.as_str()));
    let public =
        |word: &String| PUBLIC.iter().any(|stem| word.starts_with(stem)) && !word.starts_with(LAW);
    negated || parts.iter().any(public)
}

/// True for a cell that answers a question.
pub(super) fn answers(cell: &str) -> bool {
    const ANSWERS: [&str; 14] =
        ["kyllä", "ei", "joo", "on", "x", "ja", "nej", "yes", "no", "y", "n", "true", "false", "1"];
    ANSWERS.contains(&folded(cell).as_str())
}

/// True for a cell that calls its note secret.
pub(super) fn calls_secret(cell: &str) -> bool {
    // longer ones are texts
    cell.len() <= 60 && CELLS.contains(&folded(cell).trim_matches(['.', '!', '*', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["salassa", "salassapidettävä", "sekretess", "secret"];

    #[test]
    fn headings_about_secrecy_are_told_in_three_languages() {
        for heading in [
            "Secrt",
            "Sceret",
            "Secret?",
            "SECRECY",
            "Salasa",
            "Slassa",
            "Salassapidetävä",
            "Salaista?",
            "Onko salainen",
            "Ei julkinen",
            "Julkisuus",
            "Saako julkaista?",
            "Sekretes",
            "Sekrettess",
            "Hemligt?",
            "Får publiceras",
            "Offentlighet",
            "Confidental",
            "Luottamuksellisuus",
            "Osittainsalassa",
            "Handlingssekretess",
            "Nonsecret",
            "S\u{430}lassa",
            "Arkaluonteinen",
            "Private",
            "Sekr.",
            "Näkyvyys",
            "Vain sisäiseen käyttöön",
            "TL IV",
        ] {
            assert!(may_tell(heading, &KNOWN), "{heading}");
        }
    }

    #[test]
    fn other_headings_are_left_alone() {
        for heading in [
            "Sihteeri",
            "Sekreterare",
            "Secretary",
            "Section",
            "Sektori",
            "Kunta",
            "Aikaleima",
            "Vastaaja",
            "Svarstid",
            "Hemkommun",
            "Opinion",
            "Luottamushenkilö",
            "Start time",
            "Respondent",
            "ID",
            "Olen lukenut tietosuojaselosteen",
            "Salo",
            "Sakset",
            "Lisätietoja",
            "Tekijä",
            "Kommentti",
            "E-post",
            "Julkaisupäivä",
            "Julkaisija",
            "Salaatti",
        ] {
            assert!(!may_tell(heading, &KNOWN), "{heading}");
        }
    }

    #[test]
    fn headings_that_may_mean_the_opposite_are_in_doubt() {
        for heading in
            ["Ei salassa", "Not secret", "Inte hemlig", "Julkinen vai salassa", "Public/secret"]
        {
            assert!(is_doubtful(heading), "{heading}");
        }
        for heading in [
            "Salassa",
            "Salassa (kyllä/ei)",
            "Secret (yes/no)",
            "Onko salassa pidettävä vai ei",
            "Salassa pidettävä (julkisuuslaki 24 §)",
            "Sekretess (offentlighetslagen)",
        ] {
            assert!(!is_doubtful(heading), "{heading}");
        }
    }

    #[test]
    fn cells_that_call_a_note_secret_are_known() {
        assert!(calls_secret("Salassa pidettävä") && calls_secret(" SECRET! "));
        assert!(!calls_secret("kyllä") && !calls_secret("The secret of good work"));
    }
}
