//! `import`: a spreadsheet of notes becomes drafts of session records, and a
//! round an empty spreadsheet. Never writes over anything.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Status;
use super::failure::Failure;
use super::terminal::line;
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

/// How like an id must be to be suggested, from 0 to 1.
const LIKE: f64 = 0.7;

/// Where the notes of a draft belong.
enum Place<'a> {
    /// No file and no record is there yet.
    Free(PathBuf),
    /// The session is a record already.
    Session(&'a Source, &'a Session),
    /// Something else is there.
    Taken(PathBuf),
}

/// Takes the notes of the spreadsheet, or writes an empty one.
pub fn run(global: &Global, args: &ImportArgs) -> anyhow::Result<Status> {
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
    tell_rows(&report, global.quiet, locale);
    tell_unread(&set, &texts.own.id, locale);
    let folder = source.file.parent().unwrap_or(Path::new(""));
    let mut status = if report.refused.is_empty() { Status::Well } else { Status::Refused };
    for draft in &drafts {
        let place = place(draft, folder, &texts.own.id, &set)?;
        if hand_over(draft, place, args.dry_run, global.quiet, locale)? == Status::Refused {
            status = Status::Refused;
        }
    }
    if !global.quiet {
        close(&report, locale);
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
    let likely = known.iter().map(|known| (strsim::jaro_winkler(id, known), *known));
    let nearest = likely.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(like, _)| *like >= LIKE);
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
    Ok(read.map_err(|error| Failure::new("import").at(file).over(error))?)
}

fn separator(arg: SeparatorArg) -> Separator {
    match arg {
        SeparatorArg::Semicolon => Separator::Semicolon,
        SeparatorArg::Comma => Separator::Comma,
        SeparatorArg::Tab => Separator::Tab,
        SeparatorArg::Bar => Separator::Bar,
    }
}

/// Writes an empty spreadsheet where no file is.
fn write_empty(
    workspace: &Workspace,
    args: &ImportArgs,
    texts: &RoundTexts<'_>,
    quiet: bool,
) -> anyhow::Result<Status> {
    let locale = &workspace.locale;
    let file = args.to.clone().unwrap_or_else(|| format!("{}.xlsx", texts.own.id).into());
    workspace.settings.check_apart(&file, &[])?;
    let bytes = import::template(texts, locale)?;
    let written = write_new(&file, &bytes)?;
    if !written {
        return Err(Failure::new("there_already_to").at(&file).into());
    }
    if !quiet {
        line(&locale.fill("ui.import.made_empty", &[("file", &file.display().to_string())]));
    }
    Ok(Status::Well)
}

/// Writes a file where none is: false when one is there. To look and to write
/// is one step, so that nothing which appears in between is lost.
fn write_new(file: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    match fs::write_new(file, bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.source.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Where the notes of a draft belong; its file would be beside the round's.
fn place<'a>(
    draft: &Draft,
    folder: &Path,
    round: &Id,
    set: &'a RecordSet,
) -> anyhow::Result<Place<'a>> {
    if let Some(session) = set.sessions_of(round).into_iter().find(|s| draft.is_of(s))
        && let Some(source) = set.source(&session.id)
    {
        return Ok(Place::Session(source, session));
    }
    if let Some(other) = set.source(&draft.id) {
        return Ok(Place::Taken(other.file.clone()));
    }
    if let Some(refused) = set.refused_with_id(&draft.id) {
        return Ok(Place::Taken(refused.file.clone()));
    }
    let file = folder.join(&draft.file);
    let there = fs::stamp(&file)?.is_some();
    Ok(if there { Place::Taken(file) } else { Place::Free(file) })
}

/// Writes a draft, or says what hinders it.
fn hand_over(
    draft: &Draft,
    place: Place<'_>,
    dry_run: bool,
    quiet: bool,
    locale: &Locale,
) -> anyhow::Result<Status> {
    let count = draft.notes.len().to_string();
    let file = match place {
        Place::Session(source, session) => {
            return compare(draft, source, session, quiet, locale);
        }
        Place::Taken(file) => {
            tell_taken(draft, &file, locale);
            return Ok(Status::Refused);
        }
        Place::Free(file) => file,
    };
    let name = file.display().to_string();
    let values = [("file", name.as_str()), ("count", count.as_str())];
    if dry_run {
        line(&locale.fill("ui.import.would_write", &values));
        line(draft.text.trim_end());
    } else if !write_new(&file, draft.text.as_bytes())? {
        tell_taken(draft, &file, locale);
        return Ok(Status::Refused);
    } else if !quiet {
        line(&locale.fill("ui.import.written", &values));
    }
    // the draft says itself that it is partly secret
    tell_secret(&name, draft.secret(), Some(Publicity::PartlySecret), locale);
    Ok(Status::Well)
}

