//! The parent has everything up to a sequence.

use chassis::{db::Tx, http::Problem};
use contracts::{border::Confirm, events::Envelope};

use crate::{
    Federation,
    store::{epochs, nodes},
};

/// Notes it, and the parent's sign of life.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    confirm: Confirm,
) -> Result<(), Problem> {
    nodes::keep_keys(tx, &confirm.keys, envelope.source, envelope.time).await?;
    if state.desk.parent().is_none_or(|p| p.node != confirm.by) {
        return Ok(());
    }
    if epochs::lost_above(tx, &confirm).await? {
        tracing::error!(
            epoch = confirm.epoch,
            confirmed = confirm.contiguous,
            "the parent has what this database does not know to have sent: it was put back to an earlier day, a new epoch begins"
        );
        return Ok(());
    }
    epochs::confirmed(tx, &confirm);
    Ok(())
}
