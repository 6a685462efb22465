//! `kirjuri import`: creates draft session records from a spreadsheet of notes, or an
//! empty spreadsheet for a round. Never overwrites a file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::ExitStatus;
use super::failure::Failure;
use super::terminal::print_line;
use super::workspace::Workspace;
use crate::cli::{Global, ImportArgs, SeparatorArg};
use crate::fs;
use crate::import::{
    self, Draft, Import, ImportOptions, ImportReport, RefusalReason as Reason, RefusedRow,
    RoundTexts, Separator, shown,
};
use crate::intake::{self, span_of};
use crate::locale::Locale;
use crate::model::{self, Id, Kind, Publicity, Record, RecordSet, Session, Source};

/// Minimum similarity of an id that is suggested, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.7;

/// Where the notes of a draft belong.
enum Destination<'a> {
    /// Neither file nor record exists yet.
    Free(PathBuf),
    /// The session already has a record.
    Session(&'a Source, &'a Session),
    /// The file or the id is taken by something else.
    Taken(PathBuf),
}

/// Imports the notes of the spreadsheet, or writes an empty one.
pub fn run(global: &Global, args: &ImportArgs) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?;
    let locale = &workspace.locale;
    let set = workspace.scan()?.set;
    let (source, texts) = find(&args.round, &set)?;
    let Some(file) = &args.file else {
        return write_empty(&workspace, args, &texts, global.quiet);
    };
    let coverage = &workspace.design.coverage;
    let reading = ImportOptions {
        sheet: args.sheet.as_deref(),
        separator: args.separator.map(separator),
        hidden: args.include_hidden,
        shows: &|c| coverage.shows(c),
    };
    let Import { drafts, report } = read(file, &reading, &texts, locale)?;
    let large = |draft: &&Draft| draft.text.len() as u64 > intake::FILE_LIMIT;
    if let Some(draft) = drafts.iter().find(large) {
        let limit = intake::FILE_LIMIT / 1024 / 1024;
        let failure = Failure::new("draft_large").with("id", &draft.id).with("limit", limit);
        return Err(failure.into());
    }
    report_rows(&report, global.quiet, locale);
    report_unread_files(&set, &texts.own.id, locale);
    let folder = source.file.parent().unwrap_or(Path::new(""));
    let mut status =
        if report.refused.is_empty() { ExitStatus::Success } else { ExitStatus::Refused };
    for draft in &drafts {
        let destination = destination(draft, folder, &texts.own.id, &set)?;
        let written = write_draft(draft, destination, args.dry_run, global.quiet, locale)?;
        if written == ExitStatus::Refused {
            status = ExitStatus::Refused;
        }
    }
    if !global.quiet {
        print_totals(&report, locale);
    }
    Ok(status)
}

/// The round with this id, and its file.
fn find<'a>(id: &str, set: &'a RecordSet) -> anyhow::Result<(&'a Source, RoundTexts<'a>)> {
    let rounds = || set.iter().filter(|source| source.record.kind() == Kind::Round);
    let named = rounds().find(|source| source.record.id().as_str() == id);
    if let Some(source) = named
        && let Record::Round(own) = &*source.record
    {
        let others = source.translations.iter().filter_map(|record| match &**record {
            Record::Round(round) => Some(round),
            _ => None,
        });
        return Ok((source, RoundTexts { own, others: others.collect() }));
    }
    if let Some(refused) = Id::parse(id).and_then(|id| set.refused_with_id(&id)) {
        let file = refused.file.display();
        return Err(Failure::new("round_unreadable").with("id", id).with("path", file).into());
    }
    let known: Vec<&str> = rounds().map(|source| source.record.id().as_str()).collect();
    let similar = known.iter().map(|known| (strsim::jaro_winkler(id, known), *known));
    let nearest = similar.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|one| one.0 >= MIN_SIMILARITY);
    let known = if known.is_empty() { "–".to_owned() } else { known.join(", ") };
    let failure = match nearest {
        Some((_, near)) => Failure::new("round_near").with("near", near),
        None => Failure::new("round_unknown"),
    };
    Err(failure.with("id", id).with("known", known).into())
}

