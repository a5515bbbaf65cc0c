//! What the court made of an agreement (transitions 22, 23).

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::{
        Envelope,
        judicial_confirmation::{ConfirmationRefused, ConfirmationRuled, RulingOutcome},
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
    match event.outcome {
        RulingOutcome::Valid => {
            change(tx, event.agreement_id, Proceeding::confirmation_valid).await?;
            agreements::confirm(tx, event.agreement_id).await
        }
        RulingOutcome::Dismissed => {
            change(tx, event.agreement_id, Proceeding::confirmation_dismissed).await
        }
    }
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
