//! Replays the archived files into an empty index: reads every sidecar and every segment of
//! the log, and checks them against each other. Used to recover the index, and to verify
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::finding::{FindingKind, IntegrityFinding};
use super::index::{self, Index, IndexError, StoredVersion};
use super::log::{self, Event, LogEntry, LogHead};
use super::metadata::{self, Copy, Metadata};
use super::ocfl::{InventoryVersion, Store};
use super::structure::{self, Object};
use super::{LOG, LOG_MESSAGE, SAHKE2, TEMPLATE_SET, TEMPLATES, message_of, object_of};
use crate::bundle::Bundle;
use crate::model::{Digest, Moment};

/// Content of the archived files.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The archived entries of the log.
    pub entries: BTreeMap<u64, LogEntry>,
    /// First and last entry of each log segment.
    segments: Vec<(u64, u64)>,
    /// Versions and web copies by register number.
    versions: BTreeMap<(String, Copy), (Metadata, StoredVersion, InventoryVersion)>,
    template_sets: BTreeMap<Digest, (u32, Moment)>,
    /// Number of files.
    pub files: usize,
}

/// Reads all files in the storage root.
pub fn replay(store: &Store, findings: &mut Vec<IntegrityFinding>) -> Replayed {
    let mut all = Replayed::default();
    all.files = structure::inspect_storage(store, findings, |object, own| {
        if object.inventory.id == TEMPLATES {
            all.read_templates(&object, own);
        } else if object.inventory.id.starts_with(LOG) {
            all.read_log_object(&object, own);
        } else {
            all.read_document(&object, own);
        }
    });
    all.segments.sort_unstable();
    all
}

impl Replayed {
    fn read_templates(&mut self, object: &Object, findings: &mut Vec<IntegrityFinding>) {
        for version in 1..=object.versions() {
            let key = format!("v{version}");
            let message = object.inventory.versions.get(&key).map(|v| v.message.as_str());
            let named = message.and_then(|text| Digest::parse(text.strip_prefix(TEMPLATE_SET)?));
            let files = object.inventory.files_of(version).into_keys().filter_map(|name| {
                let path = object.path.join(object.content(version, name)?);
                Some((name.to_owned(), structure::read(&path, &mut Vec::new())?))
            });
            let bundle = Bundle::of_files(files);
            match named {
                Some(digest) if digest == *bundle.digest() => {
                    let created = object.inventory.versions.get(&key).map(|v| v.created);
                    let created = created.unwrap_or(Moment::EPOCH);
                    self.template_sets.insert(digest, (version, created));
                }
                _ => findings
                    .push(IntegrityFinding::at(FindingKind::Disagrees, &object.path.join(key))),
            }
        }
    }

    /// Reads a log object: one version with one file, named after its first entry.
    fn read_log_object(&mut self, object: &Object, findings: &mut Vec<IntegrityFinding>) {
        self.read_log(object, 1, findings);
        let named = |entry: &LogEntry| super::log_object(entry.sequence) == object.inventory.id;
        let (first, last) = match self.segments.last() {
            Some((first, last)) => (self.entries.get(first), self.entries.get(last)),
            None => (None, None),
        };
        let note = object.inventory.versions.get("v1");
        let fits = note.is_some_and(|note| {
            note.message == LOG_MESSAGE && Some(note.created) == last.map(|last| last.time)
        });
        let files = object.inventory.files_of(1);
        if !fits || !first.is_some_and(named) || object.versions() != 1 || files.len() != 1 {
            findings.push(IntegrityFinding::at(FindingKind::Disagrees, &object.path));
        }
    }

    /// Reads the log segment in a version of an object.
    fn read_log(&mut self, object: &Object, version: u32, findings: &mut Vec<IntegrityFinding>) {
        let Some(path) = object.content(version, log::FILE).map(|file| object.path.join(file))
        else {
            let folder = object.path.join(format!("v{version}"));
            return findings.push(IntegrityFinding::at(FindingKind::Disagrees, &folder));
        };
        // a missing or damaged file is reported already
        let Some(bytes) = structure::read(&path, &mut Vec::new()) else { return };
        let Some(entries) = log::read(&bytes) else {
            return findings.push(IntegrityFinding::at(FindingKind::Damaged, &path));
        };
        let mut broken = entries.is_empty();
        let ends = entries.first().zip(entries.last());
        self.segments.extend(ends.map(|(first, last)| (first.sequence, last.sequence)));
        let mut next = entries.first().map_or(0, |first| first.sequence);
        for entry in entries {
            broken |= entry.sequence != next;
            next = entry.sequence + 1;
            // each entry occurs in one segment only
            broken |= self.entries.insert(entry.sequence, entry).is_some();
        }
        if broken {
            findings.push(IntegrityFinding::at(FindingKind::LogBroken, &path));
        }
    }

