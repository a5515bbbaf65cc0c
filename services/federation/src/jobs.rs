//! What the desk does with requests of its own accord: what was not acknowledged is sent again, what is overdue is urged.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};

use crate::{
    Federation, desk,
    domain::{Request, RequestState},
    outgoing,
    store::requests,
};

/// Requests handled in one transaction.
const BATCH: i64 = 50;

/// Sends again and urges what is due; gives how many requests were touched.
///
/// # Errors
/// `unavailable`: it is tried again at the next round.
pub async fn wake_requests(state: &Federation) -> Result<usize, Problem> {
    let cause = Cause::new(state.db.time());
    let work = state.db.tx("wake_requests", &cause, async |tx: &mut Tx| {
        let now = tx.now();
        let due = requests::awake(tx.conn(), now, BATCH).await?;
        let count = due.len();
        for request in due {
            wake(state, tx, request).await?;
        }
        Ok(count)
    });
    work.await
}

async fn wake(state: &Federation, tx: &mut Tx, mut request: Request) -> Result<(), Problem> {
    let now = tx.now();
    if request.resend_at.is_some_and(|at| at <= now) {
        request.resend_at = None;
        if request.state == RequestState::Sent {
            // Each wait is as long as all before: a node may be away for weeks, and its messages are kept for it anyway.
            let soonest = state.policy.requests().resend_at(now);
            request.resend_at = Some(soonest.max(now + (now - request.sent_at)));
            let sent = requests::step(tx.conn(), &request, request.node, 1).await?;
            if let Some(sent) = sent {
                outgoing::send(tx, &request, &sent)?;
            }
        }
    }
    let mut notes = Vec::new();
    if request.urge_at.is_some_and(|at| at <= now) {
        request.urge_at = None;
        // Whether the state allows it is the request's to say; when it does not, there is nothing to urge any more.
        notes.extend(request.urge(&state.policy, None, now).ok());
    }
    desk::taken(state, tx, &mut request, &notes).await
}
