//! Cases that another node answers for 主办: the services that work on cases keep which they are, and do nothing with them until they
//! come back.

use contracts::{
    events::federation::AccountabilityMoved,
    ids::{CaseId, TypedId as _},
    problems::common,
};
use diesel::{
    QueryableByName,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    db::{Tx, statement},
    http::Problem,
};

/// Keeps which node answers for a case from now on; gives whether it is this one.
pub fn note(tx: &mut Tx, moved: &AccountabilityMoved) -> bool {
    let here = moved.to_node == *tx.node();
    let now = tx.now();
    if here {
        tx.later(
            statement("DELETE FROM cases_elsewhere WHERE case_id = $1")
                .bind::<SqlUuid, _>(moved.case_id.uuid()),
        );
    } else {
        tx.later(
            statement(
                "INSERT INTO cases_elsewhere (case_id, node, since) VALUES ($1, $2, $3)
                 ON CONFLICT (case_id) DO UPDATE SET node = $2, since = $3",
            )
            .bind::<SqlUuid, _>(moved.case_id.uuid())
            .bind::<Text, _>(moved.to_node.to_string())
            .bind::<Timestamptz, _>(now),
        );
    }
    here
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Whether another node answers for a case.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn is_elsewhere(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let row: Found =
        statement("SELECT EXISTS (SELECT 1 FROM cases_elsewhere WHERE case_id = $1) AS found")
            .bind::<SqlUuid, _>(case_id.uuid())
            .get_result(conn)
            .await?;
    Ok(row.found)
}

/// Refuses what is done with a case that another node answers for.
///
/// # Errors
/// `case-elsewhere`; `unavailable` when PostgreSQL is.
pub async fn check_here(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<(), Problem> {
    if is_elsewhere(conn, case_id).await? {
        return Err(Problem::new(&common::CASE_ELSEWHERE));
    }
    Ok(())
}
