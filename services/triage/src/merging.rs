//! What is going on about a case that was merged into another one 并案 (transition 32): it goes on there, or ends when there is one
//! already. Studies stay where they were held.

use chassis::{db::Tx, http::Problem};
use contracts::ids::{CaseId, TypedId};

use crate::{
    clocks,
    domain::{Consultation, TriageCase},
    store,
};

/// Lets consultation and task force follow the case; one that triage does not have ends them.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn follow(
    tx: &mut Tx,
    from: CaseId,
    into: Option<&TriageCase>,
) -> Result<(), Problem> {
    consultation(tx, from, into).await?;
    task_force(tx, from, into).await
}

async fn consultation(tx: &mut Tx, from: CaseId, into: Option<&TriageCase>) -> Result<(), Problem> {
    let Some(open) = store::consultations::open_of(tx.conn(), from).await? else {
        return Ok(());
    };
    let calls = store::consultations::calls(tx.conn(), open.id).await?;
    let there = match into {
        Some(into) => store::consultations::open(tx.conn(), into.case_id).await?,
        None => true,
    };
    if let Some(into) = into.filter(|_| !there) {
        store::consultations::update(tx.conn(), &open.follow(into)).await?;
        move_clocks(tx, open.id, into);
        for call in &calls {
            move_clocks(tx, call.id, into);
        }
        return Ok(());
    }
    let (ended, event) = open.end_merged(&calls, tx.now())?;
    store::consultations::update(tx.conn(), &ended).await?;
    tx.stop_clock(clocks::MEET, ended.id);
    for call in &calls {
        tx.stop_clock(Consultation::report_in_clock(ended.urgent), call.id);
    }
    tx.publish(from, &event)
}

async fn task_force(tx: &mut Tx, from: CaseId, into: Option<&TriageCase>) -> Result<(), Problem> {
    let Some(force) = store::task_forces::at_work_of(tx.conn(), from).await? else {
        return Ok(());
    };
    let there = match into {
        Some(into) => store::task_forces::at_work(tx.conn(), into.case_id).await?,
        None => true,
    };
    if let Some(into) = into.filter(|_| !there) {
        store::task_forces::update(tx.conn(), &force.follow(into)).await?;
        move_clocks(tx, force.id, into);
        return Ok(());
    }
    let (ended, event) = force.end_merged(tx.now())?;
    store::task_forces::update(tx.conn(), &ended).await?;
    for clock in [clocks::TASK_FORCE_PLAN, clocks::TASK_FORCE_PROGRESS] {
        tx.stop_clock(clock, ended.id);
    }
    tx.publish(from, &event)
}

fn move_clocks(tx: &mut Tx, of: impl TypedId, into: &TriageCase) {
    tx.move_clocks(of, into.case_id, into.region);
}
