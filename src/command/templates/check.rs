//! `kirjuri templates check`: creates documents from generated records and reports layout
//! defects.

use std::path::Path;

use crate::cli::{Global, TemplatesCheckArgs};
use crate::command::failure::Failure;
use crate::command::terminal::print_line;
use crate::command::workspace::Workspace;
use crate::command::{ExitStatus, problem_output};
use crate::fs;
use crate::locale::Locale;
use crate::model::Problem;
use crate::pipeline::defect_rule;
use crate::template_tools::{Trial, TrialOutcome, try_templates};
use crate::typeset::LayoutDefect;

/// Creates every document of every generated record set in three languages, and prints
/// the defects.
pub fn run(global: &Global, args: &TemplatesCheckArgs) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?;
    if let Some(folder) = &args.keep {
        workspace.settings.check_apart(folder, &[])?;
    }
    let wanted = |name: &str| {
        // a language code matches as a whole word: `fi` does not match
        // `fifteen-in-one-cell`
        let fits = |word: &str, part: &str| {
            if part.len() == 2 { word == part } else { word.contains(part) }
        };
        args.only.iter().all(|part| name.split(' ').any(|word| fits(word, part)))
    };
    let mut results = try_templates(&workspace.design, workspace.options(), &wanted, |trial| {
        evaluate(trial, args.keep.as_deref(), &workspace.locale)
    })?
    .into_iter()
    .collect::<anyhow::Result<Vec<DocumentResult>>>()?;
    if results.is_empty() {
        return Err(Failure::new("templates_check_none").with("name", args.only.join(" ")).into());
    }
    results.sort_by(|a, b| a.name.cmp(&b.name));
    for result in &results {
        result.lines.iter().for_each(|text| print_line(text));
        if !result.problems.is_empty() {
            print_line(&result.name);
            problem_output::print(&result.problems, &workspace.locale);
        }
    }
    let bad = results.iter().filter(|result| !result.is_good()).count();
    if !global.quiet {
        let pages: usize = results.iter().map(|result| result.pages).sum();
        let [documents, pages, bad] = [results.len(), pages, bad].map(|n| n.to_string());
        let values = [("documents", &*documents), ("pages", &*pages), ("bad", &*bad)];
        print_line(&workspace.locale.fill("ui.templates.checked", &values));
    }
    Ok(if bad == 0 { ExitStatus::Success } else { ExitStatus::Refused })
}

/// Result of checking one document.
struct DocumentResult {
    name: String,
    pages: usize,
    /// Messages about its defects.
    lines: Vec<String>,
    /// Why it could not be created.
    problems: Vec<Problem>,
}

impl DocumentResult {
    fn is_good(&self) -> bool {
        self.lines.is_empty() && self.problems.is_empty()
    }
}

fn evaluate(
    trial: Trial,
    keep_in: Option<&Path>,
    locale: &Locale,
) -> anyhow::Result<DocumentResult> {
    let name = trial.name;
    Ok(match trial.result {
        TrialOutcome::Made(pdf) => {
            if let Some(folder) = keep_in {
                keep(folder, &name, &pdf.bytes)?;
            }
            let defects = pdf.defects.iter();
            let lines = defects.map(|defect| format!("{name}: {}", defect_text(defect, locale)));
            DocumentResult { lines: lines.collect(), pages: pdf.pages, problems: Vec::new(), name }
        }
        TrialOutcome::Failed(problems) => {
            DocumentResult { name, pages: 0, lines: Vec::new(), problems }
        }
    })
}

/// The message about a defect.
pub fn defect_text(defect: &LayoutDefect, locale: &Locale) -> String {
    let page = defect.page.to_string();
    let values = [("page", page.as_str()), ("text", defect.text.as_str())];
    locale.fill(&format!("problem.{}.message", defect_rule(defect.kind)), &values)
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write_atomic(&folder.join(format!("{}.pdf", name.replace(' ', "-"))), bytes)?;
    Ok(())
}