/// Shows what the notes would change in a record; the official takes over
/// what is wanted.
fn compare(
    draft: &Draft,
    source: &Source,
    session: &Session,
    quiet: bool,
    locale: &Locale,
) -> anyhow::Result<Status> {
    let file = source.file.display().to_string();
    let list = span_of(&source.text, "notes").map(|span| span.start);
    let Some(addition) = import::addition(draft, session, &source.text, list, &file)? else {
        if !quiet {
            line(&locale.fill("ui.import.complete", &[("file", &file)]));
        }
        return Ok(Status::Well);
    };
    let count = addition.notes.to_string();
    line(&locale.fill("ui.import.differs", &[("file", &file), ("count", &count)]));
    line(addition.diff.trim_end());
    if session.status == model::Status::Final {
        line(&locale.fill("ui.import.final", &[("file", &file)]));
    }
    let case = &session.case;
    if case.publicity() == Publicity::Public || case.secrecy_basis.is_none() {
        tell_secret(&file, addition.secret, case.publicity, locale);
    }
    Ok(Status::Refused)
}

fn tell_taken(draft: &Draft, file: &Path, locale: &Locale) {
    let (count, file) = (draft.notes.len().to_string(), file.display().to_string());
    let values = [("file", file.as_str()), ("id", draft.id.as_str()), ("count", count.as_str())];
    line(&locale.fill("ui.import.taken", &values));
}

/// A record with secret notes needs the provision, which no spreadsheet has.
fn tell_secret(file: &str, secret: usize, said: Option<Publicity>, locale: &Locale) {
    if secret > 0 {
        let count = secret.to_string();
        let values = [("file", file), ("count", count.as_str())];
        line(&match said {
            None | Some(Publicity::Public) => locale.fill("ui.import.secret", &values),
            Some(_) => locale.fill("ui.import.secret_basis", &values),
        });
    }
}

/// A file that cannot be read may be the session of one of the groups.
fn tell_unread(set: &RecordSet, round: &Id, locale: &Locale) {
    let may_be = set.refused().iter().filter(|refused| {
        refused.kind.is_none_or(|kind| kind == Kind::Session)
            && refused.round.as_ref().is_none_or(|of| of == round)
    });
    let files: Vec<String> = may_be.map(|refused| refused.file.display().to_string()).collect();
    if !files.is_empty() {
        line(&locale.fill("ui.import.unread", &[("files", &files.join(", "))]));
    }
}

/// Says which columns were taken, and which rows were not.
fn tell_rows(report: &ImportReport, quiet: bool, locale: &Locale) {
    if !quiet {
        let columns = report.columns.iter();
        let columns = columns.map(|(column, heading)| {
            let column = column.word(locale);
            locale.fill("ui.import.heading", &[("column", &column), ("heading", heading)])
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        line(&locale.fill("ui.import.columns", &[("columns", &columns)]));
        let above = report.rows_above.iter().map(|(row, text)| format!("{row} ({text})"));
        let lists = [
            ("ui.import.left_out", "columns", report.ignored_columns.join(", ")),
            ("ui.import.hidden_columns", "columns", report.hidden_columns.join(", ")),
            ("ui.import.hidden_rows", "rows", runs(&report.hidden_rows)),
            ("ui.import.above", "rows", above.collect::<Vec<_>>().join(", ")),
            ("ui.import.other_sheets", "sheets", report.other_sheets.join(", ")),
        ];
        for (key, name, list) in lists.iter().filter(|(_, _, list)| !list.is_empty()) {
            line(&locale.fill(key, &[(*name, list.as_str())]));
        }
        let repeated = report.repeated.iter().map(|repeat| ("ui.import.repeated", repeat));
        for (key, repeat) in
            repeated.chain(report.continued.iter().map(|j| ("ui.import.joined", j)))
        {
            let (row, first) = (repeat.row.to_string(), repeat.first.to_string());
            line(&locale.fill(key, &[("row", &row), ("first", &first)]));
        }
        if report.dropped_places > 0 {
            let count = report.dropped_places.to_string();
            line(&locale.fill("ui.import.beside", &[("count", &count)]));
        }
    }
    for refusal in &report.refused {
        let (row, reason) = (refusal.row.to_string(), reason(refusal, locale));
        line(&locale.fill("ui.import.refused", &[("row", &row), ("reason", &reason)]));
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

/// Why a row was not taken, in the language's words.
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

fn close(report: &ImportReport, locale: &Locale) {
    let repeated = report.repeated.len() + report.continued.len();
    let counts = [report.rows, report.taken(), report.refused.len(), repeated];
    let counts = counts.map(|count| count.to_string());
    let [rows, taken, refused, repeated] = counts.each_ref().map(String::as_str);
    let values = [("rows", rows), ("taken", taken), ("refused", refused), ("repeated", repeated)];
    line(&locale.fill("ui.import.closing", &values));
}
