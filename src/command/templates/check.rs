//! `templates check`: documents of generated records, looked over.

use std::path::Path;

use crate::cli::{Global, TemplatesCheckArgs};
use crate::command::terminal::line;
use crate::command::workspace::Workspace;
use crate::command::{Status, draw};
use crate::fs;
use crate::locale::Locale;
use crate::pipeline::{Proof, Proved, flaw_rule, prove};
use crate::typeset::Flaw;

/// Makes every document of every generated set, in three languages, and says
/// what is wrong with them.
pub fn run(global: &Global, args: &TemplatesCheckArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    let wanted = |name: &str| {
        args.only.iter().all(|part| name.split(' ').any(|word| word.contains(part.as_str())))
    };
    let mut proofs = prove(&workspace.design, workspace.options(), &wanted);
    proofs.sort_by(|a, b| a.name.cmp(&b.name));
    let (mut pages, mut bad) = (0, 0);
    for proof in &proofs {
        if let Proved::Made(pdf) = &proof.result {
            pages += pdf.pages;
            if let Some(folder) = &args.keep {
                keep(folder, proof, &pdf.bytes)?;
            }
        }
        bad += usize::from(!tell(proof, &workspace.locale));
    }
    if !global.quiet {
        let [documents, pages, bad] = [proofs.len(), pages, bad].map(|n| n.to_string());
        let values = [("documents", &*documents), ("pages", &*pages), ("bad", &*bad)];
        line(&workspace.locale.fill("ui.templates.checked", &values));
    }
    Ok(if bad == 0 { Status::Well } else { Status::Refused })
}

/// Says what is wrong with a document; true when nothing is.
fn tell(proof: &Proof, locale: &Locale) -> bool {
    let name = &proof.name;
    match &proof.result {
        Proved::Made(pdf) => {
            for flaw in &pdf.flaws {
                line(&format!("{name}: {}", flaw_text(flaw, locale)));
            }
            pdf.flaws.is_empty()
        }
        Proved::Failed(problems) => {
            line(name);
            draw::print(problems, locale);
            false
        }
    }
}

fn flaw_text(flaw: &Flaw, locale: &Locale) -> String {
    let page = flaw.page.to_string();
    let values = [("page", page.as_str()), ("text", flaw.text.as_str())];
    locale.fill(&format!("problem.{}.message", flaw_rule(flaw.kind)), &values)
}

fn keep(folder: &Path, proof: &Proof, bytes: &[u8]) -> anyhow::Result<()> {
    let name = format!("{}.pdf", proof.name.replace(' ', "-"));
    fs::write_atomic(&folder.join(name), bytes)?;
    Ok(())
}
