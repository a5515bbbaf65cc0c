//! How far this node is, for the levels above; and for those below, whose keys it knows.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use contracts::{border::Checkpoint, ids::CaseId};

use crate::{
    Federation,
    store::{epochs, forgotten, nodes, policy},
};

/// Writes the checkpoint. One process of the service is enough; a second one only says it twice.
pub async fn tell(state: &Federation) -> Result<(), Problem> {
    let (Some(parent), Some(keys)) = (state.desk.parent(), state.desk.public()) else {
        return Ok(());
    };
    state
        .db
        .tx(
            "checkpoint",
            &Cause::new(state.db.time()),
            async |tx: &mut Tx| {
                let sending = nodes::sending(tx.conn()).await?;
                let policy_received = policy::last_received(tx.conn()).await?;
                let own = *tx.node();
                let kept = epochs::kept(tx.conn()).await?;
                let heard = epochs::heard(tx.conn(), parent.node).await?;
                let forgotten = forgotten::all(tx.conn(), Some(own)).await?;
                let checkpoint = Checkpoint {
                    epoch: sending.epoch,
                    seq: sending.seq,
                    clock: tx.now(),
                    release: env!("CARGO_PKG_VERSION").to_owned(),
                    policy_version: state.policy.version().to_owned(),
                    policy_received,
                    keys: keys.clone(),
                    forgotten,
                    kept,
                    heard,
                };
                let about: CaseId = tx.new_id();
                tx.send_up(about, &checkpoint)
            },
        )
        .await
}
