//! What was finished on a route without mediation was sent back.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::DispatchReworked};

use crate::{Evaluation, store};

/// The work on it goes on. A case that does not wait for its follow-up stays as it is.
pub async fn apply(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchReworked,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx, event.case_id).await?;
    match known.and_then(|case| case.rework(tx.now())) {
        Some(case) => store::cases::update(tx, &case).await,
        None => Ok(()),
    }
}
