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
/// Marker in the head of every correction sheet in HTML, and of no other page.
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
    /// What a sheet was made from, if both its files are present and unchanged.
    pub fn sheet(&self, name: &str) -> Option<&Digest> {
        let sheet = self.ledger.sheets.get(name)?;
        let [pdf, html] = self.sheet_files(name).map(|path| fs::stamp(&path).ok().flatten());
        (pdf == Some(sheet.pdf) && html == Some(sheet.html)).then_some(&sheet.made_from)
    }

    /// Writes both files of a sheet and adds it to the ledger.
    ///
    /// # Errors
    /// Fails if one cannot be written; the sheet is then made again next time.
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

    /// Writes the HTML of a sheet without a PDF. It is not added to the ledger, so that the
    /// PDF is tried again next time.
    ///
    /// # Errors
    /// Fails if it cannot be written, or an older PDF cannot be removed.
    pub fn put_sheet_page(&mut self, name: &str, html: &[u8]) -> Result<(), FsError> {
        let [pdf_file, html_file] = self.sheet_files(name);
        self.refuse_foreign_files(name)?;
        self.changed |= self.ledger.sheets.remove(name).is_some();
        fs::write_atomic(&html_file, html)?;
        fs::remove_file(&pdf_file)
    }

    /// Removes all sheets except these. Files of others stay.
    ///
    /// # Errors
    /// Fails if the folder cannot be listed or a file cannot be removed.
    pub fn remove_sheets_except(&mut self, names: &BTreeSet<String>) -> Result<(), FsError> {
        let folder = self.folder.join(SHEETS);
        fs::refuse_links(&self.folder, &folder)?;
        let entered = self.ledger.sheets.keys().filter(|name| !names.contains(name.as_str()));
        let mut gone: BTreeSet<SheetName> = entered.cloned().collect();
        if fs::is_folder(&folder) {
            // a sheet missing from the ledger is recognized by its HTML
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
            // a file that replaced the sheet meanwhile belongs to somebody else
            if fs::stamp(&html_file)?.is_none() || is_own(&html_file) {
                // the HTML first: a PDF that is open elsewhere may not be removable at
                // once
                fs::remove_file(&html_file)?;
                fs::remove_file(&pdf_file)?;
            }
            self.changed |= self.ledger.sheets.remove(&name).is_some();
        }
        Ok(())
    }

    /// Refuses to overwrite a file that has a sheet's name but is none.
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
