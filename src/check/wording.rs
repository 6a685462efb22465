//! Rules about the wording of texts: doubled words, spaces and stops, incomplete
//! sentences, dashes, brackets, long sentences. Each is a pure function of one text.

use std::sync::LazyLock;

use regex::Captures;

use super::patterns::{Pattern, has_pair, pattern};
use super::prose::{Texts, fix, last_step, outside_addresses, sentences, without_addresses, words};
use super::stems::Stems;
use super::{Report, dashes};
use crate::model::Language;
use crate::model::translation::Prose;

/// Longest sentence, in words, that an official text should have.
const LONG_SENTENCE: usize = 40;

/// All rules about the wording of texts.
pub fn wording(texts: &Texts, report: &mut Report<'_>) {
    for prose in texts.written() {
        let text = without_addresses(&prose.text);
        word_twice(prose, &text, texts.language, report);
        cut_short(prose, &text, texts.language, report);
        dashes::dash(prose, &text, report);
        brackets(prose, &text, report);
        long_sentence(prose, &text, report);
    }
    for prose in texts.all.iter().filter(|prose| !is_address(&prose.field)) {
        let text = without_addresses(&prose.text);
        spaces(prose, &text, report);
        stops(prose, &text, report);
        placeholder(prose, texts.language, report);
    }
}

fn is_address(field: &str) -> bool {
    matches!(last_step(field), "link" | "email" | "channel")
}

/// Words that may be repeated: "that that", "had had", "det det".
fn may_repeat(word: &str, language: Language) -> bool {
    match language {
        Language::Fi => false,
        Language::Sv => matches!(word, "det" | "som" | "den" | "har" | "är" | "var" | "för" | "då"),
        Language::En => matches!(word, "that" | "had" | "is" | "her" | "do"),
    }
}

/// The same word twice in a row.
fn word_twice(prose: &Prose, text: &str, language: Language, report: &mut Report<'_>) {
    let mut last: Option<(std::ops::Range<usize>, &str)> = None;
    for (range, word) in words(text) {
        if let Some((before, old)) = &last {
            let between = &text[before.end..range.start];
            let same = old.to_lowercase() == word.to_lowercase() && word.chars().count() > 1;
            let blank = between.trim().is_empty() && !between.contains("\n\n");
            // "Lahti Lahti" may be a name and a place; lower case is a mistake
            let slip = same && blank && word.chars().next().is_some_and(char::is_lowercase);
            if slip && !may_repeat(&word.to_lowercase(), language) {
                let new = format!("{}{}", &prose.text[..before.end], &prose.text[range.end..]);
                let problem = report.found("text-word-twice", &prose.field);
                let problem = problem.with("word", word).within(before.start..range.end);
                // one finding per field is enough
                return report.problems.push(problem.fixed_by(fix(prose, new, false)));
            }
        }
        last = Some((range, word));
    }
}

