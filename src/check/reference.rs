//! The reference page of rules (`docs/reference/rules.md`), generated from the table of
//! lints and the messages of a language.

use std::fmt::Write;

use crate::locale::Locale;
use crate::model::lint::{GROUPS, Lint};
use crate::model::{Language, Severity};

/// All rules as Markdown tables, one for each subject.
pub fn rules_markdown(locale: &Locale) -> String {
    let mut page = String::new();
    for group in GROUPS {
        // writing to a `String` cannot fail
        let _ = write!(page, "## {}\n\n", group.name);
        page.push_str("| Rule | Severity | Message | What to do |\n| --- | --- | --- | --- |\n");
        for lint in group.lints {
            let key = lint.key;
            let text = |part: &str| cell(&locale.label(&format!("problem.{key}.{part}")));
            let (severity, message, help) = (severity(lint), text("message"), text("help"));
            let _ = writeln!(page, "| `{key}` | {severity} | {message} | {help} |");
        }
        page.push('\n');
    }
    page
}

fn severity(lint: &Lint) -> String {
    let mut said = match lint.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
    .to_owned();
    if lint.configurable {
        said.push_str(", configurable");
    }
    if lint.languages.len() < Language::ALL.len() {
        let codes: Vec<&str> = lint.languages.iter().map(|language| language.code()).collect();
        let _ = write!(said, "; only {}", codes.join(", "));
    }
    said
}

/// A text inside a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").trim().to_owned()
}
