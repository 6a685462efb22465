//! Rules about dates in running text: they exist, match their weekday, have a year, and
//! are not repeated. Reads no clock.

mod names;

use std::sync::LazyLock;

use names::{
    DAYS_EN, DAYS_FI, DAYS_SV, MONTHS_EN, MONTHS_FI, MONTHS_SV, SHORT_EN, SHORT_FI, SHORT_SV,
    months,
};

use super::Report;
use super::patterns::{Pattern, pattern};
use super::prose::{Texts, sentence_at, sentences, without_addresses, word_start};
use super::stems::Stems;
use crate::model::translation::Prose;
use crate::model::{Date, Language, Record};

/// A date in a text with its byte range; `None` when the day does not exist.
struct Found {
    range: std::ops::Range<usize>,
    date: Option<Date>,
}

static FIGURES: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"));
static WORDS: LazyLock<Pattern> = LazyLock::new(|| {
    let names = |names: [&str; 12], end: &str| format!("(?:{}){end}", names.join("|"));
    let (fi, sv) = (names(MONTHS_FI, "kuu(?:ta|n)"), names(MONTHS_SV, ""));
    let en = names(MONTHS_EN, "");
    pattern(&format!(r"(?:^|[^\d])((\d{{1,2}})\.? (?i:({fi}|{sv}|{en})),? (\d{{4}}))\b"))
        .if_text(has_month_behind_figure)
});

/// Whether a month stands behind a figure, as behind its day.
fn has_month_behind_figure(text: &str) -> bool {
    static MONTHS: LazyLock<Stems> =
        LazyLock::new(|| Stems::any_case([MONTHS_FI, MONTHS_SV, MONTHS_EN].concat()));
    MONTHS.find_all(text, |_| false).iter().any(|found| {
        let day = text[..found.stem.start].strip_suffix(' ').unwrap_or_default();
        day.strip_suffix('.').unwrap_or(day).ends_with(|c: char| c.is_ascii_digit())
    })
}

/// All full dates of a text, in order.
fn dates(text: &str, language: Language) -> Vec<Found> {
    let number = |text: &str| text.parse::<i16>().unwrap_or(0);
    let mut found = Vec::new();
    for captures in FIGURES.captures_iter(text) {
        let Some(range) = captures.get(0).map(|all| all.range()) else { continue };
        let figure = |c: char| c.is_ascii_digit() || c == '.';
        let next = text[range.end..].chars().next();
        if text[..range.start].ends_with(figure) || next.is_some_and(|c| c.is_ascii_digit()) {
            continue;
        }
        let [day, month, year] = [&captures[1], &captures[2], &captures[3]].map(number);
        let small = |value: i16| i8::try_from(value).unwrap_or(0);
        found.push(Found { range, date: Date::new(year, small(month), small(day)) });
    }
    for captures in WORDS.captures_iter(text) {
        let Some(range) = captures.get(1).map(|all| all.range()) else { continue };
        let word = captures[3].to_lowercase();
        let of = |names: [&str; 12]| names.iter().position(|n| word.starts_with(&n.to_lowercase()));
        let month = of(months(language)).or_else(|| of(MONTHS_FI)).or_else(|| of(MONTHS_SV));
        let month = month.or_else(|| of(MONTHS_EN)).map_or(0, |at| at as i8 + 1);
        let day = i8::try_from(number(&captures[2])).unwrap_or(0);
        found.push(Found { range, date: Date::new(number(&captures[4]), month, day) });
    }
    found.sort_by_key(|one| one.range.start);
    found
}

/// All rules about dates in texts.
pub fn dates_in_texts(texts: &Texts, report: &mut Report<'_>) {
    let document = document_date(&report.source.record);
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        relative(prose, &text, texts.language, report);
        if !text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let found = dates(&text, texts.language);
        for one in &found {
            impossible(prose, &text, one, report);
            weekday(prose, &text, one, texts.language, report);
        }
        without_year(prose, &text, texts.language, report);
        repeated(prose, &text, &found, report);
        if let Some(document) = document {
            held_later(prose, &text, &found, texts.language, document, report);
        }
    }
}