/// Two spaces, a space before a comma or a stop, a missing space after one.
fn spaces(prose: &Prose, text: &str, report: &mut Report<'_>) {
    static DOUBLE: LazyLock<Pattern> = LazyLock::new(|| {
        let space = |c| matches!(c, ' ' | '\u{a0}');
        if_pair(r"(\S)[ \u{a0}]{2,}(\S)", move |a, b| space(a) && space(b))
    });
    static BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
        if_pair(r"([\p{L}\p{N})”]) +(?:([,;])|([:.!?])(\s|$))", |a, b| {
            a == ' ' && matches!(b, ',' | ';' | ':' | '.' | '!' | '?')
        })
    });
    static BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
        if_pair(r"(\p{Ll}[,;])(\p{L})|(\p{Ll}{2}\.)(\p{Lu}\p{Ll})", |a, b| match a {
            ',' | ';' => b.is_alphabetic(),
            '.' => b.is_uppercase(),
            _ => false,
        })
    });
    static OPEN: LazyLock<Pattern> = LazyLock::new(|| {
        if_pair(r"([(\[]) +(\S)|(\S) +([)\]])", |a, b| {
            matches!((a, b), ('(' | '[', ' ') | (' ', ')' | ']'))
        })
    });
    // "kunta(t)" is one word, "Kunnat(myös pienet)" are two
    static BRACKET: LazyLock<Pattern> = LazyLock::new(|| {
        if_pair(r"(\p{L})(\([^)\s]+ [^)]*\))|( [^()\s]+\))(\p{L}{3,})", |a, b| {
            a.is_alphabetic() && b == '(' || a == ')' && b.is_alphabetic()
        })
    });
    let first = [&*DOUBLE, &*BEFORE, &*BEHIND, &*OPEN, &*BRACKET]
        .into_iter()
        .filter_map(|pattern| pattern.find(text))
        .min_by_key(|found| found.start());
    let outer = prose.text.trim() != prose.text && !prose.long;
    let range = match first {
        Some(found) => found.range(),
        None if outer => 0..prose.text.len(),
        None => return,
    };
    // addresses are left as they are
    let new = outside_addresses(&prose.text, |part| {
        let part = DOUBLE.replace_all(part, "$1 $2");
        let part = DOUBLE.replace_all(&part, "$1 $2");
        let part = BEFORE.replace_all(&part, "$1$2$3$4");
        let part = BRACKET.replace_all(&part, |found: &Captures<'_>| {
            let of = |index| found.get(index).map_or("", |part| part.as_str());
            format!("{}{} {}{}", of(1), of(3), of(2), of(4))
        });
        let part = BEHIND.replace_all(&part, |found: &Captures<'_>| {
            let of = |index| found.get(index).map_or("", |part| part.as_str());
            format!("{}{} {}{}", of(1), of(3), of(2), of(4))
        });
        let part = OPEN.replace_all(&part, |found: &Captures<'_>| {
            let of = |index| found.get(index).map_or("", |part| part.as_str());
            format!("{}{}{}{}", of(1), of(2), of(3), of(4))
        });
        part.into_owned()
    });
    let new = if prose.long { new } else { new.trim().to_owned() };
    let problem = report.found("text-spaces", &prose.field).within(range);
    report.problems.push(problem.fixed_by(fix(prose, new, true)));
}

/// A pattern for texts in which two characters like these stand side by side.
fn if_pair(text: &str, is_like: impl Fn(char, char) -> bool + Send + Sync + 'static) -> Pattern {
    pattern(text).if_text(move |text| has_pair(text, &is_like))
}

/// Two full stops or commas in a row.
fn stops(prose: &Prose, text: &str, report: &mut Report<'_>) {
    static STOPS: LazyLock<Pattern> = LazyLock::new(|| {
        let sign = |c: char| matches!(c, '.' | ',' | ';');
        if_pair(r"[.,;](?:\.|,|;| \.)", move |a, b| sign(a) && (sign(b) || b == ' '))
    });
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for one in STOPS.find_iter(text) {
        let (before, behind) = (&text[..one.start()], &text[one.end()..]);
        // "…" as three dots, and an abbreviation before a comma: "mom., ja"
        let longer = before.ends_with(['.', ',']) || behind.starts_with(['.', ',']);
        let shortened = one.as_str() == ".," && before.ends_with(char::is_alphanumeric);
        let mixed = matches!(one.as_str(), ",;" | ";," | ".;" | ";.");
        if !longer && !shortened && !mixed {
            found.push(one.range());
        }
    }
    let Some(first) = found.first().cloned() else { return };
    let mut new = prose.text.clone();
    for range in found.into_iter().rev() {
        let mark =
            if text[range.clone()].contains('.') { "." } else { &text[range.start..=range.start] };
        new.replace_range(range, mark);
    }
    let problem = report.found("text-stops", &prose.field).within(first);
    report.problems.push(problem.fixed_by(fix(prose, new, true)));
}

/// Words that cannot end a sentence.
fn joins(language: Language) -> &'static [&'static str] {
    match language {
        Language::Fi => &[
            "ja", "sekä", "tai", "että", "eli", "mutta", "vaan", "joka", "jotka", "koska", "kun",
            "jos", "joten", "kuten", "eikä", "jotta", "vaikka",
        ],
        Language::Sv => &[
            "och", "samt", "eller", "att", "men", "som", "på", "av", "för", "eftersom", "när",
            "om", "därför", "såsom",
        ],
        Language::En => &["and", "or", "the", "of", "that", "but", "which", "a", "an", "with"],
    }
}

/// A text that ends in the middle of a sentence.
fn cut_short(prose: &Prose, text: &str, language: Language, report: &mut Report<'_>) {
    if let Some((range, tail)) = cut(prose, text, language) {
        let problem = report.found("text-cut", &prose.field).within(range);
        report.problems.push(problem.with("words", tail));
    }
}

