//! Supervision orders.

use chassis::{
    elsewhere::check_here,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, OrganisationId, SupervisionId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{above, within};
use crate::{
    domain::{Supervision, SupervisionState},
    schema::supervisions,
};

/// The supervision orders a caller may see: an organisation its own.
fn visible(scope: &Scope) -> supervisions::BoxedQuery<'static, Pg> {
    let mut query = supervisions::table.into_boxed().filter(
        supervisions::region
            .like(within(scope))
            .or(supervisions::region.eq_any(above(scope))),
    );
    if let Some(organisation) = scope.organisation {
        query = query.filter(supervisions::organisation_id.eq(organisation));
    }
    query
}

/// One supervision order, for a command.
///
/// # Errors
/// `case-elsewhere` while another node answers for its case; `not-found`, also for one outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: SupervisionId,
    scope: &Scope,
) -> Result<Supervision, Problem> {
    let found = read(conn, id, scope).await?;
    check_here(conn, found.case_id).await?;
    Ok(found)
}

/// One supervision order, for reading.
///
/// # Errors
/// `not-found`, also for one outside the scope.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: SupervisionId,
    scope: &Scope,
) -> Result<Supervision, Problem> {
    let found = visible(scope)
        .filter(supervisions::id.eq(id))
        .select(Supervision::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// A page of supervision orders, the one whose reply is due first at the top.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<SupervisionState>,
    case_id: Option<CaseId>,
    page: &Page,
) -> Result<Vec<Supervision>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(supervisions::state.eq(state));
    }
    if let Some(case_id) = case_id {
        query = query.filter(supervisions::case_id.eq(case_id));
    }
    if let Some((due, id)) = page.after::<(DateTime<Utc>, SupervisionId)>()? {
        query = query.filter(
            supervisions::reply_due_at
                .gt(due)
                .or(supervisions::reply_due_at
                    .eq(due)
                    .and(supervisions::id.gt(id))),
        );
    }
    let rows = query
        .order((supervisions::reply_due_at, supervisions::id))
        .limit(page.fetch())
        .select(Supervision::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Who is supervised; none = the centre itself.
///
/// # Errors
/// `unavailable`.
pub async fn supervised(
    conn: &mut AsyncPgConnection,
    id: SupervisionId,
) -> Result<Option<OrganisationId>, Problem> {
    let found: Option<Option<OrganisationId>> = supervisions::table
        .find(id)
        .select(supervisions::organisation_id)
        .first(conn)
        .await
        .optional()?;
    Ok(found.flatten())
}

/// Stores a supervision order; false when the clock has led to one before.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, issued: &Supervision) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(supervisions::table)
        .values(issued)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(inserted > 0)
}

/// Stores a supervision order after a change.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, changed: &Supervision) -> Result<(), Problem> {
    let updated = diesel::update(supervisions::table.find(changed.id))
        .filter(supervisions::version.eq(changed.version - 1))
        .set(changed)
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}
