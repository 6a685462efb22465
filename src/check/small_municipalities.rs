//! The rule about small municipalities: sentences about somebody's health or custody from
//! which a reader could tell who is meant.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, sentences};
use super::stems::Stems;
use crate::model::translation::Prose;
use crate::model::{Language, Record};

/// Municipalities with fewer than 2,000 inhabitants (`data/municipalities.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallMunicipalities {
    /// Date of the figures, for whoever maintains the table.
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "source")]
    _source: String,
    under_2000: Vec<Names>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    fi: String,
    sv: String,
}

/// Words about the health or custody of individuals (`data/sensitive.json`), by their
/// beginnings.
#[derive(Debug, Clone, Default)]
pub struct Sensitive(BTreeMap<Language, Stems>);

impl Sensitive {
    /// Compiles the table.
    pub fn new(table: BTreeMap<Language, Vec<String>>) -> Self {
        let ready = |stems: Vec<String>| Stems::any_case(stems.iter().map(String::as_str));
        Self(table.into_iter().map(|(language, stems)| (language, ready(stems))).collect())
    }

    /// The first such word of a text.
    fn find(&self, language: Language, text: &str) -> Option<Range<usize>> {
        let found = self.0.get(&language)?.find_all(text, |c| c.is_alphabetic() || c == '-');
        found.into_iter().next().map(|found| found.stem.start..found.end)
    }
}

/// Reports words about somebody's health or custody in a sentence about a small
/// municipality (621/1999 24 § 1 mom. 25 and 32 k.).
pub fn small_municipalities(
    texts: &Texts,
    small: &SmallMunicipalities,
    sensitive: &Sensitive,
    report: &mut Report<'_>,
) {
    for prose in texts.written() {
        sensitive_sentences(prose, texts.language, small, sensitive, report);
    }
}

fn sensitive_sentences(
    prose: &Prose,
    language: Language,
    small: &SmallMunicipalities,
    sensitive: &Sensitive,
    report: &mut Report<'_>,
) {
    // hardly any text has such a word
    if sensitive.find(language, &prose.text).is_none() {
        return;
    }
    let (note, secret) = note_of(prose, report);
    if secret {
        return;
    }
    for range in sentences(&prose.text) {
        let sentence = &prose.text[range.clone()];
        let Some(word) = sensitive.find(language, sentence) else { continue };
        let small = small.under_2000.iter().find(|names| {
            let own = note.as_deref().is_some_and(|name| name == names.fi || name == names.sv);
            own || [&names.fi, &names.sv].iter().any(|name| is_named(sentence, name))
        });
        let Some(small) = small.filter(|_| !is_policy(sentence, language)) else { continue };
        let place = range.start + word.start..range.start + word.end;
        let problem = report.found("small-municipality", &prose.field).within(place);
        let name = if language == Language::Sv { &small.sv } else { &small.fi };
        report.problems.push(problem.with("word", &sentence[word]).with("name", name));
    }
}

/// The municipality of the note that a text belongs to, and whether the note is secret.
fn note_of(prose: &Prose, report: &Report<'_>) -> (Option<String>, bool) {
    let Record::Session(session) = &*report.source.record else { return (None, false) };
    let index = prose.field.strip_prefix("notes[").and_then(|rest| rest.split_once(']'));
    let note = index.and_then(|(index, _)| session.notes.get(index.parse::<usize>().ok()?));
    let name = note.and_then(|note| note.municipality.as_ref()).map(ToString::to_string);
    (name, session.is_secret() || note.is_some_and(|note| note.secret))
}

/// True when a sentence names a municipality in any case.
fn is_named(sentence: &str, name: &str) -> bool {
    let count = name.chars().count();
    // Luhanka becomes Luhangan, Kannonkoski Kannonkosken
    let kept = if count >= 6 { count - 2 } else { count.saturating_sub(1).max(1) };
    let stem: String = name.chars().take(kept).collect();
    sentence
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != ':')
        .any(|word| word.starts_with(&stem) && word.chars().count() <= count + 5)
}

