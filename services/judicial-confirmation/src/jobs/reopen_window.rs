//! An application ended without a ruling while the window of its agreement is open: the clock of the window, which stopped when
//! the application became joint, runs on for the next one, to the end that the agreement has now.

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use policy::PolicyPack;

use crate::{
    domain::{application::Application, clock},
    standstill, store,
};

/// Starts the window's clock again, unless the window has closed.
///
/// # Errors
/// `unavailable`.
pub async fn run(
    tx: &mut Tx,
    policy: &PolicyPack,
    application: &Application,
) -> Result<(), Problem> {
    let agreement = store::agreements::of(tx.conn(), application.agreement_id).await?;
    let Some(agreement) = agreement.filter(|agreement| agreement.in_window(tx.now())) else {
        return Ok(());
    };
    let type_code = Some(application.type_code.as_str());
    let rule = policy
        .clock(clock::APPLY, type_code)
        .map_err(Problem::unexpected)?;
    let due = rule.due_on(agreement.last_day, policy.calendar());
    let holder = Holder::new(application.case_id, application.region)
        .organisation(application.organisation_id);
    let id = application.agreement_id;
    // From its beginning, so that it warns on the days it always would have.
    let start = agreement.effective_at;
    let clock = NewClock::of_rule(policy, clock::APPLY, rule, id, holder, start, due);
    tx.start_clock(&clock);
    standstill::hold_new_window(tx, policy, &agreement).await
}
