//! The job that looks for clocks whose warn point or due time has come.

use std::sync::Arc;

use contracts::{
    events::clock::{ClockBreached, ClockWarned},
    ids::{CaseId, ClockId},
};

use super::{DueClock, rows};
use crate::{
    config::ClocksConfig,
    db::{Cause, Db, Tx},
    http::Problem,
    lifecycle::Lifecycle,
    service::ServiceModule,
    telemetry::metrics,
};

/// Looks for due clocks until the soft stop; a fault is waited out until the next look.
pub(crate) async fn run<S: ServiceModule>(
    state: Arc<S>,
    db: Db,
    config: ClocksConfig,
    lifecycle: Lifecycle,
) -> Result<(), std::convert::Infallible> {
    let stop = lifecycle.soft().clone();
    let batch = i32::try_from(config.batch).unwrap_or(50);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(config.poll_interval) => {}
        }
        loop {
            match fire_due(&*state, &db, batch).await {
                Ok(fired) if fired == usize::try_from(batch).unwrap_or(0) => {}
                Ok(_) => break,
                Err(problem) => {
                    tracing::warn!(service = %db.service(), problem = problem.code().code,
                        detail = problem.internal_message().unwrap_or_default(), "due clocks not handled");
                    break;
                }
            }
        }
    }
}

/// Handles up to `batch` clocks whose wake time has come; gives how many.
async fn fire_due<S: ServiceModule>(state: &S, db: &Db, batch: i32) -> Result<usize, Problem> {
    db.tx("clocks", &Cause::new(db.time()), async |tx: &mut Tx| {
        let due = rows::claim(tx, batch).await?;
        for clock in &due {
            tx.caused_by(Cause::new(db.time()));
            fire(state, tx, clock).await?;
        }
        Ok(due.len())
    })
    .await
}

async fn fire<S: ServiceModule>(state: &S, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
    let case_id = CaseId::from(clock.case_id);
    let clock_id = ClockId::from(clock.id);
    if clock.due_at <= tx.now() {
        let (kind, object_id, due_at) = (clock.kind.clone(), clock.object_id, clock.due_at);
        tx.publish(
            case_id,
            &ClockBreached {
                clock_id,
                kind,
                object_id,
                case_id,
                due_at,
            },
        )?;
        rows::wake_next(tx, clock.id, clock.warned, None).await?;
        metrics().clock_fired(tx.service().as_str(), &clock.kind);
        return state.clock_breached(tx, clock).await;
    }
    let (kind, object_id, due_at) = (clock.kind.clone(), clock.object_id, clock.due_at);
    tx.publish(
        case_id,
        &ClockWarned {
            clock_id,
            kind,
            object_id,
            case_id,
            due_at,
        },
    )?;
    let now = tx.now();
    let next = clock
        .warn_at
        .iter()
        .copied()
        .find(|at| *at > now)
        .unwrap_or(clock.due_at)
        .min(clock.due_at);
    rows::wake_next(tx, clock.id, clock.warned + 1, Some(next)).await
}
