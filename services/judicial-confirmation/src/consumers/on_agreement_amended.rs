//! The parties changed an agreement (人民调解法 33): it may be applied for within 30 days of the change, also when the court did not
//! confirm it as it was (民事诉讼法 205, 206).

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::events::{Envelope, mediation::AgreementAmended};

use super::on_agreement_effective::start_effect_windows;
use crate::{JudicialConfirmation, domain::clock, jobs::move_window, standstill, store};

/// Keeps what it says now and opens its windows anew. The clock of the joint application runs unless the law excludes it, or an
/// application is with a court or has succeeded; one that the parties still prepare has the new window too.
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
    if !store::effects::has_exclusive(tx.conn(), agreement.id).await? {
        start_effect_windows(state, tx, &agreement)?;
    }
    let excluded = agreement.exclusion(state.policy.confirmation()).is_some();
    let waiting = store::applications::waiting_for(tx, agreement.id).await?;
    let live = store::applications::has_live(tx.conn(), agreement.id).await?;
    if excluded || (live && waiting.is_none()) {
        return standstill::hold_new_window(tx, &state.policy, &agreement).await;
    }
    if waiting.is_some() {
        move_window::window(tx, agreement.id, &due);
    }
    let (id, start) = (agreement.id, agreement.effective_at);
    let holder =
        Holder::new(agreement.case_id, agreement.region).organisation(agreement.organisation_id);
    let clock = NewClock::of_rule(&state.policy, clock::APPLY, rule, id, holder, start, due);
    tx.start_clock(&clock);
    standstill::hold_new_window(tx, &state.policy, &agreement).await
}
