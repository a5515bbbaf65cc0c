//! Studies and task forces.

use chassis::{
    elsewhere::check_here,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, TaskForceId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _,
    PgArrayExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, dsl::exists, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::within;
use crate::{
    domain::{Study, TaskForce, TaskForceReport, TaskForceState, TaskForceUrge},
    schema::{studies, task_force_reports, task_force_urges, task_forces},
};

/// The task forces a caller may see: an organisation those it is in.
fn visible(scope: &Scope) -> task_forces::BoxedQuery<'static, Pg> {
    let query = task_forces::table.into_boxed();
    match scope.organisation {
        Some(own) => query.filter(task_forces::organisations.contains(vec![own])),
        None => query.filter(task_forces::region.like(within(scope))),
    }
}

/// The studies of a case, the oldest first. Whoever may see the case may see them.
///
/// # Errors
/// `unavailable`.
pub async fn studies(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<Vec<Study>, Problem> {
    let rows = studies::table
        .filter(studies::case_id.eq(case_id))
        .order((studies::studied_at, studies::id))
        .select(Study::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores a study.
///
/// # Errors
/// `unavailable`.
pub async fn insert_study(conn: &mut AsyncPgConnection, study: &Study) -> Result<(), Problem> {
    diesel::insert_into(studies::table)
        .values(study)
        .execute(conn)
        .await?;
    Ok(())
}

/// One task force, for a command.
///
/// # Errors
/// `case-elsewhere` while another node answers for its case; `not-found`, also for one outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: TaskForceId,
    scope: &Scope,
) -> Result<TaskForce, Problem> {
    let force = read(conn, id, scope).await?;
    if let Some(case_id) = force.case_id {
        check_here(conn, case_id).await?;
    }
    Ok(force)
}

/// One task force, for reading.
///
/// # Errors
/// `not-found`, also for one outside the scope.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: TaskForceId,
    scope: &Scope,
) -> Result<TaskForce, Problem> {
    let found = visible(scope)
        .filter(task_forces::id.eq(id))
        .select(TaskForce::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// A task force, whoever asks.
///
/// # Errors
/// `unavailable`.
pub async fn find(
    conn: &mut AsyncPgConnection,
    id: TaskForceId,
) -> Result<Option<TaskForce>, Problem> {
    let found = task_forces::table.find(id).select(TaskForce::as_select());
    Ok(found.first(conn).await.optional()?)
}

/// The task force of a case that is at work.
///
/// # Errors
/// `unavailable`.
pub async fn at_work_of(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<TaskForce>, Problem> {
    let found = task_forces::table
        .filter(task_forces::case_id.eq(case_id))
        .filter(task_forces::state.ne(TaskForceState::Dissolved))
        .select(TaskForce::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Stores an urging.
///
/// # Errors
/// `unavailable`.
pub async fn insert_urge(
    conn: &mut AsyncPgConnection,
    urge: &TaskForceUrge,
) -> Result<(), Problem> {
    diesel::insert_into(task_force_urges::table)
        .values(urge)
        .execute(conn)
        .await?;
    Ok(())
}

/// The urgings of a task force that is for a project, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn urges(
    conn: &mut AsyncPgConnection,
    id: TaskForceId,
) -> Result<Vec<TaskForceUrge>, Problem> {
    let rows = task_force_urges::table
        .filter(task_force_urges::task_force_id.eq(id))
        .order((task_force_urges::urged_at, task_force_urges::id))
        .select(TaskForceUrge::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Whether a case has a task force at work.
///
/// # Errors
/// `unavailable`.
pub async fn at_work(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let own = task_forces::table
        .filter(task_forces::case_id.eq(case_id))
        .filter(task_forces::state.ne(TaskForceState::Dissolved));
    Ok(diesel::select(exists(own)).get_result(conn).await?)
}

/// A page of task forces, the one whose plan or report is due first at the top.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<TaskForceState>,
    case_id: Option<CaseId>,
    page: &Page,
) -> Result<Vec<TaskForce>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(task_forces::state.eq(state));
    }
    if let Some(case_id) = case_id {
        query = query.filter(task_forces::case_id.eq(case_id));
    }
    if let Some((due, id)) = page.after::<(DateTime<Utc>, TaskForceId)>()? {
        query = query.filter(
            task_forces::due_at
                .gt(due)
                .or(task_forces::due_at.eq(due).and(task_forces::id.gt(id))),
        );
    }
    let rows = query
        .order((task_forces::due_at, task_forces::id))
        .limit(page.fetch())
        .select(TaskForce::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// The reports of a task force, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn reports(
    conn: &mut AsyncPgConnection,
    id: TaskForceId,
) -> Result<Vec<TaskForceReport>, Problem> {
    let rows = task_force_reports::table
        .filter(task_force_reports::task_force_id.eq(id))
        .order((task_force_reports::reported_at, task_force_reports::id))
        .select(TaskForceReport::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores a task force.
///
/// # Errors
/// `conflict` when the case has one at work.
pub async fn insert(conn: &mut AsyncPgConnection, force: &TaskForce) -> Result<(), Problem> {
    diesel::insert_into(task_forces::table)
        .values(force)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores a report.
///
/// # Errors
/// `unavailable`.
pub async fn insert_report(
    conn: &mut AsyncPgConnection,
    report: &TaskForceReport,
) -> Result<(), Problem> {
    diesel::insert_into(task_force_reports::table)
        .values(report)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores a task force after a change.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, changed: &TaskForce) -> Result<(), Problem> {
    let updated = diesel::update(task_forces::table.find(changed.id))
        .filter(task_forces::version.eq(changed.version - 1))
        .set(changed)
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}
