//! Table `proceedings`.

use chassis::{
    db::Tx,
    elsewhere,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, MediatorId, ProceedingId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _,
    PgArrayExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::changed_one;
use crate::{
    api::list_proceedings::ProceedingFilter,
    domain::proceeding::{Proceeding, ProceedingState},
    schema::proceedings,
};

/// The proceeding, locked for a command; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`; `case-elsewhere` while another node answers for its case; `unavailable`.
pub async fn load(tx: &mut Tx, id: ProceedingId, scope: &Scope) -> Result<Proceeding, Problem> {
    let query = proceedings::table
        .filter(proceedings::id.eq(id))
        .filter(visible!(proceedings, scope))
        .for_update();
    let found: Proceeding = query
        .select(Proceeding::as_select())
        .first(tx.conn())
        .await?;
    elsewhere::check_here(tx.conn(), found.case_id).await?;
    Ok(found)
}

/// The proceeding, for reading; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
    scope: &Scope,
) -> Result<Proceeding, Problem> {
    let query = proceedings::table
        .filter(proceedings::id.eq(id))
        .filter(visible!(proceedings, scope));
    Ok(query.select(Proceeding::as_select()).first(conn).await?)
}

/// The proceeding a clock runs for, locked; none when there is none any more.
///
/// # Errors
/// `unavailable`.
pub async fn of_clock(tx: &mut Tx, id: ProceedingId) -> Result<Option<Proceeding>, Problem> {
    let query = proceedings::table.find(id).for_update();
    Ok(query
        .select(Proceeding::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// The case of a proceeding.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn case_of(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
    scope: &Scope,
) -> Result<CaseId, Problem> {
    let query = proceedings::table
        .filter(proceedings::id.eq(id))
        .filter(visible!(proceedings, scope));
    Ok(query.select(proceedings::case_id).first(conn).await?)
}

/// Whether a proceeding of a case has not ended.
///
/// # Errors
/// `unavailable`.
pub async fn is_open(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let open = proceedings::table
        .filter(proceedings::case_id.eq(case_id))
        .filter(proceedings::ended_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(open))
        .get_result(conn)
        .await?)
}

/// The mediators of a proceeding; the first presides.
///
/// # Errors
/// `unavailable`.
pub async fn mediators_of(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
) -> Result<Vec<MediatorId>, Problem> {
    let query = proceedings::table
        .find(id)
        .select(proceedings::mediator_ids);
    Ok(query.first(conn).await.optional()?.unwrap_or_default())
}

/// The open proceedings over which a mediator presides.
///
/// # Errors
/// `unavailable`.
pub async fn presided_by(
    conn: &mut AsyncPgConnection,
    mediator: MediatorId,
) -> Result<Vec<Proceeding>, Problem> {
    let query = proceedings::table
        .filter(proceedings::ended_at.is_null())
        .filter(proceedings::mediator_ids.contains(vec![mediator]));
    let rows: Vec<Proceeding> = query.select(Proceeding::as_select()).load(conn).await?;
    let presides = |of: &Proceeding| of.presiding() == Some(mediator);
    Ok(rows.into_iter().filter(presides).collect())
}

/// Stores a new proceeding.
///
/// # Errors
/// `conflict` when the order has one; `unavailable`.
pub async fn insert(tx: &mut Tx, proceeding: &Proceeding) -> Result<(), Problem> {
    let of_order = proceedings::table
        .filter(proceedings::order_id.eq(proceeding.order_id))
        .filter(proceedings::released.eq(false))
        .filter(proceedings::state.ne(ProceedingState::AgreementDismissed));
    let has_one = diesel::select(diesel::dsl::exists(of_order));
    if has_one.get_result(tx.conn()).await? {
        return Err(Problem::new(&common::CONFLICT));
    }
    let insert = diesel::insert_into(proceedings::table).values(proceeding);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// Stores a changed proceeding, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn update(tx: &mut Tx, proceeding: &Proceeding, seen: i64) -> Result<(), Problem> {
    let before = proceedings::table
        .find(proceeding.id)
        .filter(proceedings::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            proceedings::state.eq(proceeding.state),
            proceedings::parties.eq(&proceeding.parties),
            proceedings::mediator_ids.eq(&proceeding.mediator_ids),
            proceedings::disclosures.eq(&proceeding.disclosures),
            proceedings::sessions.eq(proceeding.sessions),
            proceedings::agreement_id.eq(proceeding.agreement_id),
            proceedings::started_at.eq(proceeding.started_at),
            proceedings::due_at.eq(proceeding.due_at),
            proceedings::ending.eq(proceeding.ending.as_ref()),
            proceedings::ended_at.eq(proceeding.ended_at),
            proceedings::course.eq(&proceeding.course),
            proceedings::version.eq(proceeding.version),
            proceedings::updated_at.eq(proceeding.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// Lets the orders of a case have new proceedings besides those that had ended when it was opened again.
///
/// # Errors
/// `unavailable`.
pub async fn release(tx: &mut Tx, case_id: CaseId, at: DateTime<Utc>) -> Result<(), Problem> {
    let ended = proceedings::table
        .filter(proceedings::case_id.eq(case_id))
        .filter(proceedings::ended_at.le(at));
    diesel::update(ended)
        .set(proceedings::released.eq(true))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// One page of the proceedings a caller may see, the newest first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ProceedingFilter,
    page: &Page,
) -> Result<Vec<Proceeding>, Problem> {
    let mut query = proceedings::table
        .filter(visible!(proceedings, scope))
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(proceedings::state.eq(state));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(proceedings::case_id.eq(case_id));
    }
    if let Some(after) = page.after::<ProceedingId>()? {
        query = query.filter(proceedings::id.lt(after));
    }
    let query = query.order(proceedings::id.desc()).limit(page.fetch());
    Ok(query.select(Proceeding::as_select()).load(conn).await?)
}
