//! Other nodes: their keys, how far they are, and the children.

use std::collections::BTreeMap;

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{
    border::{Checkpoint, NodeKeys},
    region::RegionCode,
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::sealing;

/// A node below, and how far this one has what it sent.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct NodeStatus {
    /// Its region code.
    #[diesel(sql_type = Text)]
    pub code: RegionCode,
    /// When it was heard of last.
    #[diesel(sql_type = Timestamptz)]
    pub last_contact: DateTime<Utc>,
    /// Its epoch.
    #[diesel(sql_type = Integer)]
    pub epoch: i32,
    /// Highest sequence it says it has given.
    #[diesel(sql_type = BigInt)]
    pub checkpoint: i64,
    /// Everything up to here is applied, without a gap.
    #[diesel(sql_type = BigInt)]
    pub contiguous: i64,
    /// Sequences of all its epochs that are missing here or under way.
    #[diesel(sql_type = BigInt)]
    pub missing: i64,
    /// Sequences that were passed over, as the node keeps them no more.
    #[diesel(sql_type = BigInt)]
    pub passed_over: i64,
    /// Epoch of the first one missing; 0 when none is.
    #[diesel(sql_type = Integer)]
    pub gap_epoch: i32,
    /// The first one missing.
    #[diesel(sql_type = BigInt)]
    pub gap_from: i64,
    /// The last one that was given in that epoch.
    #[diesel(sql_type = BigInt)]
    pub gap_to: i64,
    /// Since when something is missing.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub missing_since: Option<DateTime<Utc>>,
    /// When it was asked for it last.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub asked_at: Option<DateTime<Utc>>,
    /// Epoch of what it was asked for last.
    #[diesel(sql_type = Integer)]
    pub asked_epoch: i32,
    /// The last sequence it was asked for.
    #[diesel(sql_type = BigInt)]
    pub asked_to: i64,
    /// Epoch of what it was told that this node has.
    #[diesel(sql_type = Integer)]
    pub told_epoch: i32,
    /// Sequence of what it was told that this node has.
    #[diesel(sql_type = BigInt)]
    pub told_seq: i64,
    /// When it was told.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub told_at: Option<DateTime<Utc>>,
    /// Digest of the keys it was told.
    #[diesel(sql_type = Integer)]
    pub told_keys: i32,
    /// How far its clock is off, milliseconds, the way of the message included.
    #[diesel(sql_type = BigInt)]
    pub clock_off_ms: i64,
    /// Its release.
    #[diesel(sql_type = Text)]
    pub release: String,
    /// The policy pack it runs.
    #[diesel(sql_type = Text)]
    pub policy_version: String,
    /// Version of the policy it was handed down.
    #[diesel(sql_type = Text)]
    pub told_policy: String,
    /// When it was handed down.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub told_policy_at: Option<DateTime<Utc>>,
    /// Version of the policy it says it has received from its parent.
    #[diesel(sql_type = Nullable<Text>)]
    pub policy_received: Option<String>,
    /// Why it refused that one.
    #[diesel(sql_type = Nullable<Text>)]
    pub policy_refused: Option<String>,
}

/// Every node of the subtree that was ever heard of, in the order of codes.
pub async fn all(conn: &mut AsyncPgConnection) -> Result<Vec<NodeStatus>, Problem> {
    let rows = statement(
        "SELECT n.*, coalesce(p.contiguous, 0) AS contiguous, coalesce(g.missing, 0) AS missing,
             (SELECT coalesce(sum(passed_over), 0)::bigint FROM node_epochs WHERE code = n.code) AS passed_over,
             coalesce(g.epoch, 0) AS gap_epoch, coalesce(g.reached, 0) + 1 AS gap_from, coalesce(g.last, 0) AS gap_to
         FROM nodes n LEFT JOIN inbox_position p ON p.origin = n.code || '/federation' AND p.epoch = n.epoch
         LEFT JOIN LATERAL (
             SELECT e.epoch, e.last, coalesce(r.contiguous, 0) AS reached,
                 sum(e.last - coalesce(r.contiguous, 0)) OVER ()::bigint AS missing
             FROM node_epochs e LEFT JOIN inbox_position r ON r.origin = n.code || '/federation' AND r.epoch = e.epoch
             WHERE e.code = n.code AND e.last > coalesce(r.contiguous, 0)
             ORDER BY e.epoch LIMIT 1) g ON true
         ORDER BY n.code",
    );
    Ok(rows.get_results(conn).await?)
}

