//! A fact of a lower node, taken out of what the border desk wrapped it in.

use contracts::{
    Service,
    events::{Envelope, Event as _, federation::FactReceived},
};
use serde::Deserialize as _;
use serde_json::Value;
use uuid::Uuid;

/// The event as it was published at its node; an event that wraps none as it is. Envelope and body are then those of an event
/// that had come directly: its id, so that it counts once however it comes; its node as source, its epoch and sequence there.
///
/// # Errors
/// When the body of a received fact has not that form.
pub fn unwrapped(envelope: &Envelope, body: Value) -> Result<(Envelope, Value), serde_json::Error> {
    if envelope.event_type != FactReceived::event_type(Service::Federation) {
        return Ok((envelope.clone(), body));
    }
    let fact = FactReceived::deserialize(body)?;
    let inner = Envelope {
        id: fact.event_id,
        event_type: fact.event_type,
        source: fact.node,
        subject: subject(&fact.body).unwrap_or(envelope.subject),
        time: fact.occurred_at,
        service: fact.service,
        epoch: fact.epoch,
        seq: fact.seq,
        causation: Some(envelope.id),
        ..envelope.clone()
    };
    Ok((inner, fact.body))
}

/// The case it is about.
fn subject(body: &Value) -> Option<Uuid> {
    body.get("case_id")?.as_str()?.parse().ok()
}
