//! A node below says how far it is, and shows its keys.

use chassis::{db::Tx, http::Problem};
use contracts::{border::Checkpoint, events::Envelope, problems::federation as codes};

use crate::{
    Federation,
    store::{epochs, forgotten, nodes},
};

/// Notes it, and forgets the keys that it says count no more.
///
/// # Errors
/// `message-refused` when it shows other keys than before, or speaks of those of a node that is not below it.
pub async fn apply(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    checkpoint: Checkpoint,
) -> Result<(), Problem> {
    let node = envelope.source;
    if checkpoint.keys.node != node {
        return Err(Problem::new(&codes::MESSAGE_REFUSED).internal("keys of another node"));
    }
    if !nodes::keep_keys(tx, &checkpoint.keys, node, envelope.time).await? {
        state.desk.known.hide(node, &checkpoint.keys.signing);
        return Err(Problem::new(&codes::MESSAGE_REFUSED).internal("other keys than before"));
    }
    for keys in &checkpoint.forgotten {
        if keys.node == node || !node.contains(&keys.node) {
            return Err(Problem::new(&codes::MESSAGE_REFUSED).internal("keys of a node elsewhere"));
        }
        if forgotten::forget(tx, keys, node).await? {
            state.desk.known.forget(keys.node, &keys.signing);
        }
    }
    if nodes::reached(tx, node, &checkpoint).await? {
        epochs::note_kept(tx, node, &checkpoint);
    }
    if let Some(heard) = checkpoint.heard.filter(|heard| heard.from == *tx.node())
        && epochs::lost_below(tx, &heard).await?
    {
        tracing::error!(%node, epoch = heard.epoch, seq = heard.seq,
            "a child has heard what this database does not know to have sent: it was put back to an earlier day, the stream down is made anew");
    }
    // This message is new, yet everything up to beyond its place is here.
    if epochs::position(tx.conn(), node, envelope.epoch).await? >= envelope.seq {
        tracing::error!(%node, epoch = envelope.epoch, seq = envelope.seq,
            "sequences are given a second time: a database restored from a backup without a new epoch");
        epochs::given_twice(tx, node, envelope.epoch);
    }
    Ok(())
}
