//! Write operations of the registry: reserves numbers, registers versions and web copies,
//! archives template sets, logs events.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::ClockEvidence;
use super::index::{self, Index, StoredVersion};
use super::log::{self, Event, LogEntry, LogEvent};
use super::metadata::{self, Copy, FileDigest, Metadata, Rendition};
use super::ocfl::{Files, VersionInfo};
use super::{
    Issue, LOG_MESSAGE, Numbering, Registry, RegistryError, Reservation, Restricted, SAHKE2,
    TEMPLATE_SET, TEMPLATES, log_object, message_of, object_of, sahke2,
};
use crate::model::{Date, Digest, Moment};

/// A version to be issued, with its metadata and files. The registry fills in the digests
/// of files, the time, and which version it replaces.
#[derive(Debug, Clone)]
pub struct Submission {
    pub metadata: Metadata,
    /// All files by name, including the PDFs of the renditions.
    pub files: Files,
}

/// A version of a document that needs a register number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberRequest {
    pub document: String,
    pub version: u16,
    /// Date of the document, if it is known.
    pub date: Option<Date>,
}

impl Registry {
    /// Reserves a register number for each of these versions: the one that was reserved
    /// earlier in the year and not used, or the next. Other open reservations are voided,
    /// except those of documents in `waiting`, which cannot be made at the moment.
    ///
    /// # Errors
    /// Fails if the index cannot be written.
    pub fn reserve(
        &mut self,
        wanted: &[NumberRequest],
        waiting: &BTreeSet<String>,
    ) -> Result<Vec<Reservation>, RegistryError> {
        self.recover_interrupted()?;
        let open = self.index.open_reservations()?;
        if wanted.is_empty() && open.is_empty() {
            return Ok(Vec::new());
        }
        let (now, numbering) = (self.now(), self.numbering.clone());
        let today = now.day();
        let confirmed = self.check_clock(now, wanted)?;
        let wanted: Vec<(String, u16)> =
            wanted.iter().map(|one| (one.document.clone(), one.version)).collect();
        let asked: BTreeSet<&(String, u16)> = wanted.iter().collect();
        let key = |reservation: &Reservation| (reservation.document.clone(), reservation.version);
        let (kept, lapsed): (Vec<_>, Vec<_>) = open.into_iter().partition(|reservation| {
            let asked =
                asked.contains(&key(reservation)) || waiting.contains(&reservation.document);
            asked && reservation.day.year() == today.year()
        });
        // the document prints the date on which it is issued
        let kept: BTreeMap<(String, u16), Reservation> =
            kept.into_iter().map(|r| (key(&r), Reservation { day: today, ..r })).collect();
        let all: Vec<(String, u16, Option<Reservation>)> =
            wanted.iter().map(|one| (one.0.clone(), one.1, kept.get(one).cloned())).collect();
        if lapsed.is_empty() && all.iter().all(|(_, _, there)| there.is_some()) {
            return Ok(all.into_iter().filter_map(|(_, _, there)| there).collect());
        }
        let new = all.iter().filter(|(_, _, there)| there.is_none()).count();
        self.ensure_index_is_current()?;
        self.ensure_numbers_unused(now, new as u64)?;
        self.unseal()?;
        Ok(self.index.transaction(|db| {
            for reservation in &lapsed {
                let that_year = reservation.day.year() == today.year();
                let reason = if that_year { NOT_WANTED } else { NOT_THAT_YEAR };
                let event = LogEvent::of(Event::Voided).with("reason", reason);
                index::append(db, about(event, reservation), now)?;
            }
            let mut given = Vec::new();
            for (document, version, there) in all {
                given.push(match there {
                    Some(there) => there,
                    None => reserve_one(db, &numbering, (document, version), (now, confirmed))?,
                });
            }
            Ok(given)
        })?)
    }

    /// Issues a version under its reserved number.
    ///
    /// # Errors
    /// Fails if anything cannot be written: then the version is not issued, and its number
    /// stays reserved.
    pub fn register(&mut self, submission: Submission) -> Result<Issue, RegistryError> {
        let Submission { mut metadata, mut files } = submission;
        self.recover_interrupted()?;
        self.ensure_reserved(&metadata)?;
        let latest = self.index.latest(&metadata.document)?;
        metadata.replaces = latest.as_ref().map(|latest| latest.number.clone());
        metadata.registered = self.now();
        let sidecar = write_sidecars(&mut metadata, &mut files)?;
        let mut events = vec![registered(&metadata, &sidecar, Copy::Archive)];
        if let Some(old) = latest {
            let replaced = LogEvent::of(Event::Superseded).with("by", &metadata.number);
            events.push(replaced.about(&old.number, &old.document, old.version));
        }
        self.store_version(&metadata, files, sidecar, events, None)?;
        let issue = self.index.by_number(&metadata.number)?;
        issue.ok_or_else(|| RegistryError::NotReserved {
            number: metadata.number,
            document: metadata.document,
            version: metadata.version,
        })
    }