    fn read_document(&mut self, object: &Object, findings: &mut Vec<IntegrityFinding>) {
        let mut known = None;
        for version in 1..=object.versions() {
            let mut own = Vec::new();
            self.read_log(object, version, &mut own);
            let metadata = self.read_version(object, version, &mut own);
            known = metadata.or(known);
            findings.append(&mut own);
        }
        if let Some((document, version)) = known {
            for finding in findings.iter_mut().filter(|finding| finding.document.is_none()) {
                finding.document =
                    Some((document.clone(), self.version_at(object, finding, version)));
            }
        }
    }

    /// The document version that a finding in an object is about: the one that added the
    /// file.
    fn version_at(&self, object: &Object, finding: &IntegrityFinding, latest: u16) -> u16 {
        let inside = Path::new(&finding.place).strip_prefix(&object.path).ok();
        let first = inside.and_then(|path| path.components().next());
        let number =
            first.and_then(|part| part.as_os_str().to_str()?.strip_prefix('v')?.parse().ok());
        let of_object = |metadata: &Metadata, placed: &StoredVersion| {
            Some(placed.object_version) == number
                && object_of(&metadata.document) == object.inventory.id
        };
        // the message of the object's version names the document version
        let message = number.and_then(|n: u32| object.inventory.versions.get(&format!("v{n}")));
        let named = message.and_then(|version| {
            let rest = version.message.split_once(", version ")?.1;
            rest.split(',').next()?.parse().ok()
        });
        if let Some(named) = named {
            return named;
        }
        let mut versions = self.versions.values();
        versions.find(|(m, p, _)| of_object(m, p)).map_or(latest, |(metadata, ..)| metadata.version)
    }

    /// Reads one version; returns the document and version that its sidecar names.
    fn read_version(
        &mut self,
        object: &Object,
        version: u32,
        findings: &mut Vec<IntegrityFinding>,
    ) -> Option<(String, u16)> {
        let folder = object.path.join(format!("v{version}"));
        let Some(path) = object.content(version, metadata::FILE).map(|file| object.path.join(file))
        else {
            findings.push(IntegrityFinding::at(FindingKind::Disagrees, &folder));
            return None;
        };
        let bytes = structure::read(&path, &mut Vec::new())?;
        let Ok(metadata) = serde_json::from_slice::<Metadata>(&bytes) else {
            findings.push(IntegrityFinding::at(FindingKind::Damaged, &path));
            return None;
        };
        let name = (metadata.document.clone(), metadata.version);
        if object_of(&metadata.document) != object.inventory.id
            || !agrees(&metadata, object, version)
        {
            findings
                .push(IntegrityFinding::at(FindingKind::Disagrees, &folder).about(&name.0, name.1));
        }
        let placed = StoredVersion {
            object_version: version,
            inventory: object.inventories.get(&version).cloned().unwrap_or_default(),
            metadata: Digest::of(&bytes),
        };
        // a second version with the same number is its web copy, which was added later
        let first = (metadata.number.clone(), Copy::Archive);
        let later = self.versions.contains_key(&first);
        let key = if later { (first.0, Copy::Web) } else { first };
        let note = object.inventory.versions.get(&format!("v{version}"))?.clone();
        if self.versions.insert(key, (metadata, placed, note)).is_some() {
            findings.push(
                IntegrityFinding::at(FindingKind::Unregistered, &folder).about(&name.0, name.1),
            );
        }
        Some(name)
    }

