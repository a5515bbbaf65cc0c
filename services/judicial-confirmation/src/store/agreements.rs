//! Agreements in effect.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use contracts::ids::AgreementId;
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::agreement::Agreement, schema::agreements};

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

fn visible(scope: &Scope) -> agreements::BoxedQuery<'static, Pg> {
    let query = agreements::table
        .filter(agreements::region.like(format!("{}%", scope.region)))
        .into_boxed();
    match scope.organisation {
        Some(organisation) => query.filter(agreements::organisation_id.eq(organisation)),
        None => query,
    }
}
