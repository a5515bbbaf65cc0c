//! Table `agreements`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use contracts::ids::{AgreementId, CaseId, ProceedingId};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::changed_one;
use crate::{
    api::list_agreements::AgreementFilter,
    domain::{
        agreement::{Agreement, AgreementState},
        proceeding::{Proceeding, ProceedingState},
    },
    schema::{agreements, proceedings},
};

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

/// The proceeding of an agreement; none when it is not here.
///
/// # Errors
/// `unavailable`.
pub async fn proceeding_of(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
) -> Result<Option<ProceedingId>, Problem> {
    let query = agreements::table.find(id).select(agreements::proceeding_id);
    Ok(query.first(conn).await.optional()?)
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
            agreements::partial.eq(agreement.partial),
            agreements::open_issues.eq(&agreement.open_issues),
            agreements::oral_number.eq(&agreement.oral_number),
            agreements::effective_at.eq(agreement.effective_at),
            agreements::version.eq(agreement.version),
            agreements::updated_at.eq(agreement.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// Stores an agreement with its new version, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn amend(tx: &mut Tx, agreement: &Agreement, seen: i64) -> Result<(), Problem> {
    let before = agreements::table
        .find(agreement.id)
        .filter(agreements::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            agreements::state.eq(agreement.state),
            agreements::facts.eq(&agreement.facts),
            agreements::content.eq(&agreement.content),
            agreements::content_codes.eq(&agreement.content_codes),
            agreements::amount_fen.eq(agreement.amount_fen),
            agreements::clauses.eq(&agreement.clauses),
            agreements::signatures.eq(&agreement.signatures),
            agreements::remaining.eq(agreement.remaining),
            agreements::amendment.eq(&agreement.amendment),
            agreements::history.eq(&agreement.history),
            agreements::confirmed.eq(agreement.confirmed),
            agreements::enforceable_by.eq(&agreement.enforceable_by),
            agreements::version.eq(agreement.version),
            agreements::updated_at.eq(agreement.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// The agreement of an event, locked; none when it is not here.
///
/// # Errors
/// `unavailable`.
pub async fn of_event(tx: &mut Tx, id: AgreementId) -> Result<Option<Agreement>, Problem> {
    let query = agreements::table.find(id).for_update();
    let row = query.select(Agreement::as_select()).first(tx.conn()).await;
    Ok(row.optional()?)
}

/// Notes whether an agreement is confirmed by the court.
///
/// # Errors
/// `unavailable`.
pub async fn confirm(tx: &mut Tx, id: AgreementId, confirmed: bool) -> Result<(), Problem> {
    diesel::update(agreements::table.find(id))
        .set(agreements::confirmed.eq(confirmed))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes by which other ways an agreement can be enforced.
///
/// # Errors
/// `unavailable`.
pub async fn enforceable_by(tx: &mut Tx, id: AgreementId, ways: &[String]) -> Result<(), Problem> {
    diesel::update(agreements::table.find(id))
        .set(agreements::enforceable_by.eq(ways))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The agreements of a case that the court did not confirm and that still bind, locked: a new one takes their place. The one `newer`
/// came of takes also that of one of the same order that was agreed again while it was made, unless the court has confirmed that.
///
/// # Errors
/// `unavailable`.
pub async fn dismissed_of(
    tx: &mut Tx,
    case_id: CaseId,
    newer: Option<&Proceeding>,
) -> Result<Vec<Agreement>, Problem> {
    let of_case = proceedings::table
        .filter(proceedings::case_id.eq(case_id))
        .select(proceedings::id)
        .into_boxed();
    let dismissed = proceedings::state.eq(ProceedingState::AgreementDismissed);
    let replaced = match newer {
        None => of_case.filter(dismissed),
        Some(newer) => {
            let of_order = proceedings::order_id.eq(newer.order_id);
            let agreed = proceedings::state.eq(ProceedingState::Agreed);
            let older = of_order.and(agreed).and(proceedings::id.ne(newer.id));
            of_case.filter(dismissed.or(older))
        }
    };
    let query = agreements::table
        .filter(agreements::proceeding_id.eq_any(replaced))
        .filter(agreements::confirmed.eq(false))
        .filter(agreements::state.eq_any([AgreementState::Performing, AgreementState::Defaulted]))
        .order(agreements::id)
        .for_update();
    Ok(query.select(Agreement::as_select()).load(tx.conn()).await?)
}

/// One page of the agreements a caller may see, the newest first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &AgreementFilter,
    page: &Page,
) -> Result<Vec<Agreement>, Problem> {
    let mut query = agreements::table
        .filter(visible!(agreements, scope))
        .into_boxed();
    if let Some(form) = filter.form {
        query = query.filter(agreements::form.eq(form));
    }
    if let Some(state) = filter.state {
        query = query.filter(agreements::state.eq(state));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(agreements::case_id.eq(case_id));
    }
    if let Some(after) = page.after::<AgreementId>()? {
        query = query.filter(agreements::id.lt(after));
    }
    let query = query.order(agreements::id.desc()).limit(page.fetch());
    Ok(query.select(Agreement::as_select()).load(conn).await?)
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
            agreements::amendment.eq(&agreement.amendment),
            agreements::effective_at.eq(agreement.effective_at),
            agreements::version.eq(agreement.version),
            agreements::updated_at.eq(agreement.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}
