//! A proceeding was opened for an order: the organisation has begun to work.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::MediationOpened};

use crate::{Triage, store};

/// Notes it: the order cannot be returned any more.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MediationOpened,
) -> Result<(), Problem> {
    let (order, proceeding, at) = (event.order_id, event.proceeding_id, event.opened_at);
    store::orders::work_begun(tx.conn(), order, proceeding, at).await
}
