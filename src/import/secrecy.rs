//! Recognizes headings and cells about secrecy. A column that may mark secret notes and is
//! not understood must not be ignored: its notes would become public.

mod markings;

use super::column::parts;
use crate::model::normal::folded;

pub(super) use markings::{SecrecyClaim, claim, marking, names_secrecy};

/// Stems of words about secrecy or publicity, in three languages.
const STEMS: [&str; 29] = [
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
    "turvallisuusluok",
    "säkerhetsklass",
    "viranomaiskäyt",
    "tjänstebruk",
];

/// Stems of words that may be about secrecy but usually are not: about authorities, the
/// web, personal data, sensitivity, visibility. The cells decide.
const HINTS: [&str; 58] = [
    "viranomai",
    "myndighet",
    "authorit",
    "official",
    "netti",
    "neti",
    "internet",
    "verkko",
    "verkos",
    "web",
    "nätet",
    "nätsid",
    "online",
    "arka",
    "arat",
    "arkoja",
    "herkk",
    "delikat",
    "delicate",
    "ömtålig",
    "rajoit",
    "rajat",
    "begräns",
    "restrict",
    "suoja",
    "skydda",
    "protect",
    "luokit",
    "luokka",
    "klassi",
    "class",
    "henkilötie",
    "personuppg",
    "personal",
    "potilast",
    "patientuppg",
    "asiakastie",
    "identif",
    "tunnist",
    "näky",
    "näyt",
    "nähtä",
    "synlig",
    "visib",
    "jakel",
    "jaetaan",
    "jakaa",
    "levit",
    "delas",
    "sprid",
    "share",
    "distrib",
    "avoin",
    "öppen",
    "vaitiolo",
    "tystnad",
    "suljet",
    "luovut",
];

/// Stems of words that look like these but mean something else.
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

/// Parts of compound words about secrecy.
const INSIDE: [&str; 8] =
    ["salassa", "salais", "sekretes", "hemlig", "secret", "confidential", "luottamuksel", "julkis"];

/// Words that are about secrecy if they are the whole heading.
const WHOLE: [&str; 8] =
    ["private", "privat", "yksityinen", "internal", "intern", "sekr", "tliv", "piilota"];

/// Stems of neutral words in a heading about secrecy. Words of up to three letters are
/// neutral, too.
const NEUTRAL: [&str; 95] = [
    "pidettävä",
    "pidettäv",
    "pidetä",
    "pitää",
    "pito",
    "pido",
    "onko",
    "saako",
    "voiko",
    "voida",
    "kyllä",
    "eivät",
    "ilman",
    "tämä",
    "vain",
    "joku",
    "jokin",
    "kuinka",
    "miten",
    "mikä",
    "miksi",
    "enemmän",
    "osittain",
    "kokonaan",
    "nosto",
    "nostossa",
    "merkin",
    "merkit",
    "merkki",
    "tieto",
    "tietoj",
    "tiedo",
    "peruste",
    "perusta",
    "syyt",
    "luokk",
    "luokit",
    "taso",
    "aste",
    "status",
    "asiakirja",
    "käyttö",
    "käytö",
    "käytetä",
    "verkko",
    "verkos",
    "laki",
    "lain",
    "pykälä",
    "kirjoita",
    "valitse",
    "vastau",
    "kommen",
    "comment",
    "teksti",
    "text",
    "huom",
    "mahdollinen",
    "skall",
    "skriv",
    "välj",
    "markera",
    "lyft",
    "synpunkt",
    "anteckning",
    "uppgift",
    "grund",
    "klass",
    "nivå",
    "handling",
    "delvis",
    "enbart",
    "endast",
    "helt",
    "inte",
    "icke",
    "utan",
    "bruk",
    "används",
    "svar",
    "orsak",
    "denna",
    "note",
    "this",
    "must",
    "kept",
    "keep",
    "write",
    "choose",
    "only",
    "more",
    "mera",
    "partly",
    "level",
    "reason",
];

/// Abbreviations of the laws on publicity.
const LAWS: [&str; 4] = ["julkl", "julkisuuslaki", "offl", "offentlighetslagen"];

/// Negations in a heading about secrecy.
const NOT: [&str; 11] =
    ["ei", "eivät", "älä", "ilman", "inte", "ej", "icke", "utan", "not", "non", "no"];

/// Words for public, which reverse the meaning of yes.
const PUBLIC: [&str; 5] = ["julkinen", "julkista", "julkise", "public", "offentlig"];

/// The name of the law is about both.
const LAW: &str = "offentlighets";

/// Values that mark a note as secret.
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

