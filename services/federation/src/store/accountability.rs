//! Who answers for a case.

use chassis::{db::Tx, http::Problem};
use contracts::{border::HandsOver, ids::CaseId, region::RegionCode};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::Accountability,
    schema::{accountability, requests},
};

/// Who answers for a case; `None` when it was never handed over.
///
/// # Errors
/// `unavailable`.
pub async fn find(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<Accountability>, Problem> {
    let query = accountability::table.find(case_id);
    Ok(query
        .select(Accountability::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Another node answers for a case from now on; false when a later hand-over is known already.
///
/// # Errors
/// `unavailable`.
pub async fn put(tx: &mut Tx, row: &Accountability) -> Result<bool, Problem> {
    let upsert = diesel::insert_into(accountability::table)
        .values(row)
        .on_conflict(accountability::case_id)
        .do_update()
        .set(row);
    let later = accountability::handover.lt(excluded(accountability::handover));
    let changed = diesel::query_dsl::methods::FilterDsl::filter(upsert, later)
        .execute(tx.conn())
        .await?;
    Ok(changed == 1)
}

/// The node that was the first to let another take part in a case: its own, as far as this node knows.
///
/// # Errors
/// `unavailable`.
pub async fn first_sender(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<RegionCode>, Problem> {
    let query = requests::table
        .filter(requests::case_id.eq(case_id))
        .filter(requests::hands_over.ne(HandsOver::None))
        .order((requests::created_at, requests::id));
    Ok(query
        .select(requests::from_node)
        .first(conn)
        .await
        .optional()?)
}
