//! The job that looks for clocks whose warn point or due time has come.

use std::sync::Arc;

use contracts::events::clock::{ClockBreached, ClockWarned};
use policy::{CurrentPolicy, PolicyPack, clock::BreachEffect};

use super::{
    DueClock,
    announced::Announcements,
    store::{self, ClockRow},
};
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
    policy: CurrentPolicy,
    config: ClocksConfig,
    lifecycle: Lifecycle,
) -> Result<(), std::convert::Infallible> {
    let stop = lifecycle.soft().clone();
    let batch = i32::try_from(config.batch).unwrap_or(50);
    let mut announcements = Announcements::new(policy.clone());
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(config.poll_interval) => {}
        }
        // First, so that no clock runs out by a calendar that is no longer in force.
        if let Err(problem) = announcements.follow(&*state, &db).await {
            tracing::warn!(service = %db.service(), problem = problem.code().code,
                detail = problem.internal_message().unwrap_or_default(), "provisional clocks not computed again");
        }
        loop {
            match fire_due(&*state, &db, &policy, batch).await {
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
async fn fire_due<S: ServiceModule>(
    state: &S,
    db: &Db,
    policy: &PolicyPack,
    batch: i32,
) -> Result<usize, Problem> {
    db.tx("clocks", &Cause::new(db.time()), async |tx: &mut Tx| {
        let due = store::claim(tx, batch).await?;
        let claimed = due.len();
        for clock in due {
            tx.caused_by(Cause::new(db.time()));
            fire(state, tx, policy, clock).await?;
        }
        Ok(claimed)
    })
    .await
}

async fn fire<S: ServiceModule>(
    state: &S,
    tx: &mut Tx,
    policy: &PolicyPack,
    mut clock: ClockRow,
) -> Result<(), Problem> {
    let now = tx.now();
    let behind = clock.warn_at.iter().filter(|at| **at <= now).count();
    clock.warned = i32::try_from(behind).unwrap_or(i32::MAX);
    let next = clock.warn_at.get(behind).copied();
    let running = clock.breached_at.is_none();
    if running && clock.due_at <= now {
        return breach(state, tx, policy, clock, next).await;
    }
    // A clock that ran out wakes for the reminders after its end only.
    clock.wake_at = match next {
        Some(next) if running => Some(next.min(clock.due_at)),
        None if running => Some(clock.due_at),
        next => next,
    };
    store::warned(tx, &clock).await?;
    let case_id = clock.case_id();
    tx.publish(
        case_id,
        &ClockWarned {
            clock_id: clock.clock_id(),
            kind: clock.kind.clone(),
            object_id: clock.object_id,
            case_id,
            due_at: clock.due_at,
        },
    )?;
    let effect = effect(&clock, policy);
    state.clock_warned(tx, &due(clock, effect)).await
}

/// What follows when a clock runs out. A kind that the pack no longer has is counted and nothing else.
fn effect(clock: &ClockRow, policy: &PolicyPack) -> BreachEffect {
    clock
        .rule(policy)
        .map_or(BreachEffect::Record, |rule| rule.breach)
}

/// A clock as its service's hooks see it.
fn due(clock: ClockRow, breach: BreachEffect) -> DueClock {
    DueClock {
        id: clock.id,
        kind: clock.kind,
        object_id: clock.object_id,
        case_id: clock.case_id,
        due_at: clock.due_at,
        breach,
    }
}

async fn breach<S: ServiceModule>(
    state: &S,
    tx: &mut Tx,
    policy: &PolicyPack,
    mut clock: ClockRow,
    next: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), Problem> {
    let effect = effect(&clock, policy);
    let ended = effect.is_final();
    clock.wake_at = next.filter(|_| !ended);
    store::breach(tx, &clock, ended).await?;
    let case_id = clock.case_id();
    tx.publish(
        case_id,
        &ClockBreached {
            clock_id: clock.clock_id(),
            kind: clock.kind.clone(),
            object_id: clock.object_id,
            case_id,
            due_at: clock.due_at,
            breach: Some(effect.as_str().to_owned()),
        },
    )?;
    metrics().clock_fired(tx.service().as_str(), &clock.kind);
    state.clock_breached(tx, &due(clock, effect)).await
}
