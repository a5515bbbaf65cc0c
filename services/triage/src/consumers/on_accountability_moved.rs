//! Another node answers for a case from now on, or this one does again.

use chassis::{clocks, db::Tx, elsewhere, http::Problem};
use contracts::events::{Envelope, federation::AccountabilityMoved};

use crate::Triage;

/// While it is elsewhere its clocks stand still, and commands about it are refused. When it comes back it goes on where it stood.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: AccountabilityMoved,
) -> Result<(), Problem> {
    if elsewhere::note(tx, &event) {
        clocks::release(state, tx, &state.policy, event.case_id).await
    } else {
        clocks::hold(tx, event.case_id).await
    }
}
