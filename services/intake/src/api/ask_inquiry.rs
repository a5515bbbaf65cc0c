//! Asking for advice.

use actix_web::post;
use chassis::{
    clocks::Holder,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use contracts::{
    ids::{CaseId, InquiryId, TypedId as _},
    region::{RegionCode, directory},
    roles::permission::InquiryAsk,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::inquiry_views::InquiryView;
use crate::{
    ANSWER_CLOCK, Intake,
    domain::{
        Refusal,
        inquiry::{Inquiry, Question},
        registration::text,
    },
    store::inquiries,
};

/// A question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskInquiry {
    /// Where it is asked: a region of this node, in the caller's area.
    pub region: RegionCode,
    /// Item code of the policy pack's list of on-the-spot items (IN-17).
    #[schema(examples("legal_advice"))]
    pub item: String,
    /// What is asked.
    pub question: String,
}

/// Ask for advice 在线咨询 (IN-16). The answer is due by the policy pack's clock `matter.answer`.
#[utoipa::path(
    tag = "inquiries",
    request_body = AskInquiry,
    responses((status = 201, description = "Asked", body = InquiryView), ProblemResponses),
    security(("bearer" = ["inquiry.ask"]))
)]
#[post("/inquiries")]
pub async fn ask_inquiry(
    state: Data<Intake>,
    call: Call<InquiryAsk, AskInquiry>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state.db.command(&call, "ask_inquiry", async |tx| {
        let (node, now, sent) = (*tx.node(), tx.now(), &call.body);
        if !directory::valid_on(sent.region, beijing_date(now)) {
            return Err(Refusal::UnknownRegion.into());
        }
        if !node.contains(&sent.region) || !scope.region.contains(&sent.region) {
            return Err(Refusal::RegionOutOfScope.into());
        }
        let policy = &*state.policy;
        let known = policy.intake().simple_item(&sent.item);
        known.ok_or(Refusal::UnknownInquiryItem)?;
        text("/question", &sent.question, policy.limits().narrative_max)?;
        let id: InquiryId = tx.new_id();
        // It belongs to no case; its clock goes by its own id.
        let holder = Holder::new(CaseId::from_uuid(id.uuid()), sent.region);
        let due = tx.start_policy_clock(policy, ANSWER_CLOCK, None, id, holder, now)?;
        let question = Question {
            id,
            region: sent.region,
            item: sent.item.clone(),
            question: sent.question.clone(),
            by: call.principal.subject.clone(),
        };
        let (inquiry, asked) = Inquiry::ask(question, due, now);
        inquiries::insert(tx, &inquiry).await?;
        tx.publish(id, &asked)?;
        let (place, version) = (format!("/intake/v1/inquiries/{id}"), inquiry.version);
        Ok(Reply::created(place, InquiryView::from(inquiry)).version(version))
    });
    work.await
}
