//! Correction sheets: chooses records, languages and file names, renders and publishes. A
//! sheet is rewritten only when its content changes, and removed when its record has no
//! more problems.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use handlebars::Handlebars;
use serde_json::json;

use super::{BuildSettings, Design, Report};
use crate::document::{CorrectionSheet, HeldBack, SheetContext, SheetSubject, correction_sheet};
use crate::fs::FsError;
use crate::intake;
use crate::locale::Locale;
use crate::model::guard::guarded;
use crate::model::{Date, Digest, Id, Language, Place, Problem, RecordSet, Severity, lint};
use crate::parallel;
use crate::publish::Output;
use crate::typeset::{Archival, Job};

/// Template of the PDF.
const TEMPLATE: &str = "corrections";
/// Template of the HTML page.
const PAGE: &str = "corrections.html.hbs";
/// Number of sheets held in memory before they are written.
const AT_ONCE: usize = 64;
/// Maximum length of a name derived from a file name, in bytes.
const NAME: usize = 60;

/// A record that needs a sheet.
struct PlannedSheet<'a> {
    /// Name of the sheet, without suffix.
    name: String,
    file: &'a Path,
    record: Option<&'a Id>,
    language: Language,
    day: Option<Date>,
    problems: Vec<&'a Problem>,
}

/// A new or changed sheet.
struct RenderedSheet {
    made_from: Digest,
    html: String,
    /// Or the error.
    pdf: Result<Vec<u8>, String>,
}

/// Publishes the sheets of all records with errors or warnings, in the language of the
/// record (else in `language`), and removes the others. An error only adds a warning.
pub fn publish(
    report: &mut Report,
    set: &RecordSet,
    settings: &BuildSettings<'_>,
    output: &mut Output,
) {
    let BuildSettings { design, language, .. } = *settings;
    if report.left > 0 {
        // after an interrupted build the state of the records is unknown
        return;
    }
    let wanted = wanted(&report.problems, set, language);
    let names: BTreeSet<String> = wanted.iter().map(|one| one.name.clone()).collect();
    let tasks: Vec<(&PlannedSheet<'_>, Option<Digest>)> =
        wanted.iter().map(|one| (one, output.sheet(&one.name).cloned())).collect();
    let mut failed = Vec::new();
    for tasks in tasks.chunks(AT_ONCE) {
        let made = parallel::map(tasks.to_vec(), settings.options.workers, |(one, known)| {
            guarded(|| make(one, known.as_ref(), design)).and_then(|made| made)
        });
        for ((one, _), made) in tasks.iter().zip(made) {
            if let Err(cause) = made.and_then(|made| write_sheet(&one.name, made, output)) {
                failed.push(failure(one.file, &one.name, &cause));
            }
        }
    }
    if let Err(error) = output.remove_sheets_except(&names) {
        let name = error.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        failed.push(failure(&error.path, &name, &cause(&error)));
    }
    report.problems.extend(failed);
}

fn failure(file: &Path, sheet: &str, cause: &str) -> Problem {
    let place = Place { file: file.to_owned(), ..Place::default() };
    Problem::warning("sheet-failed", place).with("sheet", sheet).with("cause", cause)
}

fn cause(error: &FsError) -> String {
    format!("{error}: {}", error.source)
}

/// All records with an error or a warning that is not accepted.
fn wanted<'a>(
    problems: &'a [Problem],
    set: &'a RecordSet,
    language: Language,
) -> Vec<PlannedSheet<'a>> {
    let mut by_file: BTreeMap<&Path, Vec<&Problem>> = BTreeMap::new();
    // a layout defect is found only when the document is made: the sheet would disappear
    // at the next build
    let temporary = |rule: &str| rule.starts_with("layout") || rule == "typeset-warning";
    for problem in problems.iter().filter(|problem| !temporary(problem.rule)) {
        by_file.entry(&problem.place.file).or_default().push(problem);
    }
    let is_serious =
        |problem: &&Problem| problem.severity != Severity::Hint && problem.accepted.is_none();
    by_file.retain(|_, problems| problems.iter().any(is_serious));
    let (mut wanted, mut taken) = (Vec::new(), BTreeSet::new());
    for source in set.iter() {
        let Some(problems) = by_file.remove(source.file.as_path()) else { continue };
        let id = source.record.id();
        wanted.push(PlannedSheet {
            name: unique(id.as_str(), &mut taken),
            file: &source.file,
            record: Some(id),
            language: source.record.language(),
            day: intake::date_in(&source.text),
            problems,
        });
    }
    for refused in set.refused() {
        let Some(problems) = by_file.remove(refused.file.as_path()) else { continue };
        let text = problems.iter().find_map(|problem| problem.place.text.as_deref());
        let name = match &refused.id {
            Some(id) => id.to_string(),
            None => safe(&refused.file.file_stem().unwrap_or_default().to_string_lossy()),
        };
        wanted.push(PlannedSheet {
            name: unique(&name, &mut taken),
            file: &refused.file,
            record: refused.id.as_ref(),
            language: text.and_then(intake::language_in).unwrap_or(language),
            day: text.and_then(intake::date_in),
            problems,
        });
    }
    wanted
}

