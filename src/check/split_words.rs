//! The rule about words split in two, as copying from the columns of a document leaves
//! them. Finnish only: a split is recognised by sounds that no Finnish word begins or
//! ends with. Uses no dictionary.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Captures;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::fix;
use crate::model::translation::Prose;

/// Whole words whose ending no other Finnish word has.
const LOANS: &[&str] = &[
    "esim",
    "workshop",
    "feedback",
    "team",
    "drop",
    "club",
    "startup",
    "film",
    "web",
    "blog",
    "rock",
    "stop",
    "gym",
    "cup",
    "show",
    "know",
    "benchmark",
    "framework",
    "backlog",
    "scrum",
    "stream",
    "zoom",
    "dialog",
    "ensimm",
    "puh",
    "milj",
    "prof",
    "huom",
    "toim",
    "podcast",
    "email",
    "mail",
    "think",
    "walk",
    "work",
    "bench",
    "coach",
    "tech",
    "touch",
    "hub",
    "lab",
    "hack",
    "pitch",
    "back",
    "check",
    "skill",
    "grill",
    "mall",
    "link",
    "book",
    "pop",
    "jazz",
    "quiz",
];

/// Words after which a single letter is a numbering.
const NUMBERED: &[&str] = &[
    "kohta",
    "kohdan",
    "kohdassa",
    "kohdat",
    "kohtien",
    "liite",
    "liitteen",
    "liitteessä",
    "vaihtoehto",
    "vaihtoehdon",
    "ryhmä",
    "ryhmän",
    "luokka",
    "luokan",
    "taulukko",
    "kuva",
    "alakohta",
    "alakohdan",
    "momentti",
    "momentin",
    "osa",
    "osan",
    "rappu",
    "lohko",
    "rata",
];

/// What may separate the two parts: a space, a line break, or both.
const GAP: &str = r"[ \u{a0}]?\n?[ \u{a0}]?";

/// Word endings that are not words by themselves, with what often precedes them. Endings
/// that are also words are left out: "nyt", "teet", "luiden", "mistä".
const RESTS: &[&str] = &[
    "jen",
    "ijen",
    "jien",
    "ojen",
    "ujen",
    "öjen",
    "yjen",
    "tojen",
    "nen",
    "inen",
    "neet",
    "neiden",
    "neita",
    "neitä",
    "neille",
    "neilla",
    "neillä",
    "misten",
    "een",
    "iin",
    "aan",
    "ään",
    "tus",
    "tuksen",
    "tukset",
    "tuksia",
    "tuksessa",
    "tuksesta",
    "tukseen",
    "tuksella",
    "tuksien",
    "tusta",
    "tusten",
    "tys",
    "tyksen",
    "tykset",
    "tyksiä",
    "tyksessä",
    "tyksestä",
    "tykseen",
    "tystä",
    "tysten",
    "mus",
    "muksen",
    "mukset",
    "muksia",
    "taminen",
    "täminen",
    "tamisen",
    "tämisen",
    "tamista",
    "tämistä",
    "tamiseen",
    "tämiseen",
    "tamisessa",
    "tämisessä",
    "llinen",
    "llisen",
    "lliset",
    "llista",
    "llistä",
    "llisia",
    "llisiä",
    "llisten",
    "llisesti",
    "llisuus",
    "llisuuden",
    "issa",
    "issä",
    "ista",
    "istä",
    "ihin",
    "eita",
    "eitä",
    "eihin",
    "eissa",
    "eissä",
    "eista",
    "eistä",
    "eille",
    "eilla",
    "eillä",
    "oita",
    "oihin",
    "oissa",
    "oista",
    "oille",
    "sti",
    "isesti",
    "yys",
    "yyden",
    "yyttä",
    "yyteen",
    "yydessä",
    "yydestä",
    "suuden",
    "suutta",
    "suuteen",
    "suuksia",
    "vuus",
    "vuuden",
    "vyys",
    "vyyden",
    "sessa",
    "sessä",
    "sesta",
    "sestä",
    "vat",
    "vät",
];