/// The date of a record's document.
pub fn document_date(record: &Record) -> Option<Date> {
    match record {
        Record::Round(round) => round.issued,
        Record::Session(session) => Some(session.issued.unwrap_or(session.date)),
        Record::Proposal(proposal) => Some(proposal.issued.unwrap_or(proposal.meeting_date)),
        Record::Summary(summary) => Some(summary.issued.unwrap_or(summary.date)),
        Record::Measures(measures) => measures.issued,
    }
}

fn impossible(prose: &Prose, text: &str, one: &Found, report: &mut Report<'_>) {
    if one.date.is_none() {
        let problem = report.found("date-impossible", &prose.field).within(one.range.clone());
        report.problems.push(problem.with("date", &text[one.range.clone()]));
    }
}

/// The weekday before a date, from 1.
fn weekday_before(before: &str, language: Language) -> Option<(i8, std::ops::Range<usize>)> {
    let trimmed = before.trim_end();
    let end = trimmed.len();
    let start = word_start(trimmed, end, |c| c.is_whitespace() || c == '(');
    let word = trimmed[start..].trim_end_matches([',', '.']).to_lowercase();
    // "fredagen den 24 oktober"
    if word == "den" && !trimmed[..start].trim_end().ends_with("den") {
        return weekday_before(&trimmed[..start], language);
    }
    let (long, short) = match language {
        Language::Fi => (DAYS_FI, SHORT_FI),
        Language::Sv => (DAYS_SV, SHORT_SV),
        Language::En => (DAYS_EN, SHORT_EN),
    };
    let day = long
        .iter()
        .position(|day| word.starts_with(day))
        .or_else(|| short.iter().position(|day| word == *day))?;
    Some((day as i8 + 1, start..end))
}

fn weekday(prose: &Prose, text: &str, one: &Found, language: Language, report: &mut Report<'_>) {
    let Some(date) = one.date else { return };
    let Some((said, range)) = weekday_before(&text[..one.range.start], language) else { return };
    if said != date.weekday() {
        let names = match language {
            Language::Fi => [
                "maanantai",
                "tiistai",
                "keskiviikko",
                "torstai",
                "perjantai",
                "lauantai",
                "sunnuntai",
            ],
            Language::Sv => DAYS_SV,
            Language::En => MONDAY_ON,
        };
        let right = names[usize::try_from(date.weekday() - 1).unwrap_or(0)];
        let problem = report.found("date-weekday", &prose.field);
        let problem = problem.within(range.start..one.range.end);
        let problem = problem.with("said", &text[range]).with("right", right);
        report.problems.push(problem.with("date", &text[one.range.clone()]));
    }
}

const MONDAY_ON: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day and a month without a year, which nobody can tell in ten years.
fn without_year(prose: &Prose, text: &str, language: Language, report: &mut Report<'_>) {
    static DAY: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?:^|[^\d.])((\d{1,2})\.(\d{1,2})\.)(?:$|[^\d])"));
    static RANGE: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^ ?[–-] ?\d{1,2}\.(?:\d{1,2}\.)? ?\d{4}"));
    // the year is at the end of the list: "23.10., 30.10. ja 6.11.2025"
    static LIST: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"^(?:(?:,| ja| sekä| och| samt| and| –)+ \d{1,2}\.\d{1,2}\.)*(?:,| ja| sekä| och| samt| and)+ \d{1,2}\.\d{1,2}\. ?\d{4}",
        )
    });
    static WORDS_LIST: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"^(?:(?:,| ja| sekä| och| samt| and)+ (?:den )?\d{1,2}\.? \p{L}+)*(?:,| ja| sekä| och| samt| and)+ (?:den )?\d{1,2}\.? \p{L}+ \d{4}",
        )
    });
    static MONTH_FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(r"\b(\d{{1,2}}\. (?:{})kuuta)\b", MONTHS_FI.join("|")))
            .if_text(|text| text.contains("kuuta"))
    });
    static MONTH_SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(r"\b(\d{{1,2}} (?i:{}))\b", MONTHS_SV.join("|")))
            .if_text(has_month_behind_figure)
    });
    static MONTH_EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(r"\b(\d{{1,2}} (?:{}))\b", MONTHS_EN.join("|")))
            .if_text(has_month_behind_figure)
    });
    static YEAR: LazyLock<Pattern> = LazyLock::new(|| pattern(r"^,? ?\d{4}"));
    let words = match language {
        Language::Fi => &*MONTH_FI,
        Language::Sv => &*MONTH_SV,
        Language::En => &*MONTH_EN,
    };
    let mut places = Vec::new();
    for found in DAY.captures_iter(text) {
        let Some(all) = found.get(1) else { continue };
        let number = |index: usize| found[index].parse::<u8>().unwrap_or(0);
        let calendar = (1..=31).contains(&number(2)) && (1..=12).contains(&number(3));
        let near = text[..all.start()].char_indices().rev().nth(24).map_or(0, |(at, _)| at);
        let before = text[near..all.start()].trim_end().to_lowercase();
        // "luvun 7.1." and "klo 9.30." are not dates
        let other = [
            "luku", "luvun", "luvussa", "kohta", "kohdan", "kohdassa", "kapitel", "punkt",
            "chapter", "section", "klo", "kl.", "kl", "–", "versio",
        ];
        let other = other.iter().any(|word| before.ends_with(word));
        let rest = behind(text, all.end());
        let known = RANGE.is_match(rest) || LIST.is_match(rest) || yearly(text, all.start());
        if calendar && !other && !known {
            places.push(all.range());
        }
    }
    for found in words.captures_iter(text) {
        let Some(all) = found.get(1) else { continue };
        let rest = behind(text, all.end());
        let range = rest.trim_start().starts_with(['–', '-']) || WORDS_LIST.is_match(rest);
        if !YEAR.is_match(rest) && !range && !yearly(text, all.start()) {
            places.push(all.range());
        }
    }
    for range in places {
        let problem = report.found("date-without-year", &prose.field).within(range.clone());
        report.problems.push(problem.with("date", &text[range]));
    }
}

