//! What follows when a clock of intake runs out.

use chassis::{clocks::DueClock, db::Tx, http::Problem};
use contracts::ids::MatterId;
use policy::clock::BreachEffect;

use crate::{
    CORRECT_CLOCK, PETITION_ACCEPT_CLOCK,
    api::petition_views::ASK_CLOCK,
    domain::{matter::MatterState, public_fact::PublicFact},
    store::{cases, matters, petitions},
};

/// What follows a breach as far as the policy pack says so; of most clocks, nothing here.
///
/// # Errors
/// `unavailable`: the clock is tried again.
pub async fn follow(tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
    match (clock.kind.as_str(), clock.breach) {
        (CORRECT_CLOCK, BreachEffect::Lapse) => lapse(tx, clock).await,
        (ASK_CLOCK, BreachEffect::Expire) => let_stand(tx, clock).await,
        _ => Ok(()),
    }
}

/// Nobody asked for a review in time: the opinion on the petition stands (信访工作条例 35, 36).
async fn let_stand(tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
    let id = MatterId::from(clock.object_id);
    let matter = matters::find(tx.conn(), id).await?;
    let Some(mut petition) = petitions::find(tx.conn(), id).await? else {
        return Ok(());
    };
    let now = tx.now();
    if petition.let_stand(now) {
        petitions::let_stand(tx, &petition);
        petitions::publish_end(tx, &matter, &petition).await?;
    }
    Ok(())
}

/// A matter whose person did not supply in time what is missing lapses.
async fn lapse(tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
    let mut matter = matters::find(tx.conn(), MatterId::from(clock.object_id)).await?;
    if matter.state != MatterState::Correcting {
        return Ok(());
    }
    let now = tx.now();
    let lapsed = matter.lapse(now)?;
    matters::update(tx, &matter).await?;
    tx.stop_clock(PETITION_ACCEPT_CLOCK, matter.id);
    cases::note_own(tx, matter.case_id, PublicFact::Lapsed, now);
    tx.publish(matter.case_id, &lapsed)
}
