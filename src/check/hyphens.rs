//! The rule about hyphens: one followed by a space, a suspended hyphen without its space
//! ("kunta-ja"), and one inside a word, as a line break in a document leaves it. Uses no
//! dictionary.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, fix, without_addresses, words};
use super::tables::KnownWords;
use crate::model::translation::Prose;
use crate::model::{Fix, Language};

/// Misplaced hyphens; one finding per field.
pub fn hyphens(texts: &Texts, known: &KnownWords, report: &mut Report<'_>) {
    let all = Vocabulary { texts, words: OnceCell::new() };
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        if text.contains('-')
            && !space_after(prose, &text, texts.language, &all, report)
            && !suspended(prose, &text, texts.language, report)
        {
            inside_word(prose, &text, texts.language, (&all, known), report);
        }
    }
}

/// The words of the record in lower case, collected when first needed.
struct Vocabulary<'a> {
    texts: &'a Texts,
    words: OnceCell<BTreeSet<String>>,
}

impl Vocabulary<'_> {
    /// True when the record has a word without a hyphen that begins like this.
    fn begins(&self, beginning: &str) -> bool {
        let words = self.words.get_or_init(|| {
            let all = self.texts.all.iter().flat_map(|prose| words(&prose.text));
            all.filter(|(_, word)| !word.contains('-')).map(|(_, w)| w.to_lowercase()).collect()
        });
        let mut from = words.range(beginning.to_owned()..);
        from.next().is_some_and(|word| word.starts_with(beginning))
    }
}

/// A hyphen followed by a space it should not have: "Hyte- työ".
fn space_after(
    prose: &Prose,
    text: &str,
    language: Language,
    all: &Vocabulary<'_>,
    report: &mut Report<'_>,
) -> bool {
    static OPEN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(\p{L}{2,})-(?: +\n? *|\n *)(\p{L}+)")
            .if_text(|text| text.contains("- ") || text.contains("-\n"))
    });
    let may_follow: &[&str] = match language {
        Language::Fi => &["ja", "tai", "sekä", "eli", "että", "vai", "kuin", "mutta", "ynnä"],
        Language::Sv => &["och", "eller", "samt", "till", "men", "respektive", "kontra"],
        Language::En => &["and", "or", "to", "versus", "but"],
    };
    for found in OPEN.captures_iter(text) {
        let (Some(range), next) = (found.get(0), found[2].to_lowercase()) else { continue };
        if may_follow.contains(&next.as_str()) {
            continue;
        }
        let left = found[1].to_lowercase();
        let small = found[2].chars().next().is_some_and(char::is_lowercase);
        let solid = small && is_one_word(&left, &next, language, all);
        let joined = format!("{}{}{}", &found[1], if solid { "" } else { "-" }, &found[2]);
        report_joined(prose, range.range(), joined, report);
        return true;
    }
    false
}

/// A suspended hyphen with its space on the wrong side, or without one: "kulttuuri-ja
/// liikuntapalvelut", "sivistys -ja kulttuuritoimi".
fn suspended(prose: &Prose, text: &str, language: Language, report: &mut Report<'_>) -> bool {
    let mut all = suspended_in(text, language);
    all.retain(|(range, _)| !is_reported(prose, range, report));
    let Some((first, joined)) = all.first().cloned() else { return false };
    let mut new = prose.text.clone();
    for (range, joined) in all.iter().rev() {
        new.replace_range(range.clone(), joined);
    }
    // "kunnat-ja" has no suspended first part
    let safe = all.iter().all(|(range, _)| !text[range.clone()].contains("t-"));
    report_hyphen(prose, first, joined, fix(prose, new, safe), report);
    true
}

/// All suspended hyphens of a text that are not followed by a space, with the corrected
/// words. A lower-case conjunction after a hyphen is not a name: "Anna-Ja".
fn suspended_in(text: &str, language: Language) -> Vec<(Range<usize>, String)> {
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        const JOINS: [&str; 6] = ["-ja", "-JA", "-ta", "-TA", "-se", "-SE"];
        pattern(r"([\p{L}\p{N}]+)( -|-)(ja|JA|tai|TAI|sekä|SEKÄ|taikka|TAIKKA)(\s+)(\p{L}|\p{N})")
            .if_text(|text| JOINS.iter().any(|join| text.contains(join)))
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        const JOINS: [&str; 6] = ["-och", "-OCH", "-el", "-EL", "-sa", "-SA"];
        pattern(r"([\p{L}\p{N}]+)( -|-)(och|OCH|eller|ELLER|samt|SAMT)(\s+)(\p{L}|\p{N})")
            .if_text(|text| JOINS.iter().any(|join| text.contains(join)))
    });
    let own = match language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => return Vec::new(),
    };
    let mut found = Vec::new();
    for parts in own.captures_iter(text) {
        let (Some(left), Some(joins)) = (parts.get(1), parts.get(3)) else { continue };
        let capitals = |word: &str| word.chars().all(|c| !c.is_lowercase());
        let shouted = capitals(joins.as_str());
        // "YTE-ja" is a mistake, "Anna-JA" is a name
        if shouted && !capitals(left.as_str()) {
            continue;
        }
        // "kunnat -ja järjestöt" has a hyphen for a dash, or a superfluous one
        let parted = text[left.end()..].starts_with(' ');
        if parted && left.as_str().to_lowercase().ends_with(['t', 'n']) {
            continue;
        }
        found.push((left.start()..joins.end(), format!("{}- {}", left.as_str(), joins.as_str())));
    }
    found
}

