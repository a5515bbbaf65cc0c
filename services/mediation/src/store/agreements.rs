//! Table `agreements`.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use contracts::ids::{AgreementId, CaseId};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::changed_one;
use crate::{domain::agreement::Agreement, schema::agreements};

/// The agreement, locked for a command; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn load(tx: &mut Tx, id: AgreementId, scope: &Scope) -> Result<Agreement, Problem> {
    let query = agreements::table
        .filter(agreements::id.eq(id))
        .filter(visible!(agreements, scope))
        .for_update();
    Ok(query
        .select(Agreement::as_select())
        .first(tx.conn())
        .await?)
}

/// The agreement, for reading; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
    scope: &Scope,
) -> Result<Agreement, Problem> {
    let query = agreements::table
        .filter(agreements::id.eq(id))
        .filter(visible!(agreements, scope));
    Ok(query.select(Agreement::as_select()).first(conn).await?)
}

/// The case of an agreement.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn case_of(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
    scope: &Scope,
) -> Result<CaseId, Problem> {
    let query = agreements::table
        .filter(agreements::id.eq(id))
        .filter(visible!(agreements, scope));
    Ok(query.select(agreements::case_id).first(conn).await?)
}

/// Stores a new agreement.
///
/// # Errors
/// `unavailable`.
pub async fn insert(tx: &mut Tx, agreement: &Agreement) -> Result<(), Problem> {
    let insert = diesel::insert_into(agreements::table).values(agreement);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// Stores an agreement that was drafted anew, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn redraft(tx: &mut Tx, agreement: &Agreement, seen: i64) -> Result<(), Problem> {
    let before = agreements::table
        .find(agreement.id)
        .filter(agreements::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            agreements::state.eq(agreement.state),
            agreements::form.eq(agreement.form),
            agreements::facts.eq(&agreement.facts),
            agreements::content.eq(&agreement.content),
            agreements::content_codes.eq(&agreement.content_codes),
            agreements::amount_fen.eq(agreement.amount_fen),
            agreements::clauses.eq(&agreement.clauses),
            agreements::immediate.eq(agreement.immediate),
            agreements::remaining.eq(agreement.remaining),
            agreements::effective_at.eq(agreement.effective_at),
            agreements::version.eq(agreement.version),
            agreements::updated_at.eq(agreement.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// Stores what signing and performance change of an agreement, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn update(tx: &mut Tx, agreement: &Agreement, seen: i64) -> Result<(), Problem> {
    let before = agreements::table
        .find(agreement.id)
        .filter(agreements::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            agreements::state.eq(agreement.state),
            agreements::signatures.eq(&agreement.signatures),
            agreements::remaining.eq(agreement.remaining),
            agreements::effective_at.eq(agreement.effective_at),
            agreements::version.eq(agreement.version),
            agreements::updated_at.eq(agreement.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}
