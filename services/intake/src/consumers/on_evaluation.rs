//! Facts of evaluation.

use chassis::{clocks::Holder, db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    evaluation::{CaseClosed, FollowUpScheduled},
};

use crate::{
    ARCHIVE_CLOCK, Intake, REOPEN_CLOCK,
    domain::{case::CaseStatus, public_fact::PublicFact},
    store::{case_acts, cases},
};

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

/// Transition 28. The cases merged into it are closed with it; its file is to be archived.
pub fn closed(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: CaseClosed,
) -> Result<(), Problem> {
    let (case, at) = (event.case_id, event.closed_at);
    cases::note_closed(tx, case, envelope.id, at);
    let closed = (PublicFact::Closed, CaseStatus::Closed);
    case_acts::note_led(tx, case, envelope.id, closed, at);
    let holder = Holder::new(case, event.region);
    // Until then the case may be opened again, and the file is not archived.
    let window = state.policy.due(REOPEN_CLOCK, None, at);
    let from = window.map_err(Problem::unexpected)?.at;
    tx.start_policy_clock(&state.policy, ARCHIVE_CLOCK, None, case, holder, from)?;
    Ok(())
}
