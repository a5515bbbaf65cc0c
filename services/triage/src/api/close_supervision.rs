//! `POST /supervisions/{id}/close`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::SupervisionId, roles::permission::CaseSupervise};
use serde::Deserialize;
use utoipa::ToSchema;

use super::supervision_views::SupervisionView;
use crate::{Triage, store};

/// What the supervisor found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseSupervision {
    /// In words.
    pub verdict: String,
    /// Whether the fault is put right.
    pub rectified: bool,
}

/// Close a supervision order 督办办结 after its reply.
#[utoipa::path(
    tag = "supervision",
    operation_id = "close_supervision",
    params(("id" = SupervisionId, Path, description = "The supervision order")),
    request_body = CloseSupervision,
    responses((status = 200, description = "The supervision order", body = SupervisionView), ProblemResponses),
    security(("bearer" = ["case.supervise"]))
)]
#[post("/supervisions/{id}/close")]
pub async fn close_supervision(
    state: Data<Triage>,
    call: Call<CaseSupervise, CloseSupervision>,
    id: Path<SupervisionId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "close_supervision", async |tx| {
            let replied = store::supervisions::load(tx.conn(), *id, &scope).await?;
            call.check_version(replied.version)?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let (closed, event) =
                replied.close(&call.body.verdict, call.body.rectified, by, policy, now)?;
            store::supervisions::update(tx.conn(), &closed).await?;
            tx.publish(closed.case_id, &event)?;
            let version = closed.version;
            Ok(Reply::ok(SupervisionView::from(closed)).version(version))
        })
        .await
}
