//! Checkpoints: a signed note that the log ended with a certain entry at a
//! certain time. Kept elsewhere, it shows later that nothing before it was
//! changed, cut off or written anew.
//!
//! The note has the form of C2SP `signed-note` (the form of the checkpoints of
//! transparency logs) with an Ed25519 signature (RFC 8032), so that other tools
//! can check it too: lines of text, an empty line, and the signature. It is read
//! by its words, so that it can come by mail: the text that was signed is put
//! together from them, and any other word makes the signature fail.

mod mail;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::log::Head;
use crate::fs::Said;
use crate::model::{Digest, Moment};

pub use mail::text_of;

/// The first word of a checkpoint, and the name in its signature.
const ORIGIN: &str = "kirjuri-registry";
/// Says in a key that it is for Ed25519 (C2SP `signed-note`).
const ED25519: u8 = 1;

/// Who signs checkpoints.
pub struct Signatory(SigningKey);

/// Who can tell a true checkpoint from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness(VerifyingKey);

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub head: Head,
    pub time: Moment,
}

/// A key or a checkpoint cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error(
        "it contains no readable checkpoint of a registry\n  hint: save the mail as plain text or as .eml, or ask the sender for the checkpoint as an attached file"
    )]
    Form,
    #[error("the checkpoint is not signed with this key")]
    OtherKey,
    #[error("the checkpoint was changed after it was signed")]
    Changed,
    #[error("it contains more than one checkpoint; keep only one")]
    Several,
    #[error("this is not a key for checkpoints")]
    Key,
    #[error("the system provides no random numbers for a new key")]
    Random,
}

impl CheckpointError {
    /// The same as a key of words.
    pub fn said(self) -> Said {
        let key = match self {
            Self::Form => "checkpoint_form",
            Self::OtherKey => "checkpoint_other_key",
            Self::Changed => "checkpoint_changed",
            Self::Several => "checkpoint_several",
            Self::Key => "checkpoint_key",
            Self::Random => "checkpoint_random",
        };
        (key, Vec::new())
    }
}

impl Signatory {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random numbers to give.
    pub fn new() -> Result<Self, CheckpointError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| CheckpointError::Random)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Reads what [`Signatory::secret`] wrote.
    ///
    /// # Errors
    /// When it is no key.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let coded = text.trim().strip_prefix(SECRET).ok_or(CheckpointError::Key)?;
        let bytes = BASE64.decode(coded).map_err(|_| CheckpointError::Key)?;
        let seed = bytes.try_into().map_err(|_| CheckpointError::Key)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The key as one line of text, to be kept from others.
    pub fn secret(&self) -> String {
        format!("{SECRET}{}\n", BASE64.encode(self.0.to_bytes()))
    }

    /// The public half.
    pub fn witness(&self) -> Witness {
        Witness(self.0.verifying_key())
    }

    /// Signs that the log ended with `head` at this time.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let mut bytes = self.witness().id().to_vec();
        bytes.extend(self.0.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {ORIGIN} {}\n", BASE64.encode(bytes))
    }
}

const SECRET: &str = "kirjuri-secret-key:";

