//! Reads archived files and verifies their digests.

use super::metadata::{self, Metadata};
use super::ocfl::Store;
use super::{Issue, RegistryError, TEMPLATES, Web, object_of};
use crate::bundle::Bundle;
use crate::model::Digest;

/// The files of issued versions.
#[derive(Debug, Clone, Copy)]
pub struct Archive<'a> {
    pub(super) store: &'a Store,
}

impl Archive<'_> {
    /// One file of a version, as it was archived.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn file(&self, issue: &Issue, file: &str) -> Result<Vec<u8>, RegistryError> {
        let object = object_of(&issue.document);
        Ok(self.store.read(&object, issue.object_version, file)?)
    }

    /// The PDF of a version, as it was issued.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn pdf(&self, issue: &Issue) -> Result<Vec<u8>, RegistryError> {
        let bytes = self.file(issue, &issue.file)?;
        unchanged(bytes, &issue.pdf, issue, &issue.file)
    }

    /// The web copy of a version, as it was issued.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn web_pdf(&self, issue: &Issue, web: &Web) -> Result<Vec<u8>, RegistryError> {
        let object = object_of(&issue.document);
        let bytes = self.store.read(&object, web.object_version, &web.file)?;
        unchanged(bytes, &web.pdf, issue, &web.file)
    }

    /// The metadata of a version, as it was issued.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn metadata(&self, issue: &Issue) -> Result<Metadata, RegistryError> {
        let bytes = self.file(issue, metadata::FILE)?;
        let bytes = unchanged(bytes, &issue.metadata, issue, metadata::FILE)?;
        read(&bytes)
    }

    /// The metadata of a version including its web copy, if that was added later.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn full_metadata(&self, issue: &Issue) -> Result<Metadata, RegistryError> {
        let Some(web) = &issue.web else { return self.metadata(issue) };
        read(&self.sidecar(issue, Some(web), metadata::FILE)?)
    }

    /// A sidecar of a version, including its web copy if that was added later.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn sidecar(
        &self,
        issue: &Issue,
        web: Option<&Web>,
        file: &str,
    ) -> Result<Vec<u8>, RegistryError> {
        let Some(web) = web else { return self.file(issue, file) };
        let object = object_of(&issue.document);
        let bytes = self.store.read(&object, web.object_version, file)?;
        if file != metadata::FILE {
            return Ok(bytes);
        }
        unchanged(bytes, &web.metadata, issue, file)
    }

    /// The template set that a version was made with.
    ///
    /// # Errors
    /// Fails if it is missing or damaged.
    pub fn templates(&self, object_version: u32, digest: &Digest) -> Result<Bundle, RegistryError> {
        let inventory = self.store.inventory(TEMPLATES)?;
        let names = inventory.as_ref().map(|i| i.files_of(object_version)).unwrap_or_default();
        let files = names
            .into_keys()
            .map(|name| Ok((name.to_owned(), self.store.read(TEMPLATES, object_version, name)?)));
        let bundle = Bundle::of_files(files.collect::<Result<Vec<_>, RegistryError>>()?);
        if bundle.digest() == digest {
            return Ok(bundle);
        }
        Err(RegistryError::Changed {
            file: digest.to_string(),
            document: TEMPLATES.into(),
            version: u16::try_from(object_version).unwrap_or(u16::MAX),
        })
    }
}

fn read(bytes: &[u8]) -> Result<Metadata, RegistryError> {
    serde_json::from_slice(bytes)
        .map_err(|source| RegistryError::Json { what: metadata::FILE, source })
}

fn unchanged(
    bytes: Vec<u8>,
    digest: &Digest,
    issue: &Issue,
    file: &str,
) -> Result<Vec<u8>, RegistryError> {
    if Digest::of(&bytes) == *digest {
        return Ok(bytes);
    }
    let (document, version) = (issue.document.clone(), issue.version);
    Err(RegistryError::Changed { file: file.to_owned(), document, version })
}
