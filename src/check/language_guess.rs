//! Guesses whether a short text is in a certain language, by its words. For texts that
//! are the same in two languages, where a name is right and a word is not.

use std::collections::HashSet;

use crate::model::Language;

/// Endings of Finnish words for offices, bodies and places, which do not occur in names
/// that are the same in every language.
const FINNISH_ENDS: &[&str] = &[
    "kunta",
    "kunnan",
    "kunnat",
    "kuntien",
    "kaupunki",
    "kaupungin",
    "kaupungit",
    "alue",
    "alueen",
    "alueet",
    "kirjaamo",
    "virasto",
    "toimisto",
    "keskus",
    "yhdistys",
    "järjestö",
    "järjestöt",
    "järjestöjen",
    "seurakunta",
    "palvelut",
    "palvelujen",
    "palveluiden",
    "hallitus",
    "valtuusto",
    "lautakunta",
    "ryhmä",
    "ryhmät",
    "johtaja",
    "päällikkö",
    "suunnittelija",
    "koordinaattori",
    "sihteeri",
    "asiantuntija",
    "vastaava",
    "edustaja",
    "edustajat",
    "esihenkilö",
    "lääkäri",
    "hoitaja",
    "ohjaaja",
    "liitto",
    "säätiö",
    "osuuskunta",
    "kokous",
    "kokoukset",
    "sali",
    "talo",
    "kirjasto",
    "koulu",
    "opisto",
    "neuvottelu",
    "neuvottelut",
    "suunnitelma",
    "sopimus",
    "esitys",
    "selvitys",
    "ohjelma",
    "kysely",
    "foorumi",
    "työ",
    "hanke",
    "tavoite",
    "tavoitteet",
    "tuki",
    "toiminta",
    "toimintamalli",
    "yritykset",
    "yrittäjät",
    "perheet",
    "nuoret",
    "lapset",
    "ikääntyneet",
    "työikäiset",
    "mieli",
    "terveys",
    "turvallisuus",
    "toimialue",
    "aikataulu",
];
/// Letters that only Finnish words have inside.
const FINNISH_PARTS: &[&str] = &["ää", "öö", "yy", "uu", "äi", "öi", "yö", "kk", "aa", "ii"];
const FINNISH_TAILS: &[&str] = &[
    "inen", "minen", "uus", "tys", "eys", "äys", "öys", "ssä", "stä", "llä", "ltä", "ksi", "jen",
    "kset", "inti",
];
const FINNISH_WORDS: &[&str] =
    &["ja", "sekä", "tai", "on", "ei", "klo", "julkl", "mukaan", "kanssa", "osalta", "vuosi"];
const SWEDISH_WORDS: &[&str] = &[
    "och",
    "för",
    "av",
    "med",
    "på",
    "till",
    "i",
    "om",
    "vid",
    "den",
    "det",
    "ett",
    "en",
    "som",
    "kommun",
    "kommunen",
    "stad",
    "staden",
    "möte",
    "distansmöte",
    "registratorskontoret",
];
const SWEDISH_TAILS: &[&str] = &[
    "ning",
    "ningen",
    "ningar",
    "het",
    "heten",
    "lig",
    "liga",
    "ande",
    "chef",
    "chefen",
    "ledare",
    "kommun",
    "kommuner",
    "området",
    "område",
    "tjänster",
    "förhandling",
    "sekreterare",
    "råd",
    "nämnd",
    "grupp",
    "plan",
    "möte",
    "samordnare",
    "planerare",
    "direktör",
];
/// True when any word of a text is in the language. In a `name`, only lower-case words
/// and common nouns count; words that begin like a `proper` name do not.
pub fn is_in(text: &str, language: Language, name: bool, proper: &ProperNames) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !proper.has(word)).any(|word| {
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let small = word.to_lowercase();
        let ends = |tails: &[&str]| tails.iter().any(|tail| small.ends_with(tail));
        let is = |words: &[&str]| words.contains(&small.as_str());
        let loose = !(name && capital);
        match language {
            Language::Fi => {
                let long = small.chars().count() > 3;
                let parts = FINNISH_PARTS.iter().any(|part| small.contains(part));
                is(FINNISH_WORDS)
                    || ends(FINNISH_ENDS)
                    || (loose && long && (parts || ends(FINNISH_TAILS)))
            }
            Language::Sv => is(SWEDISH_WORDS) || (loose && ends(SWEDISH_TAILS)),
            // many names contain its short words
            Language::En => false,
        }
    })
}

/// Proper names, by what their inflected forms have in common: Jyväskylä, Jyväskylän.
#[derive(Debug, Clone, Default)]
pub struct ProperNames {
    stems: HashSet<String>,
}

impl ProperNames {
    /// Compiles names such as those of municipalities.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let stem = |name: &str| {
            let letters = name.chars().count();
            name.chars().take(letters.saturating_sub(2).max(SHORTEST_STEM)).collect()
        };
        Self { stems: names.into_iter().map(stem).collect() }
    }

    /// True when a word is one of the names in any case.
    fn has(&self, word: &str) -> bool {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        word.starts_with(char::is_uppercase)
            && ends.skip(SHORTEST_STEM - 1).any(|end| self.stems.contains(&word[..end]))
    }
}

/// Fewest letters of a stem.
const SHORTEST_STEM: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_names() {
        let proper = ProperNames::of(["Saarijärvi", "Äänekoski", "Jyväskylä"]);
        let finnish = |text: &str, name| is_in(text, Language::Fi, name, &proper);
        for text in [
            "kehittämispäällikkö",
            "rehtori ja opettaja",
            "hyvinvointikoordinaattori",
            "Mielenterveys",
            "Turvallisuus",
            "Etäyhteys",
            "Nuorten hyvinvointi",
            "sivistysjohtaja",
            "Lapset, nuoret ja perheet",
            "Asuminen",
            "Päihteet",
        ] {
            assert!(finnish(text, false), "{text}");
        }
        for text in [
            "Jämsän kaupunki",
            "Kuntaryhmän alueen järjestöt",
            "Jyväskylän kaupungin kirjaamo",
            "Kaupungintalo",
            "Etäkokous",
            "Äänekosken valtuustosali",
        ] {
            assert!(finnish(text, true), "{text}");
        }
        for text in ["Teams", "Jyväskylä", "Saarijärvi", "Äänekoski", "Pihlajalinna Oy", "Workshop"]
        {
            assert!(!finnish(text, true), "{text}");
        }
        for text in ["Mini-intervention", "Covid-19", "Saarijärvi", "HYTE 2025", "Kick-off"] {
            assert!(!finnish(text, false), "{text}");
        }
        assert!(is_in("Ordförande för gruppen", Language::Sv, false, &ProperNames::default()));
    }
}
