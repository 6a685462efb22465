//! Protocol between the program and its worker processes: messages in postcard,
//! each in a frame with its length. A frame has a size limit, and damaged or
//! foreign frames are errors.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::{Job, Pdf, TypesetError};
use crate::bundle::Bundle;

/// Most bytes of a frame.
const LIMIT: u32 = 1024 * 1024 * 1024;
/// Most bytes of memory reserved for a frame before its bytes arrive.
const RESERVED: u32 = 16 * 1024 * 1024;
/// A worker of another version would produce other bytes.
const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// What a worker is asked to do. It borrows from the frame it is decoded from.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request<'a> {
    /// Load the files of the template bundle, before anything else.
    Load {
        program: &'a str,
        #[serde(borrow)]
        files: Vec<(&'a str, &'a [u8])>,
    },
    Typeset(#[serde(borrow)] Job<'a>),
}

impl<'a> Request<'a> {
    pub fn load(bundle: &'a Bundle) -> Self {
        Self::Load { program: PROGRAM, files: bundle.iter().collect() }
    }

    /// The request in a frame.
    ///
    /// # Errors
    /// When it belongs to another version of the program, or is damaged.
    pub fn decode(frame: &'a [u8]) -> io::Result<Self> {
        match decode(frame)? {
            Self::Load { program, .. } if program != PROGRAM => {
                Err(malformed(format!("a request of `{program}`, not of `{PROGRAM}`")))
            }
            request => Ok(request),
        }
    }
}

/// What a worker replies.
#[derive(Debug, Serialize, Deserialize)]
pub enum Response {
    /// It has loaded the bundle.
    Loaded,
    /// It cannot work, and why.
    Unable(String),
    Typeset(Result<Pdf, TypesetError>),
}

/// A message in its frame.
///
/// # Errors
/// When it is larger than a frame may be.
pub fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    const LENGTH: usize = size_of::<u32>();
    let mut frame = postcard::to_extend(message, vec![0; LENGTH]).map_err(malformed)?;
    let length = u32::try_from(frame.len() - LENGTH).ok().filter(|length| *length <= LIMIT);
    let length = length.ok_or_else(|| malformed("a message is too long"))?;
    frame[..LENGTH].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Sends a message.
///
/// # Errors
/// When it is too large, or the other side has closed the pipe.
pub fn send(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    to.write_all(&encode(message)?)?;
    to.flush()
}

