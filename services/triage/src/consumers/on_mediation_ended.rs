//! The proceeding of an order ended: the case may be handed over.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::MediationEnded};

use crate::{Triage, store};

/// Notes it.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MediationEnded,
) -> Result<(), Problem> {
    store::orders::work_ended(tx.conn(), event.proceeding_id, event.ended_at).await
}
