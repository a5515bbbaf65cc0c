//! `POST /requests/{id}/finish`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestHandle};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// The closing feedback.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishRequest {
    /// What came of it, in words without personal data.
    pub report: Option<String>,
}

/// Finish a request 办结反馈. A kind that wants one needs a closing report (`closing-report-required`).
#[utoipa::path(
    tag = "requests",
    operation_id = "finish_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = FinishRequest,
    responses((status = 200, description = "The finished request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.handle"]))
)]
#[post("/requests/{id}/finish")]
pub async fn finish_request(
    state: Data<Federation>,
    call: Call<RequestHandle, FinishRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, kind: &RequestKind, now| {
        request
            .finish(policy, kind, body.report.as_deref(), now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "finish_request", *id, work).await
}
