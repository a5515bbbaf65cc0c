//! `POST /task-forces/{id}/dissolve`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::TaskForceId, roles::permission::TaskForceForm};
use serde::Deserialize;
use utoipa::ToSchema;

use super::task_force_views::TaskForceView;
use crate::{Triage, clocks, store};

/// What came of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DissolveTaskForce {
    /// What came of it.
    pub result: String,
    /// Whether the matter is settled.
    pub settled: bool,
}

/// Dissolve a task force 解散专班 with its result (transition 16).
#[utoipa::path(
    tag = "task forces",
    operation_id = "dissolve_task_force",
    params(("id" = TaskForceId, Path, description = "The task force")),
    request_body = DissolveTaskForce,
    responses((status = 200, description = "The task force", body = TaskForceView), ProblemResponses),
    security(("bearer" = ["task_force.form"]))
)]
#[post("/task-forces/{id}/dissolve")]
pub async fn dissolve_task_force(
    state: Data<Triage>,
    call: Call<TaskForceForm, DissolveTaskForce>,
    id: Path<TaskForceId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "dissolve_task_force", async |tx| {
            let force = store::task_forces::load(tx.conn(), *id, &scope).await?;
            call.check_version(force.version)?;
            let now = tx.now();
            let (result, settled) = (&call.body.result, call.body.settled);
            let (force, event) = force.dissolve(result, settled, policy, now)?;
            store::task_forces::update(tx.conn(), &force).await?;
            tx.stop_clock(clocks::TASK_FORCE_PLAN, force.id);
            tx.stop_clock(clocks::TASK_FORCE_PROGRESS, force.id);
            tx.publish(force.subject(), &event)?;
            let reports = store::task_forces::reports(tx.conn(), force.id).await?;
            let version = force.version;
            Ok(Reply::ok(TaskForceView::of(force, reports)).version(version))
        })
        .await
}
