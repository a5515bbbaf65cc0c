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
    let agreement = agreements::of_event(tx, id).await?;
    // A ruling on what the agreement said before the parties changed it confirms nothing of what it says now.
    if let (Some(agreement), Some(ruled)) = (agreement, event.amendment)
        && agreement.history.len() != usize::try_from(ruled).unwrap_or(usize::MAX)
    {
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
    if event.outcome != ObjectionOutcome::Revoked {
        return Ok(());
    }
    let agreement = agreements::of_event(tx, event.agreement_id).await?;
    // The parties have changed it since, and go by that.
    if !agreement.is_some_and(|agreement| agreement.confirmed) {
        return Ok(());
    }
    agreements::confirm(tx, event.agreement_id, false).await?;
    change(tx, event.agreement_id, Proceeding::confirmation_dismissed).await
}

/// The court did not accept the application.
pub(super) async fn on_refused(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ConfirmationRefused,
) -> Result<(), Problem> {
    change(tx, event.agreement_id, Proceeding::confirmation_dismissed).await
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
