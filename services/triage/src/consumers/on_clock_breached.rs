//! A clock of mediation ran out: whoever handles the case is urged or supervised.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, clock::ClockBreached};

use crate::{Triage, breach, domain::RanOut};

/// Does what the clock's rule says.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: ClockBreached,
) -> Result<(), Problem> {
    let ran_out = RanOut {
        clock: event.kind,
        object_id: event.object_id,
    };
    breach::react(state, tx, event.case_id, ran_out).await
}
