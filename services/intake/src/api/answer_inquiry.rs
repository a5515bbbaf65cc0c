//! Answering a question.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::InquiryId, roles::permission::InquiryAnswer};
use serde::Deserialize;
use utoipa::ToSchema;

use super::inquiry_views::InquiryView;
use crate::{ANSWER_CLOCK, Intake, domain::registration::text, store::inquiries};

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInquiry {
    /// What the person is told.
    pub answer: String,
}

/// Answer a question 咨询答复 (IN-16).
#[utoipa::path(
    tag = "inquiries",
    params(("id" = InquiryId, Path, description = "The question")),
    request_body = AnswerInquiry,
    responses((status = 200, description = "Answered", body = InquiryView), ProblemResponses),
    security(("bearer" = ["inquiry.answer"]))
)]
#[post("/inquiries/{id}/answer")]
pub async fn answer_inquiry(
    state: Data<Intake>,
    call: Call<InquiryAnswer, AnswerInquiry>,
    id: Path<InquiryId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "answer_inquiry", async |tx| {
        let mut inquiry = inquiries::load(tx.conn(), id, &scope).await?;
        call.check_version(inquiry.version)?;
        let answer = &call.body.answer;
        text("/answer", answer, state.policy.limits().narrative_max)?;
        let (by, now) = (&call.principal.subject, tx.now());
        let answered = inquiry.answer(answer.clone(), by, now)?;
        inquiries::update(tx, &inquiry).await?;
        tx.stop_clock(ANSWER_CLOCK, id);
        tx.publish(id, &answered)?;
        let version = inquiry.version;
        Ok(Reply::ok(InquiryView::from(inquiry)).version(version))
    });
    work.await
}
