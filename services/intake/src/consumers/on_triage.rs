//! Facts of triage.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    triage::{
        DispatchCompleted, DispatchFedBack, DispatchHandedOver, DispatchIssued, DispatchMode,
        DispatchRecalled, DispatchReturnAsked, DispatchReturnRejected, DispatchReturned,
        DispatchSigned, FeedbackEffect, TriageDecided,
    },
};

use crate::{Intake, domain::case::PublicFact, store::cases};

/// Transition 6.
pub fn decided(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: TriageDecided,
) -> Result<(), Problem> {
    let fact = PublicFact::Triaged;
    cases::note(tx, event.case_id, envelope.id, fact, event.decided_at);
    cases::note_type(tx, event.case_id, event.type_code);
    Ok(())
}

/// Transition 7. While a case is offered to another organisation, the one that signed for it has it.
pub fn dispatched(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchIssued,
) -> Result<(), Problem> {
    if matches!(event.mode, DispatchMode::HandOver | DispatchMode::ReportUp) {
        return Ok(());
    }
    let fact = PublicFact::Dispatched;
    cases::note(tx, event.case_id, envelope.id, fact, event.issued_at);
    cases::note_organisation(tx, event.case_id, event.to_organisation);
    Ok(())
}

/// Transition 8.
pub fn signed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchSigned,
) -> Result<(), Problem> {
    let fact = PublicFact::Signed;
    cases::note(tx, event.case_id, envelope.id, fact, event.signed_at);
    Ok(())
}

/// Transition 9.
pub fn return_asked(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturnAsked,
) -> Result<(), Problem> {
    let fact = PublicFact::ReturnAsked;
    cases::note(tx, event.case_id, envelope.id, fact, event.asked_at);
    Ok(())
}

/// Transition 9.
pub fn returned(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturned,
) -> Result<(), Problem> {
    let fact = PublicFact::Returned;
    cases::note(tx, event.case_id, envelope.id, fact, event.returned_at);
    Ok(())
}

/// Transition 9.
pub fn return_rejected(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturnRejected,
) -> Result<(), Problem> {
    let fact = if event.signed {
        PublicFact::ReturnRejectedSigned
    } else {
        PublicFact::ReturnRejected
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.rejected_at);
    Ok(())
}

/// The order was taken back.
pub fn recalled(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchRecalled,
) -> Result<(), Problem> {
    let fact = PublicFact::Recalled;
    cases::note(tx, event.case_id, envelope.id, fact, event.recalled_at);
    Ok(())
}

/// Transition 17: another organisation answers for the case.
pub fn handed_over(
    _: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchHandedOver,
) -> Result<(), Problem> {
    cases::note_organisation(tx, event.case_id, event.to_organisation);
    Ok(())
}

/// An organ that does not mediate told that it has the case in hand, or could not settle it (TR-04); the end and the giving back
/// have facts of their own.
pub fn fed_back(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchFedBack,
) -> Result<(), Problem> {
    let fact = match event.then {
        FeedbackEffect::GoesOn => PublicFact::TakenUp,
        FeedbackEffect::Unsettled => PublicFact::OtherWayFailed,
        FeedbackEffect::Ends | FeedbackEffect::Returns => return Ok(()),
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.told_at);
    Ok(())
}

/// It was finished on a route without mediation (TR-04).
pub fn completed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchCompleted,
) -> Result<(), Problem> {
    let fact = PublicFact::OtherWayEnded;
    cases::note(tx, event.case_id, envelope.id, fact, event.completed_at);
    Ok(())
}
