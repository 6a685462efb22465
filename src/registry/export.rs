//! Exports versions as packages: PDFs under readable names with sidecars and a manifest, as
//! a BagIt bag (RFC 8493) for a registry office, or as a SÄHKE2 transfer package for an
//! archive. A package is complete or absent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::export_intent::{InvalidPackagePath, PackagePath};
use super::find::VersionRow;
use super::log::{Event, LogEvent};
use super::metadata::{self, Copy, Metadata};
use super::restricted::Secrecy;
use super::sahke2::{self, Sources, Transfer, TransferRecord};
use super::{Archive, CsvTable, Issue, Registry, RegistryError, SAHKE2, Web};
use crate::fs;
use crate::model::{Date, Digest, Language, Publicity};

/// Format of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageFormat {
    /// A BagIt bag.
    Bag,
    /// A SÄHKE2 transfer package.
    Sahke2,
}

impl PackageFormat {
    fn as_str(self) -> &'static str {
        match self {
            PackageFormat::Bag => "bagit",
            PackageFormat::Sahke2 => "sahke2",
        }
    }
}

/// What to export, and what the package says about it.
#[derive(Debug)]
pub struct ExportRequest<'a> {
    pub form: PackageFormat,
    /// Folder of the package, which must not exist.
    pub to: &'a Path,
    /// Which copies; a version that lacks one is exported without it.
    pub copies: &'a [Copy],
    pub day: Date,
    /// The recipient, for the log.
    pub recipient: &'a str,
    /// Language of the spreadsheet programs that open the manifest.
    pub language: Language,
    pub transfer: Transfer,
}

/// Summary of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSummary {
    /// Number of PDFs.
    pub pdfs: usize,
    /// Number of versions that are not public.
    pub restricted: usize,
}

/// A package cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Fs(#[from] fs::FsError),
    #[error(transparent)]
    Sahke2(#[from] sahke2::Sahke2Error),
    #[error("the folder `{}` already exists; name another", path.display())]
    Taken { path: PathBuf },
    #[error(transparent)]
    Path(#[from] InvalidPackagePath),
    #[error(
        "the folder `{}` already exists, but this registry has no unfinished export in it\n  hint: check its contents and remove it, or name another folder for the package", path.display()
    )]
    Partial { path: PathBuf },
    #[error("no issued document matches")]
    Nothing,
    #[error("the list of files cannot be written")]
    Csv(#[from] csv::Error),
}

/// Writes a package of these versions and logs it.
///
/// # Errors
/// Fails if there are none, the folder exists, a file in the registry is damaged, or
/// anything cannot be written: then there is no package, and the log does not record one.
pub fn export_package(
    registry: &mut Registry,
    rows: &[VersionRow],
    package: &ExportRequest<'_>,
) -> Result<ExportSummary, ExportError> {
    if rows.is_empty() {
        return Err(ExportError::Nothing);
    }
    let to = PackagePath::try_from(fs::resolve_path(package.to)?)?;
    if fs::stamp(to.path())?.is_some() {
        return Err(ExportError::Taken { path: package.to.to_owned() });
    }
    registry.abandon_export()?;
    let stage = to.partial();
    if fs::stamp(&stage)?.is_some() {
        return Err(ExportError::Partial { path: stage });
    }
    // before the intent: a missing folder counts as unreachable
    fs::create_folder(stage.parent().unwrap_or(&stage))?;
    let intent = registry.begin_export(to)?;
    let handed = pack(registry, rows, package, &stage).and_then(|(handed, events)| {
        registry.append_events(events)?;
        registry.place_export(&intent)?;
        Ok(handed)
    });
    if let Err(error) = handed {
        // what the log records is finished, the rest is undone
        registry.recover_interrupted_export()?;
        return Err(error);
    }
    registry.end_export()?;
    handed
}

/// Writes the package in its partial folder; returns its summary and log events.
pub(super) fn pack(
    registry: &Registry,
    rows: &[VersionRow],
    package: &ExportRequest<'_>,
    stage: &Path,
) -> Result<(ExportSummary, Vec<LogEvent>), ExportError> {
    let mut packing = PackageWriter { stage, package, sums: BTreeMap::new(), bytes: 0 };
    let packed = packing.pack(registry, rows)?;
    fs::sync_dir(stage)?;
    Ok(packed)
}

struct PackageWriter<'a> {
    stage: &'a Path,
    package: &'a ExportRequest<'a>,
    /// SHA-256 by path in the package.
    sums: BTreeMap<String, Digest>,
    bytes: u64,
}

