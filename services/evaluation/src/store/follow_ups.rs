//! Follow-up visits.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, FollowUpId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    api::list_follow_ups::ListFollowUps,
    domain::{case::Case, follow_up::FollowUp},
    schema::{
        cases,
        follow_ups::{self, dsl},
    },
};

/// Inserts a visit; whether the case had none in its place.
pub async fn insert(tx: &mut Tx, follow_up: &FollowUp) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(follow_ups::table)
        .values(follow_up)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// Stores a change. The domain has raised the version by one.
///
/// # Errors
/// `stale-version` when another change came first.
pub async fn update(tx: &mut Tx, follow_up: &FollowUp) -> Result<(), Problem> {
    let before = dsl::version.eq(follow_up.version - 1);
    let updated = diesel::update(follow_ups::table.find(follow_up.id).filter(before))
        .set(follow_up)
        .execute(tx.conn())
        .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// A follow-up the caller may see, with its case.
///
/// # Errors
/// `not-found`.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: FollowUpId,
    scope: &Scope,
) -> Result<(FollowUp, Case), Problem> {
    let in_scope = dsl::region.like(format!("{}%", scope.region));
    Ok(follow_ups::table
        .inner_join(cases::table)
        .filter(dsl::id.eq(id).and(in_scope))
        .select((FollowUp::as_select(), Case::as_select()))
        .first(conn)
        .await?)
}

/// The visits of a case, in the order of its plan.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<FollowUp>, Problem> {
    Ok(follow_ups::table
        .filter(dsl::case_id.eq(case_id))
        .order(dsl::visit)
        .select(FollowUp::as_select())
        .load(conn)
        .await?)
}

/// A page of follow-ups, the first due first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ListFollowUps,
    page: &Page,
) -> Result<Vec<FollowUp>, Problem> {
    let mut query: follow_ups::BoxedQuery<'_, Pg> = follow_ups::table
        .filter(dsl::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(dsl::case_id.eq(case_id));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(dsl::due_on.lt(day));
    }
    if let Some((due_at, id)) = page.after::<(DateTime<Utc>, FollowUpId)>()? {
        let same_time = dsl::due_at.eq(due_at).and(dsl::id.gt(id));
        query = query.filter(dsl::due_at.gt(due_at).or(same_time));
    }
    let rows = query.order((dsl::due_at, dsl::id)).limit(page.fetch());
    Ok(rows.select(FollowUp::as_select()).load(conn).await?)
}
