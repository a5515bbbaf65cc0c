//! What was sent from below and is not here: asked for again. What is here: confirmed to the children.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use contracts::{
    border::{Book, Confirm, NodeKeys, Replay},
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
                for node in nodes::all(tx.conn()).await? {
                    one(state, tx, node, children, &own)?;
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
    own: &NodeKeys,
) -> Result<(), Problem> {
    let (now, before) = (
        tx.now(),
        (
            node.missing_since,
            node.asked_at,
            node.told_seq,
            node.told_epoch,
        ),
    );
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
    let has_news = (node.epoch, node.contiguous) > (node.told_epoch, node.told_seq);
    if has_news && children.contains(&node.code) {
        let first = node.told_epoch == 0;
        let confirm = Confirm {
            by: own.node,
            epoch: node.epoch,
            contiguous: node.contiguous,
            keys: own.clone(),
        };
        tx.send_down(node.code, about, &confirm)?;
        if first {
            tx.send_down(
                node.code,
                about,
                &Book {
                    by: own.node,
                    nodes: vec![own.clone()],
                },
            )?;
        }
        (node.told_epoch, node.told_seq) = (node.epoch, node.contiguous);
    }
    if before
        != (
            node.missing_since,
            node.asked_at,
            node.told_seq,
            node.told_epoch,
        )
    {
        nodes::followed_up(tx, &node);
    }
    Ok(())
}