impl PackageWriter<'_> {
    fn pack(
        &mut self,
        registry: &Registry,
        rows: &[VersionRow],
    ) -> Result<(ExportSummary, Vec<LogEvent>), ExportError> {
        let mut all: Vec<(Metadata, BTreeMap<Copy, String>)> = Vec::new();
        let mut pdfs = 0;
        for row in rows {
            let found = registry.index().by_number(&row.number).map_err(RegistryError::from)?;
            let Some(issue) = found else { continue };
            let metadata = registry.archive().full_metadata(&issue)?;
            let secrecy = Secrecy::of(registry, &issue)?;
            let metadata = match &secrecy {
                Some(secrecy) => secrecy.applied_to(&metadata),
                None => metadata,
            };
            let paths = self.version(registry, &issue, (&metadata, secrecy.as_ref()))?;
            pdfs += paths.len();
            if !paths.is_empty() {
                all.push((metadata, paths));
            }
        }
        if all.is_empty() {
            return Err(ExportError::Nothing);
        }
        let restricted =
            all.iter().filter(|(m, _)| m.classification.publicity != Publicity::Public);
        let restricted = restricted.count();
        let manifest = self.manifest(&all)?;
        match self.package.form {
            PackageFormat::Bag => self.bag(&all)?,
            PackageFormat::Sahke2 => self.transfer(&all)?,
        }
        let events = all.iter().map(|(metadata, _)| {
            LogEvent::of(Event::Exported)
                .about(&metadata.number, &metadata.document, metadata.version)
                .with("form", self.package.form.as_str())
                .with("to", self.package.recipient)
                .with("manifest", &manifest)
        });
        Ok((ExportSummary { pdfs, restricted }, events.collect()))
    }

    /// Writes the files of one version; returns the paths of its PDFs.
    fn version(
        &mut self,
        registry: &Registry,
        issue: &Issue,
        (metadata, secrecy): (&Metadata, Option<&Secrecy>),
    ) -> Result<BTreeMap<Copy, String>, ExportError> {
        let archive = registry.archive();
        let name = plain(&format!("{}_{}_v{}", metadata.date, issue.document, issue.version));
        let mut paths = BTreeMap::new();
        for copy in self.package.copies {
            let (bytes, end) = match (copy, &issue.web) {
                (Copy::Archive, _) => (archive.pdf(issue)?, ""),
                (Copy::Web, Some(web)) if !web.withdrawn => (archive.web_pdf(issue, web)?, "_web"),
                (Copy::Web, _) => continue,
            };
            let path = format!("{}/{name}{end}.pdf", self.folder());
            self.write(&path, &bytes)?;
            paths.insert(*copy, path);
        }
        // sidecars contain names and digests of the full copy: they go with it
        if self.package.form == PackageFormat::Bag && paths.contains_key(&Copy::Archive) {
            let web = issue.web.as_ref().filter(|_| paths.contains_key(&Copy::Web));
            for (end, bytes) in sidecars(&archive, issue, web, secrecy)? {
                self.write(&format!("{}/{name}.{end}", self.folder()), &bytes)?;
            }
        }
        Ok(paths)
    }

    fn folder(&self) -> &'static str {
        match self.package.form {
            PackageFormat::Bag => "data",
            PackageFormat::Sahke2 => "documents",
        }
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        fs::write_new(&self.stage.join(path), bytes)?;
        self.sums.insert(path.to_owned(), Digest::of(bytes));
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Writes the manifest: a table for spreadsheet programs.
    fn manifest(
        &mut self,
        all: &[(Metadata, BTreeMap<Copy, String>)],
    ) -> Result<Digest, ExportError> {
        let mut table = CsvTable::new(self.package.language);
        table.row([
            "file",
            "sha256",
            "number",
            "document",
            "version",
            "title",
            "date",
            "registered",
            "case_number",
            "publicity",
            "copy",
            "replaces",
        ])?;
        for (metadata, paths) in all {
            for (copy, path) in paths {
                let digest = self.sums.get(path).map(Digest::as_str).unwrap_or_default();
                let (copy, publicity) = match copy {
                    Copy::Web => ("web", Publicity::Public),
                    Copy::Archive => ("archive", metadata.classification.publicity),
                };
                table.row([
                    path.as_str(),
                    digest,
                    &metadata.number,
                    &metadata.document,
                    &metadata.version.to_string(),
                    metadata.title.as_str(),
                    &metadata.date.to_string(),
                    &metadata.registered_on.to_string(),
                    metadata.case_number.as_deref().unwrap_or_default(),
                    publicity.as_str(),
                    copy,
                    metadata.replaces.as_deref().unwrap_or_default(),
                ])?;
            }
        }
        let bytes = table.finish()?;
        let name = match self.package.form {
            PackageFormat::Bag => "data/manifest.csv",
            PackageFormat::Sahke2 => "manifest.csv",
        };
        self.write(name, &bytes)?;
        Ok(Digest::of(&bytes))
    }

    /// Writes the tag files of a BagIt bag (RFC 8493, 2.1 and 2.2).
    fn bag(&mut self, all: &[(Metadata, BTreeMap<Copy, String>)]) -> Result<(), ExportError> {
        let payload = self.sums.clone();
        let oxum = format!("{}.{}", self.bytes, payload.len());
        let authority = all.first().map(|(m, _)| m.authority.as_str()).unwrap_or_default();
        let info = format!(
            "Source-Organization: {authority}\nBagging-Date: {}\nPayload-Oxum: {oxum}\n\
             Bag-Software-Agent: kirjuri {}\n",
            self.package.day,
            env!("CARGO_PKG_VERSION")
        );
        let tags = [
            ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
            ("bag-info.txt", info),
            ("manifest-sha256.txt", sums(&payload)),
        ];
        self.sums.clear();
        for (name, text) in tags {
            self.write(name, text.as_bytes())?;
        }
        let tags = std::mem::take(&mut self.sums);
        self.write("tagmanifest-sha256.txt", sums(&tags).as_bytes())
    }

    fn transfer(&mut self, all: &[(Metadata, BTreeMap<Copy, String>)]) -> Result<(), ExportError> {
        let visible: Vec<(Metadata, Sources)> =
            all.iter().map(|(metadata, paths)| transfer_metadata(metadata, paths)).collect();
        let entries = visible.iter().zip(all).map(|((metadata, sources), (_, paths))| {
            TransferRecord { metadata, paths: paths.clone(), sources: *sources }
        });
        let entries: Vec<TransferRecord<'_>> = entries.collect();
        let authority = all.first().map(|(m, _)| m.authority.clone()).unwrap_or_default();
        let about = Transfer { authority, ..self.package.transfer.clone() };
        let xml = sahke2::transfer(&entries, &about)?;
        self.write("sahke2.xml", &xml)?;
        let sums = sums(&self.sums);
        self.write("manifest-sha256.txt", sums.as_bytes())
    }
}

