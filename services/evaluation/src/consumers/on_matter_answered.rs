//! A matter was settled on the spot.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::MatterAnswered};

use super::end_case;
use crate::Evaluation;

/// The work on the case ended.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MatterAnswered,
) -> Result<(), Problem> {
    end_case(state, tx, (event.case_id, event.region), event.answered_at).await
}