/// Notes what a node said of itself; gives whether it is news. What it said before something that is known already only shows that
/// it is alive.
///
/// # Errors
/// `unavailable`.
pub async fn reached(
    tx: &mut Tx,
    node: RegionCode,
    checkpoint: &Checkpoint,
) -> Result<bool, Problem> {
    let now = tx.now();
    let off = (checkpoint.clock - now).num_milliseconds();
    let received = checkpoint.policy_received.as_ref();
    statement(
        "INSERT INTO nodes (code, last_contact, epoch, checkpoint, clock_off_ms, release, policy_version) VALUES ($1, $2, 0, 0, 0, '', '')
         ON CONFLICT (code) DO UPDATE SET last_contact = $2",
    )
    .bind::<Text, _>(node.to_string())
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    let count = statement(
        "UPDATE nodes SET epoch = $2, checkpoint = $3, clock_off_ms = $4, release = $5, policy_version = $6,
             policy_received = $7, policy_refused = $8
         WHERE code = $1 AND (epoch, checkpoint) <= ($2, $3)",
    )
    .bind::<Text, _>(node.to_string())
    .bind::<Integer, _>(checkpoint.epoch)
    .bind::<BigInt, _>(checkpoint.seq)
    .bind::<BigInt, _>(off)
    .bind::<Text, _>(&checkpoint.release)
    .bind::<Text, _>(&checkpoint.policy_version)
    .bind::<Nullable<Text>, _>(received.map(|policy| policy.version.clone()))
    .bind::<Nullable<Text>, _>(received.and_then(|policy| policy.refused.clone()))
    .execute(tx.conn())
    .await?;
    Ok(count == 1)
}

/// Notes that something of a node is missing, or that nothing is, and when it was asked for or told.
pub fn followed_up(tx: &mut Tx, node: &NodeStatus) {
    tx.later(
        statement(
            "UPDATE nodes SET missing_since = $2, asked_at = $3, told_epoch = $4, told_seq = $5, told_keys = $6,
                 told_policy = $7, told_policy_at = $8, asked_epoch = $9, asked_to = $10, told_at = $11 WHERE code = $1",
        )
        .bind::<Text, _>(node.code.to_string())
        .bind::<Nullable<Timestamptz>, _>(node.missing_since)
        .bind::<Nullable<Timestamptz>, _>(node.asked_at)
        .bind::<Integer, _>(node.told_epoch)
        .bind::<BigInt, _>(node.told_seq)
        .bind::<Integer, _>(node.told_keys)
        .bind::<Text, _>(node.told_policy.clone())
        .bind::<Nullable<Timestamptz>, _>(node.told_policy_at)
        .bind::<Integer, _>(node.asked_epoch)
        .bind::<BigInt, _>(node.asked_to)
        .bind::<Nullable<Timestamptz>, _>(node.told_at),
    );
}

/// Keeps a node's keys when none are known; gives whether these are the ones that count. Keys that were forgotten after they were
/// `shown` do not: what was on its way then would bring them back. Keys that were forgotten and shown again later give way to new
/// ones: a node that was taken off, and linked again with new keys, may have shown its old ones in between.
/// Keys that nothing can be sealed with never do.
pub async fn keep_keys(
    tx: &mut Tx,
    keys: &NodeKeys,
    vouched_by: RegionCode,
    shown: DateTime<Utc>,
) -> Result<bool, Problem> {
    if !sealing::is_key(&keys.sealing) {
        return Ok(false);
    }
    let now = tx.now();
    let count = statement(
        "INSERT INTO nodes_keys AS k (code, signing_key, sealing_key, vouched_by, since)
         SELECT $1, $2, $3, $4, $5
         WHERE EXISTS (SELECT 1 FROM nodes_keys WHERE code = $1 AND signing_key = $2)
            OR NOT EXISTS (SELECT 1 FROM forgotten_keys WHERE code = $1 AND signing_key = $2 AND forgotten_at >= $6)
         ON CONFLICT (code) DO UPDATE SET signing_key = $2, sealing_key = $3,
             vouched_by = CASE WHEN k.signing_key = $2 THEN k.vouched_by ELSE $4 END,
             since = CASE WHEN k.signing_key = $2 THEN k.since ELSE $5 END
         WHERE k.signing_key = $2 AND k.sealing_key = $3
            OR EXISTS (SELECT 1 FROM forgotten_keys WHERE code = $1 AND signing_key = k.signing_key)
               AND NOT EXISTS (SELECT 1 FROM forgotten_keys WHERE code = $1 AND signing_key = $2)",
    )
    .bind::<Text, _>(keys.node.to_string())
    .bind::<Text, _>(&keys.signing)
    .bind::<Text, _>(&keys.sealing)
    .bind::<Text, _>(vouched_by.to_string())
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(shown)
    .execute(tx.conn())
    .await?;
    Ok(count == 1)
}

