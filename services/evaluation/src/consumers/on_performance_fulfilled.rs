//! An obligation was performed.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::PerformanceFulfilled};

use super::end_case;
use crate::Evaluation;

/// With the last obligation the work on the case ended.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: PerformanceFulfilled,
) -> Result<(), Problem> {
    if event.remaining > 0 {
        return Ok(());
    }
    end_case(state, tx, (event.case_id, event.region), event.fulfilled_at).await
}
