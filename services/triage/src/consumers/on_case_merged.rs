//! A case was merged into another one, in which everything goes on.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::CaseMerged};

use crate::{Triage, clocks, merging, risk, store};

/// It is off the worklist, and its orders are at their end. The other one takes in its people, its colour when that is the severer
/// one, and its consultation and task force unless it has its own.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseMerged,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx.conn(), event.case_id).await?;
    let Some(case) = known.and_then(|case| case.merge(tx.now())) else {
        return Ok(());
    };
    clocks::finish_orders(tx, &state.policy, case.case_id).await?;
    tx.stop_clock(clocks::DECIDE, case.case_id);
    store::cases::update(tx.conn(), &case).await?;
    let into = store::cases::lock(tx.conn(), event.into_case_id).await?;
    merging::follow(tx, case.case_id, into.as_ref()).await?;
    let Some(into) = into else {
        return Ok(());
    };
    let (into, raised) = into.take_in(tx.new_id(), &case, &state.policy, tx.now());
    match raised {
        Some((change, event)) => risk::keep(tx, &(into, change, event)).await,
        None => store::cases::update(tx.conn(), &into).await,
    }
}
