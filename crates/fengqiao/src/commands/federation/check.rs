//! How the links stand.

use anyhow::{Result, bail};
use chassis::{bus::dead_letters, config::Config, time::Time};
use comfy_table::{Table, presets};
use contracts::region::RegionCode;
use federation::links::{self, NodeLink, OwnSending, Unsent};

use super::{db, desk, system, trial::Trial};
use crate::commands::failed;

/// Tries and prints it; an error when something is wrong.
pub async fn check(config: &Config) -> Result<()> {
    let standing = Standing::look(config).await?;
    // Who is not linked is told apart, and not waited for.
    let parent = standing.parent.as_ref().map(|parent| parent.code);
    let children = standing.nodes.iter();
    let children = children.filter(|node| node.child && linked(node, &standing.links));
    let children: Vec<RegionCode> = children.map(|node| node.code).collect();
    let connected = standing.connected();
    let trial = Trial::run(config, parent.filter(|_| connected), &children).await?;
    if let Some(parent) = &standing.parent {
        let lag = trial.lag_above(config.region()?);
        above(parent, connected, &standing.own, (&lag, &trial));
    }
    below(&standing.nodes, &standing.links, &trial);
    let mut wrong = standing.wrong(config);
    wrong.extend(trial.wrong);
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n  - "))
}

/// How they stand.
pub struct Standing {
    /// The node above.
    pub parent: Option<accounts::Parent>,
    /// The nodes below.
    pub nodes: Vec<NodeLink>,
    own: OwnSending,
    links: Vec<accounts::Link>,
    quarantined: i64,
    unsent: Vec<Unsent>,
    server: Option<String>,
}

impl Standing {
    /// Asks database and nats-server.
    pub async fn look(config: &Config) -> Result<Self> {
        let keys = desk(config)?;
        let (links, server) = match system(config).await {
            Ok(system) => (accounts::links(&system).await?, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        };
        let db = db(config)?;
        let (nodes, own) = links::status(&db, config.federation.silent_after)
            .await
            .map_err(failed)?;
        Ok(Self {
            parent: keys.parent()?,
            nodes,
            own,
            links,
            quarantined: dead_letters::count(&db).await.map_err(failed)?,
            unsent: links::unsent(&db).await.map_err(failed)?,
            server,
        })
    }

    fn connected(&self) -> bool {
        self.links.iter().any(|link| link.to_parent)
    }

    /// What is wrong with them.
    pub fn wrong(&self, config: &Config) -> Vec<String> {
        let mut wrong: Vec<String> = self.server.clone().into_iter().collect();
        if let Some(parent) = &self.parent {
            wrong_above(parent, self.connected(), &self.own, config, &mut wrong);
        }
        wrong_below(&self.nodes, &self.links, &mut wrong);
        if self.quarantined > 0 {
            wrong.push(format!(
                "{} messages in quarantine: `fengqiao dead-letters list --service federation`",
                self.quarantined
            ));
        }
        for unsent in &self.unsent {
            wrong.push(format!(
                "{} of case {} was not sent of the node's own accord ({}): send it by hand",
                unsent.kind, unsent.case_id, unsent.refused
            ));
        }
        wrong
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn above(
    parent: &accounts::Parent,
    connected: bool,
    own: &OwnSending,
    (lag, trial): (&str, &Trial),
) {
    let now = Time::system().now();
    let heard = own.parent_heard_at.map_or("never".to_owned(), |at| {
        format!("{} s ago", (now - at).num_seconds())
    });
    println!(
        "above   {}  link {}  heard of {heard}  there and back {}  lag {lag}  sent {} (epoch {})  confirmed {}  unconfirmed {}",
        parent.code,
        if connected { "up" } else { "DOWN" },
        trial.took(parent.code),
        own.seq,
        own.epoch,
        own.confirmed,
        own.unconfirmed,
    );
}

fn wrong_above(
    parent: &accounts::Parent,
    connected: bool,
    own: &OwnSending,
    config: &Config,
    wrong: &mut Vec<String>,
) {
    let now = Time::system().now();
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
fn below(nodes: &[NodeLink], links: &[accounts::Link], trial: &Trial) {
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
        "there and back",
        "lag",
        "sent",
        "here",
        "missing",
        "clock off",
        "release",
        "policy",
    ]);
    let now = Time::system().now();
    for node in nodes {
        let linked = linked(node, links);
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
            trial.took(node.code),
            trial.lag_of(node.code),
            node.checkpoint.to_string(),
            node.contiguous.to_string(),
            missing(node),
            format!("{} ms", node.clock_off_ms),
            node.release.clone(),
            policy(node),
        ]);
    }
    println!("{table}");
}

/// What is missing here, and what never will come.
fn missing(node: &NodeLink) -> String {
    match node.passed_over {
        0 => node.missing.to_string(),
        gone => format!("{} ({gone} not kept)", node.missing),
    }
}

/// The beginning of the version it runs, and whether that is with what it was handed down.
fn policy(node: &NodeLink) -> String {
    let (version, _) = node.policy_version.split_at_checked(15).unwrap_or_default();
    let standing = match &node.policy_handed_down {
        None => "",
        Some(_) if node.policy_refused.is_some() => " (refused)",
        handed_down if *handed_down == node.policy_received => " (confirmed)",
        Some(_) => " (under way)",
    };
    format!("{version}{standing}")
}

fn linked(node: &NodeLink, links: &[accounts::Link]) -> bool {
    links
        .iter()
        .any(|link| !link.to_parent && link.is_of(node.code))
}

fn wrong_below(nodes: &[NodeLink], links: &[accounts::Link], wrong: &mut Vec<String>) {
    for node in nodes {
        if node.child && !linked(node, links) {
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
        if let Some(why) = &node.policy_refused {
            wrong.push(format!(
                "{} does not work with the policy that was handed down: {why}",
                node.code
            ));
        }
    }
}
