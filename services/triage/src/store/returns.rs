//! Returns of orders. Whoever may see the case or the order may see them.

use chassis::http::Problem;
use contracts::{
    ids::{CaseId, DispatchOrderId},
    problems::common,
};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{Return, ReturnState},
    schema::returns,
};

/// The returns of a case, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<Return>, Problem> {
    let rows = returns::table
        .filter(returns::case_id.eq(case_id))
        .order((returns::asked_at, returns::number))
        .select(Return::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// The return of an order that waits for an answer.
///
/// # Errors
/// `transition-not-allowed` when none does.
pub async fn asked(
    conn: &mut AsyncPgConnection,
    order_id: DispatchOrderId,
) -> Result<Return, Problem> {
    let found = returns::table
        .filter(returns::order_id.eq(order_id))
        .filter(returns::state.eq(ReturnState::Asked))
        .select(Return::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::TRANSITION_NOT_ALLOWED))
}

/// Stores a return that was asked for.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, asked: &Return) -> Result<(), Problem> {
    diesel::insert_into(returns::table)
        .values(asked)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores the answer to a return.
///
/// # Errors
/// `stale-version` when somebody else answered it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, decided: &Return) -> Result<(), Problem> {
    let row = returns::table.find((decided.order_id, decided.number));
    let updated = diesel::update(row)
        .filter(returns::state.eq(ReturnState::Asked))
        .set(decided)
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}
