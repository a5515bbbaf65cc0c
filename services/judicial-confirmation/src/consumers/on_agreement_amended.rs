//! The parties changed an agreement (人民调解法 33): it may be applied for within 30 days of the change, also when the court did not
//! confirm it as it was (民事诉讼法 205, 206).

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::events::{Envelope, mediation::AgreementAmended};

use crate::{JudicialConfirmation, domain::clock, store};

/// Keeps what it says now and opens its window anew; the clock of the window runs unless the law excludes it, or an
/// application is under way or has succeeded.
pub async fn apply(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: AgreementAmended,
) -> Result<(), Problem> {
    let Some(agreement) = store::agreements::lock(tx, event.agreement_id).await? else {
        return Ok(());
    };
    let rule = state
        .policy
        .clock(clock::APPLY, Some(&agreement.type_code))
        .map_err(Problem::unexpected)?;
    let due = rule.due(event.amended_at, state.policy.calendar());
    let Some(agreement) = agreement.amended(&event, &due) else {
        return Ok(());
    };
    store::agreements::update(tx, &agreement).await?;
    let excluded = agreement.exclusion(state.policy.confirmation()).is_some();
    if excluded || store::applications::has_live(tx.conn(), agreement.id).await? {
        return Ok(());
    }
    let (id, start) = (agreement.id, agreement.effective_at);
    let holder =
        Holder::new(agreement.case_id, agreement.region).organisation(agreement.organisation_id);
    let clock = NewClock::of_rule(&state.policy, clock::APPLY, rule, id, holder, start, due);
    tx.start_clock(&clock);
    Ok(())
}