/// The text after a place, as far as a list of days may reach.
fn behind(text: &str, at: usize) -> &str {
    &text[at..text.floor_char_boundary((at + 400).min(text.len()))]
}

/// True in a sentence about something that happens every year.
fn yearly(text: &str, at: usize) -> bool {
    static EACH: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:vuosittain|joka vuosi|jokaisen vuoden|kunkin vuoden|varje år|årligen|every year|each year|annually|yearly)\b",
        )
    });
    EACH.is_match(&text[sentence_at(text, at)])
}

/// A year or day that is given relative to the time of writing.
fn relative(prose: &Prose, text: &str, language: Language, report: &mut Report<'_>) {
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:ensi|viime|tänä|tämän|kuluva[nt]?|kuluneen|menneen) (?:vuo(?:si|den|nna|tta|desta|dessa|teen|delle|delta|della|deksi|tena)(?:kin|kaan)?|vuosi(?:na|en)|ke(?:vät|vään|väänä|väällä|väälle|väästä|vääseen|vääksi)|kesä(?:n|nä|llä|lle|ltä|stä|ksi|ä|än)?|syksy(?:n|nä|llä|lle|ltä|stä|ksi|ä|yn)?|talv(?:i|en|ena|ella|elle|elta|esta|eksi|ea|een)|(?:kevät|kesä|syys|talvi|toiminta|budjetti)kau(?:si|den|della|delle|teen|desta|dessa)|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)?kuu(?:ssa|n|ta|hun|sta|lle)?|viik(?:ko|koa|koon|olla|olle|olta|on|ossa|oksi|osta)|viikonlop(?:pu|puna|un|ulle))|huomenna|eilen|toissapäivänä|ylihuomenna)\b",
        )
        .if_begun(&[
            "ensi ", "viime ", "tänä ", "tämän ", "kuluva", "kuluneen ", "menneen ", "huomenna",
            "eilen", "toissapäivänä", "ylihuomenna",
        ])
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:nästa|förra|innevarande|kommande|detta) (?:år(?:et|s)?|vår|höst|sommar|vinter|månad|vecka)|i (?:fjol|år|går|morgon|övermorgon))\b",
        )
        .if_begun(&[
            "nästa ", "förra ", "innevarande ", "kommande ", "detta ", "i fjol", "i år", "i går",
            "i morgon", "i övermorgon",
        ])
    });
    static EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:next|last|this|the coming|the current) (?:year|spring|summer|autumn|winter|month|week)(?:'s|’s)?|tomorrow|yesterday)\b",
        )
        .if_begun(&["next ", "last ", "this ", "the c", "tomorrow", "yesterday"])
    });
    let words = match language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => &*EN,
    };
    // "kuluvan vuoden 2025" names the year
    static YEAR: LazyLock<Pattern> = LazyLock::new(|| pattern(r"^,? \(?\d{4}"));
    let years = |found: &regex::Match<'_>| {
        // "the last year of the term" is a year of its own
        let the = language == Language::En
            && found.as_str().to_lowercase().starts_with(['l', 'n'])
            && text[..found.start()].to_lowercase().ends_with("the ");
        the || YEAR.is_match(&text[found.end()..])
    };
    for found in words.find_iter(text).filter(|found| !years(found)) {
        let problem = report.found("date-relative", &prose.field).within(found.range());
        report.problems.push(problem.with("words", found.as_str()));
    }
}

