//! `GET /task-forces`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::CaseId, roles::permission::TaskForceRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::task_force_views::TaskForceView;
use crate::{Triage, domain::TaskForceState, store};

/// Which task forces are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TaskForceFilter {
    /// Only those in this state.
    pub state: Option<TaskForceState>,
    /// Only those for this case.
    pub case_id: Option<CaseId>,
}

/// Task forces by when their plan or next report is due.
#[utoipa::path(
    tag = "task forces",
    operation_id = "list_task_forces",
    params(TaskForceFilter, PageParams),
    responses((status = 200, description = "A page of task forces", body = PageOf<TaskForceView>), ProblemResponses),
    security(("bearer" = ["task_force.read"]))
)]
#[get("/task-forces")]
pub async fn list_task_forces(
    state: Data<Triage>,
    permit: Permit<TaskForceRead>,
    query: PageQuery<TaskForceFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let (wanted, case_id) = (filter.state, filter.case_id);
    let scope = permit.scope();
    let rows = store::task_forces::list(&mut conn, &scope, wanted, case_id, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |row| (row.due_at, row.id),
        |row| TaskForceView::of(row, Vec::new()),
    )?;
    Ok(Reply::ok(page))
}
