//! A clock of another service ran out: by its rule whoever had to keep it is urged or supervised, and the case is raised.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, clock::ClockBreached};
use policy::{PolicyPack, clock::BreachEffect};

use crate::{
    Triage,
    breach::{self, Whose},
    domain::RanOut,
};

/// One of mediation: it is the handler's, also from an older release that does not name it.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn of_mediation(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ClockBreached,
) -> Result<(), Problem> {
    let kept = event.organisation_id;
    let whose = kept.map_or(Whose::Handlers, |own| Whose::Kept(Some(own)));
    follow(state, tx, event, whose).await
}

/// One of another service: it is that of the organisation it names, else the centre's.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn of_another(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ClockBreached,
) -> Result<(), Problem> {
    let whose = Whose::Kept(event.organisation_id);
    follow(state, tx, event, whose).await
}

async fn follow(
    state: &Triage,
    tx: &mut Tx,
    event: ClockBreached,
    whose: Whose,
) -> Result<(), Problem> {
    let effect = effect(&event, &state.policy);
    let ran_out = RanOut {
        clock: event.kind,
        object_id: event.object_id,
    };
    breach::react(state, tx, event.case_id, ran_out, (effect, whose)).await
}

/// What follows, as its service said; an older release did not.
fn effect(event: &ClockBreached, policy: &PolicyPack) -> BreachEffect {
    let said = event.breach.as_deref().and_then(BreachEffect::named);
    said.or_else(|| policy.clocks().get(&event.kind).map(|rule| rule.breach))
        .unwrap_or(BreachEffect::Record)
}
