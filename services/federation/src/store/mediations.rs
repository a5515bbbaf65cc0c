//! Mediations of this node that have not ended.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::ids::{CaseId, ProceedingId, TypedId as _};
use diesel::{QueryableByName, sql_types::Bool, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Notes one that was opened.
pub fn opened(tx: &mut Tx, id: ProceedingId, case_id: CaseId) {
    tx.later(
        statement("INSERT INTO mediations (proceeding_id, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<SqlUuid, _>(case_id.uuid()),
    );
}

/// Notes that one has ended.
pub fn ended(tx: &mut Tx, id: ProceedingId) {
    tx.later(
        statement("DELETE FROM mediations WHERE proceeding_id = $1").bind::<SqlUuid, _>(id.uuid()),
    );
}

#[derive(QueryableByName)]
struct Running {
    #[diesel(sql_type = Bool)]
    running: bool,
}

/// Whether a case is being mediated.
///
/// # Errors
/// `unavailable`.
pub async fn running(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let row: Running =
        statement("SELECT EXISTS (SELECT 1 FROM mediations WHERE case_id = $1) AS running")
            .bind::<SqlUuid, _>(case_id.uuid())
            .get_result(conn)
            .await?;
    Ok(row.running)
}
