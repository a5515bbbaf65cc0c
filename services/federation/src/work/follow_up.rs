//! What was sent from below and is not here: asked for again. What is here: confirmed to the children, who are
//! also handed down the policy.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{
    border::{Book, Confirm, NodeKeys, PolicyIssued, Replay},
    ids::CaseId,
    region::RegionCode,
};

use crate::{
    Federation,
    store::nodes::{self, NodeStatus},
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
                let mut book = nodes::keys(tx.conn()).await?;
                book.push(own.clone());
                for node in nodes::all(tx.conn()).await? {
                    one(state, tx, node, children, &book)?;
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
    book: &[NodeKeys],
) -> Result<(), Problem> {
    let Some(own) = book.last() else {
        return Ok(());
    };
    let (now, before) = (tx.now(), state_of(&node));
    let about: CaseId = tx.new_id();
    node.missing_since = match node.missing_since {
        _ if node.contiguous >= node.checkpoint => None,
        Some(since) => Some(since),
        None => Some(now),
    };
    let patience = chrono::Duration::from_std(state.settings.missing_after).unwrap_or_default();
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
        tell(tx, &mut node, book, own)?;
        hand_down(state, tx, &mut node)?;
    }
    if before != state_of(&node) {
        nodes::followed_up(tx, &node);
    }
    Ok(())
}

/// What is noted of a node: missing since, asked at, told epoch, sequence, number of keys and policy.
type Noted = (
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
    i32,
    i64,
    i32,
    String,
);

fn state_of(node: &NodeStatus) -> Noted {
    (
        node.missing_since,
        node.asked_at,
        node.told_epoch,
        node.told_seq,
        node.told_keys,
        node.told_policy.clone(),
    )
}

/// Tells a child what is here of it, and whose keys are known, when there is news.
fn tell(
    tx: &mut Tx,
    node: &mut NodeStatus,
    book: &[NodeKeys],
    own: &NodeKeys,
) -> Result<(), Problem> {
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
    // Keys are only ever added: another number says that there are new ones.
    let count = i32::try_from(book.len()).unwrap_or(i32::MAX);
    if node.told_keys != count {
        let book = Book {
            by: own.node,
            nodes: book.to_vec(),
        };
        tx.send_down(node.code, about, &book)?;
        node.told_keys = count;
    }
    Ok(())
}

/// Hands the policy down to a child that was not told this one yet.
fn hand_down(state: &Federation, tx: &mut Tx, node: &mut NodeStatus) -> Result<(), Problem> {
    let handed_down = state.policy.handed_down();
    if node.told_policy == handed_down.version {
        return Ok(());
    }
    let about: CaseId = tx.new_id();
    let issued = PolicyIssued {
        by: state.desk.node(),
        version: handed_down.version.clone(),
        files: handed_down.files.clone(),
    };
    tx.send_down(node.code, about, &issued)?;
    node.told_policy.clone_from(&issued.version);
    Ok(())
}