fn read(
    file: &Path,
    reading: &ImportOptions<'_>,
    texts: &RoundTexts<'_>,
    locale: &Locale,
) -> anyhow::Result<Import> {
    let limit = import::FILE_LIMIT;
    let bytes = fs::read(file, limit)?
        .ok_or_else(|| Failure::new("file_large").at(file).with("limit", limit / 1024 / 1024))?;
    let read = import::import(&bytes, reading, texts, locale);
    Ok(read.map_err(|error| Failure::new("import").at(file).caused_by(error))?)
}

fn separator(arg: SeparatorArg) -> Separator {
    match arg {
        SeparatorArg::Semicolon => Separator::Semicolon,
        SeparatorArg::Comma => Separator::Comma,
        SeparatorArg::Tab => Separator::Tab,
        SeparatorArg::Bar => Separator::Bar,
    }
}

/// Writes an empty spreadsheet unless the file exists.
fn write_empty(
    workspace: &Workspace,
    args: &ImportArgs,
    texts: &RoundTexts<'_>,
    quiet: bool,
) -> anyhow::Result<ExitStatus> {
    let locale = &workspace.locale;
    let file = args.to.clone().unwrap_or_else(|| format!("{}.xlsx", texts.own.id).into());
    workspace.settings.check_apart(&file, &[])?;
    let bytes = import::template(texts, locale)?;
    let written = write_new(&file, &bytes)?;
    if !written {
        return Err(Failure::new("there_already_to").at(&file).into());
    }
    if !quiet {
        print_line(&locale.fill("ui.import.made_empty", &[("file", &file.display().to_string())]));
    }
    Ok(ExitStatus::Success)
}

/// Creates a file in one step with the check; false when it exists.
fn write_new(file: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    match fs::write_new(file, bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.source.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Where the notes of a draft belong; a new file goes next to that of the round.
fn destination<'a>(
    draft: &Draft,
    folder: &Path,
    round: &Id,
    set: &'a RecordSet,
) -> anyhow::Result<Destination<'a>> {
    if let Some(session) = set.sessions_of(round).into_iter().find(|s| draft.is_of(s))
        && let Some(source) = set.source(&session.id)
    {
        return Ok(Destination::Session(source, session));
    }
    if let Some(other) = set.source(&draft.id) {
        return Ok(Destination::Taken(other.file.clone()));
    }
    if let Some(refused) = set.refused_with_id(&draft.id) {
        return Ok(Destination::Taken(refused.file.clone()));
    }
    let file = folder.join(&draft.file);
    let there = fs::stamp(&file)?.is_some();
    Ok(if there { Destination::Taken(file) } else { Destination::Free(file) })
}

/// Writes a draft, or reports why it cannot be written.
fn write_draft(
    draft: &Draft,
    destination: Destination<'_>,
    dry_run: bool,
    quiet: bool,
    locale: &Locale,
) -> anyhow::Result<ExitStatus> {
    let count = draft.notes.len().to_string();
    let file = match destination {
        Destination::Session(source, session) => {
            return compare(draft, source, session, quiet, locale);
        }
        Destination::Taken(file) => {
            report_taken(draft, &file, locale);
            return Ok(ExitStatus::Refused);
        }
        Destination::Free(file) => file,
    };
    let name = file.display().to_string();
    let values = [("file", name.as_str()), ("count", count.as_str())];
    if dry_run {
        print_line(&locale.fill("ui.import.would_write", &values));
        print_line(draft.text.trim_end());
    } else if !write_new(&file, draft.text.as_bytes())? {
        report_taken(draft, &file, locale);
        return Ok(ExitStatus::Refused);
    } else if !quiet {
        print_line(&locale.fill("ui.import.written", &values));
    }
    // the draft itself states that it is partly secret
    report_secret_notes(&name, draft.secret(), Some(Publicity::PartlySecret), locale);
    Ok(ExitStatus::Success)
}

