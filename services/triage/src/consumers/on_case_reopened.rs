//! A closed case was opened again: its handling is decided anew.

use chassis::{clocks::Holder, db::Tx, http::Problem};
use contracts::events::{Envelope, intake::CaseReopened};
use policy::sections::triage::RiskTrigger;

use crate::{Triage, clocks, risk, store};

/// Its orders are at their end; it waits for its next decision. The earlier proposal stands, and the earlier decision until the
/// next. A case that triage does not have, or has not decided, stays as it is.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    envelope: &Envelope,
    event: CaseReopened,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx.conn(), event.case_id).await?;
    let start = envelope.time;
    let due = state.policy.due(clocks::DECIDE, None, start);
    let due = due.map_err(Problem::unexpected)?;
    let Some(case) = known.and_then(|case| case.reopen(due.at, tx.now())) else {
        return Ok(());
    };
    clocks::finish_orders(tx, &state.policy, case.case_id).await?;
    store::cases::update(tx.conn(), &case).await?;
    let holder = Holder::new(case.case_id, case.region);
    let id = case.case_id;
    tx.start_policy_clock(&state.policy, clocks::DECIDE, None, id, holder, start)?;
    risk::raise(state, tx, id, RiskTrigger::Reopened).await
}
