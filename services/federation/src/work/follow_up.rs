//! What was sent from below and is not here: asked for again. What is here: confirmed to the children, who are
//! also handed down the policy.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use contracts::{
    border::{Book, Confirm, NodeKeys, PolicyIssued, Replay},
    ids::CaseId,
    problems::common,
    region::RegionCode,
};

use crate::{
    Federation,
    store::{
        epochs, forgotten,
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
                        one(state, tx, node, children, (&own, &book)).await?;
                    }
                }
                Ok(())
            },
        )
        .await
}

async fn one(
    state: &Federation,
    tx: &mut Tx,
    mut node: NodeStatus,
    children: &[RegionCode],
    (own, book): (&NodeKeys, &Book),
) -> Result<(), Problem> {
    let (now, before) = (tx.now(), node.clone());
    let about: CaseId = tx.new_id();
    node.missing_since = match node.missing_since {
        _ if node.missing <= 0 => None,
        Some(since) => Some(since),
        None => Some(now),
    };
    let patience = patience(state);
    let overdue = node
        .missing_since
        .is_some_and(|since| now - since >= patience);
    // One part after the other: the next one as soon as the one before has come.
    let waits = node.asked_at.is_some_and(|at| now - at < patience)
        && (node.gap_epoch, node.gap_from) <= (node.asked_epoch, node.asked_to);
    if overdue && !waits {
        let replay = Replay {
            by: own.node,
            epoch: node.gap_epoch,
            from: node.gap_from,
            to: node.gap_to.min(node.gap_from + AT_ONCE - 1),
        };
        tracing::warn!(node = %node.code, epoch = replay.epoch, from = replay.from, to = replay.to, "missing: asking for it again");
        tx.send_down(node.code, about, &replay)?;
        node.asked_at = Some(now);
        (node.asked_epoch, node.asked_to) = (replay.epoch, replay.to);
    }
    if node.missing_since.is_none() {
        node.asked_at = None;
    }
    if children.contains(&node.code) {
        tell(state, tx, &mut node, own, book).await?;
        hand_down(state, tx, &mut node)?;
    }
    if before != node {
        nodes::followed_up(tx, &node);
    }
    Ok(())
}

fn patience(state: &Federation) -> chrono::Duration {
    chrono::Duration::from_std(state.settings.missing_after).unwrap_or_default()
}

/// Checkpoints after which a child is told once more what is here of it: when it was put back to an earlier day together with its
/// streams, nobody reads its own until it learns of it.
const TOLD_AGAIN: u32 = 60;

/// Tells a child what is here of it, and whose keys are known, when there is news. What is missing of an earlier epoch comes first.
async fn tell(
    state: &Federation,
    tx: &mut Tx,
    node: &mut NodeStatus,
    own: &NodeKeys,
    book: &Book,
) -> Result<(), Problem> {
    let (about, now): (CaseId, _) = (tx.new_id(), tx.now());
    let again = chrono::Duration::from_std(state.settings.checkpoint_interval * TOLD_AGAIN)
        .is_ok_and(|again| node.told_at.is_none_or(|at| now - at > again));
    let news = (node.epoch, node.contiguous) > (node.told_epoch, node.told_seq);
    let whole = node.gap_epoch == 0 || node.gap_epoch == node.epoch;
    if whole && (news || again && node.contiguous > 0) {
        let event_id =
            epochs::message_at(tx.conn(), node.code, node.epoch, node.contiguous).await?;
        let confirm = Confirm {
            by: own.node,
            epoch: node.epoch,
            contiguous: node.contiguous,
            event_id,
            given_twice: (node.told_epoch, node.told_seq) == (node.epoch, epochs::GIVEN_TWICE),
            keys: own.clone(),
        };
        tx.send_down(node.code, about, &confirm)?;
        (node.told_epoch, node.told_seq) = (node.epoch, node.contiguous);
        node.told_at = Some(now);
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
