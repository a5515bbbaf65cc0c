//! The job that looks for clocks whose warn point or due time has come.

use std::sync::Arc;

use chrono::TimeDelta;
use contracts::{
    events::clock::{ClockBreached, ClockWarned},
    ids::OrganisationId,
};
use policy::{CurrentPolicy, PolicyPack, clock::BreachEffect};
use uuid::Uuid;

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

/// A clock that could not be handled is tried again no sooner than after this,
const SOONEST: TimeDelta = TimeDelta::minutes(1);
/// and no later.
const LATEST: TimeDelta = TimeDelta::hours(1);

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

/// Handles up to `batch` clocks whose wake time has come; gives how many. When one of them fails, each is handled by itself.
async fn fire_due<S: ServiceModule>(
    state: &S,
    db: &Db,
    policy: &PolicyPack,
    batch: i32,
) -> Result<usize, Problem> {
    let cause = Cause::new(db.time());
    let together = db.tx("clocks", &cause, async |tx: &mut Tx| {
        let due = store::claim(tx, batch).await?;
        let claimed = due.len();
        for clock in due {
            tx.caused_by(Cause::new(db.time()));
            fire(state, tx, policy, clock).await?;
        }
        Ok(claimed)
    });
    match together.await {
        Ok(claimed) => Ok(claimed),
        Err(_) => fire_apart(state, db, policy, batch).await,
    }
}

/// The same, each in a transaction of its own: one that fails is put off and holds up no other.
async fn fire_apart<S: ServiceModule>(
    state: &S,
    db: &Db,
    policy: &PolicyPack,
    batch: i32,
) -> Result<usize, Problem> {
    let due = store::due(db, batch).await?;
    for id in &due {
        let cause = Cause::new(db.time());
        let fired = db.tx(
            "clock",
            &cause,
            async |tx: &mut Tx| match store::claim_one(tx, *id).await? {
                Some(clock) => fire(state, tx, policy, clock).await,
                None => Ok(()),
            },
        );
        if let Err(problem) = fired.await {
            put_off(db, *id, &problem).await?;
        }
    }
    Ok(due.len())
}

/// Lets a clock that could not be handled wake again after as long as it has been due: twice as late each time, within limits,
/// and never beyond its next point.
async fn put_off(db: &Db, id: Uuid, problem: &Problem) -> Result<(), Problem> {
    let cause = Cause::new(db.time());
    let kind = db.tx("clock.put_off", &cause, async |tx: &mut Tx| {
        let Some(mut clock) = store::claim_one(tx, id).await? else {
            return Ok(None);
        };
        let now = tx.now();
        let points = clock.warn_at.iter().copied().chain([clock.due_at]);
        let next = points.clone().filter(|at| *at > now).min();
        let due_since = points.filter(|at| *at <= now).max().unwrap_or(now);
        let wait = (now - due_since).clamp(SOONEST, LATEST);
        clock.wake_at = now.checked_add_signed(wait).into_iter().chain(next).min();
        store::wake(tx, &clock).await?;
        Ok(Some(clock.kind))
    });
    let Some(kind) = kind.await? else {
        return Ok(());
    };
    tracing::error!(service = %db.service(), clock = %id, kind, problem = problem.code().code,
        detail = problem.internal_message().unwrap_or_default(), "a due clock could not be handled and is put off");
    metrics().clock_failed(db.service().as_str(), &kind);
    Ok(())
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
            organisation_id: clock.organisation_id.map(OrganisationId::from),
        },
    )?;
    metrics().clock_fired(tx.service().as_str(), &clock.kind);
    state.clock_breached(tx, &due(clock, effect)).await
}
