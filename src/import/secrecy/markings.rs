//! Recognizes secrecy markings in cells, topics and texts: `SALAINEN:`, security classes,
//! sections of the laws on publicity. A sentence about secrecy is not a marking.

use super::super::column::parts;
use super::{NOT, calls_secret, is_other};
use crate::model::normal::folded;

/// What a piece of text claims about secrecy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum SecrecyClaim {
    /// Nothing, or other things as well.
    Nothing,
    /// Secrecy is its subject, as may be in a public note.
    Subject,
    /// It cites the law by which something is secret.
    Law,
    /// It says that something is secret.
    Secret,
}

/// A secrecy marking in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Marking<'a> {
    pub text: &'a str,
    /// True if it would contradict the answer no in the column of secrecy.
    pub firm: bool,
}

/// Maximum length of a marking, in bytes.
const LONGEST: usize = 200;

/// Stems of words for secret.
const SECRET: [&str; 22] = [
    "salassa",
    "salainen",
    "salaise",
    "salaist",
    "salaisi",
    "salatt",
    "luottamuksel",
    "sekretess",
    "hemlig",
    "secret",
    "secrecy",
    "confidential",
    "konfidenti",
    "förtrolig",
    "arkaluont",
    "viranomaiskäyt",
    "tjänstebruk",
    "turvaluok",
    "turvallisuusluok",
    "säkerhetsklass",
    "vaitiolo",
    "restricted",
];

/// Stems of those that name secrecy as a subject.
const SUBJECTS: [&str; 8] = [
    "salassapito",
    "salassapido",
    "luottamuksellisuu",
    "secrecy",
    "confidentiality",
    "vaitiolo",
    "sekretessbestämmelse",
    "sekretesslag",
];

/// Stems of words for public.
const PUBLIC: [&str; 10] = [
    "julki",
    "julka",
    "offentlig",
    "public",
    "publis",
    "nettiin",
    "verkkoon",
    "internet",
    "nätet",
    "online",
];

/// Neutral words in a marking.
const NEUTRAL: [&str; 99] = [
    "pidettävä",
    "pidettävät",
    "pidettävää",
    "pidettäviä",
    "pidetään",
    "pidetty",
    "saa",
    "får",
    "do",
    "may",
    "be",
    "to",
    "must",
    "keep",
    "kept",
    "vain",
    "only",
    "för",
    "for",
    "endast",
    "enbart",
    "täysin",
    "erittäin",
    "helt",
    "strictly",
    "osittain",
    "delvis",
    "partly",
    "nosto",
    "nostot",
    "lyft",
    "lyften",
    "synpunkt",
    "synpunkter",
    "note",
    "notes",
    "text",
    "teksti",
    "asia",
    "asiat",
    "ärende",
    "ärenden",
    "matter",
    "matters",
    "tieto",
    "tiedot",
    "tietoja",
    "tietoa",
    "uppgift",
    "uppgifter",
    "information",
    "material",
    "aineisto",
    "asiakirja",
    "asiakirjat",
    "handling",
    "handlingar",
    "document",
    "documents",
    "muistio",
    "kohta",
    "kohdat",
    "osio",
    "taulukko",
    "lista",
    "luettelo",
    "lomake",
    "tabell",
    "table",
    "list",
    "sheet",
    "belagd",
    "belagda",
    "belagt",
    "ska",
    "skall",
    "hållas",
    "huom",
    "obs",
    "ja",
    "och",
    "and",
    "the",
    "use",
    "bruk",
    "käyttö",
    "käyttöön",
    "luokka",
    "luokiteltu",
    "klass",
    "class",
    "taso",
    "mom",
    "momentti",
    "kohdan",
    "punkt",
    "nojalla",
    "mukaan",
    "enligt",
];

/// Markings of several words, without spaces.
const PHRASES: [&str; 9] = [
    "vainviranomaisille",
    "vainviranomaistenkäyttöön",
    "vainsisäiseenkäyttöön",
    "endastförmyndigheter",
    "endastförinterntbruk",
    "forofficialuseonly",
    "officialuseonly",
    "forauthoritiesonly",
    "forinternaluseonly",
];

/// Stems with which a short cell in an unknown column marks its row as secret, even beside
/// other words.
const PLAIN: [&str; 8] = [
    "viranomaiskäyt",
    "tjänstebruk",
    "luottamuksellinen",
    "luottamuksellista",
    "sekretessbelag",
    "salassapidettäv",
    "turvallisuusluok",
    "säkerhetsklass",
];