static RULES: LazyLock<[Pattern; 8]> = LazyLock::new(|| {
    [
        // no word ends like this: "puuttum iseen", "suunnitelm a"
        pattern(
            r"\b(\p{Ll}{3,}(?:[bcdfghjkmpqvwxz]|ll|nn|tt|rr))[ \u{a0}]?\n?[ \u{a0}]?([aeiouyäö]\p{Ll}{2,}|[aeiouyäö]|[aouäöy][ntaä]|i[naä])\b",
        ),
        // an ending that is separated from its word
        pattern(
            r"\b(\p{Ll}{3,})[ \u{a0}]?\n?[ \u{a0}]?((?:mis|mise|misen|miseen|misesta|misestä|misessa|misessä|minen|iseen|isen|isesta|isestä|isten|iset|illa|illä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|iden|ien|ttä|tta|tää|taan|tään|uks(?:en|et|ia|ien|iin|iksi|ina|ista|issa|ille|illa|essa|esta|een|ella|elle|ena)|yks(?:en|et|essä|estä|een|ellä|elle|enä)|isuu(?:den|tta|teen|dessa|desta|s)|isyy(?:den|ttä|teen|dessä|destä|s)|utta|yttä|uminen|ymisen|umisen|yminen|amisen|ämisen|aminen|äminen|eminen|emisen|tuminen|tyminen|tumisen|tymisen|allinen|ällinen|ellinen|ollinen|alliset|älliset|elliset|allisen|ällisen|ellisen|allisten|ällisten|ellisten))\b",
        ),
        // no word begins like this: "hyvinvoi nnin", "tavoi tteet"
        pattern(
            r"\b(\p{Ll}{2,})[ \u{a0}]?\n?[ \u{a0}]?((?:nn|nt|nk|nd|mp|lt|lk|lm|lp|lv|lj|rr|rt|rk|rv|rj|rm|rn|tt|kk|pp|ss|ks|ht|hd|hk|hn|tk|vv)\p{Ll}*[aeiouyäö]\p{Ll}*)\b",
        ),
        // one separate letter after a word: "tavoittee t"
        pattern(r"\b(\p{Ll}{5,}[aeiouyäö])[ \u{a0}]([nt])(?:$|[ ,;]|[.!?](?:$|\s+\p{Lu}))"),
        // and before one: "k ehittäminen"
        pattern(r"\b(\p{Ll}) (\p{Ll}{4,})\b"),
        // more separated endings: "palvelu jen", "kuntou tus"
        pattern(&format!(r"\b(\p{{Ll}}{{3,}}){GAP}((?:{}))\b", RESTS.join("|"))),
        // short endings that are words of another language: "toimin ta"
        pattern(&format!(r"\b(\p{{Ll}}{{5,}}){GAP}(ta|tä|na|nä|ten)\b")),
        // "tervey den", "turvallisuu dessa"; "den" alone is Swedish
        pattern(&format!(
            r"\b(\p{{Ll}}+(?:[aeiouyäö][iuy]|uo)){GAP}(den|det|dessa|dessä|desta|destä|delle|della|dellä)\b"
        )),
    ]
});

/// Reports the first word of a field that is split in two.
pub fn split_words(prose: &Prose, text: &str, report: &mut Report<'_>) {
    let Some((range, joined)) = find_all(text).into_iter().next() else { return };
    let mut new = prose.text.clone();
    new.replace_range(range.clone(), &joined);
    let problem = report.found("text-word-broken", &prose.field).within(range.clone());
    let problem = problem.with("words", &prose.text[range]).with("joined", joined);
    report.problems.push(problem.fixed_by(fix(prose, new, false)));
}

