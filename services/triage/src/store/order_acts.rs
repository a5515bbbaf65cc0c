//! What changed the time of orders. Whoever may see the case may see it.

use chassis::http::Problem;
use contracts::ids::CaseId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::OrderAct, schema::order_acts};

/// Stores an act.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, act: &OrderAct) -> Result<(), Problem> {
    diesel::insert_into(order_acts::table)
        .values(act)
        .execute(conn)
        .await?;
    Ok(())
}

/// The acts about a case, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<OrderAct>, Problem> {
    let rows = order_acts::table
        .filter(order_acts::case_id.eq(case_id))
        .order((order_acts::done_at, order_acts::id))
        .select(OrderAct::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}
