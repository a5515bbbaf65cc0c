//! Table `organisations`. The register is public (人民调解法 10): a caller bound to an organisation sees the others too.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use contracts::ids::OrganisationId;
use diesel::{
    ExpressionMethods as _, PgArrayExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    api::list_organisations::OrganisationFilter, domain::organisation::Organisation,
    schema::organisations,
};

/// The organisations a caller may see: of its region and all under it.
fn visible(scope: &Scope) -> organisations::BoxedQuery<'static, Pg> {
    organisations::table
        .filter(organisations::region.like(format!("{}%", scope.region)))
        .into_boxed()
}

/// The organisation, or `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: OrganisationId,
    scope: &Scope,
) -> Result<Organisation, Problem> {
    let query = visible(scope).filter(organisations::id.eq(id));
    Ok(query.select(Organisation::as_select()).first(conn).await?)
}

/// Stores a new organisation.
///
/// # Errors
/// `conflict` when the region has one of this name; `unavailable`.
pub async fn insert(tx: &mut Tx, organisation: &Organisation) -> Result<(), Problem> {
    let insert = diesel::insert_into(organisations::table).values(organisation);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// One page of the organisations a caller may see, the earliest first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &OrganisationFilter,
    page: &Page,
) -> Result<Vec<Organisation>, Problem> {
    let mut query = visible(scope);
    if let Some(region) = &filter.region {
        query = query.filter(organisations::region.like(format!("{region}%")));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(organisations::kind.eq(kind.clone()));
    }
    if let Some(route) = &filter.route {
        query = query.filter(organisations::routes.contains(vec![route.clone()]));
    }
    if let Some(after) = page.after::<OrganisationId>()? {
        query = query.filter(organisations::id.gt(after));
    }
    let query = query.order(organisations::id).limit(page.fetch());
    Ok(query.select(Organisation::as_select()).load(conn).await?)
}