/// Characters that end a marking.
const ENDS: [char; 18] =
    ['\n', '\r', '.', ':', ';', '!', '|', '–', '—', '(', ')', '[', ']', '{', '}', '*', '<', '>'];

/// What a piece of text claims as a whole.
pub(in crate::import) fn claim(piece: &str) -> SecrecyClaim {
    if piece.len() > LONGEST {
        return SecrecyClaim::Nothing;
    }
    if calls_secret(piece) || PHRASES.contains(&parts(piece).concat().as_str()) {
        return if is_subject(&folded(piece)) {
            SecrecyClaim::Subject
        } else {
            SecrecyClaim::Secret
        };
    }
    let text = folded(piece).replace('§', " § ");
    let words: Vec<&str> = words(&text).collect();
    let (mut said, mut denied) = (SecrecyClaim::Nothing, false);
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let own = if is_law(word) {
            SecrecyClaim::Law
        } else if is_class(word, next) {
            SecrecyClaim::Secret
        } else if *word == "24" && next == "§" || *word == "§" && next == "24" {
            SecrecyClaim::Subject
        } else if is_secret(word) {
            if is_subject(word) { SecrecyClaim::Subject } else { SecrecyClaim::Secret }
        } else if NOT.contains(word) {
            denied = true;
            continue;
        } else if PUBLIC.iter().any(|stem| word.starts_with(stem)) {
            let own = if denied { SecrecyClaim::Secret } else { SecrecyClaim::Nothing };
            denied = false;
            own
        } else if is_neutral(word) {
            SecrecyClaim::Nothing
        } else {
            return SecrecyClaim::Nothing;
        };
        if !denied {
            said = said.max(own);
        }
    }
    said
}

/// The words that mark a text, or a part of it, as secret.
pub(in crate::import) fn marking(text: &str) -> Option<Marking<'_>> {
    let pieces = text.split(ENDS).flat_map(|piece| piece.split(" - ")).map(str::trim);
    let mut pieces = pieces.filter(|piece| piece.chars().any(char::is_alphanumeric));
    let first = pieces.next()?;
    let begins =
        [first, capitals(text)].into_iter().find(|piece| claim(piece) != SecrecyClaim::Nothing);
    if let Some(text) = begins {
        return Some(Marking { text, firm: claim(text) == SecrecyClaim::Secret });
    }
    let inside = pieces.find(|piece| claim(piece) >= SecrecyClaim::Law)?;
    Some(Marking { text: inside, firm: false })
}

/// True for a cell in an unknown column that marks its row as secret or cites a secrecy
/// law.
pub(in crate::import) fn names_secrecy(cell: &str) -> bool {
    if claim(cell) != SecrecyClaim::Nothing || marking(cell).is_some() {
        return true;
    }
    let text = folded(cell);
    let law = words(&text).any(is_law);
    let cited = text.contains('§') || words(&text).any(|word| matches!(word, "julkl" | "offl"));
    let plain = |word: &str| PLAIN.iter().any(|stem| word.starts_with(stem));
    let plainly = text.contains("salassa pid") || words(&text).any(plain);
    law && cited || plainly && cell.len() <= LONGEST && !denies(&text)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '§').filter(|word| !word.is_empty())
}

fn denies(text: &str) -> bool {
    words(text).next().is_some_and(|word| NOT.contains(&word))
}

fn is_law(word: &str) -> bool {
    let long = ["julkisuusl", "offentlighetsl"];
    matches!(word, "julkl" | "offl") || long.iter().any(|stem| word.starts_with(stem))
}

/// Security classes: `TL IV`, `ST III`, `TLIV`.
fn is_class(word: &str, next: &str) -> bool {
    let class = word.strip_prefix("tl").or_else(|| word.strip_prefix("st"));
    class.is_some_and(|level| is_roman(if level.is_empty() { next } else { level }))
}

fn is_roman(word: &str) -> bool {
    matches!(word, "i" | "ii" | "iii" | "iv")
}

fn is_secret(word: &str) -> bool {
    SECRET.iter().any(|stem| word.starts_with(stem)) && !is_other(word)
}

fn is_subject(word: &str) -> bool {
    word == "sekretess" || SUBJECTS.iter().any(|stem| word.starts_with(stem))
}

/// Neutral words: numbers, letters of sections, levels.
fn is_neutral(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || word.chars().count() == 1
        || is_roman(word)
        || NEUTRAL.contains(&word)
}

/// The words in capitals at the beginning of a text that continues in lower case.
fn capitals(text: &str) -> &str {
    let text = text.trim_start();
    let mut end = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if word.chars().any(char::is_lowercase) {
            return text[..end].trim_end();
        }
        end += word.len();
    }
    ""
}
