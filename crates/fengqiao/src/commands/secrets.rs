//! `fengqiao secrets`: the one Secret of a centre.

mod content;
mod output;

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use accounts::{Invitation, NodeKeys};
use anyhow::{Context as _, Result, ensure};
use chassis::time::Time;

use crate::cli::{SecretOptions, SecretsCommand};

/// Says in the folder of the keys that passwords were made for them.
const NOTE: &str = "secret-printed";

/// Makes and writes it.
pub fn run(command: &SecretsCommand) -> Result<()> {
    match command {
        SecretsCommand::Init {
            centre,
            database,
            secret,
        } => {
            output::check(secret)?;
            let note = secret.keys.join(NOTE);
            ensure!(
                !note.exists(),
                "the Secret of these keys was printed already ({}); another one has other passwords. `fengqiao secrets refresh` \
                 prints what comes from the keys; for new passwords delete that note",
                note.display()
            );
            let keys = NodeKeys::init(&secret.keys, *centre)?;
            accept(&keys, secret)?;
            let entries = [
                content::passwords(&keys, database.as_deref())?,
                content::of_keys(&keys, secret)?,
            ]
            .concat();
            take_note(&note)?;
            output::write(&keys, secret, &entries, false)?;
            eprintln!(
                "keys of {centre} in {}: keep them, and a copy, where nothing runs",
                secret.keys.display()
            );
            Ok(())
        }
        SecretsCommand::Refresh { secret } => refresh(secret),
    }
}

fn refresh(secret: &SecretOptions) -> Result<()> {
    output::check(secret)?;
    let keys = NodeKeys::load(&secret.keys)?;
    accept(&keys, secret)?;
    output::write(&keys, secret, &content::of_keys(&keys, secret)?, true)
}

fn accept(keys: &NodeKeys, secret: &SecretOptions) -> Result<()> {
    let Some(file) = &secret.parent_invitation else {
        return Ok(());
    };
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let invitation: Invitation = serde_json::from_str(&text)
        .with_context(|| format!("{}: no invitation", file.display()))?;
    let parent = keys.accept(&invitation, Time::system().now())?;
    eprintln!(
        "{} belongs to {}; fingerprint {} (compare it with the other side's)",
        keys.code(),
        parent.code,
        parent.fingerprint
    );
    Ok(())
}

fn take_note(note: &Path) -> Result<()> {
    let mut open = OpenOptions::new();
    let file = open.write(true).create_new(true).mode(0o600).open(note);
    let mut file = file.with_context(|| note.display().to_string())?;
    Ok(writeln!(file, "{}", Time::system().now().to_rfc3339())?)
}
