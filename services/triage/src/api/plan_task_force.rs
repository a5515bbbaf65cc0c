//! `POST /task-forces/{id}/plan`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::TaskForceId, roles::permission::TaskForceWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::task_force_views::TaskForceView;
use crate::{Triage, clocks, store};

/// The plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTaskForce {
    /// The plan.
    pub plan: String,
}

/// Give a task force its plan 制定方案 (transition 16); from now on it reports within `task_force.progress`.
#[utoipa::path(
    tag = "task forces",
    operation_id = "plan_task_force",
    params(("id" = TaskForceId, Path, description = "The task force")),
    request_body = PlanTaskForce,
    responses((status = 200, description = "The task force", body = TaskForceView), ProblemResponses),
    security(("bearer" = ["task_force.work"]))
)]
#[post("/task-forces/{id}/plan")]
pub async fn plan_task_force(
    state: Data<Triage>,
    call: Call<TaskForceWork, PlanTaskForce>,
    id: Path<TaskForceId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "plan_task_force", async |tx| {
            let force = store::task_forces::load(tx.conn(), *id, &scope).await?;
            call.check_version(force.version)?;
            let now = tx.now();
            let (force, event) = force.plan(&call.body.plan, policy, now)?;
            store::task_forces::update(tx.conn(), &force).await?;
            tx.stop_clock(clocks::TASK_FORCE_PLAN, force.id);
            clocks::start_progress(tx, policy, &force, now)?;
            tx.publish(force.subject(), &event)?;
            let reports = store::task_forces::reports(tx.conn(), force.id).await?;
            let version = force.version;
            Ok(Reply::ok(TaskForceView::of(force, reports)).version(version))
        })
        .await
}
