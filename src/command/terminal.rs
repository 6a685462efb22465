//! Terminal output: lines, tables, progress bar and logs.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use tracing::level_filters::LevelFilter;

use crate::fs;
use crate::locale::Locale;
use crate::model::Severity;
use crate::pipeline::{Line, Observer, Outcome, Report};
use crate::watch::WakeSignal;

/// Starts logging to standard error: errors only, with `-v` also information, with `-vv`
/// debug messages.
pub fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let plain = std::env::var_os("NO_COLOR").is_some() || !std::io::stderr().is_terminal();
    // a second call, as in tests, keeps the first logger
    let _ = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(level)
        .with_ansi(!plain)
        .with_target(false)
        .try_init();
}

/// Prints a line to standard output. A closed pipe is not an error.
pub fn print_line(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Prints the result of a command to standard output.
///
/// # Errors
/// When it cannot be written, unless the pipe is closed.
pub fn print_result(text: &str) -> std::io::Result<()> {
    match writeln!(anstream::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Shows the progress of a build: a bar on a terminal, a line for each document in a
/// pipe.
pub struct BuildProgress<'a> {
    locale: &'a Locale,
    signal: WakeSignal,
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl<'a> BuildProgress<'a> {
    /// Shows progress in the language of a locale; the signal requests a stop.
    pub fn new(locale: &'a Locale, signal: WakeSignal, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
        let bar = (terminal && !quiet).then(ProgressBar::hidden);
        Self { locale, signal, quiet, bar }
    }

    /// Prints the result: a table on a terminal, otherwise the lines not printed yet, and
    /// a line with totals.
    pub fn close(&self, report: &Report) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.quiet {
            return;
        }
        for path in &report.orphans {
            print_line(
                &self.locale.fill("ui.orphan_line", &[("file", &path.display().to_string())]),
            );
        }
        if self.bar.is_some() {
            self.print_table(report);
        }
        for done in report.lines.iter().filter(|line| !is_printed_at_once(line)) {
            self.print_document(done);
        }
        print_line(&self.totals(report));
        if let Some(problems) = self.problems(report) {
            print_line(&problems);
        }
        if report.left > 0 {
            print_line(
                &self.locale.fill("ui.stopped_early", &[("left", &report.left.to_string())]),
            );
        }
    }

    fn print_table(&self, report: &Report) {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        table.set_header(
            ["table_file", "table_state", "table_pages"]
                .map(|key| self.locale.label(&format!("ui.{key}"))),
        );
        for line in
            report.lines.iter().filter(|line| !matches!(line.outcome, Outcome::Unchanged { .. }))
        {
            let pages = match line.outcome {
                Outcome::Issued { pages }
                | Outcome::Unchanged { pages }
                | Outcome::Restored { pages } => pages.to_string(),
                _ => String::new(),
            };
            let key = match line.outcome {
                Outcome::Issued { .. } => "ui.issued",
                Outcome::Unchanged { .. } => "ui.unchanged",
                Outcome::Restored { .. } => "ui.restored",
                Outcome::Refused => "ui.refused",
                Outcome::Withheld { .. } => "ui.withheld",
            };
            table.add_row([line.path.display().to_string(), self.locale.label(key), pages]);
        }
        if let Some(column) = table.column_mut(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if table.row_count() > 0 {
            print_line(&table.to_string());
        }
    }

    fn print_document(&self, done: &Line) {
        let file = done.path.display().to_string();
        let text = match &done.outcome {
            Outcome::Issued { pages } => {
                let pages = pages.to_string();
                let values = [("file", file.as_str()), ("pages", &pages)];
                match &done.number {
                    Some(number) => {
                        let values = [values[0], values[1], ("number", number.as_str())];
                        self.locale.fill("ui.registered_line", &values)
                    }
                    None => self.locale.fill("ui.issued_line", &values),
                }
            }
            Outcome::Restored { .. } => self.locale.fill("ui.restored_line", &[("file", &file)]),
            Outcome::Unchanged { .. } => return,
            Outcome::Refused => self.locale.fill("ui.refused_line", &[("file", &file)]),
            Outcome::Withheld { waits_for, more } => {
                let waits = file_list(waits_for, *more);
                let key = match fs::stamp(&done.path) {
                    Ok(Some(_)) => "ui.withheld_line",
                    _ => "ui.withheld_new_line",
                };
                self.locale.fill(key, &[("file", &file), ("waits", &waits)])
            }
        };
        print_line(&text);
    }

    /// A line counting the printed problems and the unreadable files; `None` without any.
    fn problems(&self, report: &Report) -> Option<String> {
        let shown = report.worth_saying();
        let count = |severity| shown.iter().filter(|p| p.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        if errors + warnings + report.unread == 0 {
            return None;
        }
        let [errors, warnings, unread] =
            [errors, warnings, report.unread].map(|count| count.to_string());
        let values = [("errors", &*errors), ("warnings", &*warnings), ("unread", &*unread)];
        Some(self.locale.fill("ui.closing_problems", &values))
    }

    fn totals(&self, report: &Report) -> String {
        let count = |wanted: fn(&Outcome) -> bool| report.count(wanted).to_string();
        let mut totals = self.locale.fill(
            "ui.closing",
            &[
                ("records", &report.records.to_string()),
                ("documents", &report.lines.len().to_string()),
                ("issued", &count(|outcome| matches!(outcome, Outcome::Issued { .. }))),
                ("unchanged", &count(|outcome| matches!(outcome, Outcome::Unchanged { .. }))),
                ("refused", &count(|outcome| matches!(outcome, Outcome::Refused))),
                ("withheld", &count(|outcome| matches!(outcome, Outcome::Withheld { .. }))),
            ],
        );
        // restored PDFs were not created
        let restored = report.count(|outcome| matches!(outcome, Outcome::Restored { .. }));
        if restored > 0 {
            let restored = restored.to_string();
            totals.push_str(&self.locale.fill("ui.closing_restored", &[("count", &restored)]));
        }
        totals
    }
}

/// A comma-separated list of files that something waits for.
pub fn file_list(files: &[PathBuf], more: usize) -> String {
    let files = files.iter().map(|path| path.display().to_string());
    let more = (more > 0).then(|| format!("… (+{more})"));
    files.chain(more).collect::<Vec<_>>().join(", ")
}

/// True for lines that are printed during the build, or not at all.
fn is_printed_at_once(line: &Line) -> bool {
    matches!(line.outcome, Outcome::Issued { .. } | Outcome::Unchanged { .. })
}

impl Observer for BuildProgress<'_> {
    fn planned(&self, documents: usize) {
        if let Some(bar) = &self.bar
            && documents > 3
        {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            bar.set_length(documents as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
        }
    }

    fn done(&self, line: &Line) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(line.document.to_string());
                bar.inc(1);
            }
            None if !self.quiet && is_printed_at_once(line) => self.print_document(line),
            None => {}
        }
    }

    fn stop(&self) -> bool {
        self.signal.stopped()
    }
}
