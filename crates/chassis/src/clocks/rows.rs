//! The rows of running clocks.

use chrono::{DateTime, Utc};
use contracts::ids::{CaseId, ClockId, TypedId};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use policy::PolicyPack;
use uuid::Uuid;

use crate::{
    db::{Tx, statement},
    http::Problem,
};

/// A clock to start. The times come from the policy pack's rule and calendar.
#[derive(Debug, Clone)]
pub struct NewClock<'a> {
    /// Kind in the policy pack: `triage.decide`.
    pub kind: &'a str,
    /// The object it runs for; one clock of a kind runs for an object.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Whether that rests on a calendar year not announced yet.
    pub provisional: bool,
    /// When to warn, ascending.
    pub warn_at: Vec<DateTime<Utc>>,
}

impl<'a> NewClock<'a> {
    /// The clock `kind` of the policy pack, in the form it has for a dispute type when one is given, started at `start`.
    ///
    /// # Errors
    /// `internal` when the pack has no such clock; never for those it requires.
    pub fn of(
        policy: &PolicyPack,
        kind: &'a str,
        type_code: Option<&str>,
        object: impl TypedId,
        case_id: CaseId,
        start: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let rule = policy.clock(kind, type_code).map_err(Problem::unexpected)?;
        let due = rule.due(start, policy.calendar());
        let warnings = rule.warn_at(start, &due, policy.calendar());
        Ok(Self {
            kind,
            object_id: object.uuid(),
            case_id,
            due_at: due.at,
            provisional: due.provisional,
            warn_at: warnings.into_iter().map(|warning| warning.at).collect(),
        })
    }
}

/// A clock that ran out, as its service's hook sees it.
#[derive(Debug, Clone, QueryableByName)]
pub struct DueClock {
    /// The clock.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Kind in the policy pack.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The object it runs for.
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    /// The case.
    #[diesel(sql_type = SqlUuid)]
    pub case_id: Uuid,
    /// When it is due.
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
    /// When it warns, ascending.
    #[diesel(sql_type = Array<Timestamptz>)]
    pub warn_at: Vec<DateTime<Utc>>,
    /// How many warn points are behind it.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub warned: i32,
}

impl Tx {
    /// Starts a clock when the transaction ends; one of the same kind for the same object starts anew.
    pub fn start_clock(&mut self, clock: &NewClock<'_>) {
        let (id, now) = (self.new_id::<ClockId>().uuid(), self.now());
        let wake_at = clock
            .warn_at
            .iter()
            .copied()
            .filter(|at| *at < clock.due_at)
            .min()
            .unwrap_or(clock.due_at);
        self.later(
            statement(
            "INSERT INTO clocks (id, kind, object_id, case_id, started_at, due_at, provisional, warn_at, state, wake_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9)
             ON CONFLICT (kind, object_id) DO UPDATE SET started_at = $5, due_at = $6, provisional = $7, warn_at = $8,
                 warned = 0, state = 'running', wake_at = $9, ended_at = NULL",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(clock.kind.to_owned())
        .bind::<SqlUuid, _>(clock.object_id)
        .bind::<SqlUuid, _>(clock.case_id.uuid())
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(clock.due_at)
        .bind::<Bool, _>(clock.provisional)
        .bind::<Array<Timestamptz>, _>(clock.warn_at.clone())
        .bind::<Timestamptz, _>(wake_at),
        );
    }

    /// Stops a clock when the transaction ends. It is no error when none runs.
    pub fn stop_clock(&mut self, kind: &str, object_id: impl TypedId) {
        let now = self.now();
        self.later(
            statement(
                "UPDATE clocks SET state = 'stopped', wake_at = NULL, ended_at = $3
                 WHERE kind = $1 AND object_id = $2 AND state = 'running'",
            )
            .bind::<Text, _>(kind.to_owned())
            .bind::<SqlUuid, _>(object_id.uuid())
            .bind::<Timestamptz, _>(now),
        );
    }
}

/// Locks the clocks whose wake time has come; a clock that another process holds is passed over.
pub(super) async fn claim(tx: &mut Tx, limit: i32) -> Result<Vec<DueClock>, Problem> {
    let now = tx.now();
    let rows = statement(
        "SELECT id, kind, object_id, case_id, due_at, warn_at, warned FROM clocks
         WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<diesel::sql_types::Integer, _>(limit)
    .get_results(tx.conn())
    .await?;
    Ok(rows)
}

/// Notes what became of a claimed clock: `wake_at` `None` = it ran out.
pub(super) async fn wake_next(
    tx: &mut Tx,
    id: Uuid,
    warned: i32,
    wake_at: Option<DateTime<Utc>>,
) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "UPDATE clocks SET warned = $2, wake_at = $3, state = CASE WHEN $3 IS NULL THEN 'breached' ELSE state END,
             ended_at = CASE WHEN $3 IS NULL THEN $4 END WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<diesel::sql_types::Integer, _>(warned)
    .bind::<diesel::sql_types::Nullable<Timestamptz>, _>(wake_at)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
