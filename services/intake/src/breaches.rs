//! What follows when a clock of intake runs out.

use chassis::{clocks::DueClock, db::Tx, http::Problem};
use contracts::ids::MatterId;
use policy::clock::BreachEffect;

use crate::{
    CORRECT_CLOCK, Intake,
    domain::{case::PublicFact, matter::MatterState},
    store::{cases, matters},
};

/// A matter whose person did not supply in time what is missing lapses, as far as the policy pack says so.
///
/// # Errors
/// `unavailable`: the clock is tried again.
pub async fn follow(state: &Intake, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
    if clock.kind != CORRECT_CLOCK {
        return Ok(());
    }
    let rule = state.policy.clock(CORRECT_CLOCK, None);
    if rule.map_err(Problem::unexpected)?.breach != BreachEffect::Lapse {
        return Ok(());
    }
    let mut matter = matters::find(tx.conn(), MatterId::from(clock.object_id)).await?;
    if matter.state != MatterState::Correcting {
        return Ok(());
    }
    let now = tx.now();
    let lapsed = matter.lapse(now)?;
    matters::update(tx, &matter).await?;
    cases::note_own(tx, matter.case_id, PublicFact::Lapsed, now);
    tx.publish(matter.case_id, &lapsed)
}
