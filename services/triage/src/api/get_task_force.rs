//! `GET /task-forces/{id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::TaskForceId, roles::permission::TaskForceRead};

use super::task_force_views::TaskForceView;
use crate::{Triage, store};

/// A task force with its reports and urgings.
#[utoipa::path(
    tag = "task forces",
    operation_id = "get_task_force",
    params(("id" = TaskForceId, Path, description = "The task force")),
    responses((status = 200, description = "The task force", body = TaskForceView), ProblemResponses),
    security(("bearer" = ["task_force.read"]))
)]
#[get("/task-forces/{id}")]
pub async fn get_task_force(
    state: Data<Triage>,
    permit: Permit<TaskForceRead>,
    id: Path<TaskForceId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let found = store::task_forces::read(&mut conn, *id, &permit.scope()).await?;
    let reports = store::task_forces::reports(&mut conn, *id).await?;
    let urges = store::task_forces::urges(&mut conn, *id).await?;
    let version = found.version;
    let mut view = TaskForceView::of(found, reports);
    view.urges = urges.into_iter().map(Into::into).collect();
    Ok(Reply::ok(view).version(version))
}