/// All words of a text that are split in two, each with its joined form.
pub fn find_all(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for (index, rule) in RULES.iter().enumerate() {
        for parts in rule.captures_iter(text) {
            let (Some(left), Some(right)) = (parts.get(1), parts.get(2)) else { continue };
            let range = left.start()..right.end();
            // without a space between them they are one word
            if left.end() < right.start() && is_split(index, &parts, text) {
                found.push((range, format!("{}{}", left.as_str(), right.as_str())));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found.dedup_by(|later, earlier| later.0.start < earlier.0.end);
    found
}

fn is_split(rule: usize, parts: &Captures<'_>, text: &str) -> bool {
    let left = &parts[1];
    let (start, end) = (parts.get(1).map_or(0, |l| l.start()), parts.get(2).map_or(0, |r| r.end()));
    // part of another word or of an abbreviation: "hyte-hank e", "n."
    let around = text[end..].starts_with(['-', '\'', '’', ':', '/', ')'])
        || text[..start].ends_with(['-', '\'', '’', '/', '(']) && matches!(rule, 3 | 4);
    let before = text[..start].trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    match rule {
        0 => !LOANS.contains(&left) && !around,
        3 => !NUMBERED.contains(&left) && !around,
        // "25 k mukaan", "kohta c koskee", "a la", "o ja"
        4 => {
            let letter = "hjklmnprstv".contains(left);
            let numbered = before.ends_with(|c: char| c.is_numeric() || "§.)".contains(c))
                || NUMBERED.contains(&before.to_lowercase().as_str());
            letter && !numbered && !around && start > 0 && text[..start].ends_with(' ')
        }
        _ => !around,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        find_all(text).into_iter().map(|(_, joined)| joined).collect()
    }

    #[test]
    fn broken_words_are_found() {
        for (text, word) in [
            ("alueellinen hyvinvointisuunnitelm a 2026", "hyvinvointisuunnitelma"),
            ("työttömien terveystarkast uksien saatavuus", "terveystarkastuksien"),
            ("varhainen puuttum iseen", "puuttumiseen"),
            ("varhainen puuttum\niseen", "puuttumiseen"),
            ("hyvinvoi nnin edistäminen", "hyvinvoinnin"),
            ("yhteiset tavoi tteet sovitaan", "tavoitteet"),
            ("palvelujen kehitt äminen jatkuu", "kehittäminen"),
            ("kuntien tavoittee t, jotka", "tavoitteet"),
            ("nuorten k ehittäminen jatkuu", "kehittäminen"),
            ("osallis uuden vahvistaminen, osallis isuuden", "osallisisuuden"),
            ("toimintamall in käyttöönotto", "toimintamallin"),
            ("sosiaalisten palvelu jen saatavuus", "palvelujen"),
            ("ikäänty neiden palvelut", "ikääntyneiden"),
            ("terveyden edistämi nen", "edistäminen"),
            ("hyvinvointialu een johtaja", "hyvinvointialueen"),
            ("yhteinen toimin ta jatkuu", "toiminta"),
            ("lasten kuntou tus", "kuntoutus"),
            ("terveyden edis\ntäminen", "edistäminen"),
            ("tervey den edistäminen", "terveyden"),
            ("asukkaiden turvallisuu den tunne", "turvallisuuden"),
            ("kunnat vastaa vat itse", "vastaavat"),
            ("työ etenee tavoitteellise sti", "tavoitteellisesti"),
            ("nuor ten palvelut, julkis ten tilojen käyttö", "julkisten"),
        ] {
            assert!(joined(text).contains(&word.to_owned()), "{text}: {:?}", joined(text));
        }
    }

    #[test]
    fn whole_words_are_left_alone() {
        for text in [
            "Lain 24 § 1 mom. 25 k mukaan ja kohdan a perusteella",
            "esim. ikääntyneet, esim ikääntyneet ja noin 3 milj euroa",
            "yksi, yksin ja yksien välillä uusi uuden uutta",
            "vaihtoehto n ja liite t",
            "n. 30 henkilöä ja s. 5",
            "Ei ole, on oltu, en ja et, ja me",
            "sosiaali- ja terveyspalvelut sekä hyte-työ",
            "kello 13 ja klo 15 asti, ks. liite",
            "työpaja on web ohjattu",
            "strategia spontaani kriisi psykologi traktori tshekki",
            "liikunta ja asia ovat, olla ilman",
            "hyvinvointialueen ilta ja ilo",
            "srk:t ja pth alueella",
            "nyt sovittiin kuin nyt, teet sen, luiden terveys ja mistä alkaen",
            "lag om den kommunala, se den, vi ska ta del",
            "mistä teiden kunto, keiden tehtävä",
        ] {
            assert_eq!(joined(text), Vec::<String>::new(), "{text}");
        }
    }
}
