//! View of a correction sheet: every finding on a record with its place, what is
//! wrong, why, and what to write instead. Pure; knows no rule and no layout.

mod lines;

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::locale::Locale;
use crate::model::{Date, Id, Problem, Severity};
use lines::{corrected, cut, excerpt, legible};

pub use lines::{Corrected, RecordLine};

/// Most findings on one sheet; the next sheet has the others.
const MOST: usize = 60;
/// Most characters of a sentence, which may quote a whole text.
const SENTENCE: usize = 600;

/// Most characters of a field's path.
const FIELD: usize = 100;

/// Documents that the errors of a record block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBack {
    /// Every document.
    All,
    /// Final documents; drafts are produced.
    Final,
    Nothing,
}

/// The record that a sheet is about.
#[derive(Debug, Clone, Copy)]
pub struct SheetSubject<'a> {
    /// Name of the sheet, without suffix.
    pub name: &'a str,
    pub file: &'a Path,
    /// The record's id, when it is known.
    pub record: Option<&'a Id>,
    /// A day named in the record, because PDF/A needs a date.
    pub day: Option<Date>,
    pub authority: &'a str,
    pub held_back: HeldBack,
    pub problems: &'a [&'a Problem],
}

/// Functions and labels that a sheet is made with.
#[derive(Clone, Copy)]
pub struct SheetContext<'a> {
    pub locale: &'a Locale,
    /// Whether the fonts can display a character.
    pub shows: &'a dyn Fn(char) -> bool,
    /// The position of a field in a JSON text.
    pub locate: &'a dyn Fn(&str, &str) -> Option<Range<usize>>,
}

/// View of a correction sheet.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionSheet {
    /// ISO 639-1 code.
    pub language: &'static str,
    pub year: i16,
    pub month: i8,
    pub day: i8,
    pub sender: String,
    pub title: String,
    pub file: String,
    /// What happens to the documents in the meantime.
    pub intro: String,
    pub counts: String,
    /// Where to copy corrected lines from, if there are any.
    pub copy: Option<String>,
    /// By line, accepted ones last.
    pub findings: Vec<SheetFinding>,
    /// Number of further findings.
    pub more: Option<String>,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct SheetFinding {
    pub number: usize,
    /// `error`, `warning` or `hint`, for its style.
    pub severity: &'static str,
    /// Number, severity and place, as text.
    pub heading: String,
    pub rule: &'static str,
    pub field: String,
    /// From 1; nothing when the place in the text is unknown.
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub message: String,
    pub why: String,
    pub help: String,
    /// The reason for which the record accepts it.
    pub accepted: Option<String>,
    /// Heading of the excerpt.
    pub place: Option<String>,
    pub excerpt: Vec<RecordLine>,
    pub corrected: Vec<Corrected>,
    /// The other findings that correct the same field.
    pub again: Option<String>,
    /// Approximate number of characters.
    pub size: usize,
}

/// The sheet of a record.
pub fn correction_sheet(subject: &SheetSubject<'_>, context: &SheetContext<'_>) -> CorrectionSheet {
    let locale = context.locale;
    let text = |text: &str| legible(text, context.shows);
    let kept = ordered(subject.problems);
    let findings: Vec<SheetFinding> =
        (0..kept.len()).map(|index| finding(index, &kept, context)).collect();
    let file_name = subject.file.file_name().unwrap_or_default().to_string_lossy();
    let name = subject.record.map_or(&*file_name, |id| id.as_str());
    let page = format!("{}.html", subject.name);
    let fixable = findings.iter().any(|finding| !finding.corrected.is_empty());
    let left = subject.problems.len() - kept.len();
    let day = subject.day.map_or((2000, 1, 1), |day| (day.year(), day.month(), day.day()));
    CorrectionSheet {
        language: locale.language.code(),
        year: day.0,
        month: day.1,
        day: day.2,
        sender: text(subject.authority),
        title: text(&locale.fill("sheet.title", &[("name", name)])),
        file: text(&subject.file.display().to_string()),
        intro: match subject.held_back {
            HeldBack::All => locale.label("sheet.waits"),
            HeldBack::Final => locale.label("sheet.waits_final"),
            HeldBack::Nothing => locale.label("sheet.made"),
        },
        counts: counts(subject.problems, locale),
        copy: fixable.then(|| locale.fill("sheet.copy", &[("file", &page)])),
        findings,
        more: (left > 0).then(|| locale.fill("sheet.more", &[("count", &left.to_string())])),
    }
}