    /// Applies the archived entries, and `tail` (entries not archived yet), to an empty
    /// index.
    ///
    /// # Errors
    /// Fails if the index cannot be written.
    pub fn apply(
        &self,
        index: &mut Index,
        tail: &[LogEntry],
        findings: &mut Vec<IntegrityFinding>,
    ) -> Result<(), IndexError> {
        let mut head = LogHead::none();
        let mut played = Vec::new();
        let mut chain = Vec::new();
        for entry in self.entries.values().chain(tail) {
            if !entry.follows(&head) {
                let finding = IntegrityFinding::of(FindingKind::LogBroken, log::FILE);
                findings.push(finding.because(entry.sequence.to_string()));
                break;
            }
            head = entry.head();
            chain.push(entry);
        }
        // references to lost rows are compared as well
        index.sqlite(index.db().execute_batch("PRAGMA foreign_keys = OFF"))?;
        index.transaction(|db| {
            for entry in chain {
                index::insert_entry(db, entry)?;
                if entry.event == Event::Registered {
                    played.extend(self.apply_version(db, entry, findings)?);
                }
            }
            for (digest, (version, _)) in &self.template_sets {
                index::insert_template_set(db, digest, *version)?;
            }
            let mut archived: Vec<u64> = self.segments.iter().map(|(_, last)| *last).collect();
            archived.dedup();
            archived.iter().try_for_each(|sequence| index::insert_archived(db, *sequence))
        })?;
        let times: BTreeSet<Moment> =
            self.entries.values().chain(tail).map(|entry| entry.time).collect();
        for (digest, (_, created)) in &self.template_sets {
            if !times.contains(created) {
                findings.push(
                    IntegrityFinding::of(FindingKind::Disagrees, TEMPLATES)
                        .because(digest.as_str()),
                );
            }
        }
        for (key, (metadata, ..)) in &self.versions {
            let finding = |fault| {
                IntegrityFinding::of(fault, metadata.number.clone())
                    .about(&metadata.document, metadata.version)
            };
            if !played.contains(key) {
                findings.push(finding(FindingKind::Unregistered));
            }
            if !self.template_sets.contains_key(&metadata.made_with.templates) {
                let templates = metadata.made_with.templates.to_string();
                findings.push(finding(FindingKind::Missing).because(templates));
            }
        }
        Ok(())
    }

    /// Inserts the version, or the web copy, that a log entry registers.
    fn apply_version(
        &self,
        db: &rusqlite::Connection,
        entry: &LogEntry,
        findings: &mut Vec<IntegrityFinding>,
    ) -> rusqlite::Result<Option<(String, Copy)>> {
        let copy = if entry.detail.contains_key("copy") { Copy::Web } else { Copy::Archive };
        let key = (entry.number.clone().unwrap_or_default(), copy);
        let (document, version) =
            (entry.document.clone().unwrap_or_default(), entry.version.unwrap_or_default());
        let finding = |fault| IntegrityFinding::of(fault, key.0.clone()).about(&document, version);
        let Some((metadata, placed, note)) = self.versions.get(&key) else {
            findings.push(finding(FindingKind::Missing));
            return Ok(None);
        };
        let said = |name: &str| entry.detail.get(name).map(String::as_str);
        let pdf = metadata.rendition(copy).map(|pdf| pdf.digest.as_str());
        let same = said("metadata") == Some(placed.metadata.as_str())
            && said("record") == Some(metadata.source.digest.as_str())
            && said("pdf") == pdf
            && (metadata.document == document && metadata.version == version)
            && note.created == entry.time
            && note.message == message_of(metadata, copy == Copy::Web);
        if !same {
            findings.push(finding(FindingKind::Disagrees));
        }
        match (copy, metadata.rendition(Copy::Web)) {
            (Copy::Archive, _) => index::insert_issue(db, metadata, placed)?,
            (Copy::Web, Some(web)) => index::insert_web(db, &metadata.number, web, placed)?,
            (Copy::Web, None) => {}
        }
        Ok(Some(key))
    }
}

/// Whether a sidecar lists exactly the files of its version, with their digests.
fn agrees(metadata: &Metadata, object: &Object, version: u32) -> bool {
    let files = metadata.files.iter().map(|file| (file.file.as_str(), &file.digest));
    let pdfs = metadata.renditions.iter().map(|pdf| (pdf.file.as_str(), &pdf.digest));
    let named: BTreeMap<&str, &Digest> = files.chain(pdfs).collect();
    let there = object.inventory.files_of(version);
    let own = [metadata::FILE, log::FILE];
    let of_record =
        |record: &metadata::SourceRecord| named.get(record.file.as_str()) == Some(&&record.digest);
    // a damaged file is reported already
    let same = |(name, digest): (&&str, &&Digest)| {
        object.digest(version, name).is_none_or(|found| found == *digest)
    };
    there.keys().filter(|name| !own.contains(*name)).eq(named.keys())
        && own.iter().all(|name| there.contains_key(name))
        && named.contains_key(SAHKE2)
        && named.iter().all(same)
        && std::iter::once(&metadata.source).chain(&metadata.draws_on).all(of_record)
}
