//! What the program and its workers say to each other: messages of a header in
//! JSON and pieces of raw bytes, each with its length before it. Knows no
//! process, and trusts no length that it reads.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Archival, Diagnostic, Job, LayoutDefect, Pdf, TypesetError};
use crate::bundle::Bundle;

/// Most bytes of a header or a piece.
const LIMIT: u64 = 1024 * 1024 * 1024;
/// Most pieces of a message.
const PIECES: u32 = 65_536;
/// Most bytes that are made room for before they are there.
const ROOM: u64 = 16 * 1024 * 1024;
/// A worker of another version would give other bytes.
const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// What a worker is told.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    /// The files of the template bundle, before anything else.
    Bundle(Vec<(String, Vec<u8>)>),
    Typeset(Task),
}

/// A job that owns its parts.
#[derive(Debug, PartialEq, Eq)]
pub struct Task {
    source: String,
    attachment: Option<(String, Vec<u8>)>,
    ident: String,
    archival: Archival,
}

impl Task {
    pub fn job(&self) -> Job<'_> {
        let attachment = self.attachment.as_ref();
        Job {
            source: &self.source,
            attachment: attachment.map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
            ident: &self.ident,
            archival: self.archival,
        }
    }
}

/// What a worker answers.
#[derive(Debug)]
pub enum Answer {
    /// It took the bundle.
    Ready,
    /// It cannot work, and why.
    Unfit(String),
    Done(Result<Pdf, TypesetError>),
}

#[derive(Serialize, Deserialize)]
enum OrderHeader {
    Bundle { program: String, files: Vec<String> },
    Typeset { ident: String, archival: Archival, attachment: Option<String> },
}

#[derive(Serialize, Deserialize)]
enum AnswerHeader {
    Ready,
    Unfit(String),
    Made { pages: usize, warnings: Vec<Diagnostic>, defects: Vec<LayoutDefect> },
    Failed(TypesetError),
}

/// Sends the files of a bundle.
///
/// # Errors
/// When nobody takes them.
pub fn send_bundle(to: &mut impl Write, bundle: &Bundle) -> io::Result<()> {
    let (files, pieces): (Vec<&str>, Vec<&[u8]>) = bundle.iter().unzip();
    let files = files.into_iter().map(str::to_owned).collect();
    send(to, &OrderHeader::Bundle { program: PROGRAM.to_owned(), files }, &pieces)
}

/// Sends a job.
///
/// # Errors
/// When nobody takes it.
pub fn send_job(to: &mut impl Write, job: &Job<'_>) -> io::Result<()> {
    let header = OrderHeader::Typeset {
        ident: job.ident.to_owned(),
        archival: job.archival,
        attachment: job.attachment.map(|(path, _)| path.to_owned()),
    };
    let mut pieces = vec![job.source.as_bytes()];
    pieces.extend(job.attachment.map(|(_, bytes)| bytes));
    send(to, &header, &pieces)
}

/// The next order; `None` when there will be none.
///
/// # Errors
/// When it is broken off, or no order of this program.
pub fn receive_order(from: &mut impl Read) -> io::Result<Option<Order>> {
    let Some((header, pieces)) = receive::<OrderHeader>(from)? else { return Ok(None) };
    let mut pieces = pieces.into_iter();
    let order = match header {
        OrderHeader::Bundle { program, .. } if program != PROGRAM => {
            return Err(malformed(&format!("an order of `{program}`, not of `{PROGRAM}`")));
        }
        OrderHeader::Bundle { files, .. } if files.len() == pieces.len() => {
            Order::Bundle(files.into_iter().zip(pieces.by_ref()).collect())
        }
        OrderHeader::Bundle { .. } => return Err(malformed("a file without bytes")),
        OrderHeader::Typeset { ident, archival, attachment } => {
            let mut piece = || pieces.next().ok_or_else(|| malformed("a piece is missing"));
            let source = String::from_utf8(piece()?).map_err(|_| malformed("no UTF-8"))?;
            let attachment = match attachment {
                Some(path) => Some((path, piece()?)),
                None => None,
            };
            Order::Typeset(Task { source, attachment, ident, archival })
        }
    };
    Ok(Some(order))
}

/// Sends an answer.
///
/// # Errors
/// When nobody takes it.
pub fn send_answer(to: &mut impl Write, answer: Answer) -> io::Result<()> {
    match answer {
        Answer::Ready => send(to, &AnswerHeader::Ready, &[]),
        Answer::Unfit(cause) => send(to, &AnswerHeader::Unfit(cause), &[]),
        Answer::Done(Err(error)) => send(to, &AnswerHeader::Failed(error), &[]),
        Answer::Done(Ok(Pdf { bytes, pages, warnings, defects })) => {
            send(to, &AnswerHeader::Made { pages, warnings, defects }, &[&bytes])
        }
    }
}

/// The next answer; `None` when there will be none.
///
/// # Errors
/// When it is broken off, or no answer of this program.
pub fn receive_answer(from: &mut impl Read) -> io::Result<Option<Answer>> {
    let Some((header, pieces)) = receive::<AnswerHeader>(from)? else { return Ok(None) };
    Ok(Some(match header {
        AnswerHeader::Ready => Answer::Ready,
        AnswerHeader::Unfit(cause) => Answer::Unfit(cause),
        AnswerHeader::Failed(error) => Answer::Done(Err(error)),
        AnswerHeader::Made { pages, warnings, defects } => {
            let bytes = pieces.into_iter().next().ok_or_else(|| malformed("no PDF"))?;
            Answer::Done(Ok(Pdf { bytes, pages, warnings, defects }))
        }
    }))
}

