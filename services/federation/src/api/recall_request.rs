//! `POST /requests/{id}/recall`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestSend};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// Why a request is recalled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// Why, in words without personal data.
    pub reason: Option<String>,
}

/// Ask for a request back 撤回, before it is signed for.
///
/// It is recalled when the receiver's desk confirms; a signature that was first stands.
#[utoipa::path(
    tag = "requests",
    operation_id = "recall_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = RecallRequest,
    responses((status = 200, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.send"]))
)]
#[post("/requests/{id}/recall")]
pub async fn recall_request(
    state: Data<Federation>,
    call: Call<RequestSend, RecallRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, _: &RequestKind, now| {
        request
            .recall(policy, body.reason.as_deref(), now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "recall_request", *id, work).await
}
