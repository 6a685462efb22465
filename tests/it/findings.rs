//! Checks the records of a test workspace in process, with the stages of `kirjuri check`.

use std::path::Path;
use std::sync::LazyLock;

use kirjuri::bundle::Bundle;
use kirjuri::config::{self, Overrides};
use kirjuri::intake::{self, Memory};
use kirjuri::model::{Language, Moment, Problem, Severity};
use kirjuri::pipeline::{CheckOptions, Design, check_records};

use crate::desk::Desk;

static DESIGN: LazyLock<Design> = LazyLock::new(|| Design::new(Bundle::built_in()).unwrap());

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    pub rule: &'static str,
    /// Path of the record file from the records folder, without `.json`.
    pub file: String,
    pub field: String,
    /// From 1; 0 when unknown.
    pub line: usize,
    /// Message and help, in English.
    pub message: String,
    pub help: String,
    /// The reason for which the record accepts it.
    pub accepted: Option<String>,
}

impl Finding {
    /// `file field`
    pub fn place(&self) -> String {
        format!("{} {}", self.file, self.field)
    }

    fn of(problem: &Problem, records: &Path) -> Self {
        let file = &problem.place.file;
        let file = file.strip_prefix(records).unwrap_or(file).with_extension("");
        let words = DESIGN.locales.of(Language::En).word(problem);
        Self {
            severity: problem.severity,
            rule: problem.rule,
            file: file.to_str().unwrap().to_owned(),
            field: problem.place.field.clone(),
            line: problem.line_column().map_or(0, |(line, _)| line),
            message: words.message,
            help: words.help,
            accepted: problem.accepted.clone(),
        }
    }
}

/// All findings in a workspace at a time, in seconds since 1970. Uses its `kirjuri.toml`,
/// but no templates and no dictionary.
pub fn findings(desk: &Desk, seconds: &str) -> Vec<Finding> {
    assert!(!desk.path("templates").exists(), "only built-in templates");
    let today = Moment::from_unix(seconds.parse().unwrap()).unwrap().day();
    let records = desk.path("records");
    let all = intake::scan(&records, &mut Memory::default()).unwrap();
    let file = desk.path("kirjuri.toml");
    let settings = file.exists().then(|| {
        let overrides = Overrides { config: Some(file), ..Overrides::default() };
        config::resolve(&overrides).unwrap_or_else(|error| panic!("{error}"))
    });
    // the theme belongs to the sample's authority
    let examples = settings.as_ref().map_or_else(Vec::new, |settings| settings.examples(true));
    let options = match &settings {
        Some(settings) => settings.check_options(today),
        None => CheckOptions { today: Some(today), ..CheckOptions::default() },
    };
    let options = CheckOptions { examples: Some(&examples), workers: 1, ..options };
    check_records(all, &DESIGN, options)
        .problems
        .iter()
        .map(|problem| Finding::of(problem, &records))
        .collect()
}

/// `file field` of every finding of a rule.
pub fn places(rule: &str, findings: &[Finding]) -> Vec<String> {
    findings.iter().filter(|finding| finding.rule == rule).map(Finding::place).collect()
}

/// True when `kirjuri check` would report an error.
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