    /// Adds a web copy to a version that was issued without one.
    ///
    /// # Errors
    /// Fails if anything cannot be read or written: then it is not added.
    pub fn add_web(
        &mut self,
        issue: &Issue,
        rendition: Rendition,
        added: Files,
    ) -> Result<(), RegistryError> {
        self.recover_interrupted()?;
        let mut metadata = self.archive().metadata(issue)?;
        let mut files = Files::new();
        for file in metadata.files.iter().map(|file| &file.file) {
            files.insert(file.clone(), self.archive().file(issue, file)?);
        }
        for rendition in &metadata.renditions {
            files.insert(rendition.file.clone(), self.archive().file(issue, &rendition.file)?);
        }
        files.extend(added);
        files.remove(SAHKE2);
        metadata.renditions.push(rendition.clone());
        let sidecar = write_sidecars(&mut metadata, &mut files)?;
        let events = vec![registered(&metadata, &sidecar, Copy::Web)];
        self.store_version(&metadata, files, sidecar, events, Some(&rendition))
    }

    /// Stores the files of a version in the storage root and commits it.
    fn store_version(
        &mut self,
        metadata: &Metadata,
        mut files: Files,
        sidecar: Vec<u8>,
        events: Vec<LogEvent>,
        web: Option<&Rendition>,
    ) -> Result<(), RegistryError> {
        let digest = Digest::of(&sidecar);
        files.insert(metadata::FILE.to_owned(), sidecar);
        let mut entries = self.index.entries_after(self.index.archived_sequence()?)?;
        let mut head = self.index.head()?;
        let first_new = entries.len();
        let now = self.now();
        for event in events {
            let entry = event.after(&head, now);
            head = entry.head();
            entries.push(entry);
        }
        files.insert(log::FILE.to_owned(), log::lines(&entries).into_bytes());
        let object = object_of(&metadata.document);
        let there = self.store.inventory(&object)?.map_or(0, |inventory| inventory.versions.len());
        if there != self.index.object_version(&metadata.document)? as usize {
            return Err(RegistryError::Older { folder: self.folder.clone() });
        }
        self.unseal()?;
        let message = message_of(metadata, web.is_some());
        let note = VersionInfo { created: now, message: &message };
        let put = self.store.put(&object, files, &note)?;
        let placed = StoredVersion {
            object_version: put.version,
            inventory: put.inventory,
            metadata: digest,
        };
        self.commit(metadata, &placed, &entries[first_new..], head.sequence, web)?;
        Ok(self.store.finish()?)
    }

    pub(super) fn commit(
        &mut self,
        metadata: &Metadata,
        placed: &StoredVersion,
        entries: &[LogEntry],
        archived: u64,
        web: Option<&Rendition>,
    ) -> Result<(), RegistryError> {
        Ok(self.index.transaction(|db| {
            entries.iter().try_for_each(|entry| index::insert_entry(db, entry))?;
            index::insert_archived(db, archived)?;
            match web {
                Some(web) => index::insert_web(db, &metadata.number, web, placed),
                None => index::insert_issue(db, metadata, placed),
            }
        })?)
    }

    /// Archives a template set unless it is archived already.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn archive_templates<'a>(
        &mut self,
        digest: &Digest,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(), RegistryError> {
        self.recover_interrupted()?;
        if self.index.template_set(digest)?.is_some() {
            return Ok(());
        }
        self.unseal()?;
        let files = files.map(|(name, bytes)| (name.to_owned(), bytes.to_owned())).collect();
        let message = format!("{TEMPLATE_SET}{digest}");
        // the time of the last event, so that the log vouches for it
        let last = self.index.entry(self.index.head()?.sequence)?;
        let created = last.map_or_else(|| self.now(), |last| last.time);
        let note = VersionInfo { created, message: &message };
        let put = self.store.put(TEMPLATES, files, &note)?;
        self.index.transaction(|db| index::insert_template_set(db, digest, put.version))?;
        Ok(self.store.finish()?)
    }

