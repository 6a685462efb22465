//! Correction sheets in the output folder, and their entries in the ledger. They are the
//! only finished files that are ever removed, since the problems that they list pass.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{LIMIT, Output, SheetName};
use crate::fs::{self, FsError, Stamp};
use crate::model::Digest;

/// Folder of the sheets.
pub(super) const SHEETS: &str = "corrections";
/// What the head of every sheet for a browser has, and no page of others.
const SHEET_MARKER: &str = "content=\"kirjuri: correction sheet\"";

/// What a sheet was made from, and the state of its two files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetEntry {
    made_from: Digest,
    pdf: Stamp,
    html: Stamp,
}

impl Output {
    /// What a sheet was made from, when both its files are there, untouched.
    pub fn sheet(&self, name: &str) -> Option<&Digest> {
        let sheet = self.ledger.sheets.get(name)?;
        let [pdf, html] = self.sheet_files(name).map(|path| fs::stamp(&path).ok().flatten());
        (pdf == Some(sheet.pdf) && html == Some(sheet.html)).then_some(&sheet.made_from)
    }

    /// Puts both files of a sheet in place and enters it.
    ///
    /// # Errors
    /// When one cannot be written; the sheet is then made again next time.
    pub fn put_sheet(
        &mut self,
        name: &str,
        made_from: Digest,
        pdf: &[u8],
        html: &[u8],
    ) -> Result<(), FsError> {
        let [pdf_file, html_file] = self.sheet_files(name);
        self.refuse_foreign_files(name)?;
        fs::write_atomic(&html_file, html)?;
        fs::write_atomic(&pdf_file, pdf)?;
        let stamps = (fs::stamp(&pdf_file)?, fs::stamp(&html_file)?);
        let name = SheetName::try_from(name.to_owned());
        if let ((Some(pdf), Some(html)), Ok(name)) = (stamps, name) {
            self.ledger.sheets.insert(name, SheetEntry { made_from, pdf, html });
            self.changed = true;
        }
        Ok(())
    }

    /// Puts the page of a sheet in place that has no PDF. It is not entered, so
    /// that the PDF is tried again next time.
    ///
    /// # Errors
    /// When it cannot be written, or an older PDF not be removed.
    pub fn put_sheet_page(&mut self, name: &str, html: &[u8]) -> Result<(), FsError> {
        let [pdf_file, html_file] = self.sheet_files(name);
        self.refuse_foreign_files(name)?;
        self.changed |= self.ledger.sheets.remove(name).is_some();
        fs::write_atomic(&html_file, html)?;
        fs::remove_file(&pdf_file)
    }

    /// Removes every sheet but these. Files of others stay.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file not be removed.
    pub fn remove_sheets_except(&mut self, names: &BTreeSet<String>) -> Result<(), FsError> {
        let folder = self.folder.join(SHEETS);
        fs::refuse_links(&self.folder, &folder)?;
        let entered = self.ledger.sheets.keys().filter(|name| !names.contains(name.as_str()));
        let mut gone: BTreeSet<SheetName> = entered.cloned().collect();
        if fs::is_folder(&folder) {
            // one that the ledger has lost is known by its page
            for found in fs::read_folder(&folder)?.into_iter().filter(|found| found.regular) {
                let name = found.path.file_stem().unwrap_or_default().to_string_lossy();
                let html = found.path.extension().is_some_and(|end| end == "html");
                let Ok(name) = SheetName::try_from(name.into_owned()) else { continue };
                if html && !names.contains(name.as_str()) && is_own(&found.path) {
                    gone.insert(name);
                }
            }
        }
        for name in gone {
            let [pdf_file, html_file] = self.sheet_files(name.as_str());
            // what has taken a sheet's name meanwhile is somebody else's
            if fs::stamp(&html_file)?.is_none() || is_own(&html_file) {
                // the page first: a PDF that is open elsewhere may not go at once
                fs::remove_file(&html_file)?;
                fs::remove_file(&pdf_file)?;
            }
            self.changed |= self.ledger.sheets.remove(&name).is_some();
        }
        Ok(())
    }

    /// A file that bears a sheet's name and is none stays as it is.
    fn refuse_foreign_files(&self, name: &str) -> Result<(), FsError> {
        fs::refuse_links(&self.folder, &self.folder.join(SHEETS))?;
        let [pdf_file, html_file] = self.sheet_files(name);
        if self.ledger.sheets.contains_key(name) || is_own(&html_file) {
            return Ok(());
        }
        for file in [html_file, pdf_file] {
            if fs::stamp(&file)?.is_some() {
                return Err(FsError::occupied(&file));
            }
        }
        Ok(())
    }

    fn sheet_files(&self, name: &str) -> [PathBuf; 2] {
        ["pdf", "html"].map(|end| self.folder.join(SHEETS).join(format!("{name}.{end}")))
    }
}

fn is_own(page: &Path) -> bool {
    let bytes = fs::read(page, LIMIT).ok().flatten().unwrap_or_default();
    String::from_utf8_lossy(&bytes).contains(SHEET_MARKER)
}
