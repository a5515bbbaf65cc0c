//! Facts of triage.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    triage::{DispatchIssued, DispatchSigned, TriageDecided},
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
    Ok(())
}

/// Transition 7.
pub fn dispatched(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchIssued,
) -> Result<(), Problem> {
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
