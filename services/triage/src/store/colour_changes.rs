//! Changes of the risk colour. Whoever may see the case may see them.

use chassis::http::Problem;
use contracts::ids::CaseId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::ColourChange, schema::colour_changes};

/// Stores a change.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, change: &ColourChange) -> Result<(), Problem> {
    diesel::insert_into(colour_changes::table)
        .values(change)
        .execute(conn)
        .await?;
    Ok(())
}

/// The changes of a case, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<ColourChange>, Problem> {
    let rows = colour_changes::table
        .filter(colour_changes::case_id.eq(case_id))
        .order((colour_changes::changed_at, colour_changes::id))
        .select(ColourChange::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}
