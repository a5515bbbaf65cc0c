//! The parties took another way.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::MediationTransferred};

use super::end_case;
use crate::Evaluation;

/// The work on the case ended here (transition 23), when it had not ended before: after a mediation that settled nothing it had,
/// after an agreement that the court did not confirm it had not. When only the rest goes another way, the agreement goes on.
pub async fn apply(
    state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MediationTransferred,
) -> Result<(), Problem> {
    if event.of_the_rest {
        return Ok(());
    }
    let of = (event.case_id, event.region);
    end_case(state, tx, of, event.transferred_at).await
}