/// Where a text ends in the middle of a sentence, and its last words.
fn cut(prose: &Prose, text: &str, language: Language) -> Option<(std::ops::Range<usize>, String)> {
    for range in sentences(text) {
        let sentence = text[range.clone()].trim_end();
        let bare = sentence.trim_end_matches(['.', '!', '?', ')', '”', '"', '*']);
        let last = bare.rsplit(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
        let ends_open = bare.ends_with([',', '–']) || bare.ends_with(" -");
        // a list's introduction and its items may end with a comma or "and"
        let line = text[..range.start].trim_end_matches('\n').lines().last().unwrap_or_default();
        let next = text[range.end..].trim_start().lines().next().unwrap_or_default();
        // the sentence continues in the list
        let open = text[range.clone()].ends_with('\n') && bare == sentence;
        let leads_in = open && is_item(next);
        let item = is_item(sentence) || is_item(line) || leads_in;
        let joined = joins(language).contains(&last.to_lowercase().as_str());
        let words = bare.split_whitespace().count();
        if words > 1 && !item && (joined || ends_open) {
            let end = range.start + bare.len();
            // as written, with addresses
            let written = &prose.text[range.start..end];
            let tail: Vec<&str> = written.split_whitespace().rev().take(3).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            let width = bare.chars().next_back().map_or(1, char::len_utf8);
            let start = end - last.len().max(width);
            return Some((start..end, tail.join(" ")));
        }
    }
    unfinished(prose, text)
}

/// True for an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = || {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.len() < line.len() && digits.starts_with(['.', ')'])
    };
    line.starts_with(['-', '*', '•', '–', '·', '‣', '▪', '→']) || numbered()
}

/// True for a field that is a list item; list items need no full stop.
fn is_point(field: &str) -> bool {
    field.ends_with(']') || field.starts_with("notes[") || field.starts_with("goals[")
}

/// A last sentence without a full stop where the one before has one.
fn unfinished(prose: &Prose, text: &str) -> Option<(std::ops::Range<usize>, String)> {
    if !prose.long || last_step(&prose.field) == "topic" || is_point(&prose.field) {
        return None;
    }
    let all = sentences(text);
    let last = all.last()?.clone();
    let before = all.len().checked_sub(2).and_then(|index| all.get(index))?.clone();
    let (shown, earlier) = (text[last.clone()].trim(), text[before].trim());
    // a heading or a signature is on a line of its own
    let own_line = text[..last.start].trim_end_matches(' ').ends_with('\n');
    // the paragraph of a list item, however many sentences and lines it has
    let lines = text[..last.end].lines().rev().skip_while(|line| line.trim().is_empty());
    let in_item = lines.take_while(|line| !line.trim().is_empty()).any(is_item);
    let item = own_line || in_item || shown.starts_with(|c: char| c.is_ascii_digit());
    let stopped =
        |text: &str| text.ends_with(['.', '!', '?', ':', ')', '”', '"', ']', '}', '*', '…', '_']);
    if item || stopped(shown) || !earlier.ends_with(['.', '!', '?']) || shown.len() < 3 {
        return None;
    }
    let end = last.start + text[last.clone()].trim_end().len();
    let written = prose.text[last.start..end].trim();
    let tail: Vec<&str> = written.split_whitespace().rev().take(3).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    let width = written.chars().next_back().map_or(0, char::len_utf8);
    Some((end - width..end, tail.join(" ")))
}

/// An unbalanced bracket or quotation mark.
fn brackets(prose: &Prose, text: &str, report: &mut Report<'_>) {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut quotes = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => open.push((c, at)),
            ')' | ']' => {
                let wanted = if c == ')' { '(' } else { '[' };
                match open.last() {
                    Some((known, _)) if *known == wanted => drop(open.pop()),
                    // "a)" and "1)" number list items
                    _ if c == ')' && numbers_an_item(&text[..at]) => {}
                    _ => return unbalanced(prose, c, at, report),
                }
            }
            '”' | '"' | '“' => quotes += 1,
            _ => {}
        }
    }
    if let Some((c, at)) = open.first() {
        unbalanced(prose, *c, *at, report);
    } else if quotes % 2 == 1
        && let Some(at) = text.rfind(['”', '"', '“'])
    {
        let mark = text[at..].chars().next().unwrap_or('”');
        unbalanced(prose, mark, at, report);
    }
}

fn numbers_an_item(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    (1..=2).contains(&word.chars().count()) && word.chars().all(char::is_alphanumeric)
}

