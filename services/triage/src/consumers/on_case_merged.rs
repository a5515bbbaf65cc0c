//! A case was merged into another one, in which everything goes on.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::CaseMerged};

use crate::{Triage, clocks, store};

/// It is off the worklist, and its orders are at their end.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseMerged,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx.conn(), event.case_id).await?;
    let Some(case) = known.and_then(|case| case.merge(tx.now())) else {
        return Ok(());
    };
    clocks::finish_orders(tx, case.case_id).await?;
    tx.stop_clock(clocks::DECIDE, case.case_id);
    store::cases::update(tx.conn(), &case).await
}
