//! Who is linked, and how the links stand: for the command line and for `GET /links`.

use chassis::{
    db::{Cause, Db, Tx},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::{automatic, forgotten, nodes};

pub use automatic::Unsent;

/// A node below, as this one sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NodeLink {
    /// Its region code.
    pub code: RegionCode,
    /// Whether it is linked to this node itself.
    pub child: bool,
    /// Since when it is linked, when it is a child.
    pub linked_at: Option<DateTime<Utc>>,
    /// When it was heard of last; alarm on this, a lag shows 0 while events are lost.
    pub last_contact: Option<DateTime<Utc>>,
    /// Whether it has been silent for longer than `federation.silent_after`.
    pub silent: bool,
    /// Epoch of its database.
    pub epoch: i32,
    /// Highest sequence it says it has given.
    pub checkpoint: i64,
    /// Everything it sent up to here is applied.
    pub contiguous: i64,
    /// Sequences, also of its earlier epochs, that are missing here or under way.
    pub missing: i64,
    /// Sequences that never came here and never will: the node keeps them no more (`outbox.keep_days`).
    pub passed_over: i64,
    /// Since when something is missing.
    pub missing_since: Option<DateTime<Utc>>,
    /// How far its clock is off, milliseconds.
    pub clock_off_ms: i64,
    /// Its release.
    pub release: String,
    /// Version of the policy pack it runs.
    pub policy_version: String,
    /// Version of the policy it was handed down last, when it is a child.
    pub policy_handed_down: Option<String>,
    /// Version of the policy it has received from its parent.
    pub policy_received: Option<String>,
    /// Why it works on with what it had; none when what it has received is in force.
    pub policy_refused: Option<String>,
}

/// This node's own sending.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnSending {
    /// Epoch.
    pub epoch: i32,
    /// Highest sequence given.
    pub seq: i64,
    /// What the parent has confirmed, in `confirmed_epoch`.
    pub confirmed: i64,
    /// Epoch of that.
    pub confirmed_epoch: i32,
    /// Messages the parent has not confirmed.
    pub unconfirmed: i64,
    /// When the oldest of them was written.
    pub oldest_unconfirmed: Option<DateTime<Utc>>,
    /// When the parent was heard of last.
    pub parent_heard_at: Option<DateTime<Utc>>,
}

/// Links a child: from now on its facts are read.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn add_child(db: &Db, code: RegionCode) -> Result<(), Problem> {
    db.tx("add_child", &Cause::new(db.time()), async |tx: &mut Tx| {
        nodes::add_child(tx, code).await
    })
    .await
}

/// Takes a child off and forgets its keys, here and at every node that hears of it: linked again, it may show new ones. Gives
/// whether it was linked. What it sent stays counted.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn remove_child(db: &Db, code: RegionCode) -> Result<bool, Problem> {
    db.tx(
        "remove_child",
        &Cause::new(db.time()),
        async |tx: &mut Tx| {
            forgotten::forget_known(tx, code).await?;
            nodes::remove_child(tx, code).await
        },
    )
    .await
}

/// Forgets the keys of a node below, here and at every node that hears of it: the next ones it shows count. Gives whether any were
/// known.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn forget_keys(db: &Db, code: RegionCode) -> Result<bool, Problem> {
    db.tx(
        "forget_keys",
        &Cause::new(db.time()),
        async |tx: &mut Tx| forgotten::forget_known(tx, code).await,
    )
    .await
}

/// Forgets which events of this node were read, so that all of them are read again and go up.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn forget_own_events(db: &Db) -> Result<(), Problem> {
    let own = *db.node();
    db.tx(
        "forget_own_events",
        &Cause::new(db.time()),
        async |tx: &mut Tx| nodes::forget_events(tx, own).await,
    )
    .await
}

/// What the desk should have sent of its own accord and could not (at most 100): a person has to.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn unsent(db: &Db) -> Result<Vec<Unsent>, Problem> {
    automatic::unsent(&mut *db.read().await?).await
}

/// The nodes below that belong to it now, children that never were heard of included, and this node's own sending.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn status(
    db: &Db,
    silent_after: std::time::Duration,
) -> Result<(Vec<NodeLink>, OwnSending), Problem> {
    let mut conn = db.read().await?;
    let children = nodes::linked(&mut conn).await?;
    let known = nodes::all(&mut conn).await?;
    let sending = nodes::sending(&mut conn).await?;
    let now = db.time().now();
    let silent_after = chrono::Duration::from_std(silent_after).unwrap_or(chrono::Duration::MAX);
    let unheard = children
        .iter()
        .filter(|child| known.iter().all(|node| node.code != child.code))
        .map(|child| NodeLink {
            code: child.code,
            child: true,
            linked_at: Some(child.added_at),
            last_contact: None,
            silent: now - child.added_at > silent_after,
            epoch: 0,
            checkpoint: 0,
            contiguous: 0,
            missing: 0,
            passed_over: 0,
            missing_since: None,
            clock_off_ms: 0,
            release: String::new(),
            policy_version: String::new(),
            policy_handed_down: None,
            policy_received: None,
            policy_refused: None,
        });
    let under = |node: &&nodes::NodeStatus| children.iter().any(|c| c.code.contains(&node.code));
    let linked_at = |code| {
        let child = children.iter().find(|child| child.code == code);
        child.map(|child| child.added_at)
    };
    // One that was away and is linked again counts as silent from then on only.
    let since = |node: &nodes::NodeStatus| linked_at(node.code).max(Some(node.last_contact));
    let heard = known.iter().filter(under).map(|node| NodeLink {
        code: node.code,
        child: linked_at(node.code).is_some(),
        linked_at: linked_at(node.code),
        last_contact: Some(node.last_contact),
        silent: since(node).is_some_and(|at| now - at > silent_after),
        epoch: node.epoch,
        checkpoint: node.checkpoint,
        contiguous: node.contiguous,
        missing: node.missing,
        passed_over: node.passed_over,
        missing_since: node.missing_since,
        clock_off_ms: node.clock_off_ms,
        release: node.release.clone(),
        policy_version: node.policy_version.clone(),
        policy_handed_down: Some(node.told_policy.clone()).filter(|version| !version.is_empty()),
        policy_received: node.policy_received.clone(),
        policy_refused: node.policy_refused.clone(),
    });
    let mut links: Vec<NodeLink> = heard.chain(unheard).collect();
    links.sort_by_key(|link| link.code);
    let own = OwnSending {
        epoch: sending.epoch,
        seq: sending.seq,
        confirmed: sending.confirmed_seq,
        confirmed_epoch: sending.confirmed_epoch,
        unconfirmed: sending.unconfirmed,
        oldest_unconfirmed: sending.oldest_unconfirmed,
        parent_heard_at: sending.heard_at,
    };
    Ok((links, own))
}
