//! Any event: into the log, and what it says about a case into the ledger. A fact of a lower node counts as if it had come
//! directly; what it was wrapped in is not kept.

use chassis::{db::Tx, http::Problem};
use contracts::{events::Envelope, problems::common};
use serde_json::Value;

use crate::{
    Reporting,
    domain::{facts, received},
    store,
};

/// Applies an event. One statement: an event that is in the log already changes nothing.
///
/// # Errors
/// `invalid-body` when an event of a known kind has another form.
pub fn on_event(
    _state: &Reporting,
    tx: &mut Tx,
    envelope: &Envelope,
    body: Value,
) -> Result<(), Problem> {
    let unreadable =
        |error: serde_json::Error| Problem::new(&common::INVALID_BODY).internal(place(&error));
    let (envelope, body) = received::unwrapped(envelope, body).map_err(unreadable)?;
    let entry = facts::entry(&envelope.event_type, envelope.source, &body).map_err(unreadable)?;
    store::events::record(tx, envelope, body, entry);
    Ok(())
}

/// Where the mistake is, without the value.
fn place(error: &serde_json::Error) -> String {
    format!("event body: {:?} error", error.classify())
}
