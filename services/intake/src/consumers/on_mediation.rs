//! Facts of mediation and performance.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{
        AgreementAmended, AgreementEffective, MediationEnded, MediationExtended, MediationOpened,
        MediationOutcome, MediationPaused, MediationResumed, MediationStarted,
        MediationTransferred, PerformanceDefaulted, PerformanceFulfilled,
    },
};

use crate::{Intake, domain::public_fact::PublicFact, store::cases};

/// Transition 10.
pub fn opened(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationOpened,
) -> Result<(), Problem> {
    cases::note_opened(tx, event.case_id, envelope.id, event.opened_at);
    Ok(())
}

/// Transition 11.
pub fn started(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationStarted,
) -> Result<(), Problem> {
    let fact = PublicFact::MediationStarted;
    cases::note(tx, event.case_id, envelope.id, fact, event.started_at);
    Ok(())
}

/// Transitions 12, 18, 19.
pub fn ended(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationEnded,
) -> Result<(), Problem> {
    let fact = match event.outcome {
        MediationOutcome::Agreed => PublicFact::Agreed,
        MediationOutcome::Failed => PublicFact::Failed,
        MediationOutcome::Refused => PublicFact::Refused,
        MediationOutcome::Withdrawn => PublicFact::Withdrawn,
        MediationOutcome::SelfSettled => PublicFact::SelfSettled,
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.ended_at);
    Ok(())
}

/// Transition 24.
pub fn effective(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: AgreementEffective,
) -> Result<(), Problem> {
    // Of a divorce, say, no court confirms an agreement: nobody is told to apply (民诉法解释 355).
    let confirmation = state.policy.confirmation();
    let fact = match confirmation.exclusion(&event.type_code, &event.content_codes) {
        Some(_) => PublicFact::AgreementEffectiveOnly,
        None => PublicFact::AgreementEffective,
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.effective_at);
    Ok(())
}

/// Transition 25.
pub fn fulfilled(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: PerformanceFulfilled,
) -> Result<(), Problem> {
    let fact = match event.remaining {
        0 => PublicFact::Performed,
        _ => PublicFact::PartPerformed,
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.fulfilled_at);
    Ok(())
}

/// Transition 26.
pub fn defaulted(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: PerformanceDefaulted,
) -> Result<(), Problem> {
    let fact = PublicFact::Defaulted;
    cases::note(tx, event.case_id, envelope.id, fact, event.defaulted_at);
    Ok(())
}

/// Transition 13.
pub fn paused(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationPaused,
) -> Result<(), Problem> {
    let fact = PublicFact::MediationPaused;
    cases::note(tx, event.case_id, envelope.id, fact, event.paused_at);
    Ok(())
}

/// Transition 13.
pub fn resumed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationResumed,
) -> Result<(), Problem> {
    let fact = PublicFact::MediationResumed;
    cases::note(tx, event.case_id, envelope.id, fact, event.resumed_at);
    Ok(())
}

/// Transition 14.
pub fn extended(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationExtended,
) -> Result<(), Problem> {
    let fact = PublicFact::MediationExtended;
    cases::note(tx, event.case_id, envelope.id, fact, event.extended_at);
    Ok(())
}

/// Transitions 20, 23.
pub fn transferred(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MediationTransferred,
) -> Result<(), Problem> {
    let fact = if event.of_the_rest {
        PublicFact::RestTransferred
    } else {
        PublicFact::OtherWayTaken
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.transferred_at);
    Ok(())
}

/// A new version of the agreement (人民调解法 33).
pub fn amended(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: AgreementAmended,
) -> Result<(), Problem> {
    let fact = PublicFact::AgreementAmended;
    cases::note(tx, event.case_id, envelope.id, fact, event.amended_at);
    Ok(())
}
