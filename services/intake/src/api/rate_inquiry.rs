//! Rating the answer to a question.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::InquiryId, roles::permission::InquiryAsk};
use serde::Deserialize;
use utoipa::ToSchema;

use super::inquiry_views::InquiryView;
use crate::{Intake, domain::Refusal, store::inquiries};

/// A rating.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateInquiry {
    /// Score on the policy pack's scale.
    pub score: u8,
}

/// Rate the answer to a question; nobody has to.
#[utoipa::path(
    tag = "inquiries",
    params(("id" = InquiryId, Path, description = "The question")),
    request_body = RateInquiry,
    responses((status = 200, description = "Rated", body = InquiryView), ProblemResponses),
    security(("bearer" = ["inquiry.ask"]))
)]
#[post("/inquiries/{id}/rate")]
pub async fn rate_inquiry(
    state: Data<Intake>,
    call: Call<InquiryAsk, RateInquiry>,
    id: Path<InquiryId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "rate_inquiry", async |tx| {
        let mut inquiry = inquiries::load(tx.conn(), id, &scope).await?;
        call.check_version(inquiry.version)?;
        let score = call.body.score;
        if !state.policy.evaluation().rating.contains(score) {
            return Err(Refusal::ScoreOffScale.into());
        }
        let rated = inquiry.rate(score, tx.now())?;
        inquiries::update(tx, &inquiry).await?;
        tx.publish(id, &rated)?;
        let version = inquiry.version;
        Ok(Reply::ok(InquiryView::from(inquiry)).version(version))
    });
    work.await
}
