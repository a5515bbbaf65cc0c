//! Urgings. Whoever may see the case may see them.

use chassis::http::Problem;
use contracts::ids::CaseId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::Urge, schema::urges};

/// Stores an urging; false when the clock has led to one before.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, urge: &Urge) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(urges::table)
        .values(urge)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(inserted > 0)
}

/// The urgings of a case, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<Vec<Urge>, Problem> {
    let rows = urges::table
        .filter(urges::case_id.eq(case_id))
        .order((urges::urged_at, urges::id))
        .select(Urge::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}
