//! Table `screenings`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{ids::ScreeningId, problems::common};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::Counted;
use crate::{
    api::list_screenings::ScreeningFilter, domain::screening::Screening, schema::screenings,
};

type Query = screenings::BoxedQuery<'static, Pg>;

/// Where a page of the ledger ended.
pub type PageKey = (DateTime<Utc>, ScreeningId);

/// The risks a caller may see: of its region; of its organisation, when it is bound to one.
fn visible(scope: &Scope) -> Query {
    let mut query = screenings::table
        .filter(screenings::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(organisation) = scope.organisation {
        query = query.filter(screenings::organisation_id.eq(organisation));
    }
    query
}

/// Stores a new one.
pub async fn insert(tx: &mut Tx, screening: &Screening) -> Result<(), Problem> {
    diesel::insert_into(screenings::table)
        .values(screening)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a changed one, unless somebody else was quicker: `stale-version`.
pub async fn update(tx: &mut Tx, screening: &Screening) -> Result<(), Problem> {
    let before = screenings::table
        .find(screening.id)
        .filter(screenings::version.eq(screening.version - 1));
    let changed = diesel::update(before)
        .set(screening)
        .execute(tx.conn())
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// The risk, or `not-found` when the caller may not see it.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: ScreeningId,
    scope: &Scope,
) -> Result<Screening, Problem> {
    let query = visible(scope).filter(screenings::id.eq(id));
    Ok(query.select(Screening::as_select()).first(conn).await?)
}

/// One page of the ledger, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ScreeningFilter,
    page: &Page,
) -> Result<Vec<Screening>, Problem> {
    let mut query = filtered(scope, filter);
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = screenings::created_at.eq(at).and(screenings::id.lt(id));
        query = query.filter(screenings::created_at.lt(at).or(at_that_time));
    }
    let query = query
        .order((screenings::created_at.desc(), screenings::id.desc()))
        .limit(page.fetch());
    Ok(query.select(Screening::as_select()).load(conn).await?)
}

/// How many there are on all pages, counted up to one more than `max`.
pub async fn count(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ScreeningFilter,
    max: i64,
) -> Result<i64, Problem> {
    let rows = filtered(scope, filter)
        .select(screenings::id)
        .limit(max + 1);
    Ok(Counted(rows).get_result(conn).await?)
}

fn filtered(scope: &Scope, filter: &ScreeningFilter) -> Query {
    let mut query = visible(scope);
    if let Some(state) = filter.state {
        query = query.filter(screenings::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(screenings::kind.eq(kind));
    }
    if let Some(category) = &filter.category {
        query = query.filter(screenings::category.eq(category.clone()));
    }
    if let Some(severity) = &filter.severity {
        query = query.filter(screenings::severity.eq(severity.clone()));
    }
    if let Some(region) = filter.region {
        query = query.filter(screenings::region.like(format!("{region}%")));
    }
    query
}
