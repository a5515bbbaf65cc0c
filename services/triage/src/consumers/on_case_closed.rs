//! A case was closed.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, evaluation::CaseClosed};

use crate::{Triage, store};

/// Its work is not sent back any more: it would be opened again.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseClosed,
) -> Result<(), Problem> {
    store::cases::closed(tx.conn(), event.case_id, event.closed_at).await
}
