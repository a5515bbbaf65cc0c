//! A matter was accepted: the rules propose how to handle the case.

use chassis::{clocks::Holder, db::Tx, http::Problem};
use contracts::{
    events::{Envelope, intake::MatterAccepted},
    questions::MatterNarrative,
};

use crate::{
    Triage, clocks,
    domain::{TriageCase, proposal::propose},
    store,
};

/// Asks intake what the person said, proposes, and starts the clock of the decision. The narrative is read once and not
/// kept. A case that is there already (its second matter) stays as it is.
///
/// # Errors
/// `question-timed-out` when intake does not answer: the event is tried again.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MatterAccepted,
) -> Result<(), Problem> {
    let question = MatterNarrative {
        matter_id: event.matter_id,
    };
    let narrative = state.bus.ask(&question).await?;
    let now = tx.now();
    let (proposal, proposed) = propose(&state.policy, &event, narrative.text, tx.new_id(), now)
        .map_err(Problem::unexpected)?;
    let type_code = proposal.type_code.as_str();
    // Not the acceptance: a case another node handed over was accepted there long ago.
    let start = envelope.time;
    let due = state
        .policy
        .due(clocks::DECIDE, Some(type_code), start)
        .map_err(Problem::unexpected)?;
    let case = TriageCase::accepted(&event, proposal.colour, due.at, now);
    if !store::cases::insert(tx.conn(), &case, &proposal).await? {
        return Ok(());
    }
    tx.start_policy_clock(
        &state.policy,
        clocks::DECIDE,
        Some(type_code),
        case.case_id,
        Holder::new(case.case_id, case.region),
        start,
    )?;
    tx.publish(case.case_id, &proposed)
}
