//! What the end of a proceeding does besides: clocks, the draft that lapses, the obligations that begin.

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::{Problem, Scope},
};
use contracts::{events::mediation::MediationOutcome, ids::TypedId};
use policy::{PolicyPack, sections::mediation::EndCode};

use crate::{
    CONSENT_CLOCK, PERFORMANCE_CLOCK, STATUTORY_CLOCK,
    domain::{
        effect::Effect,
        obligation::{Obligation, ObligationState},
        proceeding::{Proceeding, ProceedingState},
    },
    store::{agreements, obligations},
};

/// The end code for a command that fixes the outcome.
pub(super) fn end_code(
    policy: &PolicyPack,
    outcome: MediationOutcome,
) -> Result<&EndCode, Problem> {
    let end = policy.mediation().end_code_for(outcome);
    end.ok_or_else(|| Problem::unexpected(format!("the policy pack has no end code for {outcome}")))
}

/// After `command` ended a proceeding without an agreement: its clock stops, and a draft lapses.
pub(super) async fn after_end(
    tx: &mut Tx,
    before: &Proceeding,
    command: &str,
    scope: &Scope,
) -> Result<(), Problem> {
    let clock = match before.state {
        ProceedingState::ConsentPending => CONSENT_CLOCK,
        _ => STATUTORY_CLOCK,
    };
    tx.stop_clock(clock, before.id);
    if let Some(agreement_id) = before.agreement_id {
        let draft = agreements::load(tx, agreement_id, scope).await?;
        let seen = draft.version;
        let lapsed = draft.lapse(command, tx.now())?;
        agreements::update(tx, &lapsed, seen).await?;
    }
    Ok(())
}

/// After an agreement took effect: mediation's clock stops, the obligations begin with theirs.
pub(super) async fn after_effect(
    tx: &mut Tx,
    effect: &Effect,
    policy: &PolicyPack,
) -> Result<(), Problem> {
    tx.stop_clock(STATUTORY_CLOCK, effect.proceeding.id);
    obligations::insert_all(tx, &effect.obligations).await?;
    let open = |obligation: &&Obligation| obligation.state == ObligationState::Open;
    let type_code = effect.agreement.type_code.as_str();
    for obligation in effect.obligations.iter().filter(open) {
        let rule = policy
            .clock(PERFORMANCE_CLOCK, Some(type_code))
            .map_err(Problem::unexpected)?;
        let due = rule.due_on(obligation.due_on, policy.calendar());
        let holder = Holder::new(obligation.case_id, obligation.region)
            .organisation(obligation.organisation_id);
        let (id, kind) = (obligation.id, PERFORMANCE_CLOCK);
        let clock = NewClock::of_rule(policy, kind, rule, id, holder, tx.now(), due);
        tx.start_clock(&clock);
    }
    Ok(())
}

/// After performance or default was registered: the obligation's clock stops.
pub(super) fn stop_performance(tx: &mut Tx, obligation: impl TypedId) {
    tx.stop_clock(PERFORMANCE_CLOCK, obligation);
}
