//! `POST /cases/{case_id}/studies`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::CaseStudy};
use serde::Deserialize;
use utoipa::ToSchema;

use super::task_force_views::StudyView;
use crate::{
    Triage,
    domain::{Finding, Study},
    store,
};

/// What a level finds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyCase {
    /// Level: a code of the policy pack.
    pub level: String,
    /// The opinion.
    pub opinion: String,
    /// Whether it advises a task force.
    #[serde(default)]
    pub advises_task_force: bool,
}

/// Write down the study of a case at a level 三级研判 (transition 16; TR-08).
///
/// The levels study one after another (`lower-study-missing`).
#[utoipa::path(
    tag = "task forces",
    operation_id = "study_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = StudyCase,
    responses((status = 200, description = "The study", body = StudyView), ProblemResponses),
    security(("bearer" = ["case.study"]))
)]
#[post("/cases/{case_id}/studies")]
pub async fn study_case(
    state: Data<Triage>,
    call: Call<CaseStudy, StudyCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "study_case", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            let earlier = store::task_forces::studies(tx.conn(), *case_id).await?;
            let StudyCase {
                level,
                opinion,
                advises_task_force,
            } = call.body.clone();
            let finding = Finding {
                level,
                opinion,
                advises_task_force,
            };
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let (study, event) = Study::hold(id, &case, &finding, &earlier, by, policy, now)?;
            store::task_forces::insert_study(tx.conn(), &study).await?;
            tx.publish(case.case_id, &event)?;
            Ok(Reply::ok(StudyView::from(study)))
        })
        .await
}