/// Shows what the notes would change in an existing record.
fn compare(
    draft: &Draft,
    source: &Source,
    session: &Session,
    quiet: bool,
    locale: &Locale,
) -> anyhow::Result<ExitStatus> {
    let file = source.file.display().to_string();
    let list = span_of(&source.text, "notes").map(|span| span.start);
    let Some(addition) = import::addition(draft, session, &source.text, list, &file)? else {
        if !quiet {
            print_line(&locale.fill("ui.import.complete", &[("file", &file)]));
        }
        return Ok(ExitStatus::Success);
    };
    let count = addition.notes.to_string();
    print_line(&locale.fill("ui.import.differs", &[("file", &file), ("count", &count)]));
    print_line(addition.diff.trim_end());
    if session.status == model::Status::Final {
        print_line(&locale.fill("ui.import.final", &[("file", &file)]));
    }
    let case = &session.case;
    if case.publicity() == Publicity::Public || case.secrecy_basis.is_none() {
        report_secret_notes(&file, addition.secret, case.publicity, locale);
    }
    Ok(ExitStatus::Refused)
}

fn report_taken(draft: &Draft, file: &Path, locale: &Locale) {
    let (count, file) = (draft.notes.len().to_string(), file.display().to_string());
    let values = [("file", file.as_str()), ("id", draft.id.as_str()), ("count", count.as_str())];
    print_line(&locale.fill("ui.import.taken", &values));
}

/// Reports that a record with secret notes needs the secrecy provision, which a
/// spreadsheet does not have.
fn report_secret_notes(file: &str, secret: usize, said: Option<Publicity>, locale: &Locale) {
    if secret > 0 {
        let count = secret.to_string();
        let values = [("file", file), ("count", count.as_str())];
        print_line(&match said {
            None | Some(Publicity::Public) => locale.fill("ui.import.secret", &values),
            Some(_) => locale.fill("ui.import.secret_basis", &values),
        });
    }
}

/// Reports unreadable files, which may be the session of one of the groups.
fn report_unread_files(set: &RecordSet, round: &Id, locale: &Locale) {
    let may_be = set.refused().iter().filter(|refused| {
        refused.kind.is_none_or(|kind| kind == Kind::Session)
            && refused.round.as_ref().is_none_or(|of| of == round)
    });
    let files: Vec<String> = may_be.map(|refused| refused.file.display().to_string()).collect();
    if !files.is_empty() {
        print_line(&locale.fill("ui.import.unread", &[("files", &files.join(", "))]));
    }
}

