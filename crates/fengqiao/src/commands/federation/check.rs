//! How the links stand.

use anyhow::{Result, bail};
use chassis::{bus::dead_letters, config::Config, time::Time};
use comfy_table::{Table, presets};
use federation::links::{self, NodeLink, OwnSending};

use super::{db, load, system};
use crate::commands::failed;

/// Prints it; an error when something is wrong.
pub async fn check(config: &Config) -> Result<()> {
    let keys = load(config)?;
    let mut wrong = Vec::new();
    let links = match system(config, &keys).await {
        Ok(system) => accounts::links(&system).await?,
        Err(error) => {
            wrong.push(format!("{error:#}"));
            Vec::new()
        }
    };
    let db = db(config)?;
    let (nodes, own) = links::status(&db, config.federation.silent_after)
        .await
        .map_err(failed)?;
    let quarantined = dead_letters::count(&db).await.map_err(failed)?;
    if let Some(parent) = keys.parent()? {
        let connected = links.iter().any(|link| link.to_parent);
        above(&parent, connected, &own, config, &mut wrong);
    }
    below(&nodes, &links, &mut wrong);
    if quarantined > 0 {
        wrong.push(format!("{quarantined} messages in quarantine: `fengqiao dead-letters list --service federation`"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n  - "))
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn above(
    parent: &accounts::Parent,
    connected: bool,
    own: &OwnSending,
    config: &Config,
    wrong: &mut Vec<String>,
) {
    let now = Time::system().now();
    let heard = own.parent_heard_at.map_or("never".to_owned(), |at| {
        format!("{} s ago", (now - at).num_seconds())
    });
    println!(
        "above   {}  link {}  heard of {heard}  sent {} (epoch {})  confirmed {}  unconfirmed {}",
        parent.code,
        if connected { "up" } else { "DOWN" },
        own.seq,
        own.epoch,
        own.confirmed,
        own.unconfirmed,
    );
    if !connected {
        wrong.push(format!("no link to {}", parent.code));
    }
    if let Some(oldest) = own.oldest_unconfirmed {
        let age = (now - oldest).to_std().unwrap_or_default();
        if age > config.federation.silent_after {
            let (count, age) = (own.unconfirmed, age.as_secs());
            wrong.push(format!(
                "{count} messages not confirmed, the oldest written {age} s ago"
            ));
        }
    }
    let days = (parent.expires_at - now).num_days();
    if days < 30 {
        wrong.push(format!(
            "the credentials of the link end in {days} days: ask {} to rotate them",
            parent.code
        ));
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn below(nodes: &[NodeLink], links: &[accounts::Link], wrong: &mut Vec<String>) {
    if nodes.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "node",
        "child",
        "link",
        "heard of",
        "sent",
        "here",
        "missing",
        "clock off",
        "release",
        "policy",
    ]);
    let now = Time::system().now();
    for node in nodes {
        let server = format!("fengqiao-{}", node.code);
        let linked = links
            .iter()
            .any(|link| !link.to_parent && link.name == server);
        let heard = node.last_contact.map_or("never".to_owned(), |at| {
            format!("{} s ago", (now - at).num_seconds())
        });
        table.add_row([
            node.code.to_string(),
            if node.child { "yes" } else { "" }.to_owned(),
            if !node.child {
                ""
            } else if linked {
                "up"
            } else {
                "DOWN"
            }
            .to_owned(),
            heard,
            node.checkpoint.to_string(),
            node.contiguous.to_string(),
            node.missing.to_string(),
            format!("{} ms", node.clock_off_ms),
            node.release.clone(),
            node.policy_version.clone(),
        ]);
        if node.child && !linked {
            wrong.push(format!("no link from {}", node.code));
        }
        if node.silent {
            wrong.push(format!("{} is silent", node.code));
        }
        if let Some(since) = node.missing_since {
            wrong.push(format!(
                "{} of {} missing since {since}",
                node.missing, node.code
            ));
        }
    }
    println!("{table}");
}
