//! Table `obligations`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::NaiveDate;
use contracts::ids::{AgreementId, CaseId, ObligationId};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::changed_one;
use crate::{
    api::list_obligations::ObligationFilter, domain::obligation::Obligation, schema::obligations,
};

/// Where a page of the list ended.
pub type PageKey = (NaiveDate, ObligationId);

/// The obligation, locked for a command; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn load(tx: &mut Tx, id: ObligationId, scope: &Scope) -> Result<Obligation, Problem> {
    let query = obligations::table
        .filter(obligations::id.eq(id))
        .filter(visible!(obligations, scope))
        .for_update();
    Ok(query
        .select(Obligation::as_select())
        .first(tx.conn())
        .await?)
}

/// The obligation a clock runs for; none when there is none any more.
///
/// # Errors
/// `unavailable`.
pub async fn of_clock(tx: &mut Tx, id: ObligationId) -> Result<Option<Obligation>, Problem> {
    let row = obligations::table
        .find(id)
        .select(Obligation::as_select())
        .first(tx.conn())
        .await;
    Ok(row.optional()?)
}

/// The case of an obligation.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn case_of(
    conn: &mut AsyncPgConnection,
    id: ObligationId,
    scope: &Scope,
) -> Result<CaseId, Problem> {
    let query = obligations::table
        .filter(obligations::id.eq(id))
        .filter(visible!(obligations, scope));
    Ok(query.select(obligations::case_id).first(conn).await?)
}

/// Stores the obligations of an agreement that took effect.
///
/// # Errors
/// `unavailable`.
pub async fn insert_all(tx: &mut Tx, rows: &[Obligation]) -> Result<(), Problem> {
    let insert = diesel::insert_into(obligations::table).values(rows);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// Stores a changed obligation, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn update(tx: &mut Tx, obligation: &Obligation, seen: i64) -> Result<(), Problem> {
    let before = obligations::table
        .find(obligation.id)
        .filter(obligations::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            obligations::state.eq(obligation.state),
            obligations::fulfilled_on.eq(obligation.fulfilled_on),
            obligations::proof.eq(&obligation.proof),
            obligations::default_reason.eq(&obligation.default_reason),
            obligations::default_ways.eq(&obligation.default_ways),
            obligations::version.eq(obligation.version),
            obligations::updated_at.eq(obligation.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// The obligations of an agreement, the earliest due first. Whether the caller may see it is checked before.
///
/// # Errors
/// `unavailable`.
pub async fn of_agreement(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
) -> Result<Vec<Obligation>, Problem> {
    let query = obligations::table
        .filter(obligations::agreement_id.eq(id))
        .order((obligations::due_on, obligations::id));
    Ok(query.select(Obligation::as_select()).load(conn).await?)
}

/// One page of the obligations a caller may see, the earliest due first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ObligationFilter,
    page: &Page,
) -> Result<Vec<Obligation>, Problem> {
    let mut query = obligations::table
        .filter(visible!(obligations, scope))
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(obligations::state.eq(state));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(obligations::due_on.lt(day));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(obligations::case_id.eq(case_id));
    }
    if let Some((due_on, id)) = page.after::<PageKey>()? {
        let that_day = obligations::due_on.eq(due_on).and(obligations::id.gt(id));
        query = query.filter(obligations::due_on.gt(due_on).or(that_day));
    }
    let query = query
        .order((obligations::due_on, obligations::id))
        .limit(page.fetch());
    Ok(query.select(Obligation::as_select()).load(conn).await?)
}
