//! Finds settings that still have example values: those of a new workspace, and those of
//! the sample workspace under another authority's name.

use super::{FILE, Settings};
use crate::pipeline::{Class, Example, is_example};

/// Number pattern of the sample workspace.
const SAMPLE_NUMBER: &str = "KSHVA-{year}-{number:5}";

/// Example contacts in the comments of settings from earlier versions.
const CONTACTS: [&str; 4] = [
    "number of the agreement with the archive",
    "Esimerkkikatu 1, 00100 Esimerkkilä",
    "000 000 000",
    "kirjaamo@example.fi",
];

impl Settings {
    /// Settings with example values; `of_sample` is true when the theme is that of the
    /// sample's authority, to which the sample's number pattern belongs.
    pub fn examples(&self, of_sample: bool) -> Vec<Example> {
        let Some(archiving) = &self.archiving else { return Vec::new() };
        let file = self.file.as_deref().map_or(FILE.into(), |file| file.display().to_string());
        let mut found = Vec::new();
        let mut check = |setting: String, value: &str, example: bool| {
            if example || is_example(value) {
                found.push(Example { file: file.clone(), setting, value: value.into() });
            }
        };
        let pattern = &archiving.pattern;
        check("registry.number".into(), pattern, pattern == SAMPLE_NUMBER && !of_sample);
        check("registry.checker".into(), &archiving.plan.checker, false);
        let kinds = archiving.plan.kinds.iter();
        let kinds = kinds.map(|(kind, class)| (kind.template(), class));
        for (name, class) in std::iter::once(("all", &archiving.plan.all)).chain(kinds) {
            for (field, value) in texts(class) {
                check(format!("registry.{name}.{field}"), value, false);
            }
        }
        for (class, name) in &archiving.functions {
            check(format!("registry.functions.{class}"), name, false);
        }
        let transfer = &archiving.transfer;
        let contacts = [
            ("contract", &transfer.contract),
            ("name", &transfer.name),
            ("address", &transfer.address),
            ("phone", &transfer.phone),
            ("email", &transfer.email),
        ];
        for (field, value) in contacts {
            if let Some(value) = value {
                let example = CONTACTS.contains(&value.as_str());
                check(format!("registry.transfer.{field}"), value, example);
            }
        }
        found
    }
}

fn texts(class: &Class) -> impl Iterator<Item = (&'static str, &str)> {
    let function = class.function.as_ref().map(|text| ("function", text.as_str()));
    let basis = class.secrecy_basis.as_ref().map(|text| ("secrecy_basis", text.as_str()));
    let reason = class.retention.as_ref().map(|kept| ("retention.reason", kept.reason.as_str()));
    [function, basis, reason].into_iter().flatten()
}
