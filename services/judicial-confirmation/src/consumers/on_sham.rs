//! The organisation that mediated suspects a sham, or cleared the suspicion (JC-09; 人民法院特邀调解规定 18).

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{ShamCleared, ShamSuspected},
};

use crate::{JudicialConfirmation, jobs::move_window, standstill, store};

/// The application under way waits, unless it does already, and so do those for other ways to effect; no other is taken in.
pub async fn suspected(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: ShamSuspected,
) -> Result<(), Problem> {
    let (policy, confirmation) = (&state.policy, state.policy.confirmation());
    let Some(id) = event.agreement_id else {
        return Ok(());
    };
    let agreement = store::agreements::lock(tx, id).await?;
    let news = store::suspicions::note(tx, id, true, event.suspected_at).await?;
    let Some(agreement) = agreement.filter(|_| news) else {
        return Ok(());
    };
    let reason = confirmation.sham_suspension_reason.as_str();
    standstill::hold_window(tx, policy, &agreement, reason).await?;
    standstill::hold_effects(tx, policy, &agreement, reason).await?;
    let found = store::applications::under_way(tx, id).await?;
    let Some(application) = found.filter(|found| found.course.suspension.is_none()) else {
        return Ok(());
    };
    let (application, suspended) = application.suspend((reason, false), confirmation, tx.now())?;
    standstill::begin(tx, policy, &application).await?;
    store::applications::update(tx, &application).await?;
    tx.publish(application.case_id, &suspended)
}

/// The applications that waited for this go on; one that the court itself suspended waits for the court.
pub async fn cleared(
    state: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: ShamCleared,
) -> Result<(), Problem> {
    let policy = &state.policy;
    let Some(id) = event.agreement_id else {
        return Ok(());
    };
    let agreement = store::agreements::lock(tx, id).await?;
    let news = store::suspicions::note(tx, id, false, event.cleared_at).await?;
    let Some(agreement) = agreement.filter(|_| news) else {
        return Ok(());
    };
    if let Some(due) = standstill::release_window(tx, policy, &agreement).await? {
        move_window::window(tx, id, &due);
    }
    standstill::release_effects(tx, policy, &agreement).await?;
    let found = store::applications::under_way(tx, id).await?;
    let waits = |found: &crate::domain::application::Application| {
        let suspension = found.course.suspension.as_ref();
        suspension.is_some_and(|suspension| !suspension.by_court)
    };
    let Some(application) = found.filter(waits) else {
        return Ok(());
    };
    let (application, resumed) = application.resume(tx.now())?;
    let application = standstill::end(tx, policy, application).await?;
    store::applications::update(tx, &application).await?;
    tx.publish(application.case_id, &resumed)
}