/// The name, with a number appended if another sheet has it.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    for number in 2.. {
        if taken.insert(free.clone()) {
            break;
        }
        free = format!("{name}-{number}");
    }
    free
}

/// Converts a file name into the form of an id: `[a-z0-9-]`.
fn safe(stem: &str) -> String {
    let mut name = String::new();
    for c in stem.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            'å' | 'ä' => name.push('a'),
            'ö' => name.push('o'),
            // combining marks, as some systems write them
            '\u{300}'..='\u{36f}' => {}
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(NAME);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "record".to_owned() } else { name.to_owned() }
}

/// Which documents the errors block. Errors of a file without a record are never
/// configurable.
fn held_back(problems: &[&Problem]) -> HeldBack {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let mut held_back = HeldBack::Nothing;
    for error in errors {
        if !lint::is_configurable(error.rule) {
            return HeldBack::All;
        }
        held_back = HeldBack::Final;
    }
    held_back
}

/// Renders a sheet; `None` when it equals the `known` one.
fn make(
    wanted: &PlannedSheet<'_>,
    known: Option<&Digest>,
    design: &Design,
) -> Result<Option<RenderedSheet>, String> {
    let locale = design.locales.of(wanted.language);
    let subject = SheetSubject {
        name: &wanted.name,
        file: wanted.file,
        record: wanted.record,
        day: wanted.day,
        authority: design.sender.authority.of(wanted.language),
        held_back: held_back(&wanted.problems),
        problems: &wanted.problems,
    };
    let sheet = |shows: &dyn Fn(char) -> bool| {
        correction_sheet(&subject, &SheetContext { locale, shows, locate: &intake::span_of })
    };
    // a browser has fonts for all characters
    let html = page(&sheet(&|_| true), locale, design)?;
    let paper = sheet(&|c| design.coverage.shows(c));
    let source = design.renderer.render(TEMPLATE, wanted.language, &paper);
    let source = source.map_err(|error| error.to_string());
    let parts = [source.as_deref().unwrap_or_default(), html.as_str(), design.digest.as_str()];
    let made_from = Digest::of_parts(parts.map(str::as_bytes));
    if known == Some(&made_from) {
        return Ok(None);
    }
    let pdf = source.and_then(|source| typeset(&source, &wanted.name, design));
    Ok(Some(RenderedSheet { made_from, html, pdf }))
}

fn typeset(source: &str, name: &str, design: &Design) -> Result<Vec<u8>, String> {
    let ident = format!("{TEMPLATE}/{name}");
    let job = Job { source, attachment: None, ident: &ident, archival: Archival::A2a };
    design.engine.pdf(&job).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
}

/// Renders the HTML page.
fn page(sheet: &CorrectionSheet, locale: &Locale, design: &Design) -> Result<String, String> {
    let words = json!({
        "kind": locale.label("sheet.kind"),
        "notice": locale.label("sheet.notice"),
        "goes": locale.label("sheet.goes"),
        "file": locale.label("sheet.file"),
        "found": locale.label("sheet.found"),
        "accepted_because": locale.label("sheet.accepted_because"),
        "why": locale.label("sheet.why"),
        "help": locale.label("sheet.help"),
        "rule": locale.label("sheet.rule"),
    });
    let view = json!({ "sheet": sheet, "words": words });
    let template = design.bundle.text(PAGE).map_err(|error| error.to_string())?;
    Handlebars::new().render_template(template, &view).map_err(|error| error.to_string())
}

/// Writes a sheet; only the HTML page when there is no PDF.
fn write_sheet(name: &str, made: Option<RenderedSheet>, output: &mut Output) -> Result<(), String> {
    let Some(RenderedSheet { made_from, html, pdf }) = made else { return Ok(()) };
    let html = html.as_bytes();
    match pdf {
        Ok(pdf) => output.put_sheet(name, made_from, &pdf, html).map_err(|error| cause(&error)),
        Err(reason) => {
            output.put_sheet_page(name, html).map_err(|error| cause(&error))?;
            Err(reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_unique() {
        assert_eq!(safe("Äänekoski  (kopio) 2025"), "aanekoski-kopio-2025");
        assert_eq!(safe("A\u{308}ho"), "aho");
        assert_eq!(safe("..漢字.."), "record");
        assert_eq!(safe(&"a".repeat(300)).len(), NAME);
        let mut taken = BTreeSet::new();
        let names = ["a", "a", "a-2", "a"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["a", "a-2", "a-2-2", "a-3"]);
    }
}