/// True for a sentence about general activities or plans: prevention, training,
/// cooperation. Not for one that counts cases or is about a family, a child or an event.
fn is_policy(sentence: &str, language: Language) -> bool {
    static WORK_FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:ehkäis|ennaltaehk|torju|vähentämi|tunnistami|puheeksio|koulut|toimintamall|palveluketju|suunnitel|verkosto|hank(?:e|k)|kehittä|yhteistyö|ohjelma|työryhm|saatavuu|saavutettavuu|järjestämi|vahvista|parantami|ratkaisemi|tavoit|painopist|osaami|tiedotta|viestin|edistä|seuran|arvioin|neuvonta|tukemi|tuki(?:[ ,.;]|$)|tuen(?:[ ,.;]|$)|turvaami|selvit)",
        )
    });
    static CASE_FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:\d+|yksi|yhden|yhdellä|yhdessä (?:perhe|talou)\p{L}*|kaksi|kahde\p{L}*|kolme\p{L}*|neljä\p{L}*|muutam\p{L}+|usei\p{L}+|mon(?:ta|essa|ella|ia)|eräs|erää\p{L}+|tapau\p{L}+|perhee(?:n|ssä|llä|stä)|lapsi|lapsen|lapsella|nuori|nuoren|nuorella|oppilas|oppilaan|oppilaalla|äiti|äidi\p{L}+|isä|isän|isällä|mies|miehe\p{L}+|naise(?:n|lla)|nainen|henkilö|henkilön|henkilöllä|asukas|asukkaan|asukkaalla|vanhus|vanhuksen|otettiin|sijoitettiin|sattui|tapahtui|kuoli|menehtyi|joutui|todettiin|epäillään|ilmeni)\b",
        )
    });
    static WORK_SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:förebygg|minska|utbild|verksamhetsmodell|samarbet|nätverk|projekt|utveckl|program|arbetsgrupp|tillgäng|förbättr|stärk|mål(?:et|en|sättning)|rådgivning|främj|uppfölj|identifier|plan(?:en|er|era)?(?:[ ,.;]|$)|stöd(?:et)?(?:[ ,.;]|$))",
        )
    });
    static CASE_SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:\d+|ett fall|fall(?:et|en)?|två|tre|fyra|flera|några|en familj|familjen|barnet|den unga|en elev|eleven|modern|fadern|mannen|kvinnan|personen|en person|omhändertogs|placerades|inträffade|dog|avled|misstänks|konstaterades)\b",
        )
    });
    static WORK_EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:prevent|reduc|training|operating model|network|project|develop|cooperat|programme|working group|availab|accessib|improv|strengthen|objective|goals?(?:[ ,.;]|$)|advice|promot|follow-up|identif|plan(?:s|ning)?(?:[ ,.;]|$)|support)",
        )
    });
    static CASE_EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:\d+|one|two|three|four|several|some|cases?|a family|the family|the child|a child|a pupil|the pupil|the mother|the father|the man|the woman|a person|the person|was placed|were placed|happened|occurred|died|is suspected)\b",
        )
    });
    let (work, case) = match language {
        Language::Fi => (&*WORK_FI, &*CASE_FI),
        Language::Sv => (&*WORK_SV, &*CASE_SV),
        Language::En => (&*WORK_EN, &*CASE_EN),
    };
    work.is_match(sentence) && !case.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_is_told_from_what_happened_to_somebody() {
        for text in [
            "Luhangan kunta ehkäisee lähisuhdeväkivaltaa yhdessä seurakunnan kanssa.",
            "Lastensuojelun haasteiden ratkaiseminen ja varhaisen tuen saavutettavuuden parantaminen Multiassa",
            "Kyyjärvellä itsemurhien ehkäisyn toimintamalli otetaan käyttöön.",
            "Kinnulassa koulutetaan henkilöstöä tunnistamaan päihdeongelmat.",
        ] {
            assert!(is_policy(text, Language::Fi), "{text}");
        }
        for text in [
            "Luhangassa on useita huostaanottoja.",
            "Kinnulassa perheväkivalta huolestuttaa.",
            "Kyyjärvellä tapahtui itsemurha, ja ehkäisyä vahvistetaan.",
            "Multiassa kahdessa perheessä on väkivaltaa, ja tukea vahvistetaan.",
            "Multian koulussa nuoren päihdeongelma vaatii tukea ja yhteistyötä.",
        ] {
            assert!(!is_policy(text, Language::Fi), "{text}");
        }
        assert!(is_policy("Förebyggande av våld i nära relationer i Kaskö", Language::Sv));
        assert!(!is_policy("Domestic violence in Kinnula is a worry", Language::En));
    }
}
