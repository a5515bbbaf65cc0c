//! What the court asked for was not handed in within the time: the application is treated as withdrawn (民诉法解释 357), when the
//! clock's rule says so; else the court decides.

use chassis::{clocks::DueClock, db::Tx, http::Problem};
use policy::{PolicyPack, clock::BreachEffect};

use super::reopen_window;
use crate::{
    domain::{application::ApplicationState, clock, review::NO_SUPPLEMENT},
    store,
};

/// Treats the application as withdrawn, when it still waits for the supplement.
pub async fn run(tx: &mut Tx, policy: &PolicyPack, due: &DueClock) -> Result<(), Problem> {
    let rule = policy
        .clock(clock::SUPPLEMENT, None)
        .map_err(Problem::unexpected)?;
    if rule.breach != BreachEffect::Lapse {
        return Ok(());
    }
    let found = store::applications::lock(tx, due.object_id.into()).await?;
    let waits = |found: &crate::domain::application::Application| {
        found.state == ApplicationState::Supplement
    };
    let Some(application) = found.filter(waits) else {
        return Ok(());
    };
    let confirmation = policy.confirmation();
    let (application, event) =
        application.treat_as_withdrawn(NO_SUPPLEMENT, confirmation, tx.now())?;
    store::applications::update(tx, &application).await?;
    tx.stop_clock(clock::CONFIRM, application.id);
    tx.stop_clock(clock::TARGET, application.id);
    reopen_window::run(tx, policy, &application).await?;
    tx.publish(application.case_id, &event)
}