/// A hyphen inside a word that is written as one: "työllistymis-mahdollisuus".
fn inside_word(
    prose: &Prose,
    text: &str,
    language: Language,
    (all, known): (&Vocabulary<'_>, &KnownWords),
    report: &mut Report<'_>,
) {
    for (range, word) in words(text).filter(|(_, word)| word.contains('-')) {
        let small = word.to_lowercase();
        // "Keski-Suomi", "THL-yhteistyö": no line break leaves a capital inside
        let capitals = word.chars().skip(1).any(char::is_uppercase);
        if capitals || small.len() != word.len() || known.know(&small) {
            continue;
        }
        let at = small.match_indices('-').map(|(at, _)| at).find(|at| {
            let left = small[..*at].rsplit('-').next().unwrap_or_default();
            let right = small[at + 1..].split('-').next().unwrap_or_default();
            is_one_word(left, right, language, all)
        });
        if let Some(at) = at {
            let joined = format!("{}{}", &word[..at], &word[at + 1..]);
            return report_joined(prose, range, joined, report);
        }
    }
}

fn report_joined(prose: &Prose, range: Range<usize>, joined: String, report: &mut Report<'_>) {
    if is_reported(prose, &range, report) {
        return;
    }
    let mut new = prose.text.clone();
    new.replace_range(range.clone(), &joined);
    report_hyphen(prose, range, joined, fix(prose, new, false), report);
}

/// True when another rule has already reported the place.
fn is_reported(prose: &Prose, range: &Range<usize>, report: &Report<'_>) -> bool {
    report.problems.iter().any(|problem| {
        let other = problem.place.within.as_ref();
        problem.place.field == prose.field
            && other.is_some_and(|o| o.start < range.end && range.start < o.end)
    })
}

fn report_hyphen(
    prose: &Prose,
    range: Range<usize>,
    joined: String,
    fix: Fix,
    report: &mut Report<'_>,
) {
    let problem = report.found("text-hyphen", &prose.field).within(range.clone());
    let problem = problem.with("words", &prose.text[range]).with("joined", joined);
    report.problems.push(problem.fixed_by(fix));
}

/// True for two parts, in lower case, that are written as one word.
fn is_one_word(left: &str, right: &str, language: Language, all: &Vocabulary<'_>) -> bool {
    match language {
        Language::Fi => parts_finnish(left, right) || occurs_as_one_word(left, right, all),
        Language::Sv => parts_swedish(left, right) || occurs_as_one_word(left, right, all),
        Language::En => false,
    }
}

/// Finnish first parts that are never words by themselves: "kehittämis", "kansalais",
/// "kokonais". They form one word with what follows.
fn is_bound(left: &str) -> bool {
    left.chars().count() >= 5 && left.ends_with("is")
}

/// Endings that no Finnish word begins with.
const ENDINGS: &[&str] = &[
    "minen", "misen", "miseen", "misessa", "misessä", "misesta", "misestä", "misella", "misellä",
    "mista", "mistä", "tuminen", "tyminen", "taminen", "täminen", "sessa", "sessä", "sesta",
    "sestä", "seen", "sella", "sellä", "selle", "sista", "sistä", "sissa", "sissä", "silla",
    "sillä", "sille", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi",
    "isuuden", "isyyden", "isuutta", "isyyttä", "isuus", "isyys", "llinen", "llisen", "lliset",
    "llisten", "jien", "joiden", "jöiden", "jille", "jilta",
];

/// Beginnings of second parts that never follow an equal first part: such a compound is
/// one word.
const HEADS: &[&str] = &[
    "suunnitelm",
    "mahdollisuu",
    "toimintamal",
    "kertomuks",
    "kertomus",
    "kokonaisuu",
    "tavoitte",
    "palvelu",
    "edellytyks",
    "edellytys",
    "vaikutuks",
    "vaikutus",
    "selvityks",
    "selvitys",
    "järjestelm",
    "ympäristö",
    "kohtai",
    "koordinaat",
];

fn parts_finnish(left: &str, right: &str) -> bool {
    let long = |word: &str, least: usize| word.chars().count() >= least;
    if !long(left, 3) || !long(right, 3) || left.contains(char::is_numeric) {
        return false;
    }
    if ENDINGS.contains(&right) {
        return true;
    }
    // "suomalais-ruotsalainen": two coordinate adjectives
    const ADJECTIVES: &[&str] = &[
        "llinen", "llise", "llist", "llisi", "lainen", "laise", "laist", "laisi", "läinen", "läis",
    ];
    let pair = ["lais", "läis", "llis"].iter().any(|end| left.ends_with(end))
        && ADJECTIVES.iter().any(|end| right.contains(end));
    if is_bound(left) {
        return !pair;
    }
    // "linja-auto": the hyphen stays between two equal vowels
    let last = left.chars().next_back();
    let vowel = last.is_some_and(|c| "aeiouyäö".contains(c));
    let same = last == right.chars().next();
    vowel && !same && long(left, 7) && HEADS.iter().any(|head| right.starts_with(head))
}

/// Swedish first parts with a linking "s".
fn parts_swedish(left: &str, right: &str) -> bool {
    const JOINED: &[&str] =
        &["ings", "hets", "tets", "ions", "skaps", "nads", "färds", "vårds", "bets", "livs"];
    let long = left.chars().count() >= 5 && right.chars().count() >= 4;
    long && JOINED.iter().any(|end| left.ends_with(end))
}

/// True when the record has the word without its hyphen, inflected or not.
fn occurs_as_one_word(left: &str, right: &str, all: &Vocabulary<'_>) -> bool {
    if left.chars().count() < 4 || right.chars().count() < 4 {
        return false;
    }
    let head: String = right.chars().take(4).collect();
    all.begins(&format!("{left}{head}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_inside_a_word_is_told_from_one_that_belongs_there() {
        for (left, right) in [
            ("työllistymis", "mahdollisuuksien"),
            ("kehittämis", "suunnitelma"),
            ("kansalais", "järjestö"),
            ("palveluverkkopäätök", "sessä"),
            ("edistä", "minen"),
            ("hyvinvointi", "suunnitelman"),
        ] {
            assert!(parts_finnish(left, right), "{left}-{right}");
        }
        for (left, right) in [
            ("hyte", "työ"),
            ("hytetu", "suunnitelman"),
            ("linja", "auto"),
            ("yta", "alueella"),
            ("sote", "palvelut"),
            ("huono", "osaisuus"),
            ("seniori", "hyvinvointineuvolan"),
            ("neuvola", "järjestö"),
            ("asiakas", "työntekijä"),
            ("audit", "testi"),
            ("ilta", "ajan"),
            ("pth", "palvelut"),
            ("toiminta", "alue"),
            ("lääkäri", "tutkija"),
            ("suomalais", "ruotsalainen"),
            ("hallinnollis", "taloudellista"),
        ] {
            assert!(!parts_finnish(left, right), "{left}-{right}");
        }
        assert!(parts_swedish("förhandlings", "omgången") && !parts_swedish("vård", "platser"));
    }

    #[test]
    fn a_hanging_hyphen_has_its_space_behind_it() {
        let mended = |text: &str, language| {
            let mut new = text.to_owned();
            for (range, joined) in suspended_in(text, language).into_iter().rev() {
                new.replace_range(range, &joined);
            }
            new
        };
        for (language, text, right) in [
            (Language::Fi, "kulttuuri-ja liikuntapalvelut", "kulttuuri- ja liikuntapalvelut"),
            (Language::Fi, "perhe-ja\nsosiaalityö", "perhe- ja\nsosiaalityö"),
            (Language::Fi, "Päihde-tai mielenterveystyö", "Päihde- tai mielenterveystyö"),
            (Language::Fi, "hyte-sekä sote-työ", "hyte- sekä sote-työ"),
            (Language::Fi, "sivistys -ja kulttuuritoimi", "sivistys- ja kulttuuritoimi"),
            (Language::Fi, "KUNTA-JA JÄRJESTÖTYÖ", "KUNTA- JA JÄRJESTÖTYÖ"),
            (Language::Fi, "2-ja 3-vuotiaat", "2- ja 3-vuotiaat"),
            (
                Language::Fi,
                "kunta-ja järjestöyhteistyö, perhe-ja sosiaalityö",
                "kunta- ja järjestöyhteistyö, perhe- ja sosiaalityö",
            ),
            (Language::Sv, "social-och hälsovården", "social- och hälsovården"),
            (Language::Sv, "Hälso-och sjukvården", "Hälso- och sjukvården"),
            (Language::Sv, "barn-eller ungdomsarbete", "barn- eller ungdomsarbete"),
        ] {
            assert_eq!(mended(text, language), right, "{text}");
        }
        for text in [
            "kulttuuri- ja liikuntapalvelut",
            "Anna-Ja Malli, Ylä-Jaakko ja Anna-JA Malli",
            "sote-jalkautuminen, video-tai-kuva, hyte-tailorointi",
            "kunnat -ja järjestöt",
            "Mukana:\n-ja muut",
            "Asia-ja.",
        ] {
            assert_eq!(mended(text, Language::Fi), text);
        }
        // in another language it is no joining word
        assert_eq!(mended("Hälso-och sjukvården", Language::Fi), "Hälso-och sjukvården");
    }

    #[test]
    fn a_word_that_the_record_writes_as_one_is_one() {
        let texts = Texts { language: Language::Fi, all: Vec::new() };
        let words = OnceCell::from(BTreeSet::from(["toimintamalleja".to_owned()]));
        let all = Vocabulary { texts: &texts, words };
        assert!(occurs_as_one_word("toiminta", "mallin", &all));
        assert!(!occurs_as_one_word("toiminta", "alue", &all));
    }
}