/// Number of tolerated typing errors in a word of this length.
fn tolerance(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// True for a heading that may mark secrecy as a whole; `known` are the names of the column
/// of secrecy. None of its other words has another subject, as in `Julkinen liikenne`.
pub(super) fn may_tell(heading: &str, known: &[&str]) -> bool {
    let parts = parts(heading);
    let whole = parts.concat();
    if WHOLE.contains(&whole.as_str()) || is_near(&whole, known) {
        return true;
    }
    // the word may contain a space
    match parts.iter().any(|word| is_about(word, known)) {
        true => parts.iter().all(|word| is_about(word, known) || is_neutral(word)),
        false => is_about(&whole, known),
    }
}

/// True for a heading that contains a word about secrecy: then its cells decide whether it
/// marks secrecy.
pub(super) fn mentions(heading: &str, known: &[&str]) -> bool {
    parts(heading).iter().any(|word| is_about(word, known))
}

/// True for a heading that is clearly about something else: only words, the first of which
/// says how public or secret the others are.
pub(super) fn is_of_something_else(heading: &str, known: &[&str]) -> bool {
    let parts = parts(heading);
    let plain = heading.trim().chars().all(|c| c.is_alphabetic() || c == ' ');
    let other = |word: &String| !is_about(word, known) && !is_neutral(word);
    matches!(parts.as_slice(), [first, rest @ ..]
        if is_about(first, known) && (1..=2).contains(&rest.len()) && rest.iter().all(other))
        && plain
        && !is_near(&parts.concat(), known)
}

/// True for a heading with a word that may be about secrecy: it is if its cells are
/// answers.
pub(super) fn hints(heading: &str) -> bool {
    parts(heading).iter().any(|word| HINTS.iter().any(|stem| word.starts_with(stem)))
}

/// True for a cell that may mark its note as secret or public: an answer, a sign, a code,
/// or only words about secrecy.
pub(super) fn marks(cell: &str) -> bool {
    let word = folded(cell);
    let parts = parts(cell);
    if !word.chars().any(char::is_alphanumeric) {
        return replies(cell);
    }
    replies(cell)
        || word.chars().count() <= 3
        || word.contains('§')
        || parts.iter().any(|word| LAWS.contains(&word.as_str()))
        || calls_secret(cell)
        || !parts.is_empty() && parts.iter().all(|word| is_about(word, &[]) || is_neutral(word))
}

/// True for a cell with an answer, a tick, or only words about secrecy.
pub(super) fn replies(cell: &str) -> bool {
    let (word, parts) = (folded(cell), parts(cell));
    if !word.chars().any(char::is_alphanumeric) {
        // a dash fills an empty cell and marks nothing
        return !word.chars().all(|c| c.is_whitespace() || "-.,?/".contains(c));
    }
    let first = word.split([',', ';', ':', '.', '!', '(', '/', '-']).next().unwrap_or_default();
    let about = parts.iter().any(|word| is_about(word, &[]));
    answers(first) || about && parts.iter().all(|word| is_about(word, &[]) || is_neutral(word))
}

/// True for a word about secrecy or publicity.
fn is_about(word: &str, known: &[&str]) -> bool {
    let about = STEMS.iter().any(|stem| word.starts_with(stem))
        || INSIDE.iter().any(|piece| word.contains(piece));
    about && !is_other(word) || is_near(word, known)
}

fn is_near(word: &str, known: &[&str]) -> bool {
    !is_other(word) && known.iter().any(|name| is_like(word, name))
}

/// True for a word that looks like these but means something else.
fn is_other(word: &str) -> bool {
    OTHERS.iter().any(|other| word.starts_with(other))
}

/// True for a neutral word in a heading about secrecy; typing errors are tolerated.
fn is_neutral(word: &str) -> bool {
    word.chars().count() <= 3
        || word.chars().all(char::is_numeric)
        || NEUTRAL.iter().any(|stem| word.starts_with(stem))
        || NEUTRAL.iter().any(|stem| stem.chars().count() > 5 && is_like(word, stem))
}

fn is_like(word: &str, name: &str) -> bool {
    let length = name.chars().count();
    let most = tolerance(length.min(word.chars().count() + 1));
    word.chars().count().abs_diff(length) <= most && strsim::damerau_levenshtein(word, name) <= most
}

/// True for a heading about secrecy that may mean the opposite, as in "not secret" and
/// "public or secret".
pub(super) fn is_doubtful(heading: &str) -> bool {
    let parts = parts(heading);
    let about = |word: &String| STEMS.iter().any(|stem| word.starts_with(stem));
    let first = parts.iter().position(about).unwrap_or(0);
    let negated = parts[..first].iter().any(|word| NOT.contains(&word.as_str()));
    let public =
        |word: &String| PUBLIC.iter().any(|stem| word.starts_with(stem)) && !word.starts_with(LAW);
    negated || parts.iter().any(public)
}

/// True for a cell with an answer to a yes-no question.
pub(super) fn answers(cell: &str) -> bool {
    const ANSWERS: [&str; 14] =
        ["kyllä", "ei", "joo", "on", "x", "ja", "nej", "yes", "no", "y", "n", "true", "false", "1"];
    ANSWERS.contains(&folded(cell).as_str())
}

/// True for a cell that marks its note as secret.
pub(super) fn calls_secret(cell: &str) -> bool {
    // longer cells are texts
    cell.len() <= 60 && CELLS.contains(&folded(cell).trim_matches(['.', '!', '*', ' ']))
}

#[cfg(test)]
#[path = "secrecy/tests.rs"]
mod tests;
