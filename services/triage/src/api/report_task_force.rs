//! `POST /task-forces/{id}/reports`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::TaskForceId, roles::permission::TaskForceWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::task_force_views::TaskForceView;
use crate::{Triage, clocks, store};

/// What was done.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportTaskForce {
    /// What was done, and what is next.
    pub report: String,
}

/// Report the progress of a task force 报告进展 (transition 16); the time to the next report starts anew.
#[utoipa::path(
    tag = "task forces",
    operation_id = "report_task_force",
    params(("id" = TaskForceId, Path, description = "The task force")),
    request_body = ReportTaskForce,
    responses((status = 200, description = "The task force", body = TaskForceView), ProblemResponses),
    security(("bearer" = ["task_force.work"]))
)]
#[post("/task-forces/{id}/reports")]
pub async fn report_task_force(
    state: Data<Triage>,
    call: Call<TaskForceWork, ReportTaskForce>,
    id: Path<TaskForceId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "report_task_force", async |tx| {
            let force = store::task_forces::load(tx.conn(), *id, &scope).await?;
            call.check_version(force.version)?;
            let now = tx.now();
            let (report_id, by) = (tx.new_id(), &call.principal.subject);
            let (force, report, event) =
                force.report(report_id, &call.body.report, by, policy, now)?;
            store::task_forces::insert_report(tx.conn(), &report).await?;
            store::task_forces::update(tx.conn(), &force).await?;
            clocks::start_progress(tx, policy, &force, now)?;
            tx.publish(force.subject(), &event)?;
            let reports = store::task_forces::reports(tx.conn(), force.id).await?;
            let version = force.version;
            Ok(Reply::ok(TaskForceView::of(force, reports)).version(version))
        })
        .await
}
