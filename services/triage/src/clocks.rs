//! The policy pack's clocks that run in this service.

use chassis::{
    clocks::{Holder, MovedClock, NewClock},
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::ids::CaseId;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use policy::{Due, PolicyPack};

use crate::{
    domain::{Order, TaskForce},
    store,
};

/// How long a case may wait for its decision (transition 6).
pub(crate) const DECIDE: &str = "triage.decide";
/// How long an order may wait for its signature (transition 8).
pub(crate) const SIGN: &str = "dispatch.sign";
/// How long the receiver may ask to return an order (transition 9). No clock runs: nobody has to do anything.
pub(crate) const RETURN: &str = "dispatch.return";
/// How long the reply to a supervision order may take (transition 31).
pub(crate) const SUPERVISION_REPLY: &str = "supervision.reply";
/// The same, when it is urgent.
pub(crate) const SUPERVISION_REPLY_URGENT: &str = "supervision.reply.urgent";
/// How long a department may take to report in (transition 15).
pub(crate) const REPORT_IN: &str = "consultation.report_in";
/// The same, when it is urgent.
pub(crate) const REPORT_IN_URGENT: &str = "consultation.report_in.urgent";
/// How long until the departments have met (transition 15).
pub(crate) const MEET: &str = "consultation.meet";
/// How long a task force may take for its plan (transition 16).
pub(crate) const TASK_FORCE_PLAN: &str = "task_force.plan";
/// How long from its plan or report to its next report (transition 16).
pub(crate) const TASK_FORCE_PROGRESS: &str = "task_force.progress";
/// How long an organ may take to tell whether it takes a case up, on a route without mediation (TR-04).
pub(crate) const FEEDBACK: &str = "dispatch.feedback";
/// How long an organ may take for finished work that was sent back to it 返工.
pub(crate) const REWORK: &str = "dispatch.rework";
/// How long the sender may take to answer (transition 9).
pub(crate) const RETURN_DECIDE: &str = "dispatch.return_decide";

/// Brings the orders of a case to their end, and the clocks that run for them.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn finish_orders(
    tx: &mut Tx,
    policy: &PolicyPack,
    case_id: CaseId,
) -> Result<(), Problem> {
    let now = tx.now();
    for order in store::orders::finish(tx.conn(), case_id, now).await? {
        tx.stop_clock(SIGN, order.id);
        tx.stop_clock(RETURN_DECIDE, order.id);
        stop_feedback(tx, policy, &order);
    }
    Ok(())
}

/// Starts the clock of an order's signature; its receiver has to keep it, in person who is on duty for it.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) async fn start_sign(
    tx: &mut Tx,
    policy: &PolicyPack,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let receiver = order.organisation_id;
    let officer = store::rosters::officer(tx.conn(), receiver, now).await?;
    let holder = Holder::new(order.case_id, order.region)
        .organisation(receiver)
        .assignee(officer);
    let type_code = Some(order.type_code.as_str());
    tx.start_policy_clock(policy, SIGN, type_code, order.id, holder, now)?;
    Ok(())
}

/// A year was announced: what keeps a copy of an end has the one that its clock has now.
pub(crate) fn moved(tx: &mut Tx, clock: &MovedClock) {
    let update = match clock.kind.as_str() {
        DECIDE => "UPDATE cases SET decide_due_at = $2, version = version + 1 WHERE case_id = $1",
        RETURN_DECIDE => {
            "UPDATE returns SET decide_due_at = $2 WHERE order_id = $1 AND state = 'asked'"
        }
        SIGN => "UPDATE orders SET sign_due_at = $2, version = version + 1 WHERE id = $1",
        SUPERVISION_REPLY | SUPERVISION_REPLY_URGENT => {
            "UPDATE supervisions SET reply_due_at = $2, version = version + 1 WHERE id = $1"
        }
        REWORK => "UPDATE orders SET due_at = $2, version = version + 1 WHERE id = $1",
        REPORT_IN | REPORT_IN_URGENT => {
            "UPDATE consultation_calls SET report_in_due_at = $2 WHERE id = $1"
        }
        MEET => "UPDATE consultations SET meet_due_at = $2, version = version + 1 WHERE id = $1",
        TASK_FORCE_PLAN | TASK_FORCE_PROGRESS => {
            "UPDATE task_forces SET due_at = $2, version = version + 1 WHERE id = $1"
        }
        _ => return,
    };
    tx.later(
        statement(update)
            .bind::<SqlUuid, _>(clock.object_id)
            .bind::<Timestamptz, _>(clock.due.at),
    );
}

/// Starts the clock of a task force's next report; its lead has to keep it.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) fn start_progress(
    tx: &mut Tx,
    policy: &PolicyPack,
    force: &TaskForce,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let holder = Holder::new(force.subject(), force.region).assignee(force.lead.clone());
    tx.start_policy_clock(policy, TASK_FORCE_PROGRESS, None, force.id, holder, now)?;
    Ok(())
}

/// Starts the clock of telling whether a case is taken up, for an order whose receiver owes it; who signed has to keep it.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) fn start_feedback(
    tx: &mut Tx,
    policy: &PolicyPack,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    if !order.owes_feedback(policy) {
        return Ok(());
    }
    let type_code = Some(order.type_code.as_str());
    tx.start_policy_clock(policy, FEEDBACK, type_code, order.id, signer(order), now)?;
    Ok(())
}

/// The organ took the case up: the clock of its route runs.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) fn start_route(
    tx: &mut Tx,
    policy: &PolicyPack,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    tx.stop_clock(FEEDBACK, order.id);
    let route = policy.routes().get(&order.route);
    if let Some(route) = route.filter(|_| order.owes_feedback(policy)) {
        let type_code = Some(order.type_code.as_str());
        tx.start_policy_clock(
            policy,
            &route.clock,
            type_code,
            order.id,
            signer(order),
            now,
        )?;
    }
    Ok(())
}

/// Finished work was sent back: the organ has until `due`.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) fn start_rework(
    tx: &mut Tx,
    policy: &PolicyPack,
    order: &Order,
    due: Due,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    if order.owes_feedback(policy) {
        let rule = policy.clock(REWORK, Some(&order.type_code));
        let rule = rule.map_err(Problem::unexpected)?;
        let clock = NewClock::of_rule(policy, REWORK, rule, order.id, signer(order), now, due);
        tx.start_clock(&clock);
    }
    Ok(())
}

/// Nothing more is to be told of an order.
pub(crate) fn stop_feedback(tx: &mut Tx, policy: &PolicyPack, order: &Order) {
    if !order.owes_feedback(policy) {
        return;
    }
    tx.stop_clock(FEEDBACK, order.id);
    tx.stop_clock(REWORK, order.id);
    if let Some(route) = policy.routes().get(&order.route) {
        tx.stop_clock(&route.clock, order.id);
    }
}

/// Who has to keep the clocks of an order that is signed for.
fn signer(order: &Order) -> Holder {
    Holder::new(order.case_id, order.region)
        .organisation(order.organisation_id)
        .assignee(order.signed_by.clone())
}
