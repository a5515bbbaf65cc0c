//! A case was finished on a route without mediation.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::DispatchCompleted};

use super::end_case;
use crate::Evaluation;

/// The work on the case ended (transition 27).
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchCompleted,
) -> Result<(), Problem> {
    let case = (event.case_id, event.region);
    end_case(state, tx, case, event.completed_at).await
}