/// The same date twice in one sentence or one item of a list.
fn repeated(prose: &Prose, text: &str, found: &[Found], report: &mut Report<'_>) {
    for sentence in sentences(text) {
        let inside: Vec<&Found> =
            found.iter().filter(|one| sentence.contains(&one.range.start)).collect();
        for (index, one) in inside.iter().enumerate() {
            if one.date.is_some() && inside[..index].iter().any(|other| other.date == one.date) {
                let problem = report.found("date-repeated", &prose.field).within(one.range.clone());
                report.problems.push(problem.with("date", &text[one.range.clone()]));
            }
        }
    }
}

/// The clause around a place: the part of the sentence between commas and the words that
/// begin another clause. "It was decided that the talks are held on" does not name a past
/// day.
fn clause_at(sentence: &str, at: usize) -> &str {
    static BORDER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"[,;:] |\b(?:että|jonka|joka|jotka|jossa|joten|ja|att|som|och|that|which|and|when)\b",
        )
    });
    // a clause is short; anything further away is another clause
    let from = sentence.floor_char_boundary(at.saturating_sub(500));
    let to = sentence.floor_char_boundary((at + 500).min(sentence.len()));
    let (sentence, at) = (&sentence[from..to], at - from);
    let borders = || BORDER.find_iter(sentence).map(|border| border.range());
    let start = borders().filter(|border| border.end <= at).map(|border| border.end).max();
    let end = borders().filter(|border| border.start >= at).map(|border| border.start).min();
    &sentence[start.unwrap_or(0)..end.unwrap_or(sentence.len())]
}

/// True for the words after a date from which, or until which, something is in force:
/// nothing happened on that day.
fn begins(behind: &str) -> bool {
    const WORDS: &[&str] = &["alkaen", "lähtien", "saakka", "asti", "mennessä", "onwards"];
    WORDS.iter().any(|word| behind.trim_start().starts_with(word))
}

/// An event that is described as past, on a day after the date of the document.
fn held_later(
    prose: &Prose,
    text: &str,
    found: &[Found],
    language: Language,
    document: Date,
    report: &mut Report<'_>,
) {
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:pidettiin|järjestettiin|käytiin|toteutettiin|hyväksyttiin|hyväksyi|hyväksyivät|käsiteltiin|käsitteli|päätettiin|päätti|kokoontui|neuvoteltiin|keskusteltiin|keskusteli|merkittiin|allekirjoitettiin)\b",
        )
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:hölls|ordnades|fördes|godkändes|godkände|behandlades|behandlade|beslutade|beslutades|sammanträdde|undertecknades|genomfördes)\b",
        )
    });
    static EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:was|were) (?:held|approved|discussed|decided|signed|agreed)|took place|approved|decided|convened)\b",
        )
    });
    let pattern = match language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => &*EN,
    };
    for sentence in sentences(text) {
        for one in found.iter().filter(|one| sentence.contains(&one.range.start)) {
            if one.date.is_none_or(|date| date <= document) || begins(&text[one.range.end..]) {
                continue;
            }
            let said = clause_at(&text[sentence.clone()], one.range.start - sentence.start);
            if pattern.is_match(said) {
                let problem = report.found("text-held-later", &prose.field);
                let problem = problem.within(one.range.clone());
                let problem = problem.with("date", &text[one.range.clone()]);
                report.problems.push(problem.with("document", document));
            }
        }
    }
}
