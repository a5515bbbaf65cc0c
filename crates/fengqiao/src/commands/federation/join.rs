//! Accepting an invitation.

use std::path::Path;

use accounts::Invitation;
use anyhow::{Context as _, Result};
use chassis::{
    bus::{Still, keep_still, replay::replay_since},
    config::Config,
    time::Time,
};
use chrono::DateTime;
use federation::links;

use super::{db, load};
use crate::commands::{dbs, failed};

/// Accepts it. With `history`, what happened before goes up as well.
pub async fn join(config: &Config, file: &Path, history: bool) -> Result<()> {
    let keys = load(config)?;
    // Before anything changes: that all of them can be reached.
    let schemas = if history {
        dbs(config, None)?
    } else {
        Vec::new()
    };
    for db in &schemas {
        db.ping()
            .await
            .map_err(|problem| failed(problem).context(format!("schema {}", db.service())))?;
    }
    // A border desk that runs reads what comes as one that has no parent, and keeps it to itself.
    let _still = match schemas.first() {
        Some(_) => Some(hold_the_desk(config).await?),
        None => None,
    };
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let invitation: Invitation = serde_json::from_str(&text)
        .with_context(|| format!("{}: no invitation", file.display()))?;
    let parent = keys.accept(&invitation, Time::system().now())?;
    eprintln!(
        "{} belongs to {} now; fingerprint {} (compare it with the other side's)",
        keys.code(),
        parent.code,
        parent.fingerprint
    );
    if history {
        links::forget_own_events(&db(config)?)
            .await
            .map_err(failed)?;
        let mut count = 0;
        for db in &schemas {
            count += replay_since(db, DateTime::UNIX_EPOCH, config.outbox.keep_days)
                .await
                .map_err(failed)?;
        }
        eprintln!("{count} earlier events are read again and sent up");
    }
    eprintln!(
        "next: write nats-server's configuration anew (`fengqiao federation server-config`), restart nats-server and the services"
    );
    Ok(())
}

async fn hold_the_desk(config: &Config) -> Result<Still> {
    let still = keep_still(&db(config)?, &config.nats.stream).await?;
    still.context(
        "the border desk runs: stop the service federation (or `serve`), join with --history, and start it again",
    )
}
