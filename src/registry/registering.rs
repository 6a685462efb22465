//! Writing to the registry: numbers, versions, copies for the web, template
//! sets, events.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Evidence;
use super::index::{self, Index, Placed};
use super::log::{self, Entry, Event, LogEvent};
use super::metadata::{self, Copy, FileDigest, Metadata, Rendition};
use super::ocfl::{Files, Note};
use super::{
    Issue, LOG_MESSAGE, Numbering, Registry, RegistryError, Reservation, Restricted, SAHKE2,
    TEMPLATE_SET, TEMPLATES, log_object, message_of, object_of, sahke2,
};
use crate::model::{Date, Digest, Moment};

/// A version to be issued: what is said of it, and its files. Digests of
/// files, the time and what it replaces are filled in by the registry.
#[derive(Debug, Clone)]
pub struct Submission {
    pub metadata: Metadata,
    /// Every file by name, the PDFs of the renditions among them.
    pub files: Files,
}

/// A version of a document that wants a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub document: String,
    pub version: u16,
    /// Date that the document bears, as far as it is known.
    pub date: Option<Date>,
}

impl Registry {
    /// Gives each of these documents, with its version, a register number: the
    /// one that it was given earlier in the year and did not use, or the next.
    /// Numbers that are under way for anything else are voided, save those of
    /// documents in `waiting`, which cannot be made just now.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn reserve(
        &mut self,
        wanted: &[Wanted],
        waiting: &BTreeSet<String>,
    ) -> Result<Vec<Reservation>, RegistryError> {
        self.settle()?;
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
        // the document prints the day on which it is issued
        let kept: BTreeMap<(String, u16), Reservation> =
            kept.into_iter().map(|r| (key(&r), Reservation { day: today, ..r })).collect();
        let all: Vec<(String, u16, Option<Reservation>)> =
            wanted.iter().map(|one| (one.0.clone(), one.1, kept.get(one).cloned())).collect();
        if lapsed.is_empty() && all.iter().all(|(_, _, there)| there.is_some()) {
            return Ok(all.into_iter().filter_map(|(_, _, there)| there).collect());
        }
        let new = all.iter().filter(|(_, _, there)| there.is_none()).count();
        self.knows_its_files()?;
        self.check_numbers(now, new as u64)?;
        self.unseal()?;
        Ok(self.index.all_or_nothing(|db| {
            for reservation in &lapsed {
                let that_year = reservation.day.year() == today.year();
                let reason = if that_year { NOT_WANTED } else { NOT_THAT_YEAR };
                let news = LogEvent::of(Event::Voided).with("reason", reason);
                index::append(db, about(news, reservation), now)?;
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
    /// When anything cannot be written: then the version is not issued, and
    /// its number stays reserved.
    pub fn register(&mut self, submission: Submission) -> Result<Issue, RegistryError> {
        let Submission { mut metadata, mut files } = submission;
        self.settle()?;
        self.expects(&metadata)?;
        let latest = self.index.latest(&metadata.document)?;
        metadata.replaces = latest.as_ref().map(|latest| latest.number.clone());
        metadata.registered = self.now();
        let sidecar = write_sidecars(&mut metadata, &mut files)?;
        let mut news = vec![registered(&metadata, &sidecar, Copy::Archive)];
        if let Some(old) = latest {
            let replaced = LogEvent::of(Event::Superseded).with("by", &metadata.number);
            news.push(replaced.about(&old.number, &old.document, old.version));
        }
        self.put_in_place(&metadata, files, sidecar, news, None)?;
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
    /// When anything cannot be read or written: then it is not added.
    pub fn add_web(
        &mut self,
        issue: &Issue,
        rendition: Rendition,
        added: Files,
    ) -> Result<(), RegistryError> {
        self.settle()?;
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
        let news = vec![registered(&metadata, &sidecar, Copy::Web)];
        self.put_in_place(&metadata, files, sidecar, news, Some(&rendition))
    }

    /// Puts the files of a version into the storage root, and commits it.
    fn put_in_place(
        &mut self,
        metadata: &Metadata,
        mut files: Files,
        sidecar: Vec<u8>,
        news: Vec<LogEvent>,
        web: Option<&Rendition>,
    ) -> Result<(), RegistryError> {
        let digest = Digest::of(&sidecar);
        files.insert(metadata::FILE.to_owned(), sidecar);
        let mut entries = self.index.entries_after(self.index.archived()?)?;
        let mut head = self.index.head()?;
        let first_new = entries.len();
        let now = self.now();
        for news in news {
            let entry = news.after(&head, now);
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
        let note = Note { created: now, message: &message };
        let put = self.store.put(&object, files, &note)?;
        let placed =
            Placed { object_version: put.version, inventory: put.inventory, metadata: digest };
        self.commit(metadata, &placed, &entries[first_new..], head.sequence, web)?;
        Ok(self.store.done()?)
    }

    pub(super) fn commit(
        &mut self,
        metadata: &Metadata,
        placed: &Placed,
        entries: &[Entry],
        archived: u64,
        web: Option<&Rendition>,
    ) -> Result<(), RegistryError> {
        Ok(self.index.all_or_nothing(|db| {
            entries.iter().try_for_each(|entry| index::insert_entry(db, entry))?;
            index::insert_archived(db, archived)?;
            match web {
                Some(web) => index::insert_web(db, &metadata.number, web, placed),
                None => index::insert_issue(db, metadata, placed),
            }
        })?)
    }

    /// Archives a template set, unless it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn archive_templates<'a>(
        &mut self,
        digest: &Digest,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(), RegistryError> {
        self.settle()?;
        if self.index.template_set(digest)?.is_some() {
            return Ok(());
        }
        self.unseal()?;
        let files = files.map(|(name, bytes)| (name.to_owned(), bytes.to_owned())).collect();
        let message = format!("{TEMPLATE_SET}{digest}");
        // the time of the last event, so that the log vouches for it
        let last = self.index.entry(self.index.head()?.sequence)?;
        let created = last.map_or_else(|| self.now(), |last| last.time);
        let note = Note { created, message: &message };
        let put = self.store.put(TEMPLATES, files, &note)?;
        self.index.all_or_nothing(|db| index::insert_template_set(db, digest, put.version))?;
        Ok(self.store.done()?)
    }

    /// Puts down in the log that the web copies of these versions hold what is
    /// secret now. They stay in the archive, and are neither published nor handed
    /// over any more.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn withdraw_web(&mut self, issues: &[Issue]) -> Result<(), RegistryError> {
        let holds = |issue: &&Issue| issue.web.as_ref().is_some_and(|web| !web.withdrawn);
        let news = issues.iter().filter(holds).map(|issue| {
            let news = LogEvent::of(Event::Withdrawn).with("reason", SECRET_NOW);
            news.about(&issue.number, &issue.document, issue.version)
        });
        let news: Vec<LogEvent> = news.collect();
        if news.is_empty() { Ok(()) } else { self.note_all(news) }
    }

    /// Puts down in the log that these versions hold what became secret. They stay
    /// what they are, and are handed over as what they are now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restrict(&mut self, versions: &[Restricted]) -> Result<(), RegistryError> {
        let news: Vec<LogEvent> = versions.iter().map(Restricted::news).collect();
        if news.is_empty() { Ok(()) } else { self.note_all(news) }
    }

    /// Writes events to the log, and to the files.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn note_all(&mut self, news: Vec<LogEvent>) -> Result<(), RegistryError> {
        self.settle()?;
        self.unseal()?;
        let now = self.now();
        self.index.all_or_nothing(|db| {
            news.into_iter().try_for_each(|news| index::append(db, news, now).map(drop))
        })?;
        self.archive_log()
    }

    /// Brings what the log has gained into the files.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn archive_log(&mut self) -> Result<(), RegistryError> {
        self.settle()?;
        let entries = self.index.entries_after(self.index.archived()?)?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
        self.unseal()?;
        let files = Files::from([(log::FILE.to_owned(), log::lines(&entries).into_bytes())]);
        let note = Note { created: last.time, message: LOG_MESSAGE };
        self.store.put(&log_object(first.sequence), files, &note)?;
        let upto = last.sequence;
        self.index.all_or_nothing(|db| index::insert_archived(db, upto))?;
        Ok(self.store.done()?)
    }

    /// Whether a person had to confirm the day. A number of a wrong year would
    /// stay for ever; numbers themselves follow each other by their place in the
    /// log, whatever times it has.
    fn check_clock(&self, now: Moment, wanted: &[Wanted]) -> Result<bool, RegistryError> {
        let dates: Vec<Date> = wanted.iter().filter_map(|one| one.date).collect();
        check_clock(&self.index, &dates, self.confirmed, now)
    }

    /// The next numbers must be new ones.
    fn check_numbers(&self, now: Moment, count: u64) -> Result<(), RegistryError> {
        let year = now.day().year();
        let first = self.index.position_after(&self.numbering.series(year))?;
        for position in first..first + count {
            let number = self.numbering.at(year, position);
            if self.index.was_given(&number)? {
                return Err(RegistryError::NumberTaken { number });
            }
        }
        Ok(())
    }

    fn expects(&self, metadata: &Metadata) -> Result<(), RegistryError> {
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
    Evidence { last: index.last_number_given()?, dates, confirmed }.judge(now)
}

/// Why a web copy is withdrawn.
const SECRET_NOW: &str = "the web copy holds what is secret now";
/// Reasons why a number is voided.
const NOT_WANTED: &str = "the records no longer call for the document";
const NOT_THAT_YEAR: &str = "the document was not issued in the year of its reservation";
fn about(news: LogEvent, reservation: &Reservation) -> LogEvent {
    news.about(&reservation.number, &reservation.document, reservation.version)
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
    let news = LogEvent::of(Event::Reserved)
        .with("series", &series)
        .with("position", position)
        .with("day", day);
    let news = if confirmed { news.with("clock", "confirmed") } else { news };
    index::append(db, about(news, &reservation), now)?;
    Ok(reservation)
}

/// What the log says of a registration: digests of the record, of the sidecar
/// (which holds those of all other files) and of the PDF.
fn registered(metadata: &Metadata, sidecar: &[u8], copy: Copy) -> LogEvent {
    let news = LogEvent::of(Event::Registered)
        .about(&metadata.number, &metadata.document, metadata.version)
        .with("metadata", Digest::of(sidecar))
        .with("record", &metadata.source.digest);
    let news = match copy {
        Copy::Archive => news,
        Copy::Web => news.with("copy", "web"),
    };
    match metadata.rendition(copy) {
        Some(pdf) => news.with("pdf", &pdf.digest),
        None => news,
    }
}

/// Writes both sidecars: the JSON comes back, the SÄHKE2 XML is among `files`.
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
