//! The clocks of a case that another node answers for stand still, and go on when it comes back.

use contracts::ids::{CaseId, TypedId as _};
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use policy::PolicyPack;

use super::{
    MovedClock, change,
    store::{self, ClockRow, columns},
};
use crate::{
    db::{Tx, statement},
    http::Problem,
    service::ServiceModule,
};

/// Why they stand still; no reason of the policy pack's pause list.
const ELSEWHERE: &str = "elsewhere";

/// Lets every open clock of a case stand still: none warns, runs out or reminds. One that stands still already stays as it is; one
/// whose end has come and only waits to be claimed runs out.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn hold(tx: &mut Tx, case_id: CaseId) -> Result<(), Problem> {
    // Clocks that an event before this one has started in the same transaction.
    tx.write_now().await?;
    let now = tx.now();
    let rows: Vec<ClockRow> = statement(concat!(
        "UPDATE clocks SET state = 'paused', paused_at = $2, pause_reason = $3, wake_at = NULL
         WHERE case_id = $1 AND ended_at IS NULL AND (state = 'breached' OR state = 'running' AND due_at > $2) RETURNING ",
        columns!()
    ))
    .bind::<SqlUuid, _>(case_id.uuid())
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(ELSEWHERE)
    .get_results(tx.conn())
    .await?;
    for row in rows {
        change::paused(tx, row, ELSEWHERE)?;
    }
    Ok(())
}

/// Lets those clocks go on: their ends move by the time they stood still. One that had run out is overdue again.
///
/// # Errors
/// `unavailable` when PostgreSQL is; what the service's hook gives.
pub async fn release<S: ServiceModule>(
    state: &S,
    tx: &mut Tx,
    policy: &PolicyPack,
    case_id: CaseId,
) -> Result<(), Problem> {
    tx.write_now().await?;
    let rows: Vec<ClockRow> = statement(concat!(
        "SELECT ",
        columns!(),
        " FROM clocks WHERE case_id = $1 AND ended_at IS NULL AND pause_reason = $2 ORDER BY id FOR UPDATE"
    ))
    .bind::<SqlUuid, _>(case_id.uuid())
    .bind::<Text, _>(ELSEWHERE)
    .get_results(tx.conn())
    .await?;
    for mut row in rows {
        if row.breached_at.is_some() {
            "breached".clone_into(&mut row.state);
            row.paused_at = None;
            row.wake_at = row.warn_at.get(row.warned()).copied();
            store::update(tx, &row).await?;
            continue;
        }
        let (kind, object_id, case_id) = (row.kind.clone(), row.object_id, row.case_id);
        let due = change::resume(tx, policy, row).await?;
        let moved = MovedClock {
            kind,
            object_id,
            case_id,
            due,
        };
        state.clock_moved(tx, &moved).await?;
    }
    Ok(())
}
