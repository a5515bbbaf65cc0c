//! What the desk does with requests of its own accord: what was not acknowledged or seen is sent again, what is overdue is urged, what the
//! policy pack says of a colour is sent to the node above.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};

use contracts::{problems::common, region::RegionCode};
use serde_json::Value;

use crate::{
    Federation, desk,
    domain::{Order, Request, RequestState},
    outgoing, sending,
    store::{
        automatic::{self, Automatic},
        requests, unseen,
    },
};

/// Requests handled in one round.
const BATCH: i64 = 50;

/// Sends again and urges what is due, each in a transaction of its own: one that fails is tried again later, and the others do not
/// wait for it.
///
/// # Errors
/// `unavailable`: it is tried again at the next round.
pub async fn wake_requests(state: &Federation) -> Result<(), Problem> {
    let cause = Cause::new(state.db.time());
    let now = state.db.time().now();
    let due = requests::awake(&mut *state.db.read().await?, now, BATCH).await?;
    for id in due {
        let work = async |tx: &mut Tx| match requests::lock_awake(tx.conn(), id, now).await? {
            Some(request) => wake(state, tx, request).await,
            None => Ok(()),
        };
        let woken = state.db.tx("wake_request", &cause, work).await;
        if failed(woken, "a request was not sent again or urged")? {
            let later = state.policy.requests().resend_at(now);
            let postpone = async |tx: &mut Tx| requests::postpone(tx.conn(), id, now, later).await;
            state.db.tx("postpone_request", &cause, postpone).await?;
        }
    }
    let due = unseen::due(&mut *state.db.read().await?, now, BATCH).await?;
    for step in due {
        // As with requests: each wait is as long as all before.
        let soonest = state.policy.requests().resend_at(now);
        let again_at = soonest.max(now + (now - step.since));
        let work = async |tx: &mut Tx| {
            let taken = unseen::postpone(tx, &step, now, again_at).await?;
            if taken && sending::is_reachable(state, tx, step.to_node).await? {
                let message = step.message()?;
                outgoing::seal_and_pass(state, tx, step.to_node, message).await?;
            }
            Ok(())
        };
        let sent = state.db.tx("send_step_again", &cause, work).await;
        if failed(sent, "a step was not sent again")? {
            let postpone = async |tx: &mut Tx| {
                unseen::postpone(tx, &step, now, again_at).await?;
                Ok(())
            };
            state.db.tx("postpone_step", &cause, postpone).await?;
        }
    }
    Ok(())
}

/// Whether it failed for a reason of its own, which is logged; PostgreSQL being away is a fault of the round.
fn failed(result: Result<(), Problem>, what: &str) -> Result<bool, Problem> {
    match result {
        Ok(()) => Ok(false),
        Err(problem) if problem.code() == &common::UNAVAILABLE => Err(problem),
        Err(problem) => {
            tracing::error!(
                problem = problem.code().code,
                detail = problem.internal_message().unwrap_or_default(),
                "{what}"
            );
            Ok(true)
        }
    }
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
            if let Some(sent) = sent
                && sending::is_reachable(state, tx, request.to_node).await?
            {
                outgoing::send(state, tx, &request, &sent).await?;
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

/// Who a request the desk sends of its own accord is from.
const DESK: &str = "federation";

/// Sends what the policy pack says of a case's colour. A case that intake has not accepted yet waits for a later round; what the
/// rules of requests forbid is noted and logged, and not tried again.
///
/// # Errors
/// `unavailable`: it is tried again at the next round.
pub async fn send_automatic(state: &Federation) -> Result<(), Problem> {
    let Some(parent) = state.desk.parent() else {
        return Ok(());
    };
    let cause = Cause::new(state.db.time());
    let now = state.db.time().now();
    let waiting = automatic::waiting(&mut *state.db.read().await?, now, BATCH).await?;
    for next in waiting {
        let work = async |tx: &mut Tx| {
            if !automatic::lock(tx, &next).await? {
                return Ok(());
            }
            let Some(order) = order(state, &next, parent.node) else {
                automatic::done(tx, &next, Err("the policy pack has no such rule any more"));
                return Ok(());
            };
            let request = sending::send(state, tx, order, DESK).await?;
            automatic::done(tx, &next, Ok(request.id));
            Ok(())
        };
        let Err(problem) = state.db.tx("send_automatic", &cause, work).await else {
            continue;
        };
        let code = problem.code();
        if code == &common::UNAVAILABLE {
            return Err(problem);
        }
        if code.status >= common::INTERNAL.status {
            tracing::error!(
                problem = code.code,
                detail = problem.internal_message().unwrap_or_default(),
                kind = next.kind,
                "failed to send of the desk's own accord: tried again"
            );
        }
        if code == &common::NOT_FOUND || code.status >= common::INTERNAL.status {
            tracing::debug!(problem = code.code, kind = next.kind, "not sent yet");
            // Each wait is as long as all before, the first a round: intake may be a moment behind, or never have the case.
            let postpone = async |tx: &mut Tx| {
                automatic::postpone(tx, &next, now + (now - next.noted_at));
                Ok(())
            };
            state.db.tx("postpone_automatic", &cause, postpone).await?;
            continue;
        }
        tracing::error!(
            problem = code.code,
            kind = next.kind,
            "not sent of the desk's own accord"
        );
        let refuse = async |tx: &mut Tx| {
            automatic::done(tx, &next, Err(code.code));
            Ok(())
        };
        state.db.tx("refuse_automatic", &cause, refuse).await?;
    }
    Ok(())
}

/// What is sent by the rule; none when the pack has it no more.
fn order(state: &Federation, next: &Automatic, to: RegionCode) -> Option<Order> {
    let rules = &state.policy.requests().automatic;
    let rule = usize::try_from(next.place)
        .ok()
        .and_then(|i| rules.get(i))?;
    if rule.kind != next.kind {
        return None;
    }
    let values = rule.values.iter();
    let values = values.map(|(code, text)| (code.clone(), Value::String(text.clone())));
    Some(Order {
        kind: rule.kind.clone(),
        to,
        case_id: Some(next.case_id()),
        reason: Some(rule.reason.clone()),
        due_on: None,
        values: values.collect(),
    })
}
