//! A case was decided to have a colour: what the desk then sends to the node above of its own accord.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::TriageDecided};

use crate::{Federation, store::automatic};

/// Notes it; it is sent in the next round.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub fn note(
    state: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    decided: TriageDecided,
) -> Result<(), Problem> {
    if state.desk.parent().is_none() {
        return Ok(());
    }
    let rules = state.policy.requests().automatic.iter();
    for (place, rule) in (0..).zip(rules) {
        if rule.colour == decided.colour {
            automatic::note(tx, decided.case_id, place, &rule.kind);
        }
    }
    Ok(())
}