    /// Logs that the web copies of these versions contain what is secret now. They stay in
    /// the archive, but are no longer published or exported.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn withdraw_web(&mut self, issues: &[Issue]) -> Result<(), RegistryError> {
        let holds = |issue: &&Issue| issue.web.as_ref().is_some_and(|web| !web.withdrawn);
        let events = issues.iter().filter(holds).map(|issue| {
            let event = LogEvent::of(Event::Withdrawn).with("reason", SECRET_NOW);
            event.about(&issue.number, &issue.document, issue.version)
        });
        let events: Vec<LogEvent> = events.collect();
        if events.is_empty() { Ok(()) } else { self.append_events(events) }
    }

    /// Logs that these versions contain what became secret. They stay unchanged, but are
    /// exported under their new classification.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn restrict(&mut self, versions: &[Restricted]) -> Result<(), RegistryError> {
        let events: Vec<LogEvent> = versions.iter().map(Restricted::log_event).collect();
        if events.is_empty() { Ok(()) } else { self.append_events(events) }
    }

    /// Appends events to the log and archives them.
    ///
    /// # Errors
    /// Fails if they cannot be written.
    pub fn append_events(&mut self, events: Vec<LogEvent>) -> Result<(), RegistryError> {
        self.recover_interrupted()?;
        self.unseal()?;
        let now = self.now();
        self.index.transaction(|db| {
            events.into_iter().try_for_each(|event| index::append(db, event, now).map(drop))
        })?;
        self.archive_log()
    }

    /// Archives the log entries that are not in the files yet.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn archive_log(&mut self) -> Result<(), RegistryError> {
        self.recover_interrupted()?;
        let entries = self.index.entries_after(self.index.archived_sequence()?)?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
        self.unseal()?;
        let files = Files::from([(log::FILE.to_owned(), log::lines(&entries).into_bytes())]);
        let note = VersionInfo { created: last.time, message: LOG_MESSAGE };
        self.store.put(&log_object(first.sequence), files, &note)?;
        let upto = last.sequence;
        self.index.transaction(|db| index::insert_archived(db, upto))?;
        Ok(self.store.finish()?)
    }

    /// Whether a person had to confirm the date. A number of a wrong year would stay for
    /// ever; the order of numbers follows the log, whatever its times.
    fn check_clock(&self, now: Moment, wanted: &[NumberRequest]) -> Result<bool, RegistryError> {
        let dates: Vec<Date> = wanted.iter().filter_map(|one| one.date).collect();
        check_clock(&self.index, &dates, self.confirmed, now)
    }

    /// Ensures that the next numbers were never assigned.
    fn ensure_numbers_unused(&self, now: Moment, count: u64) -> Result<(), RegistryError> {
        let year = now.day().year();
        let first = self.index.position_after(&self.numbering.series(year))?;
        for position in first..first + count {
            let number = self.numbering.at(year, position);
            if self.index.is_number_used(&number)? {
                return Err(RegistryError::NumberTaken { number });
            }
        }
        Ok(())
    }

    fn ensure_reserved(&self, metadata: &Metadata) -> Result<(), RegistryError> {
        if self.index.is_open(&metadata.number, &metadata.document, metadata.version)? {
            return Ok(());
        }
        Err(RegistryError::NotReserved {
            number: metadata.number.clone(),
            document: metadata.document.clone(),
            version: metadata.version,
        })
    }
}

/// Whether a person had to confirm the day before documents with these dates get numbers.
///
/// # Errors
/// When the clock must be set right or the day be confirmed, or the index cannot be read.
pub fn check_clock(
    index: &Index,
    dates: &[Date],
    confirmed: Option<Date>,
    now: Moment,
) -> Result<bool, RegistryError> {
    ClockEvidence { last: index.last_number_given()?, dates, confirmed }.check(now)
}

/// Why a web copy is withdrawn.
const SECRET_NOW: &str = "the web copy holds what is secret now";
/// Reasons for voiding a number.
const NOT_WANTED: &str = "the records no longer call for the document";
const NOT_THAT_YEAR: &str = "the document was not issued in the year of its reservation";
fn about(event: LogEvent, reservation: &Reservation) -> LogEvent {
    event.about(&reservation.number, &reservation.document, reservation.version)
}

fn reserve_one(
    db: &rusqlite::Connection,
    numbering: &Numbering,
    (document, version): (String, u16),
    (now, confirmed): (Moment, bool),
) -> rusqlite::Result<Reservation> {
    let day: Date = now.day();
    let series = numbering.series(day.year());
    let position = Index::next_position(db, &series)?;
    let number = numbering.at(day.year(), position);
    let reservation = Reservation { number, day, document, version };
    let event = LogEvent::of(Event::Reserved)
        .with("series", &series)
        .with("position", position)
        .with("day", day);
    let event = if confirmed { event.with("clock", "confirmed") } else { event };
    index::append(db, about(event, &reservation), now)?;
    Ok(reservation)
}

/// The log event of a registration, with the digests of the record, of the sidecar (which
/// contains those of all other files) and of the PDF.
fn registered(metadata: &Metadata, sidecar: &[u8], copy: Copy) -> LogEvent {
    let event = LogEvent::of(Event::Registered)
        .about(&metadata.number, &metadata.document, metadata.version)
        .with("metadata", Digest::of(sidecar))
        .with("record", &metadata.source.digest);
    let event = match copy {
        Copy::Archive => event,
        Copy::Web => event.with("copy", "web"),
    };
    match metadata.rendition(copy) {
        Some(pdf) => event.with("pdf", &pdf.digest),
        None => event,
    }
}

/// Writes both sidecars: returns the JSON and adds the SÄHKE2 XML to `files`.
fn write_sidecars(metadata: &mut Metadata, files: &mut Files) -> Result<Vec<u8>, RegistryError> {
    files.insert(SAHKE2.to_owned(), sahke2::record(metadata)?);
    let is_pdf = |name: &String| metadata.renditions.iter().any(|r| r.file == *name);
    let others = files.iter().filter(|(name, _)| !is_pdf(name));
    metadata.files = others
        .map(|(name, bytes)| FileDigest {
            file: name.clone(),
            bytes: bytes.len() as u64,
            digest: Digest::of(bytes),
        })
        .collect();
    let json = serde_json::to_vec_pretty(metadata);
    json.map_err(|source| RegistryError::Json { what: metadata::FILE, source })
}
