//! Signed checkpoints of the log: at a certain time the log ended with a certain entry. A
//! checkpoint kept elsewhere shows later that nothing before it was changed, cut off or
//! rewritten.
//!
//! A checkpoint is a C2SP `signed-note` (the format of checkpoints of transparency logs)
//! with an Ed25519 signature (RFC 8032), so that other tools can verify it: lines of text,
//! an empty line, and the signature. It is read word by word, so that it survives mail: the
//! signed text is reassembled from the words, and any other word makes the signature fail.

mod mail;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::log::LogHead;
use crate::fs::MessageKey;
use crate::model::{Digest, Moment};

pub use mail::decode_text;

/// The first word of a checkpoint, and the name in its signature.
const ORIGIN: &str = "kirjuri-registry";
/// Type of Ed25519 keys (C2SP `signed-note`).
const ED25519: u8 = 1;

/// The private key that signs checkpoints.
pub struct CheckpointSigner(SigningKey);

/// The public key that verifies checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointVerifier(VerifyingKey);

/// Content of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub head: LogHead,
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
    /// The message key of the error.
    pub fn message_key(self) -> MessageKey {
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

impl CheckpointSigner {
    /// Generates a key.
    ///
    /// # Errors
    /// Fails if the system has no random numbers.
    pub fn new() -> Result<Self, CheckpointError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| CheckpointError::Random)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Parses what [`CheckpointSigner::secret`] wrote.
    ///
    /// # Errors
    /// Fails if it is not a key.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let coded = text.trim().strip_prefix(SECRET).ok_or(CheckpointError::Key)?;
        let bytes = BASE64.decode(coded).map_err(|_| CheckpointError::Key)?;
        let seed = bytes.try_into().map_err(|_| CheckpointError::Key)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The key as one line of text, to be kept secret.
    pub fn secret(&self) -> String {
        format!("{SECRET}{}\n", BASE64.encode(self.0.to_bytes()))
    }

    /// The public key.
    pub fn verifier(&self) -> CheckpointVerifier {
        CheckpointVerifier(self.0.verifying_key())
    }

    /// Signs that the log ended with `head` at this time.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let mut bytes = self.verifier().id().to_vec();
        bytes.extend(self.0.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {ORIGIN} {}\n", BASE64.encode(bytes))
    }
}

const SECRET: &str = "kirjuri-secret-key:";

impl CheckpointVerifier {
    /// Parses what [`CheckpointVerifier::text`] wrote.
    ///
    /// # Errors
    /// Fails if it is not a key.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        // the name and its digest contain no plus sign, but the key may
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

    /// Verifies a checkpoint and returns its content.
    ///
    /// # Errors
    /// Fails if it is not a checkpoint, or was changed.
    pub fn read(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let (mut right, mut wrong) = (Vec::new(), CheckpointError::Form);
        for reading in mail::readings(note) {
            let words = mail::words(&reading);
            let begins = (0..words.len()).filter(|at| words[*at] == ORIGIN);
            for at in begins {
                match self.verified(&words[at + 1..]) {
                    Ok(checkpoint) if right.contains(&checkpoint) => {}
                    Ok(checkpoint) => right.push(checkpoint),
                    // errors of wrong decodings say less than the first one
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

    /// The checkpoint in the words after the origin, if the signature matches the text that
    /// they stand for.
    fn verified(&self, words: &[&str]) -> Result<Checkpoint, CheckpointError> {
        let mut words = words.iter().copied();
        let sequence = words.next().ok_or(CheckpointError::Form)?;
        let digest = joined(&mut words, DIGEST)?;
        let time = words.next().ok_or(CheckpointError::Form)?;
        let text = format!("{ORIGIN}\n{sequence}\n{digest}\n{time}\n");
        let checkpoint = Checkpoint::parse(&text).ok_or(CheckpointError::Form)?;
        // a mail program may have replaced the dash
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

/// Number of characters of the digest, and of the signature with its key id.
const DIGEST: usize = 64;
const SIGNATURE: usize = 92;

/// A word of exactly this length, which a mail program may have broken into pieces.
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
        let checkpoint = Self { head: LogHead { sequence, digest }, time };
        (checkpoint.text() == text).then_some(checkpoint)
    }
}

#[cfg(test)]
mod tests;
