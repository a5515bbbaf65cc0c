//! `POST /requests/{id}/urge`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestSend};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// An urging.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgeRequest {
    /// What to say, in words without personal data.
    pub text: Option<String>,
}

/// Urge the receiver 催办, at any time before the end. The desk urges of its own accord when a time runs out.
#[utoipa::path(
    tag = "requests",
    operation_id = "urge_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = UrgeRequest,
    responses((status = 200, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.send"]))
)]
#[post("/requests/{id}/urge")]
pub async fn urge_request(
    state: Data<Federation>,
    call: Call<RequestSend, UrgeRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, _: &RequestKind, now| {
        request
            .urge(policy, body.text.as_deref(), now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "urge_request", *id, work).await
}
