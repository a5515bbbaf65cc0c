//! A year was announced: the clocks that rested on it are computed again.

use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use policy::{CurrentPolicy, PolicyPack};
use uuid::Uuid;

use super::{
    MovedClock,
    start::next_wake,
    store::{self, ClockRow, columns},
};
use crate::{
    db::{Cause, Db, Tx, statement},
    http::Problem,
    service::ServiceModule,
};

/// Rows a transaction computes again.
const BATCH: usize = 200;

/// Computes provisional clocks again when another pack is in force, and once after the start of a process.
pub(super) struct Announcements {
    policy: CurrentPolicy,
    /// Version of the pack they were computed with last.
    done: Option<String>,
}

impl Announcements {
    pub fn new(policy: CurrentPolicy) -> Self {
        Self { policy, done: None }
    }

    /// Does it when it is time; a fault leaves it for the next look.
    pub async fn follow<S: ServiceModule>(&mut self, state: &S, db: &Db) -> Result<(), Problem> {
        let policy: &PolicyPack = &self.policy;
        if self.done.as_deref() == Some(policy.version()) {
            return Ok(());
        }
        let mut after = Uuid::nil();
        let mut moved = 0;
        loop {
            let cause = Cause::new(db.time());
            let batch = db.tx("provisional_clocks", &cause, async |tx| {
                again(state, tx, policy, after).await
            });
            let batch = batch.await?;
            moved += batch.moved;
            match batch.last {
                Some(last) => after = last,
                None => break,
            }
        }
        if moved > 0 {
            tracing::info!(service = %db.service(), clocks = moved, "an announced year moved provisional deadlines");
        }
        self.done = Some(policy.version().to_owned());
        Ok(())
    }
}

struct Batch {
    moved: usize,
    /// Id after which the next one begins; none after the last.
    last: Option<Uuid>,
}

async fn again<S: ServiceModule>(
    state: &S,
    tx: &mut Tx,
    policy: &PolicyPack,
    after: Uuid,
) -> Result<Batch, Problem> {
    let rows: Vec<ClockRow> = statement(concat!(
        "SELECT ",
        columns!(),
        " FROM clocks WHERE provisional AND ended_at IS NULL AND state <> 'breached' AND id > $1
          ORDER BY id LIMIT $2 FOR UPDATE"
    ))
    .bind::<SqlUuid, _>(after)
    .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX))
    .get_results(tx.conn())
    .await?;
    let last = rows
        .last()
        .map(|row| row.id)
        .filter(|_| rows.len() == BATCH);
    let mut moved = 0;
    for row in rows {
        moved += usize::from(one(state, tx, policy, row).await?);
    }
    Ok(Batch { moved, last })
}

/// Whether it was moved, or rests on an announced year now.
async fn one<S: ServiceModule>(
    state: &S,
    tx: &mut Tx,
    policy: &PolicyPack,
    mut row: ClockRow,
) -> Result<bool, Problem> {
    // A kind that the pack no longer has keeps its end.
    let Ok(rule) = row.rule(policy) else {
        return Ok(false);
    };
    let course = row.course(rule)?;
    let before = (row.due_at, row.provisional, row.warn_at.clone());
    let due = row.go_on(course, rule, policy)?;
    if before == (row.due_at, row.provisional, row.warn_at.clone()) {
        return Ok(false);
    }
    // A warning that is earlier now than this moment is given at once, and an end that is past takes effect at once.
    if row.paused_at.is_none() {
        row.wake_at = Some(next_wake(&row.warn_at, row.warned(), due.at));
    }
    store::update(tx, &row).await?;
    let moved = MovedClock {
        kind: row.kind,
        object_id: row.object_id,
        case_id: row.case_id,
        due,
    };
    state.clock_moved(tx, &moved).await?;
    Ok(true)
}
