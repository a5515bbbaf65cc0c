//! After a dismissal another agreement took this one's place, or the parties took another way (人民调解法 33).

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::AgreementVoided};

use crate::{JudicialConfirmation, domain::clock, store};

/// Nothing is applied for on it any more, no window of it is waited for, and an application that waits for another party is
/// taken back: no time ran out.
pub async fn apply(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: AgreementVoided,
) -> Result<(), Problem> {
    let Some(mut agreement) = store::agreements::lock(tx, event.agreement_id).await? else {
        return Ok(());
    };
    agreement.voided_at = Some(event.voided_at);
    store::agreements::update(tx, &agreement).await?;
    let routes = &state.policy.confirmation().effect_routes;
    let windows = routes
        .iter()
        .filter_map(|route| route.apply_clock.as_deref());
    for kind in windows.chain([clock::APPLY]) {
        tx.stop_clock(kind, agreement.id);
    }
    let Some(waiting) = store::applications::waiting_for(tx, agreement.id).await? else {
        return Ok(());
    };
    let (withdrawn, fact) = waiting.withdraw(tx.now())?;
    store::applications::update(tx, &withdrawn).await?;
    tx.publish(withdrawn.case_id, &fact)
}
