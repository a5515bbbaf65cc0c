//! The parent has everything up to a sequence.

use chassis::{db::Tx, http::Problem};
use contracts::{border::Confirm, events::Envelope};

use crate::{Federation, store::nodes};

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
    if state.desk.parent().is_some_and(|p| p.node == confirm.by) {
        if nodes::begin_epoch(tx, &confirm).await? {
            tracing::error!(
                epoch = confirm.epoch + 1,
                confirmed = confirm.contiguous,
                "the parent has more than was ever sent: this database was restored from a backup, a new epoch begins"
            );
        }
        nodes::confirmed(tx, &confirm);
    }
    Ok(())
}
