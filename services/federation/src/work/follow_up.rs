//! What was sent from below and is not here: asked for again. What is here: confirmed to the children, who are
//! also handed down the policy.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{
    border::{Book, Confirm, NodeKeys, PolicyIssued, Replay},
    ids::CaseId,
    problems::common,
    region::RegionCode,
};

use crate::{
    Federation,
    store::{
        forgotten,
        nodes::{self, NodeStatus},
    },
};

/// Sequences asked for at once.
const AT_ONCE: i64 = 5_000;

/// Looks at every node of the subtree.
pub async fn all(state: &Federation, children: &[RegionCode]) -> Result<(), Problem> {
    let Some(own) = state.desk.public() else {
        return Ok(());
    };
    state
        .db
        .tx(
            "follow_up",
            &Cause::new(state.db.time()),
            async |tx: &mut Tx| {
                let mut keys = nodes::keys(tx.conn()).await?;
                keys.push(own.clone());
                let book = Book {
                    by: own.node,
                    nodes: keys,
                    forgotten: forgotten::all(tx.conn(), None).await?,
                };
                for node in nodes::all(tx.conn()).await? {
                    // Nobody reads what is for a node that was taken off.
                    if children.iter().any(|child| child.contains(&node.code)) {
                        one(state, tx, node, children, (&own, &book))?;
                    }
                }
                Ok(())
            },
        )
        .await
}

fn one(
    state: &Federation,
    tx: &mut Tx,
    mut node: NodeStatus,
    children: &[RegionCode],
    (own, book): (&NodeKeys, &Book),
) -> Result<(), Problem> {
    let (now, before) = (tx.now(), state_of(&node));
    let about: CaseId = tx.new_id();
    node.missing_since = match node.missing_since {
        _ if node.contiguous >= node.checkpoint => None,
        Some(since) => Some(since),
        None => Some(now),
    };
    let patience = patience(state);
    let overdue = node
        .missing_since
        .is_some_and(|since| now - since >= patience);
    let asked = node.asked_at.is_some_and(|at| now - at < patience);
    if overdue && !asked {
        let replay = Replay {
            by: own.node,
            epoch: node.epoch,
            from: node.contiguous + 1,
            to: node.checkpoint.min(node.contiguous + AT_ONCE),
        };
        tracing::warn!(node = %node.code, epoch = replay.epoch, from = replay.from, to = replay.to, "missing: asking for it again");
        tx.send_down(node.code, about, &replay)?;
        node.asked_at = Some(now);
    }
    if node.missing_since.is_none() {
        node.asked_at = None;
    }
    if children.contains(&node.code) {
        tell(tx, &mut node, own, book)?;
        hand_down(state, tx, &mut node)?;
    }
    if before != state_of(&node) {
        nodes::followed_up(tx, &node);
    }
    Ok(())
}

fn patience(state: &Federation) -> chrono::Duration {
    chrono::Duration::from_std(state.settings.missing_after).unwrap_or_default()
}

/// What is noted of a node: missing since, asked at, told epoch, sequence, keys, policy and when.
type Noted = (
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
    i32,
    i64,
    i32,
    String,
    Option<DateTime<Utc>>,
);

fn state_of(node: &NodeStatus) -> Noted {
    (
        node.missing_since,
        node.asked_at,
        node.told_epoch,
        node.told_seq,
        node.told_keys,
        node.told_policy.clone(),
        node.told_policy_at,
    )
}

/// Tells a child what is here of it, and whose keys are known, when there is news.
fn tell(tx: &mut Tx, node: &mut NodeStatus, own: &NodeKeys, book: &Book) -> Result<(), Problem> {
    let about: CaseId = tx.new_id();
    if (node.epoch, node.contiguous) > (node.told_epoch, node.told_seq) {
        let confirm = Confirm {
            by: own.node,
            epoch: node.epoch,
            contiguous: node.contiguous,
            given_twice: (node.told_epoch, node.told_seq) == (node.epoch, nodes::GIVEN_TWICE),
            keys: own.clone(),
        };
        tx.send_down(node.code, about, &confirm)?;
        (node.told_epoch, node.told_seq) = (node.epoch, node.contiguous);
    }
    let digest = digest(book);
    if node.told_keys != digest {
        tx.send_down(node.code, about, book)?;
        node.told_keys = digest;
    }
    Ok(())
}

/// Another one says that there is something to tell; a release with another one only tells it again.
fn digest(book: &Book) -> i32 {
    let mut hasher = DefaultHasher::new();
    (&book.nodes, &book.forgotten).hash(&mut hasher);
    let [.., a, b, c, d] = hasher.finish().to_be_bytes();
    i32::from_be_bytes([a, b, c, d])
}

/// Hands the policy down to a child that was not told this one yet, and again to one that says later that it has another one.
fn hand_down(state: &Federation, tx: &mut Tx, node: &mut NodeStatus) -> Result<(), Problem> {
    let handed_down = state.policy.handed_down();
    let told = node.told_policy == handed_down.version;
    let received = node.policy_received.as_ref() == Some(&handed_down.version);
    let heard_since = node
        .told_policy_at
        .is_none_or(|at| node.last_contact - at > patience(state));
    if told && (received || !heard_since) {
        return Ok(());
    }
    let about: CaseId = tx.new_id();
    let issued = PolicyIssued {
        by: state.desk.node(),
        version: handed_down.version.clone(),
        files: handed_down.files.clone(),
    };
    match tx.send_down(node.code, about, &issued) {
        Err(problem) if problem.code() == &common::BODY_TOO_LARGE => {
            tracing::error!(
                version = issued.version,
                "the policy is too large to be handed down"
            );
        }
        sent => sent?,
    }
    node.told_policy_at = Some(tx.now());
    node.told_policy.clone_from(&issued.version);
    Ok(())
}
