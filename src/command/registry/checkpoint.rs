//! `kirjuri registry checkpoint`: signs the end of the log, for safekeeping elsewhere;
//! reads checkpoints and keys.

use std::path::Path;

use anyhow::Context;

use super::RegistryCommandContext;
use crate::cli::CheckpointArgs;
use crate::command::ExitStatus;
use crate::command::failure::Failure;
use crate::command::terminal::print_result;
use crate::command::workspace::now;
use crate::fs;
use crate::registry::RegistryReader;
use crate::registry::checkpoint::{Checkpoint, CheckpointSigner, CheckpointVerifier, decode_text};

/// Maximum size of a key, and of an e-mail with a checkpoint, in bytes.
const LIMIT: u64 = 64 * 1024;
const MAIL_LIMIT: u64 = 8 * 1024 * 1024;

/// Prints or writes a signed checkpoint.
pub fn run(context: &RegistryCommandContext, args: &CheckpointArgs) -> anyhow::Result<ExitStatus> {
    if let Some(path) = &args.to {
        context.settings.check_apart(path, &[])?;
    }
    let key = &context.archiving()?.checkpoint_key;
    let reader = RegistryReader::open(&context.settings.registry)?;
    let signatory = match fs::stamp(key)? {
        Some(_) => read_key(key)?,
        None => {
            // a secret key must not be published, nor stored with what it proves
            context.settings.check_apart(key, &[])?;
            let new = CheckpointSigner::new()?;
            fs::write_secret(key, new.secret().as_bytes())?;
            let path = key.display().to_string();
            anstream::eprintln!(
                "{}",
                context.locale.fill("ui.registry.new_key", &[("file", &path)])
            );
            new
        }
    };
    let checkpoint = Checkpoint { head: reader.index().head()?, time: now() };
    let note = signatory.sign(&checkpoint);
    match &args.to {
        Some(path) => {
            fs::write_new(path, note.as_bytes())?;
            let (file, key) = (path.display().to_string(), signatory.verifier().text());
            context.print_message("ui.registry.checkpoint", &[("file", &file), ("key", &key)]);
        }
        None => print_result(note.trim_end())?,
    }
    Ok(ExitStatus::Success)
}

fn read_key(path: &Path) -> anyhow::Result<CheckpointSigner> {
    let failure = |error| Failure::new("key").at(path).caused_by(error);
    Ok(CheckpointSigner::parse(&text(path, LIMIT)?).map_err(failure)?)
}

fn text(path: &Path, limit: u64) -> anyhow::Result<String> {
    let bytes = fs::read(path, limit)?.ok_or_else(|| Failure::new("too_large").at(path))?;
    Ok(decode_text(&bytes))
}

/// Reads a checkpoint and verifies its signature with `key` (a public key, or a file with
/// one), or with the workspace's own key.
pub fn read(
    context: &RegistryCommandContext,
    file: &Path,
    key: Option<&str>,
) -> anyhow::Result<Checkpoint> {
    let witness = match key {
        Some(given) => {
            let path = Path::new(given);
            let line = if fs::stamp(path).is_ok_and(|s| s.is_some()) {
                text(path, LIMIT)?
            } else {
                given.to_owned()
            };
            CheckpointVerifier::parse(&line)
                .map_err(|error| Failure::new("key").with("path", given).caused_by(error))?
        }
        None => {
            let own = &context.archiving()?.checkpoint_key;
            read_key(own).context(Failure::new("key_hint"))?.verifier()
        }
    };
    let note = text(file, MAIL_LIMIT)?;
    let read = witness.read(&note);
    Ok(read.map_err(|error| Failure::new("checkpoint").at(file).caused_by(error))?)
}
