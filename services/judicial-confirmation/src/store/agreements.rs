//! Agreements in effect.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use contracts::ids::AgreementId;
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{agreement::Agreement, application::ApplicationState},
    schema::{agreements, applications, effect_applications},
};

/// Keeps an agreement; whether it is new.
pub async fn insert(tx: &mut Tx, agreement: &Agreement) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(agreements::table)
        .values(agreement)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// An agreement, when the caller may see it. Whether an applicant is a party is asked elsewhere.
pub async fn find(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
    scope: &Scope,
) -> Result<Option<Agreement>, Problem> {
    Ok(visible(scope)
        .filter(agreements::id.eq(id))
        .select(Agreement::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// An agreement, for what follows from it.
///
/// # Errors
/// `unavailable`.
pub async fn of(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
) -> Result<Option<Agreement>, Problem> {
    Ok(agreements::table
        .find(id)
        .select(Agreement::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Locks an agreement until the transaction is over: what is applied for on it and what is told of it wait for each other.
pub async fn lock(tx: &mut Tx, id: AgreementId) -> Result<Option<Agreement>, Problem> {
    Ok(agreements::table
        .find(id)
        .select(Agreement::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// Stores an agreement as it is now.
pub async fn update(tx: &mut Tx, agreement: &Agreement) -> Result<(), Problem> {
    diesel::update(agreements::table.find(agreement.id))
        .set(agreement)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes the court that invited the organisation.
pub async fn set_invitation(tx: &mut Tx, agreement: &Agreement) -> Result<(), Problem> {
    diesel::update(agreements::table.find(agreement.id))
        .set((
            agreements::inviting_court_id.eq(agreement.inviting_court_id),
            agreements::invitation_number.eq(&agreement.invitation_number),
            agreements::invited_on.eq(agreement.invited_on),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Who sees what: the organisation that mediated; a court or another body those of the applications made to it.
fn visible(scope: &Scope) -> agreements::BoxedQuery<'static, Pg> {
    let query = agreements::table
        .filter(agreements::region.like(format!("{}%", scope.region)))
        .into_boxed();
    let Some(own) = scope.organisation else {
        return query;
    };
    let to_court = applications::table
        .filter(applications::court_id.eq(own))
        .filter(applications::state.ne(ApplicationState::Preparing))
        .select(applications::agreement_id);
    let to_body = effect_applications::table
        .filter(effect_applications::body_id.eq(own))
        .select(effect_applications::agreement_id);
    query.filter(
        agreements::organisation_id
            .eq(own)
            .or(agreements::id.eq_any(to_court))
            .or(agreements::id.eq_any(to_body)),
    )
}
