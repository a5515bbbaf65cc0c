//! The rows of clocks: read under a lock, and written back.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    ids::{CaseId, ClockId, TypedId},
    problems::common,
};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use policy::{
    ClockRule, Due, PolicyPack,
    clock::{BreachEffect, Course, Unit, due::beijing_date},
};
use uuid::Uuid;

use super::sql::CLAIM;
use crate::{
    db::{Db, Tx, statement},
    http::Problem,
};

/// A clock that ran out, as its service's hook sees it.
#[derive(Debug, Clone)]
pub struct DueClock {
    /// The clock.
    pub id: Uuid,
    /// Kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// What the policy pack says follows.
    pub breach: BreachEffect,
}

/// A clock that an announced year, or the time its case was elsewhere, moved, as its service's hook sees it.
#[derive(Debug, Clone)]
pub struct MovedClock {
    /// Kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// When it is due now.
    pub due: Due,
}

/// The columns of a [`ClockRow`].
macro_rules! columns {
    () => {
        "id, kind, rule, object_id, case_id, organisation_id, started_at, due_at, provisional, course, warn_at, warned, state, paused_at, \
         breached_at, wake_at"
    };
}
pub(super) use columns;

/// A row.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct ClockRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub rule: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub case_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub organisation_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub provisional: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub course: Option<serde_json::Value>,
    #[diesel(sql_type = Array<Timestamptz>)]
    pub warn_at: Vec<DateTime<Utc>>,
    /// How many warn points are behind it.
    #[diesel(sql_type = Integer)]
    pub warned: i32,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paused_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub breached_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub wake_at: Option<DateTime<Utc>>,
}

impl ClockRow {
    pub fn case_id(&self) -> CaseId {
        CaseId::from(self.case_id)
    }

    pub fn clock_id(&self) -> ClockId {
        ClockId::from(self.id)
    }

    pub fn warned(&self) -> usize {
        usize::try_from(self.warned).unwrap_or(0)
    }

    /// Its rule in the pack in force.
    pub fn rule<'a>(&self, policy: &'a PolicyPack) -> Result<&'a ClockRule, Problem> {
        let own = self.rule.as_deref().and_then(|id| policy.clocks().get(id));
        match own {
            Some(rule) => Ok(rule),
            None => policy.clock(&self.kind, None).map_err(Problem::unexpected),
        }
    }

    /// Its course; one that an older release started is taken to end where it does.
    pub fn course(&self, rule: &ClockRule) -> Result<Course, Problem> {
        if let Some(course) = &self.course {
            return serde_json::from_value(course.clone()).map_err(Problem::unexpected);
        }
        let last_day = beijing_date(self.due_at - TimeDelta::seconds(1));
        let in_days = matches!(rule.unit, Unit::Day | Unit::WorkingDay | Unit::Month);
        Ok(Course {
            start: self.started_at,
            on_day: in_days.then_some(last_day),
            terms: rule.terms(),
            changes: Vec::new(),
        })
    }
}

/// Locks the clocks whose wake time has come; a clock that another process holds is passed over.
pub(super) async fn claim(tx: &mut Tx, limit: i32) -> Result<Vec<ClockRow>, Problem> {
    let now = tx.now();
    let rows = statement(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(limit)
        .get_results(tx.conn())
        .await?;
    Ok(rows)
}

#[derive(QueryableByName)]
struct Waking {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The clocks whose wake time has come, without a lock.
pub(super) async fn due(db: &Db, limit: i32) -> Result<Vec<Uuid>, Problem> {
    let now = db.time().now();
    let rows: Vec<Waking> =
        statement("SELECT id FROM clocks WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(limit)
            .get_results(&mut db.read().await?)
            .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Locks one of them; none when another process has it, or it is handled.
pub(super) async fn claim_one(tx: &mut Tx, id: Uuid) -> Result<Option<ClockRow>, Problem> {
    let now = tx.now();
    let row = statement(concat!(
        "SELECT ",
        columns!(),
        " FROM clocks WHERE id = $1 AND wake_at <= $2 FOR UPDATE SKIP LOCKED"
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .get_result::<ClockRow>(tx.conn())
    .await
    .optional()?;
    Ok(row)
}

/// Writes when a clock wakes, and nothing else.
pub(super) async fn wake(tx: &mut Tx, row: &ClockRow) -> Result<(), Problem> {
    statement("UPDATE clocks SET wake_at = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(row.id)
        .bind::<Nullable<Timestamptz>, _>(row.wake_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Locks the clock of a kind for an object.
///
/// # Errors
/// `clock-not-running` when it never ran.
pub(super) async fn lock(
    tx: &mut Tx,
    kind: &str,
    object_id: impl TypedId,
) -> Result<ClockRow, Problem> {
    let row = statement(concat!(
        "SELECT ",
        columns!(),
        " FROM clocks WHERE kind = $1 AND object_id = $2 FOR UPDATE"
    ))
    .bind::<Text, _>(kind.to_owned())
    .bind::<SqlUuid, _>(object_id.uuid())
    .get_result::<ClockRow>(tx.conn())
    .await
    .optional()?;
    row.ok_or_else(|| Problem::new(&common::CLOCK_NOT_RUNNING).internal(format!("no {kind}")))
}

/// Writes how a clock runs on.
pub(super) async fn update(tx: &mut Tx, row: &ClockRow) -> Result<(), Problem> {
    statement(
        "UPDATE clocks SET due_at = $2, provisional = $3, course = $4, warn_at = $5, warned = $6, state = $7, wake_at = $8,
             paused_at = $9, pause_reason = CASE WHEN $9 IS NOT NULL THEN pause_reason END WHERE id = $1",
    )
    .bind::<SqlUuid, _>(row.id)
    .bind::<Timestamptz, _>(row.due_at)
    .bind::<Bool, _>(row.provisional)
    .bind::<Nullable<Jsonb>, _>(row.course.clone())
    .bind::<Array<Timestamptz>, _>(row.warn_at.clone())
    .bind::<Integer, _>(row.warned)
    .bind::<Text, _>(row.state.clone())
    .bind::<Nullable<Timestamptz>, _>(row.wake_at)
    .bind::<Nullable<Timestamptz>, _>(row.paused_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A running clock stands still from now on.
pub(super) async fn pause(tx: &mut Tx, id: Uuid, reason: &str) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "UPDATE clocks SET state = 'paused', paused_at = $2, pause_reason = $3, wake_at = NULL WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(reason.to_owned())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A clock ran out; `ended` when nothing is left to be done, else what was to be done is overdue.
pub(super) async fn breach(tx: &mut Tx, row: &ClockRow, ended: bool) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "UPDATE clocks SET state = 'breached', breached_at = $2, warned = $3, wake_at = $4, ended_at = CASE WHEN $5 THEN $2 END
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(row.id)
    .bind::<Timestamptz, _>(now)
    .bind::<Integer, _>(row.warned)
    .bind::<Nullable<Timestamptz>, _>(row.wake_at)
    .bind::<Bool, _>(ended)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A clock gave a warning and wakes again, or not.
pub(super) async fn warned(tx: &mut Tx, row: &ClockRow) -> Result<(), Problem> {
    statement("UPDATE clocks SET warned = $2, wake_at = $3 WHERE id = $1")
        .bind::<SqlUuid, _>(row.id)
        .bind::<Integer, _>(row.warned)
        .bind::<Nullable<Timestamptz>, _>(row.wake_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}
