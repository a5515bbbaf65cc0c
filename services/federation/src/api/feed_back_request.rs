//! `POST /requests/{id}/feed-back`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestHandle};
use policy::sections::requests::RequestKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{step, views::RequestView};
use crate::{Federation, domain::Request};

/// How a request stands.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedBackRequest {
    /// How it stands, in words without personal data.
    pub text: String,
}

/// Tell the sender how it stands 阶段反馈, after signing.
#[utoipa::path(
    tag = "requests",
    operation_id = "feed_back_request",
    params(("id" = RequestId, Path, description = "The request")),
    request_body = FeedBackRequest,
    responses((status = 200, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.handle"]))
)]
#[post("/requests/{id}/feed-back")]
pub async fn feed_back_request(
    state: Data<Federation>,
    call: Call<RequestHandle, FeedBackRequest>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let work = |request: &mut Request, _: &RequestKind, now| {
        request
            .feed_back(policy, &body.text, now)
            .map(|note| vec![note])
    };
    step::take(&state, &call, "feed_back_request", *id, work).await
}
