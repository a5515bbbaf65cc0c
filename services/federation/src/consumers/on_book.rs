//! The keys of the nodes a superior knows.

use chassis::{db::Tx, http::Problem};
use contracts::{border::Book, events::Envelope};

use crate::{
    Federation,
    store::{forgotten, nodes},
};

/// Forgets those that count no more, and keeps those not known yet. What a superior says of its own keys, or of this node's, was proved before or is not needed.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    book: Book,
) -> Result<(), Problem> {
    let superior = envelope.source;
    for keys in &book.forgotten {
        if forgotten::forget(tx, keys, superior).await? {
            state.desk.known.forget(keys.node, &keys.signing);
        }
    }
    for keys in &book.nodes {
        if keys.node != state.desk.node() {
            nodes::keep_keys(tx, keys, superior, envelope.time).await?;
        }
    }
    Ok(())
}
