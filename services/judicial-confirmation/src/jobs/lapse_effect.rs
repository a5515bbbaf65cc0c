//! The time that an outcome started ran out: a payment order nobody objected to is in force (民事诉讼法 227).

use chassis::{clocks::DueClock, db::Tx, http::Problem};
use policy::{PolicyPack, clock::due::beijing_date};

use crate::{domain::effect::EffectDecision, store};

/// Gives the application the outcome that its present one becomes with this clock.
pub async fn run(tx: &mut Tx, policy: &PolicyPack, due: &DueClock) -> Result<(), Problem> {
    let Some(application) = store::effects::lock(tx, due.object_id.into()).await? else {
        return Ok(());
    };
    // A pack may let the time run while a sham is suspected; nothing comes into force by it.
    if application.suspended_at.is_some() {
        return Ok(());
    }
    let route = policy.confirmation().effect_route(&application.kind);
    let present = application.outcome.as_deref();
    let lapsed = route.and_then(|route| {
        let present = route.outcome(present?)?;
        let started = present.clock.as_ref().is_some_and(|kind| *kind == due.kind);
        let to = present.lapses_to.as_ref().filter(|_| started)?;
        route.outcome(to)
    });
    let Some(outcome) = lapsed else {
        return Ok(());
    };
    let (now, today) = (tx.now(), beijing_date(tx.now()));
    let decision = EffectDecision {
        number: None,
        decided_on: today,
    };
    let (application, event) = application.decide(outcome, decision, (now, today))?;
    store::effects::update(tx, &application).await?;
    tx.publish(application.case_id, &event)
}
