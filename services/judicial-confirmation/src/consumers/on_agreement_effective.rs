//! An agreement took effect: its window for a joint application opens (民事诉讼法 205).

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::events::{Envelope, mediation::AgreementEffective};

use crate::{
    JudicialConfirmation,
    domain::{agreement::Agreement, clock},
    standstill, store,
};

/// Keeps the agreement and, unless the law excludes it, starts the clock of its window; and the clocks of other ways to effect
/// that must be applied for within a time.
pub async fn apply(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: AgreementEffective,
) -> Result<(), Problem> {
    let rule = state
        .policy
        .clock(clock::APPLY, Some(&event.type_code))
        .map_err(Problem::unexpected)?;
    let due = rule.due(event.effective_at, state.policy.calendar());
    let agreement = Agreement::of(event, &due);
    let is_new = store::agreements::insert(tx, &agreement).await?;
    if is_new && agreement.exclusion(state.policy.confirmation()).is_none() {
        let (id, start) = (agreement.id, agreement.effective_at);
        let holder = Holder::new(agreement.case_id, agreement.region)
            .organisation(agreement.organisation_id);
        let clock = NewClock::of_rule(&state.policy, clock::APPLY, rule, id, holder, start, due);
        tx.start_clock(&clock);
    }
    if is_new {
        start_effect_windows(state, tx, &agreement)?;
        standstill::hold_new_window(tx, &state.policy, &agreement).await?;
    }
    Ok(())
}

/// Starts the clocks in which other ways to effect have to be applied for, from when the agreement took effect as it is now.
pub fn start_effect_windows(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    agreement: &Agreement,
) -> Result<(), Problem> {
    let type_code = agreement.type_code.as_str();
    for route in &state.policy.confirmation().effect_routes {
        let clock = route.apply_clock.as_ref();
        if let Some(kind) = clock.filter(|_| route.is_for(type_code)) {
            let holder = Holder::new(agreement.case_id, agreement.region)
                .organisation(agreement.organisation_id);
            let (policy, start) = (&state.policy, agreement.effective_at);
            tx.start_policy_clock(policy, kind, Some(type_code), agreement.id, holder, start)?;
        }
    }
    Ok(())
}
