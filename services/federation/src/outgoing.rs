//! Steps on their way to the other node: up when it is not below this one, else down.

use chassis::{db::Tx, http::Problem};
use contracts::{border::RequestStep, region::RegionCode};

use crate::domain::{Note, Request, Step};

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
    }
}

/// Sends a step to the other node.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn send(tx: &mut Tx, request: &Request, note: &Note) -> Result<(), Problem> {
    pass(tx, request.other_node(), &message(request, note))
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
