//! Dossiers that came with requests: personal data.

use chassis::{db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, RequestId},
    region::RegionCode,
};
use diesel::{
    ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::dossiers;

/// A dossier that was opened.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossiers)]
pub struct DossierRow {
    /// The request it came with.
    pub request_id: RequestId,
    /// The case.
    pub case_id: CaseId,
    /// The node it came from.
    pub from_node: RegionCode,
    /// The dossier.
    pub body: serde_json::Value,
    /// When the request was signed for.
    pub received_at: DateTime<Utc>,
}

/// Stores one.
///
/// # Errors
/// `unavailable`.
pub async fn insert(tx: &mut Tx, row: &DossierRow) -> Result<(), Problem> {
    diesel::insert_into(dossiers::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The newest dossier of a case.
///
/// # Errors
/// `not-found`.
pub async fn of_case(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<DossierRow, Problem> {
    let query = dossiers::table
        .filter(dossiers::case_id.eq(case_id))
        .order((dossiers::received_at.desc(), dossiers::request_id.desc()));
    Ok(query.select(DossierRow::as_select()).first(conn).await?)
}

/// The dossier that came with a request.
///
/// # Errors
/// `not-found`.
pub async fn of_request(
    conn: &mut AsyncPgConnection,
    id: RequestId,
) -> Result<DossierRow, Problem> {
    let query = dossiers::table.find(id);
    Ok(query.select(DossierRow::as_select()).first(conn).await?)
}
