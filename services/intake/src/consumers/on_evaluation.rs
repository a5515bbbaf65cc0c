//! Facts of evaluation.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    evaluation::{CaseClosed, FollowUpScheduled},
};

use crate::{Intake, domain::case::PublicFact, store::cases};

/// Transition 27.
pub fn follow_up_scheduled(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: FollowUpScheduled,
) -> Result<(), Problem> {
    let fact = PublicFact::FollowUpPlanned;
    cases::note(tx, event.case_id, envelope.id, fact, event.scheduled_at);
    Ok(())
}

/// Transition 28.
pub fn closed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: CaseClosed,
) -> Result<(), Problem> {
    let fact = PublicFact::Closed;
    cases::note(tx, event.case_id, envelope.id, fact, event.closed_at);
    Ok(())
}
