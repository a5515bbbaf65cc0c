//! `POST /requests/{id}/rework`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestSend};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// Why the closing feedback is not enough.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReworkRequest {
    /// What is missing, in words without personal data.
    pub reason: String,
}

/// Reject the closing feedback 返工, once (`rework-already-asked`).
#[utoipa::path(
    tag = "requests",
    operation_id = "rework_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = ReworkRequest,
    responses((status = 200, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.send"]))
)]
#[post("/requests/{id}/rework")]
pub async fn rework_request(
    state: Data<Federation>,
    call: Call<RequestSend, ReworkRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, kind: &RequestKind, now| {
        request
            .rework(policy, kind, &body.reason, now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "rework_request", *id, work).await
}
