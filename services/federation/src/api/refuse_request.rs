//! `POST /requests/{id}/refuse`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestHandle};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// Why a request is refused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseRequest {
    /// Why, in words without personal data.
    pub reason: String,
}

/// Refuse a request 退回 with a reason, within the days the law allows (信访工作条例 23) and before signing for it.
///
/// Refuses what cannot be returned (`not-returnable`: designations, supervision), and late refusals (`return-too-late`). The case
/// stays with the sender.
#[utoipa::path(
    tag = "requests",
    operation_id = "refuse_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = RefuseRequest,
    responses((status = 200, description = "The refused request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.handle"]))
)]
#[post("/requests/{id}/refuse")]
pub async fn refuse_request(
    state: Data<Federation>,
    call: Call<RequestHandle, RefuseRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, kind: &RequestKind, now| {
        request
            .refuse(policy, kind, &body.reason, now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "refuse_request", *id, work).await
}
