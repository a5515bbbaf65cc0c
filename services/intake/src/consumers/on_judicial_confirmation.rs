//! Facts of judicial confirmation.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    judicial_confirmation::{
        ConfirmationApplied, ConfirmationExpired, ConfirmationRefused, ConfirmationRuled,
        RulingOutcome,
    },
};

use crate::{Intake, domain::case::PublicFact, store::cases};

/// Transition 21.
pub fn applied(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationApplied,
) -> Result<(), Problem> {
    let fact = PublicFact::ConfirmationApplied;
    cases::note(tx, event.case_id, envelope.id, fact, event.applied_at);
    Ok(())
}

/// Transition 23.
pub fn refused(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationRefused,
) -> Result<(), Problem> {
    let fact = PublicFact::ConfirmationNotAccepted;
    cases::note(tx, event.case_id, envelope.id, fact, event.refused_at);
    Ok(())
}

/// Transitions 22, 23.
pub fn ruled(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationRuled,
) -> Result<(), Problem> {
    let fact = match event.outcome {
        RulingOutcome::Valid => PublicFact::ConfirmedValid,
        RulingOutcome::Dismissed => PublicFact::ConfirmationDismissed,
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.ruled_at);
    Ok(())
}

/// The 30 days are over (民事诉讼法 205).
pub fn expired(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationExpired,
) -> Result<(), Problem> {
    let fact = PublicFact::ConfirmationExpired;
    cases::note(tx, event.case_id, envelope.id, fact, event.expired_at);
    Ok(())
}
