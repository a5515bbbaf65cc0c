//! Mediation ended.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{MediationEnded, MediationOutcome},
};

use super::end_case;
use crate::Evaluation;

/// The work on the case ended, unless an agreement is yet to be performed.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MediationEnded,
) -> Result<(), Problem> {
    if event.outcome == MediationOutcome::Agreed {
        return Ok(());
    }
    end_case(state, tx, (event.case_id, event.region), event.ended_at).await
}