/// The next frame, without its length; `None` at the end of the stream.
///
/// # Errors
/// When it is cut short or longer than a frame may be.
pub fn receive_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::with_capacity(size_of::<u32>());
    from.by_ref().take(size_of::<u32>() as u64).read_to_end(&mut length)?;
    if length.is_empty() {
        return Ok(None);
    }
    let length = length.try_into().map_err(|_| io::ErrorKind::UnexpectedEof)?;
    let length = u32::from_be_bytes(length);
    if length > LIMIT {
        return Err(malformed("a message is too long"));
    }
    let mut frame = Vec::with_capacity(length.min(RESERVED) as usize);
    let read = from.by_ref().take(length.into()).read_to_end(&mut frame)?;
    if read == length as usize { Ok(Some(frame)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The message in a frame.
///
/// # Errors
/// When it is damaged or of another kind.
pub fn decode<'a, M: Deserialize<'a>>(frame: &'a [u8]) -> io::Result<M> {
    match postcard::take_from_bytes(frame).map_err(malformed)? {
        (message, []) => Ok(message),
        _ => Err(malformed("a message has surplus bytes")),
    }
}

fn malformed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

#[cfg(test)]
mod tests {
    use super::super::{Archival, Diagnostic, LayoutDefect, LayoutDefectKind, Limit};
    use super::*;

    const JOB: Job<'_> = Job { source: "x", attachment: None, ident: "i", archival: Archival::A2a };

    fn diagnostic() -> Diagnostic {
        Diagnostic {
            message: "unknown variable: ä".into(),
            hints: vec!["a hint".into()],
            places: vec![("main.typ".into(), 3, 1), ("lib/x.typ".into(), 1, 9)],
        }
    }

    /// A message's frame, sent and received.
    fn sent(message: &impl Serialize) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(&mut bytes, message).unwrap();
        let mut rest = bytes.as_slice();
        let frame = receive_frame(&mut rest).unwrap().unwrap();
        assert!(rest.is_empty() && receive_frame(&mut rest).unwrap().is_none());
        frame
    }

    fn there_and_back(response: &Response) -> Response {
        decode(&sent(response)).unwrap()
    }

    #[test]
    fn jobs_arrive_whole() {
        let attachment = b"{\0}".as_slice();
        for attachment in [None, Some(("record.json", attachment)), Some(("x", b"".as_slice()))] {
            let archival = if attachment.is_some() { Archival::A3a } else { Archival::A2a };
            let job = Job { source: "= Ä\n\u{a0}", attachment, ident: "x-memo", archival };
            let frame = sent(&Request::Typeset(job));
            let Request::Typeset(got) = Request::decode(&frame).unwrap() else { unreachable!() };
            assert_eq!((got.source, got.attachment), (job.source, job.attachment));
            assert_eq!((got.ident, got.archival), (job.ident, job.archival));
        }
    }

    #[test]
    fn a_bundle_arrives_whole() {
        let bundle = Bundle::built_in();
        let frame = sent(&Request::load(&bundle));
        let Request::Load { files, .. } = Request::decode(&frame).unwrap() else { unreachable!() };
        let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        assert_eq!(Bundle::of_files(files).digest(), bundle.digest());
    }

    #[test]
    fn every_response_arrives_whole() {
        assert!(matches!(there_and_back(&Response::Loaded), Response::Loaded));
        let unable = there_and_back(&Response::Unable("ä".into()));
        assert!(matches!(unable, Response::Unable(cause) if cause == "ä"));
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
        let limits = [Limit::Time(30), Limit::Memory(2048), Limit::Crash("signal: 6".into())];
        let mut results = vec![
            Ok(pdf),
            Err(TypesetError::Font { path: "fonts/x.ttf".into() }),
            Err(TypesetError::NoFont),
            Err(TypesetError::Family { family: "X".into(), known: "Y, Z".into() }),
            Err(TypesetError::Typst(vec![diagnostic(), diagnostic()])),
            Err(TypesetError::Panic),
            Err(TypesetError::PageImage("no".into())),
        ];
        results.extend(limits.map(|limit| Err(TypesetError::Killed(limit))));
        for result in results {
            let response = there_and_back(&Response::Typeset(result.clone()));
            assert!(matches!(response, Response::Typeset(got) if got == result));
        }
    }

    #[test]
    fn cut_long_or_foreign_messages_are_refused() {
        let whole = encode(&Request::Typeset(JOB)).unwrap();
        for end in 1..whole.len() {
            assert!(receive_frame(&mut &whole[..end]).is_err(), "{end}");
        }
        let endless = u32::MAX.to_be_bytes();
        for wrong in [b"no message of ours, but text".as_slice(), &[255; 64], &endless] {
            assert!(receive_frame(&mut &*wrong).is_err());
        }
        let frame = &whole[size_of::<u32>()..];
        assert!(Request::decode(frame).is_ok());
        for end in 0..frame.len() {
            assert!(Request::decode(&frame[..end]).is_err(), "{end}");
        }
        assert!(Request::decode(&[frame, &[0]].concat()).is_err());
        assert!(Request::decode(&[255; 64]).is_err());
        let other = sent(&Request::Load { program: "kirjuri 0.0.0", files: Vec::new() });
        assert!(Request::decode(&other).is_err());
        // as from a program that repeats what it reads
        let load = sent(&Request::load(&Bundle::built_in()));
        assert!(decode::<Response>(&load).is_err());
    }
}
