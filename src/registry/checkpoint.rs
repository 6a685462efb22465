//! Checkpoints: a signed note that the log ended with a certain entry at a
//! certain time. Kept elsewhere, it shows later that nothing before it was
//! changed, cut off or written anew.
//!
//! The note has the form of C2SP `signed-note` (the form of the checkpoints of
//! transparency logs) with an Ed25519 signature (RFC 8032), so that other tools
//! can check it too: lines of text, an empty line, and the signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::log::Head;
use crate::model::{Digest, Moment};

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
    #[error("this is no checkpoint of a registry")]
    Form,
    #[error("the signature is not by this key")]
    OtherKey,
    #[error("the checkpoint was changed after it was signed")]
    Changed,
    #[error("this is no key for checkpoints")]
    Key,
    #[error("the system gives no random numbers for a new key")]
    Random,
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
        let coded = text.trim().splitn(3, '+').nth(2).ok_or(CheckpointError::Key)?;
        let bytes = BASE64.decode(coded).map_err(|_| CheckpointError::Key)?;
        let (kind, key) = bytes.split_first().ok_or(CheckpointError::Key)?;
        let key = key.try_into().map_err(|_| CheckpointError::Key)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| CheckpointError::Key)?;
        let witness = Self(key);
        if *kind == ED25519 && witness.text() == text.trim() {
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
        let (text, signature) = note.split_once("\n\n").ok_or(CheckpointError::Form)?;
        let text = format!("{text}\n");
        let checkpoint = Checkpoint::parse(&text).ok_or(CheckpointError::Form)?;
        let begin = format!("\u{2014} {ORIGIN} ");
        let coded = signature.strip_prefix(&begin).ok_or(CheckpointError::Form)?;
        let bytes = BASE64.decode(coded.trim_end()).map_err(|_| CheckpointError::Form)?;
        let (id, signature) = bytes.split_at_checked(4).ok_or(CheckpointError::Form)?;
        let signature = Signature::from_slice(signature).map_err(|_| CheckpointError::Form)?;
        if id != self.id() {
            return Err(CheckpointError::OtherKey);
        }
        let right = self.0.verify(text.as_bytes(), &signature);
        right.map(|()| checkpoint).map_err(|_| CheckpointError::Changed)
    }
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
mod tests {
    use super::*;

    #[test]
    fn a_changed_checkpoint_is_refused() {
        let signatory = Signatory::new().unwrap();
        let signatory = Signatory::parse(&signatory.secret()).unwrap();
        let witness = Witness::parse(&signatory.witness().text()).unwrap();
        for _ in 0..50 {
            // whatever characters a key is written with
            let other = Signatory::new().unwrap();
            assert_eq!(Signatory::parse(&other.secret()).unwrap().witness(), other.witness());
            assert_eq!(Witness::parse(&other.witness().text()), Ok(other.witness()));
        }
        let head = Head { sequence: 12, digest: Digest::of(b"x") };
        let checkpoint = Checkpoint { head, time: Moment::from_unix(0).unwrap() };
        let note = signatory.sign(&checkpoint);
        assert_eq!(witness.read(&note), Ok(checkpoint));
        let changed = note.replace("\n12\n", "\n11\n");
        assert_eq!(witness.read(&changed), Err(CheckpointError::Changed));
        let other = Signatory::new().unwrap().witness();
        assert_eq!(other.read(&note), Err(CheckpointError::OtherKey));
        assert_eq!(witness.read("x"), Err(CheckpointError::Form));
        assert_eq!(Witness::parse("kirjuri-registry+00+AA=="), Err(CheckpointError::Key));
    }
}