/// The findings that fit on the sheet: the most severe ones, sorted by place.
fn ordered<'a>(problems: &[&'a Problem]) -> Vec<&'a Problem> {
    let at = |problem: &Problem| problem.place.span.as_ref().map(|span| span.start);
    let mut kept = problems.to_vec();
    kept.sort_by_key(|problem| (problem.accepted.is_some(), problem.severity, at(problem)));
    kept.truncate(MOST);
    kept.sort_by_key(|problem| (problem.accepted.is_some(), at(problem)));
    kept
}

fn counts(problems: &[&Problem], locale: &Locale) -> String {
    let open = |severity: Severity| {
        let open = problems.iter().filter(|problem| problem.accepted.is_none());
        open.filter(|problem| problem.severity == severity).count().to_string()
    };
    let accepted = problems.iter().filter(|problem| problem.accepted.is_some()).count();
    let values = [
        ("errors", open(Severity::Error)),
        ("warnings", open(Severity::Warning)),
        ("hints", open(Severity::Hint)),
        ("accepted", accepted.to_string()),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    locale.fill("sheet.counts", &values)
}

fn finding(index: usize, all: &[&Problem], context: &SheetContext<'_>) -> SheetFinding {
    let (problem, locale) = (all[index], context.locale);
    let words = locale.word(problem);
    let sentence = |text: &str| legible(&cut(&as_sentence(text), SENTENCE), context.shows);
    let (message, why, help) =
        (sentence(&words.message), sentence(&words.why), sentence(&words.help));
    let field = legible(&cut(&problem.place.field, FIELD), context.shows);
    let place = problem.line_column();
    let excerpt = excerpt(problem, context);
    let headed = match field.as_str() {
        "" if excerpt.is_empty() => None,
        "" => Some(locale.label("sheet.excerpt")),
        field => Some(locale.fill("sheet.excerpt_field", &[("field", field)])),
    };
    let corrected = corrected(problem, context);
    let accepted = problem.accepted.as_deref().map(sentence);
    let sentences = [&message, &why, &help].into_iter().chain(&accepted);
    let size = sentences.chain(corrected.iter().map(|one| &one.line)).map(String::len).sum();
    SheetFinding {
        number: index + 1,
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        },
        heading: heading(index + 1, problem, locale),
        rule: problem.rule,
        field,
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        message,
        why,
        help,
        accepted,
        place: headed,
        excerpt,
        corrected,
        again: again(index, all, locale),
        size,
    }
}

fn heading(number: usize, problem: &Problem, locale: &Locale) -> String {
    let severity = match problem.severity {
        _ if problem.accepted.is_some() => locale.label("sheet.accepted"),
        Severity::Error => locale.label("ui.error"),
        Severity::Warning => locale.label("ui.warning"),
        Severity::Hint => locale.label("ui.hint"),
    };
    let (number, severity) = (number.to_string(), with_capital(&severity));
    let values = [("number", number.as_str()), ("severity", &severity)];
    let Some((line, column)) = problem.line_column() else {
        return locale.fill("sheet.heading_whole", &values);
    };
    let place = [("line", line.to_string()), ("column", column.to_string())];
    let place = place.each_ref().map(|(name, value)| (*name, value.as_str()));
    locale.fill("sheet.heading", &[values, place].concat())
}

/// Notes where two findings correct the same field. A correction replaces the
/// whole text of a field, so the second would undo the first.
fn again(index: usize, all: &[&Problem], locale: &Locale) -> Option<String> {
    let fields = |problem: &Problem| -> Vec<String> {
        let fix = problem.fix.as_ref().filter(|_| problem.accepted.is_none());
        let edits = fix.into_iter().flat_map(|fix| &fix.edits);
        edits.map(|(field, _)| field.clone()).collect()
    };
    let own = fields(all[index]);
    let others = all.iter().enumerate().filter(|(other, problem)| {
        *other != index && fields(problem).iter().any(|field| own.contains(field))
    });
    let others: Vec<String> = others.map(|(other, _)| (other + 1).to_string()).collect();
    (!others.is_empty()).then(|| locale.fill("sheet.again", &[("numbers", &others.join(", "))]))
}

fn with_capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// Adds the capital letter and full stop that messages lack.
fn as_sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    // names of documents and files are kept as they are
    let name = first.contains(['-', '/', '.', '_']) || first.contains(|c: char| c.is_ascii_digit());
    let text = if name { text.trim().to_owned() } else { with_capital(text.trim()) };
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…']) { text } else { text + "." }
}
