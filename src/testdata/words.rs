//! Texts of a wanted length for generated records: plain sentences of each
//! language, words of sixty letters, or the signs that markup languages use.
//! Always the same for the same question.

use std::cell::Cell;

use crate::model::Language;

/// What texts are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Sentences as officials write them.
    Plain,
    /// Words of sixty letters.
    LongWords,
    /// Markup of Typst, Handlebars, HTML and CommonMark, and odd signs.
    Hostile,
}

/// Gives texts one after another.
pub struct Words {
    style: Style,
    language: Language,
    given: Cell<usize>,
}

const FI: [&str; 8] = [
    "Lasten ja nuorten palveluihin toivotaan yhteisiä pelisääntöjä kuntien kanssa.",
    "Hyvinvointialueen ja kuntien yhteistyörakenteet kaipaavat selkeyttämistä.",
    "Ikääntyneiden liikkumisturvallisuus huolestuttaa erityisesti haja-asutusalueella.",
    "Ennaltaehkäisevän päihdetyön verkosto kokoontuu kahdesti vuodessa.",
    "Järjestöjen toimintaedellytykset turvataan 612/2021 6 §:n mukaisesti.",
    "Mielenterveyspalvelujen saavutettavuus paranee, kun ohjaus on yhdessä paikassa.",
    "Kuntien hyvinvointikertomukset valmistuvat keväällä 2026 klo 12.00 mennessä.",
    "Työikäisten kuntoutukseen ohjautuminen vaatii uusia toimintatapoja.",
];
const SV: [&str; 8] = [
    "Kommunerna önskar gemensamma spelregler för tjänsterna för barn och unga.",
    "Samarbetsstrukturerna mellan välfärdsområdet och kommunerna behöver förtydligas.",
    "De äldres trafiksäkerhet väcker oro, särskilt i glesbygden.",
    "Nätverket för förebyggande rusmedelsarbete sammanträder två gånger om året.",
    "Organisationernas verksamhetsförutsättningar tryggas enligt 612/2021 6 §.",
    "Tillgången till mentalvårdstjänster förbättras när rådgivningen finns på ett ställe.",
    "Kommunernas välfärdsberättelser blir klara våren 2026 senast kl. 12.00.",
    "Att styra personer i arbetsför ålder till rehabilitering kräver nya arbetssätt.",
];
const EN: [&str; 8] = [
    "Municipalities wish for shared ground rules in services for children and young people.",
    "The cooperation structures of the county and the municipalities need clarification.",
    "The road safety of older people is a concern, above all in sparsely populated areas.",
    "The network for preventive substance abuse work meets twice a year.",
    "The operating conditions of organisations are secured under 612/2021, section 6.",
    "Access to mental health services improves when guidance is in one place.",
    "The municipal wellbeing reports will be completed in spring 2026 by 12:00.",
    "Referring people of working age to rehabilitation calls for new ways of working.",
];
/// Words of sixty letters, without and with syllables.
const LONG: [&str; 3] = [
    "hyvinvointialueyhteistoimintaneuvottelukuntatyöryhmäpöytäkirja",
    "Järjestelmällistyttämättömyydellänsäkäänköhänyhteisymmärrykses",
    "samhällsutvecklingssamarbetsförhandlingsprotokollsjusteringarna",
];
const HOSTILE: [&str; 8] = [
    "#panic(\"x\") $x^2$ @viite <nimi> = otsikko // huomautus",
    "{{meta.title}} {{{raw}}} {{> partials/x}} \\{{y}}",
    "<script>alert(1)</script> &amp; <b>lihava</b>",
    "*tähti* _alaviiva_ `koodi` ~~~ --- ... [linkki](osoite)",
    "\"lainaus\" 'puolilainaus' ”suomeksi” «vieraskielinen» %20 \\u{0}",
    "] } ) #show: none #set page(width: 1pt) */ /* ;",
    "1. ei luettelo 2) eikä tämä + plussa - miinus / jako : määritelmä",
    "C:\\polku\\tiedosto § 80 € 1 000 000 ½ ≥ → Čáčć Åäö ŽŠ",
];

impl Words {
    /// Texts of a style in a language.
    pub fn new(style: Style, language: Language) -> Self {
        Self { style, language, given: Cell::new(0) }
    }

    /// One line of about this many characters; another at each call.
    pub fn line(&self, length: usize) -> String {
        let mut line = String::new();
        while line.chars().count() < length {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(self.next());
        }
        if self.style == Style::Plain && line.chars().count() > length {
            shorten(&mut line, length);
        }
        line
    }

    /// Long text of about this many characters.
    pub fn text(&self, length: usize) -> String {
        self.line(length)
    }

    fn next(&self) -> &'static str {
        let number = self.given.get();
        self.given.set(number + 1);
        self.piece(number)
    }

    /// One of the pieces that texts are made of.
    pub fn piece(&self, number: usize) -> &'static str {
        let from: &[&str] = match (self.style, self.language) {
            (Style::LongWords, _) => &LONG,
            (Style::Hostile, _) => &HOSTILE,
            (Style::Plain, Language::Fi) => &FI,
            (Style::Plain, Language::Sv) => &SV,
            (Style::Plain, Language::En) => &EN,
        };
        from[number % from.len()]
    }
}

/// Cuts at the end of a word, so that what is left has about this length.
fn shorten(line: &mut String, length: usize) {
    let end = line.char_indices().nth(length).map_or(line.len(), |(at, _)| at);
    let cut = line[..end].rfind(' ').filter(|at| *at > length / 2).unwrap_or(end);
    line.truncate(cut);
    let kept = line.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    line.truncate(kept.max(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_about_the_length_that_is_asked_for() {
        let words = Words::new(Style::Plain, Language::Fi);
        for length in [8, 30, 120, 600] {
            let line = words.line(length);
            let got = line.chars().count();
            assert!(got <= length && got * 2 >= length, "{length}: {line}");
        }
        for word in LONG {
            assert!(word.chars().count() >= 60, "{word}");
        }
    }
}