#[derive(QueryableByName)]
struct KeysRow {
    #[diesel(sql_type = Text)]
    code: RegionCode,
    #[diesel(sql_type = Text)]
    signing_key: String,
    #[diesel(sql_type = Text)]
    sealing_key: String,
}

/// The keys of all nodes known.
pub async fn keys(conn: &mut AsyncPgConnection) -> Result<Vec<NodeKeys>, Problem> {
    let rows: Vec<KeysRow> =
        statement("SELECT code, signing_key, sealing_key FROM nodes_keys ORDER BY code")
            .get_results(conn)
            .await?;
    let keys = rows.into_iter().map(|row| NodeKeys {
        node: row.code,
        signing: row.signing_key,
        sealing: row.sealing_key,
    });
    Ok(keys.collect())
}

#[derive(QueryableByName)]
struct Code {
    #[diesel(sql_type = Text)]
    code: RegionCode,
}

/// The nodes whose keys were forgotten and shown again: see [`keep_keys`].
///
/// # Errors
/// `unavailable`.
pub async fn with_returned_keys(conn: &mut AsyncPgConnection) -> Result<Vec<RegionCode>, Problem> {
    let rows: Vec<Code> = statement(
        "SELECT code FROM nodes_keys k
         WHERE EXISTS (SELECT 1 FROM forgotten_keys f WHERE f.code = k.code AND f.signing_key = k.signing_key)",
    )
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

/// A child.
#[derive(Debug, Clone, QueryableByName)]
pub struct Child {
    /// Its region code.
    #[diesel(sql_type = Text)]
    pub code: RegionCode,
    /// Since when it is linked.
    #[diesel(sql_type = Timestamptz)]
    pub added_at: DateTime<Utc>,
}

/// The children that are linked.
pub async fn children(conn: &mut AsyncPgConnection) -> Result<Vec<RegionCode>, Problem> {
    let rows = linked(conn).await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

/// Every node known below this one, whether its keys have come or not.
///
/// # Errors
/// `unavailable`.
pub async fn below(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
) -> Result<Vec<RegionCode>, Problem> {
    let rows: Vec<Code> = statement(
        "SELECT code FROM nodes_keys UNION SELECT code FROM children WHERE removed_at IS NULL ORDER BY code",
    )
    .get_results(conn)
    .await?;
    let codes = rows.into_iter().map(|row| row.code);
    Ok(codes
        .filter(|code| *code != node && node.contains(code))
        .collect())
}

/// The children that are linked, with since when.
pub async fn linked(conn: &mut AsyncPgConnection) -> Result<Vec<Child>, Problem> {
    let rows =
        statement("SELECT code, added_at FROM children WHERE removed_at IS NULL ORDER BY code");
    Ok(rows.get_results(conn).await?)
}

/// Forgets the events of a node, and the facts kept of it.
pub async fn forget_events(tx: &mut Tx, node: RegionCode) -> Result<(), Problem> {
    for sql in [
        "DELETE FROM inbox WHERE origin LIKE $1 || '/%'",
        "DELETE FROM inbox_position WHERE origin LIKE $1 || '/%'",
        "DELETE FROM node_epochs WHERE code = $1",
        "DELETE FROM facts WHERE node = $1",
    ] {
        statement(sql)
            .bind::<Text, _>(node.to_string())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Links a child, or links it again. Whatever it was told before is told again: its database may be another one.
pub async fn add_child(tx: &mut Tx, code: RegionCode) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "INSERT INTO children AS c (code, added_at) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET removed_at = NULL,
             added_at = CASE WHEN c.removed_at IS NULL THEN c.added_at ELSE $2 END",
    )
    .bind::<Text, _>(code.to_string())
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    statement("UPDATE nodes SET told_epoch = 0, told_seq = 0, told_keys = 0, told_policy = '' WHERE code = $1")
        .bind::<Text, _>(code.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes a child off; gives whether it was one. What it sent stays.
pub async fn remove_child(tx: &mut Tx, code: RegionCode) -> Result<bool, Problem> {
    let now = tx.now();
    let count =
        statement("UPDATE children SET removed_at = $2 WHERE code = $1 AND removed_at IS NULL")
            .bind::<Text, _>(code.to_string())
            .bind::<Timestamptz, _>(now)
            .execute(tx.conn())
            .await?;
    Ok(count == 1)
}

/// How far this node's own sending is.
#[derive(Debug, Clone, QueryableByName)]
pub struct Sending {
    /// Its epoch.
    #[diesel(sql_type = Integer)]
    pub epoch: i32,
    /// Highest sequence given.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// Epoch of what the parent has confirmed.
    #[diesel(sql_type = Integer)]
    pub confirmed_epoch: i32,
    /// Sequence of what the parent has confirmed.
    #[diesel(sql_type = BigInt)]
    pub confirmed_seq: i64,
    /// When the parent was heard of last.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub heard_at: Option<DateTime<Utc>>,
    /// Rows the parent has not confirmed.
    #[diesel(sql_type = BigInt)]
    pub unconfirmed: i64,
    /// When the oldest of them happened.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest_unconfirmed: Option<DateTime<Utc>>,
}

/// How far this node's own sending is.
pub async fn sending(conn: &mut AsyncPgConnection) -> Result<Sending, Problem> {
    let row = statement(
        "SELECT s.epoch, s.next_seq - 1 AS seq, s.confirmed_epoch, s.confirmed_seq, s.heard_at, u.unconfirmed, u.oldest_unconfirmed
         FROM up_outbox_state s, LATERAL (
             SELECT count(*) AS unconfirmed, min(occurred_at) AS oldest_unconfirmed FROM up_outbox o
             WHERE o.seq IS NULL OR (o.epoch, o.seq) > (s.confirmed_epoch, s.confirmed_seq)) u",
    )
    .get_result(conn)
    .await?;
    Ok(row)
}

/// The keys of one node.
///
/// # Errors
/// `unavailable`.
pub async fn keys_of(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
) -> Result<Option<NodeKeys>, Problem> {
    let rows: Vec<KeysRow> =
        statement("SELECT code, signing_key, sealing_key FROM nodes_keys WHERE code = $1")
            .bind::<Text, _>(node.to_string())
            .get_results(conn)
            .await?;
    let keys = rows.into_iter().next().map(|row| NodeKeys {
        node: row.code,
        signing: row.signing_key,
        sealing: row.sealing_key,
    });
    Ok(keys)
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Whether a node is known here: by its keys, as a child, or by what it sent.
///
/// # Errors
/// `unavailable`.
pub async fn is_known(conn: &mut AsyncPgConnection, node: RegionCode) -> Result<bool, Problem> {
    let row: Known = statement(
        "SELECT EXISTS (SELECT 1 FROM nodes_keys WHERE code = $1)
             OR EXISTS (SELECT 1 FROM children WHERE code = $1 AND removed_at IS NULL)
             OR EXISTS (SELECT 1 FROM nodes WHERE code = $1) AS known",
    )
    .bind::<Text, _>(node.to_string())
    .get_result(conn)
    .await?;
    Ok(row.known)
}

#[derive(QueryableByName)]
struct Letters {
    #[diesel(sql_type = Text)]
    node: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many messages of each node are kept aside. A sender that no name can be read of is `unknown`.
///
/// # Errors
/// `unavailable`.
pub async fn dead_letters(conn: &mut AsyncPgConnection) -> Result<BTreeMap<String, i64>, Problem> {
    let rows: Vec<Letters> = statement(
        "SELECT coalesce(substring(headers->>'fq-origin' FROM '^([0-9]{2,12})/'), 'unknown') AS node, count(*) AS count
         FROM dead_letters WHERE nats_subject LIKE 'up.%' OR nats_subject LIKE 'down.%' GROUP BY 1",
    )
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.node, row.count)).collect())
}
