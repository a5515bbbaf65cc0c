//! Applications for effect in other ways.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use contracts::{
    ids::{AgreementId, EffectApplicationId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _,
    OptionalExtension as _, QueryDsl as _, QueryableByName, SelectableHelper as _,
    TextExpressionMethods as _,
    pg::Pg,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::clock::due::{beijing_date, beijing_instant};

use crate::{
    api::effects::list_effect_applications::ListEffectApplications,
    domain::effect::{EffectApplication, EffectState},
    schema::effect_applications::{self, dsl},
};

/// Inserts an application; whether none of its kind was under way for the agreement.
pub async fn insert(tx: &mut Tx, application: &EffectApplication) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(effect_applications::table)
        .values(application)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// Stores a change. The domain has raised the version by one.
///
/// # Errors
/// `stale-version` when another change came first.
pub async fn update(tx: &mut Tx, application: &EffectApplication) -> Result<(), Problem> {
    let before = dsl::version.eq(application.version - 1);
    let updated = diesel::update(
        effect_applications::table
            .find(application.id)
            .filter(before),
    )
    .set(application)
    .execute(tx.conn())
    .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// An application the caller may see. Whether an applicant is a party is asked elsewhere.
///
/// # Errors
/// `not-found`.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: EffectApplicationId,
    scope: &Scope,
) -> Result<EffectApplication, Problem> {
    let found = visible(scope)
        .filter(dsl::id.eq(id))
        .select(EffectApplication::as_select());
    Ok(found.first(conn).await?)
}

/// An application that the caller's organisation decides.
///
/// # Errors
/// `not-found`.
pub async fn load_for_body(
    conn: &mut AsyncPgConnection,
    id: EffectApplicationId,
    scope: &Scope,
) -> Result<EffectApplication, Problem> {
    let decides = dsl::body_id.nullable().eq(scope.organisation);
    let found = visible(scope)
        .filter(dsl::id.eq(id).and(decides))
        .select(EffectApplication::as_select());
    Ok(found.first(conn).await?)
}

/// An application, locked, for what follows from a clock.
pub async fn lock(
    tx: &mut Tx,
    id: EffectApplicationId,
) -> Result<Option<EffectApplication>, Problem> {
    Ok(effect_applications::table
        .find(id)
        .select(EffectApplication::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// Whether an exclusive way is under way for an agreement or has made it enforceable.
pub async fn has_exclusive(conn: &mut AsyncPgConnection, id: AgreementId) -> Result<bool, Problem> {
    let under_way = dsl::state.eq_any([
        EffectState::AwaitOtherParty,
        EffectState::Submitted,
        EffectState::Accepted,
    ]);
    let taken = effect_applications::table
        .filter(dsl::agreement_id.eq(id).and(dsl::exclusive))
        .filter(under_way.or(dsl::enforceable));
    Ok(diesel::select(diesel::dsl::exists(taken))
        .get_result(conn)
        .await?)
}

/// The agreement's applications that a suspicion of a sham can stop or stops, locked.
pub async fn not_ended(tx: &mut Tx, id: AgreementId) -> Result<Vec<EffectApplication>, Problem> {
    let under_way = dsl::state.eq_any([
        EffectState::AwaitOtherParty,
        EffectState::Submitted,
        EffectState::Accepted,
        EffectState::Decided,
    ]);
    Ok(effect_applications::table
        .filter(dsl::agreement_id.eq(id).and(under_way))
        .order(dsl::id)
        .select(EffectApplication::as_select())
        .for_update()
        .load(tx.conn())
        .await?)
}

/// The last day of an agreement's window for a way, by its clock, which may have stood still; none when it never ran.
pub async fn window_ends(
    conn: &mut AsyncPgConnection,
    kind: &str,
    id: AgreementId,
) -> Result<Option<NaiveDate>, Problem> {
    let found: Option<WindowEnd> =
        diesel::sql_query("SELECT due_at FROM clocks WHERE kind = $1 AND object_id = $2")
            .bind::<Text, _>(kind)
            .bind::<SqlUuid, _>(id)
            .get_result(conn)
            .await
            .optional()?;
    // A day ends with the next one's first moment.
    Ok(found.map(|window| beijing_date(window.due_at - TimeDelta::seconds(1))))
}

#[derive(QueryableByName)]
struct WindowEnd {
    #[diesel(sql_type = Timestamptz)]
    due_at: DateTime<Utc>,
}

/// A page of applications, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ListEffectApplications,
    page: &Page,
) -> Result<Vec<EffectApplication>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(dsl::kind.eq(kind.clone()));
    }
    if let Some(agreement_id) = filter.agreement_id {
        query = query.filter(dsl::agreement_id.eq(agreement_id));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(dsl::case_id.eq(case_id));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(dsl::due_at.lt(beijing_instant(day, NaiveTime::MIN)));
    }
    if let Some(after) = page.after::<EffectApplicationId>()? {
        query = query.filter(dsl::id.lt(after));
    }
    let rows = query.order(dsl::id.desc()).limit(page.fetch());
    Ok(rows
        .select(EffectApplication::as_select())
        .load(conn)
        .await?)
}

/// Who sees what: the organisation that mediated and who decides, each its own.
fn visible(scope: &Scope) -> effect_applications::BoxedQuery<'static, Pg> {
    let query = effect_applications::table
        .filter(dsl::region.like(format!("{}%", scope.region)))
        .into_boxed();
    match scope.organisation {
        Some(own) => query.filter(dsl::organisation_id.eq(own).or(dsl::body_id.eq(own))),
        None => query,
    }
}