impl Witness {
    /// Reads what [`Witness::text`] wrote.
    ///
    /// # Errors
    /// When it is no key.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        // the name and its digest hold no plus sign, the key may
        let text: String = text.split_whitespace().collect();
        let coded = text.splitn(3, '+').nth(2).ok_or(CheckpointError::Key)?;
        let bytes = BASE64.decode(coded).map_err(|_| CheckpointError::Key)?;
        let (kind, key) = bytes.split_first().ok_or(CheckpointError::Key)?;
        let key = key.try_into().map_err(|_| CheckpointError::Key)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| CheckpointError::Key)?;
        let witness = Self(key);
        if *kind == ED25519 && witness.text() == text {
            Ok(witness)
        } else {
            Err(CheckpointError::Key)
        }
    }

    /// The key as one line of text, which anybody may have.
    pub fn text(&self) -> String {
        let id = u32::from_be_bytes(self.id());
        format!("{ORIGIN}+{id:08x}+{}", BASE64.encode(self.coded()))
    }

    fn coded(&self) -> Vec<u8> {
        let mut coded = vec![ED25519];
        coded.extend(self.0.to_bytes());
        coded
    }

    /// First four bytes of the key's digest.
    fn id(&self) -> [u8; 4] {
        let parts = [ORIGIN.as_bytes(), b"\n", &self.coded()].concat();
        let digest = Sha256::digest(parts);
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// What a checkpoint says, when its signature is right.
    ///
    /// # Errors
    /// When it is no checkpoint, or not as it was signed.
    pub fn read(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let (mut right, mut wrong) = (Vec::new(), CheckpointError::Form);
        for reading in mail::readings(note) {
            let words = mail::words(&reading);
            let begins = (0..words.len()).filter(|at| words[*at] == ORIGIN);
            for at in begins {
                match self.verified(&words[at + 1..]) {
                    Ok(checkpoint) if right.contains(&checkpoint) => {}
                    Ok(checkpoint) => right.push(checkpoint),
                    // nonsense of a wrong reading says less than what came first
                    Err(error) if wrong == CheckpointError::Form => wrong = error,
                    Err(_) => {}
                }
            }
        }
        match right.len() {
            0 => Err(wrong),
            1 => Ok(right.remove(0)),
            _ => Err(CheckpointError::Several),
        }
    }

    /// What the words after the origin say, when the signature is of just the
    /// text that they stand for.
    fn verified(&self, words: &[&str]) -> Result<Checkpoint, CheckpointError> {
        let mut words = words.iter().copied();
        let sequence = words.next().ok_or(CheckpointError::Form)?;
        let digest = joined(&mut words, DIGEST)?;
        let time = words.next().ok_or(CheckpointError::Form)?;
        let text = format!("{ORIGIN}\n{sequence}\n{digest}\n{time}\n");
        let checkpoint = Checkpoint::parse(&text).ok_or(CheckpointError::Form)?;
        // the dash may be another one by now
        let dash = words.next().ok_or(CheckpointError::Form)?;
        if dash.contains(|c: char| c.is_ascii_alphanumeric()) || words.next() != Some(ORIGIN) {
            return Err(CheckpointError::Form);
        }
        let coded = joined(&mut words, SIGNATURE)?;
        let bytes = BASE64.decode(coded).map_err(|_| CheckpointError::Form)?;
        let (id, signature) = bytes.split_at_checked(4).ok_or(CheckpointError::Form)?;
        let signature = Signature::from_slice(signature).map_err(|_| CheckpointError::Form)?;
        if id != self.id() {
            return Err(CheckpointError::OtherKey);
        }
        let right = self.0.verify(text.as_bytes(), &signature);
        right.map(|()| checkpoint).map_err(|_| CheckpointError::Changed)
    }
}

/// Characters of the digest, and of the signature with its key's id.
const DIGEST: usize = 64;
const SIGNATURE: usize = 92;

/// A word of just this length, which a mail program may have broken in pieces.
fn joined<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    length: usize,
) -> Result<String, CheckpointError> {
    let mut joined = String::new();
    while joined.len() < length {
        joined.push_str(words.next().ok_or(CheckpointError::Form)?);
    }
    if joined.len() == length { Ok(joined) } else { Err(CheckpointError::Form) }
}

impl Checkpoint {
    fn text(&self) -> String {
        format!("{ORIGIN}\n{}\n{}\n{}\n", self.head.sequence, self.head.digest, self.time)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != ORIGIN {
            return None;
        }
        let sequence = lines.next()?.parse().ok()?;
        let digest = Digest::parse(lines.next()?)?;
        let time = Moment::parse(lines.next()?)?;
        let checkpoint = Self { head: Head { sequence, digest }, time };
        (checkpoint.text() == text).then_some(checkpoint)
    }
}

#[cfg(test)]
mod tests;
