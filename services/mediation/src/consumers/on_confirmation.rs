//! What the court made of an agreement (transitions 22, 23).

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::{
        Envelope,
        judicial_confirmation::{
            ConfirmationObjectionDecided, ConfirmationRefused, ConfirmationRuled, ObjectionOutcome,
            RulingOutcome,
        },
    },
    ids::AgreementId,
};

use crate::{
    Mediation,
    domain::proceeding::Proceeding,
    store::{agreements, proceedings},
};

/// The court ruled: valid, so that it can be enforced, or dismissed, so that the parties may agree anew.
pub(super) async fn on_ruled(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ConfirmationRuled,
) -> Result<(), Problem> {
    let id = event.agreement_id;
    if is_of_the_past(tx, id, event.amendment).await? {
        return Ok(());
    }
    match event.outcome {
        RulingOutcome::Valid => {
            change(tx, id, Proceeding::confirmation_valid).await?;
            agreements::confirm(tx, id, true).await
        }
        RulingOutcome::Dismissed => change(tx, id, Proceeding::confirmation_dismissed).await,
    }
}

/// An objection was decided: when the ruling is revoked 撤销裁定, the agreement is as good as dismissed (民诉法解释 372).
pub(super) async fn on_objection_decided(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ConfirmationObjectionDecided,
) -> Result<(), Problem> {
    let id = event.agreement_id;
    if event.outcome != ObjectionOutcome::Revoked || is_of_the_past(tx, id, event.amendment).await?
    {
        return Ok(());
    }
    agreements::confirm(tx, id, false).await?;
    change(tx, id, Proceeding::confirmation_dismissed).await
}

/// The court did not accept the application.
pub(super) async fn on_refused(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ConfirmationRefused,
) -> Result<(), Problem> {
    if is_of_the_past(tx, event.agreement_id, event.amendment).await? {
        return Ok(());
    }
    change(tx, event.agreement_id, Proceeding::confirmation_dismissed).await
}

/// Whether the court speaks of what the agreement said before the parties changed it: that says nothing of what it says now.
async fn is_of_the_past(
    tx: &mut Tx,
    id: AgreementId,
    amendment: Option<i32>,
) -> Result<bool, Problem> {
    let agreement = agreements::of_event(tx, id).await?;
    let versions = agreement.map(|agreement| agreement.history.len());
    let spoken_of = amendment.and_then(|amendment| usize::try_from(amendment).ok());
    Ok(versions
        .zip(spoken_of)
        .is_some_and(|(now, then)| then < now))
}

async fn change(
    tx: &mut Tx,
    id: AgreementId,
    what: fn(Proceeding, chrono::DateTime<chrono::Utc>) -> Option<Proceeding>,
) -> Result<(), Problem> {
    let Some(proceeding_id) = agreements::proceeding_of(tx.conn(), id).await? else {
        return Ok(());
    };
    let Some(proceeding) = proceedings::of_clock(tx, proceeding_id).await? else {
        return Ok(());
    };
    let seen = proceeding.version;
    match what(proceeding, tx.now()) {
        Some(changed) => proceedings::update(tx, &changed, seen).await,
        None => Ok(()),
    }
}
