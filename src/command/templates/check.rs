//! `templates check`: documents of generated records, looked over.

use std::path::Path;

use crate::cli::{Global, TemplatesCheckArgs};
use crate::command::failure::Failure;
use crate::command::terminal::line;
use crate::command::workspace::Workspace;
use crate::command::{Status, draw};
use crate::fs;
use crate::locale::Locale;
use crate::model::Problem;
use crate::pipeline::defect_rule;
use crate::template_tools::{Trial, TrialOutcome, try_templates};
use crate::typeset::LayoutDefect;

/// Makes every document of every generated set, in three languages, and says
/// what is wrong with them.
pub fn run(global: &Global, args: &TemplatesCheckArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    if let Some(folder) = &args.keep {
        workspace.settings.check_apart(folder, &[])?;
    }
    let wanted = |name: &str| {
        // a language is meant as a whole: `fi` is not `fifteen-in-one-cell`
        let fits = |word: &str, part: &str| {
            if part.len() == 2 { word == part } else { word.contains(part) }
        };
        args.only.iter().all(|part| name.split(' ').any(|word| fits(word, part)))
    };
    let mut seen = try_templates(&workspace.design, workspace.options(), &wanted, |trial| {
        see(trial, args.keep.as_deref(), &workspace.locale)
    })?
    .into_iter()
    .collect::<anyhow::Result<Vec<Seen>>>()?;
    if seen.is_empty() {
        return Err(Failure::new("templates_check_none").with("name", args.only.join(" ")).into());
    }
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    for seen in &seen {
        seen.lines.iter().for_each(|text| line(text));
        if !seen.problems.is_empty() {
            line(&seen.name);
            draw::print(&seen.problems, &workspace.locale);
        }
    }
    let bad = seen.iter().filter(|seen| !seen.is_good()).count();
    if !global.quiet {
        let pages: usize = seen.iter().map(|seen| seen.pages).sum();
        let [documents, pages, bad] = [seen.len(), pages, bad].map(|n| n.to_string());
        let values = [("documents", &*documents), ("pages", &*pages), ("bad", &*bad)];
        line(&workspace.locale.fill("ui.templates.checked", &values));
    }
    Ok(if bad == 0 { Status::Well } else { Status::Refused })
}

/// What there is to say of one document.
struct Seen {
    name: String,
    pages: usize,
    /// Its defects, in words.
    lines: Vec<String>,
    /// Why it could not be made.
    problems: Vec<Problem>,
}

impl Seen {
    fn is_good(&self) -> bool {
        self.lines.is_empty() && self.problems.is_empty()
    }
}

fn see(trial: Trial, keep_in: Option<&Path>, locale: &Locale) -> anyhow::Result<Seen> {
    let name = trial.name;
    Ok(match trial.result {
        TrialOutcome::Made(pdf) => {
            if let Some(folder) = keep_in {
                keep(folder, &name, &pdf.bytes)?;
            }
            let defects = pdf.defects.iter();
            let lines = defects.map(|defect| format!("{name}: {}", defect_text(defect, locale)));
            Seen { lines: lines.collect(), pages: pdf.pages, problems: Vec::new(), name }
        }
        TrialOutcome::Failed(problems) => Seen { name, pages: 0, lines: Vec::new(), problems },
    })
}

/// A defect in words.
pub fn defect_text(defect: &LayoutDefect, locale: &Locale) -> String {
    let page = defect.page.to_string();
    let values = [("page", page.as_str()), ("text", defect.text.as_str())];
    locale.fill(&format!("problem.{}.message", defect_rule(defect.kind)), &values)
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write_atomic(&folder.join(format!("{}.pdf", name.replace(' ', "-"))), bytes)?;
    Ok(())
}
