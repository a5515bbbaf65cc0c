//! What happens to a case raises its risk colour at once, by the rules of the policy pack (RP-03).

use chassis::{db::Tx, http::Problem};
use contracts::ids::CaseId;
use policy::sections::triage::RiskTrigger;

use crate::{Triage, domain::Recoloured, store};

/// Raises the colour of a case when a rule says so. A case that triage does not have is not its own.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn raise(
    state: &Triage,
    tx: &mut Tx,
    case_id: CaseId,
    on: RiskTrigger,
) -> Result<(), Problem> {
    let Some(case) = store::cases::lock(tx.conn(), case_id).await? else {
        return Ok(());
    };
    match case.raise_by_rules(tx.new_id(), on, &state.policy, tx.now()) {
        Some(recoloured) => keep(tx, &recoloured).await,
        None => Ok(()),
    }
}

/// Raises the colour of a case when a rule says so of a clock that ran out.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn raise_for_clock(
    state: &Triage,
    tx: &mut Tx,
    case_id: CaseId,
    clock: &str,
) -> Result<(), Problem> {
    let Some(case) = store::cases::lock(tx.conn(), case_id).await? else {
        return Ok(());
    };
    match case.raise_by_clock(tx.new_id(), clock, &state.policy, tx.now()) {
        Some(recoloured) => keep(tx, &recoloured).await,
        None => Ok(()),
    }
}

/// Stores a new colour and tells it.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub(crate) async fn keep(tx: &mut Tx, (case, change, event): &Recoloured) -> Result<(), Problem> {
    store::cases::update(tx.conn(), case).await?;
    store::colour_changes::insert(tx.conn(), change).await?;
    tx.publish(case.case_id, event)
}
