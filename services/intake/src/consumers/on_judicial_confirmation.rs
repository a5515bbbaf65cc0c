//! Facts of judicial confirmation.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    judicial_confirmation::{
        ConfirmationApplied, ConfirmationEnforcementApplied, ConfirmationExpired,
        ConfirmationObjectionDecided, ConfirmationRefused, ConfirmationRuled,
        ConfirmationSupplementAsked, ConfirmationTreatedAsWithdrawn, ObjectionOutcome,
        RulingOutcome,
    },
};

use crate::{Intake, domain::public_fact::PublicFact, store::cases};

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

/// The court asks for more (民诉法解释 354, 356).
pub fn supplement_asked(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationSupplementAsked,
) -> Result<(), Problem> {
    let fact = PublicFact::SupplementAsked;
    cases::note(tx, event.case_id, envelope.id, fact, event.asked_at);
    Ok(())
}

/// 民诉法解释 357.
pub fn treated_as_withdrawn(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationTreatedAsWithdrawn,
) -> Result<(), Problem> {
    let fact = PublicFact::ConfirmationTreatedAsWithdrawn;
    cases::note(tx, event.case_id, envelope.id, fact, event.treated_at);
    Ok(())
}

/// 民事诉讼法 206.
pub fn enforcement_applied(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationEnforcementApplied,
) -> Result<(), Problem> {
    let fact = PublicFact::EnforcementApplied;
    cases::note(tx, event.case_id, envelope.id, fact, event.applied_at);
    Ok(())
}

/// A confirmation was revoked (民诉法解释 372); a ruling that stands or is changed is no new fact for the person.
pub fn objection_decided(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConfirmationObjectionDecided,
) -> Result<(), Problem> {
    if event.outcome == ObjectionOutcome::Revoked {
        let fact = PublicFact::ConfirmationRevoked;
        cases::note(tx, event.case_id, envelope.id, fact, event.decided_at);
    }
    Ok(())
}
