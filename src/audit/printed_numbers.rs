//! Finds PDFs in the output folder whose printed register number is unknown to the
//! registry: a sign that an older registry was restored. Reads only PDFs that neither the
//! ledger nor the index knows.

use std::io::ErrorKind;
use std::path::PathBuf;

use regex::Regex;

use crate::bundle::Bundle;
use crate::fs::{self, FsError};
use crate::locale::{Locale, Locales};
use crate::model::{Digest, Language};
use crate::publish::Output;
use crate::registry::{Index, Numbering, RegistryError};
use crate::typeset;

/// Largest PDF that is read, in bytes.
const LIMIT: u64 = 256 * 1024 * 1024;
/// Creator in the metadata of every PDF of this program.
const MAKER: &[u8] = b"kirjuri ";

/// The first PDF in the output folder with a register number of this pattern that is not in
/// the index, or with any such number if there is no index.
///
/// # Errors
/// Fails if the folder or the index cannot be read.
pub fn unknown_number(
    output: &Output,
    numbering: &Numbering,
    locales: &Locales,
    index: Option<&Index>,
) -> Result<Option<(PathBuf, String)>, RegistryError> {
    let unknown_pdfs = output.unknown_pdfs()?;
    if unknown_pdfs.is_empty() {
        return Ok(None);
    }
    let issued = index.map(Index::pdfs).transpose()?;
    let sentences = sentences(numbering, locales);
    for path in unknown_pdfs {
        let bytes = match fs::read(&path, LIMIT) {
            Ok(Some(bytes)) => bytes,
            // a file that is too large, gone or unreadable is not a PDF of this program
            Ok(None) => continue,
            Err(error) if is_inaccessible(&error) => continue,
            // a failing disk may hide a number that was assigned
            Err(error) => return Err(error.into()),
        };
        let known = issued.as_ref().is_some_and(|all| all.contains(Digest::of(&bytes).as_str()));
        if known || !bytes.windows(MAKER.len()).any(|part| part == MAKER) {
            continue;
        }
        for number in numbers(&bytes, &sentences) {
            let given = index.map(|index| index.is_number_used(&number)).transpose();
            if !given?.unwrap_or(false) {
                return Ok(Some((path, number)));
            }
        }
    }
    Ok(None)
}

/// Whether a file is missing or may not be read.
fn is_inaccessible(error: &FsError) -> bool {
    matches!(error.source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied)
}

/// Patterns of the sentence on the last page that contains the number, in every language,
/// with the current and the built-in labels; without spaces.
fn sentences(numbering: &Numbering, locales: &Locales) -> Vec<Regex> {
    let built_in = Locales::load(&Bundle::built_in()).ok();
    let of = |locales: &Locales| Language::ALL.map(|language| label(locales.of(language)));
    let mut labels: Vec<String> = of(locales).into();
    labels.extend(built_in.iter().flat_map(of));
    labels.sort();
    labels.dedup();
    let sentence = |label: &String| {
        let (before, rest) = label.split_once("{number}")?;
        let after = rest.split("{date}").next().unwrap_or_default();
        let (before, after) = (regex::escape(&bare(before)), regex::escape(&bare(after)));
        Regex::new(&format!("{before}({}){after}", numbering.expression())).ok()
    };
    labels.iter().filter_map(sentence).collect()
}

fn label(locale: &Locale) -> String {
    locale.label("provenance.registered")
}

/// The register numbers on a PDF's last page.
fn numbers(pdf: &[u8], sentences: &[Regex]) -> Vec<String> {
    let Ok(reading) = typeset::read(pdf) else { return Vec::new() };
    let last = bare(reading.pages.last().map_or("", String::as_str));
    let found = sentences.iter().flat_map(|sentence| sentence.captures_iter(&last));
    found.map(|captures| captures[1].to_owned()).collect()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}
