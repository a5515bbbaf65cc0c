//! The nodes below: inviting, renewing, taking off.

use std::path::{Path, PathBuf};

use accounts::{Invitation, NodeKeys};
use anyhow::{Context as _, Result, bail, ensure};
use chassis::{config::Config, time::Time};
use contracts::region::RegionCode;
use federation::links;

use super::{db, load, system};
use crate::{cli::Invite, commands::failed, local::write_private};

/// Links a node below and writes its invitation.
pub async fn add(config: &Config, wanted: &Invite) -> Result<()> {
    let keys = load(config)?;
    let standing = keys.standing(wanted.code, Time::system().now())?;
    let db = db(config)?;
    if !standing.is_empty() {
        // The database here may not know it: it was lost, or away when the invitation was written.
        links::add_child(&db, wanted.code).await.map_err(failed)?;
        eprintln!(
            "{} is linked with the credentials it has: `fengqiao federation rotate` renews them",
            wanted.code
        );
        return Ok(());
    }
    let invitation = keys.invite(&invite(&keys, wanted)?, Time::system().now())?;
    write(&wanted.out, &invitation)?;
    links::add_child(&db, wanted.code).await.map_err(failed)?;
    told(&invitation, &wanted.out);
    Ok(())
}

/// Writes another invitation for a node that is linked.
pub fn rotate(config: &Config, wanted: &Invite) -> Result<()> {
    let keys = load(config)?;
    let (invitation, earlier) = keys.rotate(&invite(&keys, wanted)?, Time::system().now())?;
    if earlier.is_empty() {
        eprintln!("{} had no credentials that stand", wanted.code);
    }
    write(&wanted.out, &invitation)?;
    told(&invitation, &wanted.out);
    eprintln!(
        "when it has joined with them: `fengqiao federation retire {}`",
        wanted.code
    );
    Ok(())
}

/// Takes back all credentials but the newest. The server is told also when they were taken back before: it may have been away.
pub async fn retire(config: &Config, code: RegionCode) -> Result<()> {
    let (keys, now) = (load(config)?, Time::system().now());
    let standing = keys.standing(code, now)?;
    let Some((_newest, earlier)) = standing.split_last() else {
        bail!("{code} has no credentials that stand");
    };
    for user in earlier {
        keys.revoke(user, now)?;
    }
    if earlier.is_empty() {
        eprintln!("{code} has one set of credentials only");
    }
    push(config, &keys.accounts(now)?.federation.jwt).await
}

/// Takes a node off. Again when the server was away the first time.
pub async fn remove(config: &Config, code: RegionCode) -> Result<()> {
    let keys = load(config)?;
    let jwt = keys.remove(code, Time::system().now())?;
    let linked = links::remove_child(&db(config)?, code)
        .await
        .map_err(failed)?;
    push(config, &jwt).await?;
    ensure!(
        linked || keys.was_invited(code)?,
        "{code} was never invited"
    );
    if linked {
        eprintln!("{code} is taken off; what it sent stays counted");
    } else {
        eprintln!("{code} was taken off before; its credentials are void");
    }
    Ok(())
}

/// Forgets the keys of a node below.
pub async fn forget_keys(config: &Config, code: RegionCode) -> Result<()> {
    let own = config.region()?;
    ensure!(
        own != code && own.contains(&code),
        "{code} is not below {own}: a superior of both forgets its keys"
    );
    if links::forget_keys(&db(config)?, code)
        .await
        .map_err(failed)?
    {
        eprintln!("the keys of {code} are forgotten; the next it shows count");
    } else {
        eprintln!("no keys of {code} are known");
    }
    Ok(())
}

async fn push(config: &Config, jwt: &str) -> Result<()> {
    let system = system(config).await.context(
        "the credentials are void, but the running nats-server could not be told; try again",
    )?;
    accounts::push(&system, jwt).await?;
    eprintln!("the running nats-server was told");
    Ok(())
}

fn invite(keys: &NodeKeys, wanted: &Invite) -> Result<accounts::Invite> {
    let made_here = keys.directory().join("tls/ca.pem");
    let ca: Option<PathBuf> = wanted
        .ca
        .clone()
        .or_else(|| made_here.exists().then_some(made_here));
    let ca = match ca {
        Some(file) => {
            Some(std::fs::read_to_string(&file).with_context(|| file.display().to_string())?)
        }
        None => None,
    };
    Ok(accounts::Invite {
        child: wanted.code,
        urls: wanted.urls.clone(),
        ca,
        expires_at: Time::system().now() + chrono::Duration::days(i64::from(wanted.days)),
    })
}

fn write(file: &Path, invitation: &Invitation) -> Result<()> {
    let text = serde_json::to_string_pretty(invitation)? + "\n";
    write_private(file, text.as_bytes())
}

fn told(invitation: &Invitation, file: &Path) {
    eprintln!(
        "invitation of {} in {}: it holds a secret, hand it over safely\nfingerprint {} (the other side sees the same when it joins); good until {}",
        invitation.child,
        file.display(),
        invitation.fingerprint,
        invitation.expires_at
    );
}
