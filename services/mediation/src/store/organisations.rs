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

use super::changed_one;
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

/// The organisation, locked for a command; `not-found` when the caller may not see it.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn lock(tx: &mut Tx, id: OrganisationId, scope: &Scope) -> Result<Organisation, Problem> {
    let query = organisations::table
        .filter(organisations::id.eq(id))
        .filter(organisations::region.like(format!("{}%", scope.region)))
        .for_update();
    Ok(query
        .select(Organisation::as_select())
        .first(tx.conn())
        .await?)
}

/// Stores a changed organisation, unless it is no longer of version `seen`.
///
/// # Errors
/// `stale-version`; `conflict` when the region has one of this name; `unavailable`.
pub async fn update(tx: &mut Tx, organisation: &Organisation, seen: i64) -> Result<(), Problem> {
    let before = organisations::table
        .find(organisation.id)
        .filter(organisations::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            organisations::name.eq(&organisation.name),
            organisations::routes.eq(&organisation.routes),
            organisations::director.eq(&organisation.director),
            organisations::members.eq(&organisation.members),
            organisations::term_ends_on.eq(organisation.term_ends_on),
            organisations::charges_fee.eq(organisation.charges_fee),
            organisations::tariff.eq(&organisation.tariff),
            organisations::version.eq(organisation.version),
            organisations::updated_at.eq(organisation.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
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
    after(conn, scope, filter, page.after()?, page.fetch()).await
}

/// Up to `limit` of the organisations a caller may see after one of them, the earliest first.
///
/// # Errors
/// `unavailable`.
pub async fn after(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &OrganisationFilter,
    after: Option<OrganisationId>,
    limit: i64,
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
    if let Some(after) = after {
        query = query.filter(organisations::id.gt(after));
    }
    let query = query.order(organisations::id).limit(limit);
    Ok(query.select(Organisation::as_select()).load(conn).await?)
}