fn unbalanced(prose: &Prose, mark: char, at: usize, report: &mut Report<'_>) {
    let problem = report.found("text-brackets", &prose.field).within(at..at + mark.len_utf8());
    report.problems.push(problem.with("mark", mark));
}

/// A sentence that is too long to read comfortably.
fn long_sentence(prose: &Prose, text: &str, report: &mut Report<'_>) {
    for range in sentences(text) {
        let count = words(&text[range.clone()]).count();
        if count > LONG_SENTENCE {
            let start =
                range.start + text[range.clone()].len() - text[range.clone()].trim_start().len();
            let first = prose.text[start..range.end].split_whitespace().take(4);
            let first = first.collect::<Vec<_>>().join(" ");
            let end = start + text[start..range.end].trim_end().len();
            let problem = report.found("sentence-long", &prose.field).within(start..end);
            let problem = problem.with("words", count).with("first", first);
            report.problems.push(problem.with("most", LONG_SENTENCE));
        }
    }
}

/// A placeholder that was to be filled in later.
fn placeholder(prose: &Prose, language: Language, report: &mut Report<'_>) {
    static ANY: LazyLock<Pattern> = LazyLock::new(|| {
        let words = Stems::any_case(["tbd", "tbc", "todo", "lorem", "xx"]);
        let signs = ["??", "___", "....", "…"];
        pattern(r"(?i)\b(?:tbd|tbc|todo|lorem ipsum)\b|\bx{2,}\b|\?{2,}|_{3,}|\.{4,}|…\s*…")
            .if_text(move |text| signs.iter().any(|sign| text.contains(sign)) || words.is_in(text))
    });
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:paikka|aika|ajankohta|päivä) (?:avoin|avoinna|auki|ilmoitetaan myöhemmin)\b|\btäydennetään myöhemmin\b|\btähän (?:teksti|tulee)\b|\bvahvistuu myöhemmin\b|^(?:avoin|avoinna|auki|puuttuu|ei tiedossa|ilmoitetaan myöhemmin)\.?$",
        )
        .if_begun(&[
            "paikka ", "aika ", "ajankohta ", "päivä ", "täydennetään ", "tähän t", "vahvistuu ",
            "avoin", "auki", "puuttuu", "ei tiedossa", "ilmoitetaan ",
        ])
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:platsen|tiden|plats|tid|datum) (?:är )?(?:öppen|öppet|meddelas senare)\b|\bkompletteras senare\b|^(?:öppen|öppet|okänt|saknas|meddelas senare)\.?$",
        )
        .if_begun(&[
            "plats", "tid", "datum ", "kompletteras ", "öppen", "öppet", "okänt", "saknas",
            "meddelas ",
        ])
    });
    static EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bto be (?:confirmed|decided|announced|filled in|added)\b|^(?:open|unknown|missing|later)\.?$",
        )
        .if_begun(&["to be ", "open", "unknown", "missing", "later"])
    });
    let own = match language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => &*EN,
    };
    let text = without_addresses(&prose.text);
    if let Some(found) = ANY.find(&text).or_else(|| own.find(&text)) {
        let problem = report.found("text-placeholder", &prose.field).within(found.range());
        report.problems.push(problem.with("words", found.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last words of a text that ends in the middle of a sentence.
    fn tail(text: &str) -> Option<String> {
        let prose = Prose { field: "follow_up".into(), text: text.into(), long: true };
        cut(&prose, text, Language::Fi).map(|(_, tail)| tail)
    }

    #[test]
    fn a_sentence_may_go_on_in_a_list() {
        for text in [
            "On tärkeää, että\n- lapset\n- nuoret",
            "Sovittiin, että\n\n- kunnat jatkavat\n- järjestöt tukevat.",
            "Kunnat ja\n- järjestöt\n- seurakunnat",
            "Mukana olivat,\n* kunnat\n* järjestöt",
            "Kokous alkoi. Sovittiin, että\n1. kunnat jatkavat\n2. järjestöt tukevat",
        ] {
            assert_eq!(tail(text), None, "{text}");
        }
        for (text, words) in [
            ("Mukana olivat kunnat ja", "olivat kunnat ja"),
            ("Mukana olivat kunnat ja.\n- Muut poissa", "olivat kunnat ja"),
            ("Sovittiin, että\n\nMuut asiat siirtyivät.", "Sovittiin, että"),
        ] {
            assert_eq!(tail(text).as_deref(), Some(words), "{text}");
        }
    }
}
