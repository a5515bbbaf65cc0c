//! An event of this node: when the levels above count it, it goes up as a fact.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::{self, Fact},
    events::{Envelope, Event},
    ids::CaseId,
};
use serde_json::Value;

use crate::{Federation, store::facts};

/// Keeps it for comparing, and sends it up when there is a node above.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn note(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    body: Value,
) -> Result<(), Problem> {
    if state.desk.keys().is_none() || !border::goes_up(&envelope.event_type) {
        return Ok(());
    }
    let fact = Fact {
        event_id: envelope.id,
        event_type: envelope.event_type.clone(),
        service: envelope.service,
        epoch: envelope.epoch,
        seq: envelope.seq,
        occurred_at: envelope.time,
        body,
    };
    facts::keep_own(tx, envelope.source, &fact);
    if state.desk.parent().is_none() {
        return Ok(());
    }
    tx.send_up(CaseId::from(envelope.subject), &fact)
}

/// One of the desk's own.
///
/// # Errors
/// As [`note`].
pub fn own<E: Event>(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    event: E,
) -> Result<(), Problem> {
    let body = serde_json::to_value(event).map_err(Problem::unexpected)?;
    note(state, tx, envelope, body)
}
