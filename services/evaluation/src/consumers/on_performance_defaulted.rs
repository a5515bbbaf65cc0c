//! An obligation was not performed.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::PerformanceDefaulted};

use super::end_case;
use crate::Evaluation;

/// The person is visited: enforcement or another way must follow.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: PerformanceDefaulted,
) -> Result<(), Problem> {
    end_case(state, tx, (event.case_id, event.region), event.defaulted_at).await
}
