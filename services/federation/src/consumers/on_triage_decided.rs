//! A case was decided to have a colour, or got a severer one: what the desk then sends to the node above of its own accord.

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::{
        Envelope,
        triage::{RiskChanged, RiskColour, TriageDecided},
    },
    ids::CaseId,
};

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
    note_colour(state, tx, decided.case_id, decided.colour);
    Ok(())
}

/// The same when the colour was raised after the decision. A milder one asks for nothing.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub fn raised(
    state: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    changed: RiskChanged,
) -> Result<(), Problem> {
    if changed.colour > changed.was {
        note_colour(state, tx, changed.case_id, changed.colour);
    }
    Ok(())
}

fn note_colour(state: &Federation, tx: &mut Tx, case_id: CaseId, colour: RiskColour) {
    if state.desk.parent().is_none() {
        return;
    }
    let rules = state.policy.requests().automatic.iter();
    for (place, rule) in (0..).zip(rules) {
        if rule.colour == colour {
            automatic::note(tx, case_id, place, &rule.kind);
        }
    }
}
