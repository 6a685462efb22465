//! `registry checkpoint`: a signed note of where the log ends, to keep
//! elsewhere; and the keys for it.

use std::path::Path;

use anyhow::Context;

use super::Desk;
use crate::cli::CheckpointArgs;
use crate::command::Status;
use crate::command::failure::Failure;
use crate::command::terminal::answer;
use crate::command::workspace::now;
use crate::fs;
use crate::registry::RegistryReader;
use crate::registry::checkpoint::{Checkpoint, CheckpointSigner, CheckpointVerifier, decode_text};

/// Largest key, and largest mail with a checkpoint, that is read, in bytes.
const LIMIT: u64 = 64 * 1024;
const MAIL_LIMIT: u64 = 8 * 1024 * 1024;

/// Prints or writes a signed checkpoint.
pub fn run(desk: &Desk, args: &CheckpointArgs) -> anyhow::Result<Status> {
    if let Some(path) = &args.to {
        desk.settings.check_apart(path, &[])?;
    }
    let key = &desk.archiving()?.checkpoint_key;
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let signatory = match fs::stamp(key)? {
        Some(_) => read_key(key)?,
        None => {
            // a secret key is nothing for the web, nor for what it proves
            desk.settings.check_apart(key, &[])?;
            let new = CheckpointSigner::new()?;
            fs::write_secret(key, new.secret().as_bytes())?;
            let path = key.display().to_string();
            anstream::eprintln!("{}", desk.locale.fill("ui.registry.new_key", &[("file", &path)]));
            new
        }
    };
    let checkpoint = Checkpoint { head: reader.index().head()?, time: now() };
    let note = signatory.sign(&checkpoint);
    match &args.to {
        Some(path) => {
            fs::write_new(path, note.as_bytes())?;
            let (file, key) = (path.display().to_string(), signatory.verifier().text());
            desk.say("ui.registry.checkpoint", &[("file", &file), ("key", &key)]);
        }
        None => answer(note.trim_end())?,
    }
    Ok(Status::Well)
}

fn read_key(path: &Path) -> anyhow::Result<CheckpointSigner> {
    let said = |error| Failure::new("key").at(path).over(error);
    Ok(CheckpointSigner::parse(&text(path, LIMIT)?).map_err(said)?)
}

fn text(path: &Path, limit: u64) -> anyhow::Result<String> {
    let bytes = fs::read(path, limit)?.ok_or_else(|| Failure::new("too_large").at(path))?;
    Ok(decode_text(&bytes))
}

/// Reads a checkpoint; its signature is held against `key` (a public key, or a
/// file with one), or against the workspace's own key.
pub fn read(desk: &Desk, file: &Path, key: Option<&str>) -> anyhow::Result<Checkpoint> {
    let witness = match key {
        Some(given) => {
            let path = Path::new(given);
            let line = if fs::stamp(path).is_ok_and(|s| s.is_some()) {
                text(path, LIMIT)?
            } else {
                given.to_owned()
            };
            CheckpointVerifier::parse(&line)
                .map_err(|error| Failure::new("key").with("path", given).over(error))?
        }
        None => {
            let own = &desk.archiving()?.checkpoint_key;
            read_key(own).context(Failure::new("key_hint"))?.verifier()
        }
    };
    let note = text(file, MAIL_LIMIT)?;
    let read = witness.read(&note);
    Ok(read.map_err(|error| Failure::new("checkpoint").at(file).over(error))?)
}
