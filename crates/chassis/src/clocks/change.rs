//! Clocks that stand still, go on, and are lengthened.

use chrono::{DateTime, Utc};
use contracts::{
    events::clock::{ClockExtended, ClockPaused, ClockResumed},
    ids::TypedId,
    problems::common,
};
use policy::{
    ClockRule, Due, PolicyPack,
    clock::{Approver, Change, Course, ExtendError},
};

use super::{
    start::{instants, next_wake},
    store::{self, ClockRow},
};
use crate::{db::Tx, http::Problem};

const RUNNING: &str = "running";
const PAUSED: &str = "paused";

impl Tx {
    /// Lets a running clock stand still for a reason of the policy pack's pause list; until it goes on it neither warns nor
    /// runs out. Ask [`ClockRule::pauses_for`] first when the work may pause without its clock.
    ///
    /// # Errors
    /// `clock-not-running` when there is none, or it is paused already, stopped or ran out; `clock-not-pausable` when it does
    /// not stand still for this reason.
    pub async fn pause_clock(
        &mut self,
        policy: &PolicyPack,
        kind: &str,
        object_id: impl TypedId,
        reason: &str,
    ) -> Result<(), Problem> {
        // It may have been started in this transaction.
        self.write_now().await?;
        let row = store::lock(self, kind, object_id).await?;
        // One whose end has come and only waits to be claimed has run out.
        if row.state != RUNNING || row.due_at <= self.now() {
            return Err(not_running(&row));
        }
        if !row.rule(policy)?.pauses_for(reason) {
            return Err(
                Problem::new(&common::CLOCK_NOT_PAUSABLE).internal(format!("{kind} for {reason}"))
            );
        }
        store::pause(self, row.id, reason).await?;
        paused(self, row, reason)
    }

    /// Lets a paused clock go on; gives when it is due now. End and warnings move by the time it stood still: in days, working
    /// days or office hours, as the clock counts; the new last day is rolled again.
    ///
    /// # Errors
    /// `clock-not-running` when there never was one; `clock-not-paused`.
    pub async fn resume_clock(
        &mut self,
        policy: &PolicyPack,
        kind: &str,
        object_id: impl TypedId,
    ) -> Result<Due, Problem> {
        let row = store::lock(self, kind, object_id).await?;
        resume(self, policy, row).await
    }

    /// Lengthens a running or paused clock once more by its rule's extension, which `approver` has agreed to; gives when it is
    /// due now. Warnings that count from the start count on the longer time and may be given again.
    ///
    /// # Errors
    /// `clock-not-running`; `extension-capped` when the rule knows no extension or it is used up; `extension-not-approved`
    /// when somebody else has to agree.
    pub async fn extend_clock(
        &mut self,
        policy: &PolicyPack,
        kind: &str,
        object_id: impl TypedId,
        approver: Approver,
    ) -> Result<Due, Problem> {
        let mut row = store::lock(self, kind, object_id).await?;
        let now = self.now();
        let paused = row.state == PAUSED;
        if !paused && (row.state != RUNNING || row.due_at <= now) {
            return Err(not_running(&row));
        }
        let rule = row.rule(policy)?;
        let mut course = row.course(rule)?;
        course.extend(rule, approver).map_err(|refused| {
            let code = match refused {
                ExtendError::NotExtendable | ExtendError::UsedUp => &common::EXTENSION_CAPPED,
                ExtendError::NotApproved(_) => &common::EXTENSION_NOT_APPROVED,
            };
            Problem::new(code).internal(format!("{kind}: {refused}"))
        })?;
        let times = course.extended();
        let due = row.go_on(course, rule, policy)?;
        let seen_at = row.paused_at.unwrap_or(now);
        let behind = row.warn_at.iter().filter(|at| **at <= seen_at).count();
        row.warned = i32::try_from(behind).unwrap_or(i32::MAX);
        row.wake_at = (!paused).then(|| next_wake(&row.warn_at, behind, due.at));
        store::update(self, &row).await?;
        let case_id = row.case_id();
        self.publish(
            case_id,
            &ClockExtended {
                clock_id: row.clock_id(),
                kind: row.kind,
                object_id: row.object_id,
                case_id,
                times,
                extended_at: now,
                due_at: due.at,
            },
        )?;
        Ok(due)
    }
}

/// A paused clock goes on; gives when it is due now.
pub(super) async fn resume(
    tx: &mut Tx,
    policy: &PolicyPack,
    mut row: ClockRow,
) -> Result<Due, Problem> {
    let Some(from) = row.paused_at.filter(|_| row.state == PAUSED) else {
        return Err(Problem::new(&common::CLOCK_NOT_PAUSED)
            .internal(format!("{} is {}", row.kind, row.state)));
    };
    let rule = row.rule(policy)?;
    let mut course = row.course(rule)?;
    let resumed_at = tx.now();
    course.changes.push(Change::Paused {
        from,
        to: resumed_at,
    });
    let due = row.go_on(course, rule, policy)?;
    RUNNING.clone_into(&mut row.state);
    row.paused_at = None;
    row.wake_at = Some(next_wake(&row.warn_at, row.warned(), due.at));
    store::update(tx, &row).await?;
    let case_id = row.case_id();
    tx.publish(
        case_id,
        &ClockResumed {
            clock_id: row.clock_id(),
            kind: row.kind,
            object_id: row.object_id,
            case_id,
            resumed_at,
            due_at: due.at,
        },
    )?;
    Ok(due)
}

/// Tells that a clock stands still.
pub(super) fn paused(tx: &mut Tx, row: ClockRow, reason: &str) -> Result<(), Problem> {
    let (case_id, paused_at) = (row.case_id(), tx.now());
    tx.publish(
        case_id,
        &ClockPaused {
            clock_id: row.clock_id(),
            kind: row.kind,
            object_id: row.object_id,
            case_id,
            reason: reason.to_owned(),
            paused_at,
        },
    )
}

impl ClockRow {
    /// Puts end and warn points where a course has them now.
    pub(super) fn go_on(
        &mut self,
        course: Course,
        rule: &ClockRule,
        policy: &PolicyPack,
    ) -> Result<Due, Problem> {
        let due = course.due(policy.calendar());
        let warn_at = instants(&course.warn_at(rule, policy.calendar()));
        self.warned = behind(&self.warn_at, self.warned(), &warn_at);
        self.warn_at = warn_at;
        self.due_at = due.at;
        self.provisional = due.provisional;
        self.course = Some(serde_json::to_value(course).map_err(Problem::unexpected)?);
        Ok(due)
    }
}

/// How many of the moved warn points count as given. They keep their order, so as many as before; when their number changed
/// with the policy, as many are still to come.
fn behind(before: &[DateTime<Utc>], warned: usize, moved: &[DateTime<Utc>]) -> i32 {
    let to_come = before.len().saturating_sub(warned);
    i32::try_from(moved.len().saturating_sub(to_come)).unwrap_or(i32::MAX)
}

fn not_running(row: &ClockRow) -> Problem {
    Problem::new(&common::CLOCK_NOT_RUNNING).internal(format!("{} is {}", row.kind, row.state))
}