/// Both sidecars of a version with its archive copy: as archived, but without records that
/// are not public if the document is, and with the present secrecy if it is restricted.
fn sidecars(
    archive: &Archive<'_>,
    issue: &Issue,
    web: Option<&Web>,
    secrecy: Option<&Secrecy>,
) -> Result<[(&'static str, Vec<u8>); 2], ExportError> {
    let json = archive.sidecar(issue, web, metadata::FILE)?;
    let whole: Metadata = serde_json::from_slice(&json)
        .map_err(|source| RegistryError::Json { what: metadata::FILE, source })?;
    let mut visible = match secrecy {
        Some(secrecy) => secrecy.applied_to(&whole),
        None if whole.classification.publicity == Publicity::Public => whole.for_the_public(),
        None => whole.clone(),
    };
    if visible == whole {
        return Ok([("json", json), ("xml", archive.sidecar(issue, web, SAHKE2)?)]);
    }
    let xml = sahke2::record(&visible)?;
    for file in visible.files.iter_mut().filter(|file| file.file == SAHKE2) {
        (file.bytes, file.digest) = (xml.len() as u64, Digest::of(&xml));
    }
    let json = serde_json::to_vec_pretty(&visible)
        .map_err(|source| RegistryError::Json { what: metadata::FILE, source })?;
    Ok([("json", json), ("xml", xml)])
}

/// Metadata for the transfer file of a version whose copies are in the package.
fn transfer_metadata(metadata: &Metadata, paths: &BTreeMap<Copy, String>) -> (Metadata, Sources) {
    if !paths.contains_key(&Copy::Archive) {
        (metadata.of_web_copy(), Sources::Public)
    } else if metadata.classification.publicity == Publicity::Public {
        (metadata.for_the_public(), Sources::Public)
    } else {
        (metadata.clone(), Sources::Whole)
    }
}

/// Digests with paths, in the format of `sha256sum`.
fn sums(files: &BTreeMap<String, Digest>) -> String {
    files.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
}

/// A name of characters in `[a-z0-9._-]` only.
fn plain(name: &str) -> String {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    name.chars().map(|c| if fine(c) { c } else { '-' }).collect()
}
