//! Nothing more is done on a petition.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::PetitionEnded};

use super::end_case;
use crate::Evaluation;

/// With the last matter of its case, the work on the case ended.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: PetitionEnded,
) -> Result<(), Problem> {
    if event.remaining > 0 {
        return Ok(());
    }
    end_case(state, tx, (event.case_id, event.region), event.ended_at).await
}