/// Reports which columns were imported, and which rows were not.
fn report_rows(report: &ImportReport, quiet: bool, locale: &Locale) {
    if !quiet {
        let columns = report.columns.iter();
        let columns = columns.map(|(column, heading)| {
            let column = column.word(locale);
            locale.fill("ui.import.heading", &[("column", &column), ("heading", heading)])
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        print_line(&locale.fill("ui.import.columns", &[("columns", &columns)]));
        let above = report.rows_above.iter().map(|(row, text)| format!("{row} ({text})"));
        let lists = [
            ("ui.import.left_out", "columns", report.ignored_columns.join(", ")),
            ("ui.import.hidden_columns", "columns", report.hidden_columns.join(", ")),
            ("ui.import.hidden_rows", "rows", runs(&report.hidden_rows)),
            ("ui.import.above", "rows", above.collect::<Vec<_>>().join(", ")),
            ("ui.import.other_sheets", "sheets", report.other_sheets.join(", ")),
        ];
        for (key, name, list) in lists.iter().filter(|(_, _, list)| !list.is_empty()) {
            print_line(&locale.fill(key, &[(*name, list.as_str())]));
        }
        let repeated = report.repeated.iter().map(|repeat| ("ui.import.repeated", repeat));
        for (key, repeat) in
            repeated.chain(report.continued.iter().map(|j| ("ui.import.joined", j)))
        {
            let (row, first) = (repeat.row.to_string(), repeat.first.to_string());
            print_line(&locale.fill(key, &[("row", &row), ("first", &first)]));
        }
        if report.dropped_places > 0 {
            let count = report.dropped_places.to_string();
            print_line(&locale.fill("ui.import.beside", &[("count", &count)]));
        }
    }
    for refusal in &report.refused {
        let (row, reason) = (refusal.row.to_string(), reason(refusal, locale));
        print_line(&locale.fill("ui.import.refused", &[("row", &row), ("reason", &reason)]));
    }
}

/// `3, 5–9`
fn runs(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let run = |run: &[usize]| match run {
        [first, .., last] => format!("{first}–{last}"),
        one => one.iter().map(usize::to_string).collect(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

/// Why a row was not imported.
fn reason(refusal: &RefusedRow, locale: &Locale) -> String {
    let (column, value) = (refusal.column.word(locale), shown(&refusal.value));
    let cell = [("column", column.as_str()), ("value", value.as_str())];
    match &refusal.reason {
        Reason::NoText => locale.label("ui.import.reason.no_text"),
        Reason::NoGroup => locale.label("ui.import.reason.no_group"),
        Reason::Unknown { known, nearest } => {
            let known = known.join(", ");
            let values = [cell[0], cell[1], ("known", known.as_str())];
            let mut text = locale.fill("ui.import.reason.unknown", &values);
            if let Some(nearest) = nearest {
                text.push(' ');
                text += &locale.fill("ui.import.reason.nearest", &[("name", nearest)]);
            }
            text
        }
        Reason::NoMeeting { group } => {
            locale.fill("ui.import.reason.no_meeting", &[("group", group)])
        }
        Reason::LongId { group } => locale.fill("ui.import.reason.long_id", &[("group", group)]),
        Reason::OtherGroup { group } => {
            let values = [cell[1], ("group", group.as_str())];
            locale.fill("ui.import.reason.other_group", &values)
        }
        Reason::AreaAlone => locale.label("ui.import.reason.area_alone"),
        Reason::Unclear => locale.fill("ui.import.reason.unclear", &cell),
        Reason::Control(c) => {
            let code = format!("U+{:04X}", u32::from(*c));
            locale.fill("ui.import.reason.control", &[cell[0], ("code", &code)])
        }
        Reason::TooLong => {
            let limit = (model::text::FIELD_LIMIT / 1024).to_string();
            locale.fill("ui.import.reason.too_long", &[cell[0], ("limit", &limit)])
        }
        Reason::LongLine => {
            let limit = model::text::LINE_LIMIT.to_string();
            locale.fill("ui.import.reason.long_line", &[cell[0], ("limit", &limit)])
        }
        Reason::LongWord => {
            let limit = model::text::WORD_LIMIT.to_string();
            locale.fill("ui.import.reason.long_word", &[cell[0], ("limit", &limit)])
        }
        Reason::Markup(construct) => {
            let construct = locale.label(&format!("construct.{construct}"));
            locale.fill("ui.import.reason.markup", &[cell[0], ("construct", &construct)])
        }
        Reason::Broken => locale.fill("ui.import.reason.broken", &cell),
        Reason::Format { cell: at } => {
            locale.fill("ui.import.reason.look", &[cell[0], cell[1], ("cell", at)])
        }
        Reason::Unshown(c) => {
            let (character, code) = (shown(&c.to_string()), format!("U+{:04X}", u32::from(*c)));
            let values = [cell[0], ("character", character.as_str()), ("code", code.as_str())];
            locale.fill("ui.import.reason.unshown", &values)
        }
        Reason::Hidden => locale.label("ui.import.reason.hidden"),
        Reason::Merged { cells } => {
            locale.fill("ui.import.reason.merged", &[cell[0], ("cells", cells)])
        }
        Reason::TornText { first, last } => {
            let (first, last) = (first.to_string(), last.to_string());
            let values = [("first", first.as_str()), ("last", last.as_str())];
            locale.fill("ui.import.reason.torn_text", &values)
        }
        Reason::WideHeading { letters } => {
            locale.fill("ui.import.reason.wide_heading", &[cell[0], ("letters", letters)])
        }
    }
}

fn print_totals(report: &ImportReport, locale: &Locale) {
    let repeated = report.repeated.len() + report.continued.len();
    let counts = [report.rows, report.taken(), report.refused.len(), repeated];
    let counts = counts.map(|count| count.to_string());
    let [rows, taken, refused, repeated] = counts.each_ref().map(String::as_str);
    let values = [("rows", rows), ("taken", taken), ("refused", refused), ("repeated", repeated)];
    print_line(&locale.fill("ui.import.closing", &values));
}
