//! Tries templates out on generated records: does every document render, pass
//! the export gate and stay in its margins? Writes nothing.

use crate::document::{self, Bilingual, Document, DocumentId, Records};
use crate::model::{Language, Problem, RecordError};
use crate::parallel;
use crate::pipeline::{BuildContext, Design, Options};
use crate::testdata::{self, SHAPES, Shape};
use crate::typeset::{Pdf, TypesetError};

/// What became of one document of generated records.
#[derive(Debug)]
pub struct Trial {
    /// Set, language and document: `largest fi neuvottelu-1-muistio`.
    pub name: String,
    pub result: TrialOutcome,
}

/// A document of generated records.
#[derive(Debug)]
pub enum TrialOutcome {
    /// It could be made. It is good when it has no defects.
    Made(Pdf),
    /// The template failed.
    Failed(Vec<Problem>),
}

struct Task<'a> {
    shape: &'static Shape,
    set: &'a Records,
    document: Document,
}

/// Makes every document of every generated set in every language. `wanted`
/// says by name (`largest fi neuvottelu-1-muistio`) which are made. Each result
/// goes through `tell` as soon as it is there.
///
/// # Errors
/// When a generated record does not fit its kind.
pub fn try_templates<T: Send>(
    design: &Design,
    options: Options,
    wanted: &dyn Fn(&str) -> bool,
    tell: impl Fn(Trial) -> T + Sync,
) -> Result<Vec<T>, RecordError> {
    let mut sets: Vec<(&'static Shape, Records)> = Vec::new();
    for shape in &SHAPES {
        for language in Language::ALL {
            sets.push((shape, testdata::records(shape, language)?.into()));
        }
    }
    let tasks = sets.iter().flat_map(|(shape, set)| {
        let documents = document::documents(set, Bilingual::Together).into_iter();
        documents.map(move |document| Task { shape, set, document })
    });
    let tasks =
        tasks.filter(|task| wanted(&name(task.shape, &task.document, &id(&task.document, design))));
    Ok(parallel::map(tasks.collect(), options.workers, |task| {
        tell(try_one(&task, design, options))
    }))
}

fn id(document: &Document, design: &Design) -> DocumentId {
    document.id(design.locales.of(document.language))
}

fn name(shape: &Shape, document: &Document, id: &DocumentId) -> String {
    format!("{} {} {id}", shape.name, document.language.code())
}

fn try_one(task: &Task<'_>, design: &Design, options: Options) -> Trial {
    let Task { shape, set, document } = task;
    let id = id(document, design);
    let name = name(shape, document, &id);
    let context = BuildContext { records: set, design, options };
    let result = match context.render(document) {
        Err(failure) => TrialOutcome::Failed(failure.problem().into_iter().collect()),
        Ok(source) => match context.typeset(document, &id, &source) {
            // what is a warning of a record is a fault of a template
            Ok(pdf) if !pdf.warnings.is_empty() => {
                let error = TypesetError::Typst(pdf.warnings);
                TrialOutcome::Failed(context.problems(&error, document, &source))
            }
            Ok(pdf) => TrialOutcome::Made(pdf),
            Err(problems) => TrialOutcome::Failed(problems),
        },
    };
    Trial { name, result }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::intake::Intake;
    use crate::model::Severity;
    use crate::pipeline::check_records;

    #[test]
    fn generated_records_break_no_rule() {
        let design = Design::new(Bundle::built_in()).unwrap();
        for shape in SHAPES {
            for language in Language::ALL {
                let set = testdata::records(&shape, language).unwrap();
                let checked = check_records(
                    Intake { set, ..Intake::default() },
                    &design,
                    crate::pipeline::CheckOptions::default(),
                );
                let errors = checked.problems.iter().filter(|p| p.severity == Severity::Error);
                let errors: Vec<_> = errors.map(|p| (p.rule, &p.place.field, &p.args)).collect();
                assert!(errors.is_empty(), "{} {language:?}: {errors:?}", shape.name);
            }
        }
    }
}
