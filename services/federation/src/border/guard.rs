//! What a message from another node must be before it is applied. A child with a changed server could deliver anything under
//! its own name, so nothing in a message is believed that its subject, its source and its signature do not prove.

use async_nats::HeaderMap;
use chassis::{bus::Verdict, http::Problem};
use contracts::{
    Service,
    border::{Book, Checkpoint, Confirm, NodeKeys},
    events::{Envelope, Event},
    problems::federation as codes,
    region::RegionCode,
};

use super::sign;
use crate::Federation;

/// Written by this node's own server: which of its sources a message came through.
const STREAM_SOURCE: &str = "Nats-Stream-Source";

fn refuse(why: &str) -> Verdict {
    Verdict::Refuse(Problem::new(&codes::MESSAGE_REFUSED).internal(why))
}

/// A message on UP: from a node below, through the child under which it is, signed by that node.
pub fn from_below(
    state: &Federation,
    headers: &HeaderMap,
    nats_subject: &str,
    envelope: &Envelope,
    body: &[u8],
) -> Verdict {
    let sender = envelope.source;
    if envelope.service != Service::Federation
        || !nats_subject.starts_with(&format!("up.{}.", sender.address()))
    {
        return refuse("the subject is not the sender's");
    }
    let Some(child) = state.desk.known.child_of(sender) else {
        // It was on its way when its child was taken off. Linked again, that child's next checkpoint shows that this is missing.
        if came_through(headers, |filter| {
            let prefix = filter.strip_suffix('>');
            prefix.is_some_and(|prefix| nats_subject.starts_with(prefix))
        }) {
            return Verdict::Ignore;
        }
        return refuse("the sender is under none of the children");
    };
    let filter = format!("up.{}.>", child.subject());
    if !came_through(headers, |part| part == filter) {
        return refuse("it did not come through the child it is under");
    }
    let own: Option<NodeKeys> = proves_itself::<Checkpoint>(envelope, body).map(|c| c.keys);
    // Without keys: its sender's next checkpoint shows them and that this is missing.
    signed_by(state, sender, own, headers, nats_subject, body).unwrap_or(Verdict::Ignore)
}

/// Whether it came through a source with such a filter, as this node's own server says.
fn came_through(headers: &HeaderMap, is_it: impl Fn(&str) -> bool) -> bool {
    let source = headers.get(STREAM_SOURCE);
    source.is_some_and(|source| {
        let mut parts = source.as_str().split_whitespace();
        parts.any(|part| part.starts_with("up.") && is_it(part))
    })
}

/// A message on DOWN: to this node, signed by a node above.
pub fn from_above(
    state: &Federation,
    headers: &HeaderMap,
    nats_subject: &str,
    envelope: &Envelope,
    body: &[u8],
) -> Verdict {
    let (sender, node) = (envelope.source, state.desk.node());
    if sender == node {
        return Verdict::Ignore;
    }
    if envelope.service != Service::Federation
        || !nats_subject.starts_with(&format!("down.{}.", node.address()))
    {
        return refuse("the subject is not this node's");
    }
    if !sender.contains(&node) {
        return refuse("the sender is not above this node");
    }
    let own = proves_itself::<Confirm>(envelope, body)
        .map(|c| c.keys)
        .or_else(|| {
            let book = proves_itself::<Book>(envelope, body)?;
            book.nodes.into_iter().find(|keys| keys.node == sender)
        });
    // Without keys: a node between the two has seen them before it passed this on, and its book is on the way or being read.
    signed_by(state, sender, own, headers, nats_subject, body).unwrap_or(Verdict::Later)
}

/// The body of a message that brings its sender's keys along.
fn proves_itself<E: Event>(envelope: &Envelope, body: &[u8]) -> Option<E> {
    if envelope.event_type == E::event_type(Service::Federation) {
        serde_json::from_slice(body).ok()
    } else {
        None
    }
}

/// The first keys a node shows are kept (it came through its own link); from then on only these count. Nothing when there are
/// none to judge by.
fn signed_by(
    state: &Federation,
    sender: RegionCode,
    own: Option<NodeKeys>,
    headers: &HeaderMap,
    nats_subject: &str,
    body: &[u8],
) -> Option<Verdict> {
    let keys = state.desk.known.judging(sender, own)?;
    if !sign::verify(&keys.signing, headers, nats_subject, body) {
        return Some(refuse("the signature is not the sender's"));
    }
    state.desk.known.add(keys);
    Some(Verdict::Apply)
}
