//! The sample records, for benchmarks.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use kirjuri::bundle::Bundle;
use kirjuri::document::{Bilingual, Document, DocumentId, DocumentKind, documents};
use kirjuri::intake::{Intake, parse};
use kirjuri::model::{RecordSet, Severity};
use kirjuri::pipeline::{self, BuildContext, Checked, Design, Options};

pub const OPTIONS: Options =
    Options { attach_source: true, bilingual: Bilingual::Separate, workers: 2 };

pub fn design() -> Design {
    Design::new(Bundle::built_in()).unwrap()
}

/// Path and bytes of the records of the 2025 round.
pub fn files() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("records/2025");
    let mut files: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            ["round.json", "summary.json", "forum-"].iter().any(|start| name.starts_with(start))
                || name.starts_with("session-")
        })
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

pub fn check_records(files: &[(PathBuf, Vec<u8>)], design: &Design) -> Checked {
    let sources = files.iter().map(|(path, bytes)| parse(path, bytes).unwrap());
    let set = RecordSet::new(sources, Vec::new());
    let checked = pipeline::check_records(
        Intake { set, ..Intake::default() },
        design,
        pipeline::CheckOptions::default(),
    );
    let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let rules: Vec<&str> = errors.map(|problem| problem.rule).collect();
    assert!(rules.is_empty(), "{rules:?}");
    checked
}

pub fn first(kind: DocumentKind, checked: &Checked, design: &Design) -> (DocumentId, Document) {
    let document =
        documents(&checked.set, Bilingual::Separate).into_iter().find(|d| d.kind == kind).unwrap();
    (document.id(design.locales.of(document.language)), document)
}

pub fn context<'a>(checked: &'a Checked, design: &'a Design) -> BuildContext<'a> {
    BuildContext { records: &checked.set, design, options: OPTIONS }
}
