//! Steps on their way to the other node: up when it is not below this one, else down.

use chassis::{db::Tx, http::Problem};
use contracts::{border::RequestStep, region::RegionCode};

use crate::{
    Federation, desk,
    domain::{Note, Request, Step},
    store::unseen,
};

/// What the other node says it has of this one's steps, where a step stands: all up to this number.
pub const SEEN: &str = "seen";

/// The message of a step of a request.
#[must_use]
pub fn message(request: &Request, note: &Note) -> RequestStep {
    let sent = note.step == Step::Sent;
    RequestStep {
        handover: request.handover,
        request_id: request.id,
        number: note.number,
        kind: request.kind.clone(),
        case_id: request.case_id,
        from_node: request.from_node,
        to_node: request.to_node,
        by_node: note.by_node,
        step: note.step.to_string(),
        at: note.taken_at,
        text: note.body.clone(),
        sealed_text: None,
        due_on: request.due_on.filter(|_| sent),
        values: if sent {
            request.details.clone()
        } else {
            serde_json::json!({})
        },
        sealed: if sent {
            request.sealed.clone()
        } else {
            note.sealed.clone()
        },
        figures: request.figures.clone().filter(|_| sent),
        awaits_seen: true,
    }
}

/// Sends a step to the other node, and keeps it until that has seen it. The request itself is acknowledged by its delivery.
///
/// # Errors
/// `unknown-node` when it has words or values and the other node's key is not known here; `internal` when it cannot be written as JSON.
pub async fn send(
    state: &Federation,
    tx: &mut Tx,
    request: &Request,
    note: &Note,
) -> Result<(), Problem> {
    let (to, message) = (request.other_node(), message(request, note));
    if note.step != Step::Sent {
        let again_at = state.policy.requests().resend_at(tx.now());
        unseen::keep(tx, to, &message, again_at)?;
    }
    seal_and_pass(state, tx, to, message).await
}

/// Sends a message of this node, its words sealed. What is kept for sending again is kept open, and sealed anew each time: keys change.
///
/// # Errors
/// As [`send`].
pub async fn seal_and_pass(
    state: &Federation,
    tx: &mut Tx,
    to: RegionCode,
    mut message: RequestStep,
) -> Result<(), Problem> {
    desk::seal_words(state, tx, to, &mut message).await?;
    pass(tx, to, &message)
}

/// Says how many of the other node's steps were applied here.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn seen(tx: &mut Tx, request: &Request) -> Result<(), Problem> {
    let message = RequestStep {
        request_id: request.id,
        number: request.other_steps,
        kind: request.kind.clone(),
        case_id: request.case_id,
        from_node: request.from_node,
        to_node: request.to_node,
        by_node: request.node,
        step: SEEN.to_owned(),
        at: tx.now(),
        text: None,
        sealed_text: None,
        due_on: None,
        values: serde_json::json!({}),
        sealed: None,
        handover: 0,
        figures: None,
        awaits_seen: false,
    };
    pass(tx, request.other_node(), &message)
}

/// Sends a message on its way to `to`.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn pass(tx: &mut Tx, to: RegionCode, message: &RequestStep) -> Result<(), Problem> {
    if tx.node().contains(&to) {
        tx.send_down(to, message.request_id, message)
    } else {
        tx.send_up(message.request_id, message)
    }
}