fn send(to: &mut impl Write, header: &impl Serialize, pieces: &[&[u8]]) -> io::Result<()> {
    let header = serde_json::to_vec(header)?;
    let count = u32::try_from(pieces.len()).map_err(io::Error::other)?;
    to.write_all(&count.to_be_bytes())?;
    for piece in std::iter::once(header.as_slice()).chain(pieces.iter().copied()) {
        to.write_all(&(piece.len() as u64).to_be_bytes())?;
        to.write_all(piece)?;
    }
    to.flush()
}

fn receive<H: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<(H, Vec<Vec<u8>>)>> {
    let mut count = [0; 4];
    let mut there = 0;
    while there < count.len() {
        match from.read(&mut count[there..]) {
            Ok(0) if there == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(more) => there += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let count = u32::from_be_bytes(count);
    if count > PIECES {
        return Err(malformed("too many pieces"));
    }
    let header = serde_json::from_slice(&receive_piece(from)?)?;
    let pieces = (0..count).map(|_| receive_piece(from)).collect::<io::Result<_>>()?;
    Ok(Some((header, pieces)))
}

fn receive_piece(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_be_bytes(length);
    if length > LIMIT {
        return Err(malformed("a piece is too long"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(ROOM)).unwrap_or_default());
    let read = from.by_ref().take(length).read_to_end(&mut bytes)?;
    if read as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{LayoutDefectKind, Limit};
    use super::*;

    fn diagnostic() -> Diagnostic {
        Diagnostic {
            message: "unknown variable: ä".into(),
            hints: vec!["a hint".into()],
            places: vec![("main.typ".into(), 3, 1), ("lib/x.typ".into(), 1, 9)],
        }
    }

    fn there_and_back(answer: Answer) -> Answer {
        let mut bytes = Vec::new();
        send_answer(&mut bytes, answer).unwrap();
        let mut rest = bytes.as_slice();
        let answer = receive_answer(&mut rest).unwrap().unwrap();
        assert!(rest.is_empty() && receive_answer(&mut rest).unwrap().is_none());
        answer
    }

    #[test]
    fn jobs_come_through_whole() {
        let attachment = b"{\0}".as_slice();
        for attachment in [None, Some(("record.json", attachment)), Some(("x", b"".as_slice()))] {
            let archival = if attachment.is_some() { Archival::A3a } else { Archival::A2a };
            let job = Job { source: "= Ä\n\u{a0}", attachment, ident: "x-memo", archival };
            let mut bytes = Vec::new();
            send_job(&mut bytes, &job).unwrap();
            let Some(Order::Typeset(task)) = receive_order(&mut bytes.as_slice()).unwrap() else {
                unreachable!()
            };
            let got = task.job();
            assert_eq!((got.source, got.attachment), (job.source, job.attachment));
            assert_eq!((got.ident, got.archival), (job.ident, job.archival));
        }
    }

    #[test]
    fn a_bundle_comes_through_whole() {
        let bundle = Bundle::built_in();
        let mut bytes = Vec::new();
        send_bundle(&mut bytes, &bundle).unwrap();
        let order = receive_order(&mut bytes.as_slice()).unwrap();
        let Some(Order::Bundle(files)) = order else { unreachable!() };
        assert_eq!(Bundle::of_files(files).digest(), bundle.digest());
    }

    #[test]
    fn every_answer_comes_through_whole() {
        assert!(matches!(there_and_back(Answer::Ready), Answer::Ready));
        assert!(
            matches!(there_and_back(Answer::Unfit("ä".into())), Answer::Unfit(cause) if cause == "ä")
        );
        let kinds = [
            LayoutDefectKind::Outside,
            LayoutDefectKind::Overlap,
            LayoutDefectKind::Spill,
            LayoutDefectKind::Small,
        ];
        let defect = |kind| LayoutDefect { page: 2, kind, text: "text".into() };
        let pdf = Pdf {
            bytes: (0..=255).collect(),
            pages: 7,
            warnings: vec![diagnostic()],
            defects: kinds.map(defect).into(),
        };
        let made = there_and_back(Answer::Done(Ok(pdf.clone())));
        assert!(matches!(made, Answer::Done(Ok(made)) if made == pdf));
        let limits = [Limit::Time(30), Limit::Memory(2048), Limit::Crash("signal: 6".into())];
        let mut errors = vec![
            TypesetError::Font { path: "fonts/x.ttf".into() },
            TypesetError::NoFont,
            TypesetError::Family { family: "X".into(), known: "Y, Z".into() },
            TypesetError::Typst(vec![diagnostic(), diagnostic()]),
            TypesetError::Panic,
            TypesetError::Picture("no".into()),
        ];
        errors.extend(limits.map(TypesetError::Killed));
        for error in errors {
            let failed = there_and_back(Answer::Done(Err(error.clone())));
            assert!(matches!(failed, Answer::Done(Err(got)) if got == error));
        }
    }

    #[test]
    fn what_is_cut_or_no_message_is_refused() {
        let mut whole = Vec::new();
        let job = Job { source: "x", attachment: None, ident: "i", archival: Archival::A2a };
        send_job(&mut whole, &job).unwrap();
        for end in 1..whole.len() {
            assert!(receive_order(&mut &whole[..end]).is_err(), "{end}");
        }
        let mut endless = 1_u32.to_be_bytes().to_vec();
        endless.extend(u64::MAX.to_be_bytes());
        for wrong in [b"no message of ours, but text".as_slice(), &[255; 64], &endless] {
            assert!(receive_order(&mut &*wrong).is_err());
        }
        let other = OrderHeader::Bundle { program: "kirjuri 0.0.0".into(), files: Vec::new() };
        let mut bytes = Vec::new();
        send(&mut bytes, &other, &[]).unwrap();
        assert!(receive_order(&mut bytes.as_slice()).is_err());
    }
}
