//! One question.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::InquiryId, roles::permission::InquiryRead};

use super::inquiry_views::InquiryView;
use crate::{Intake, store::inquiries};

/// One question with its answer; an applicant sees their own.
#[utoipa::path(
    tag = "inquiries",
    params(("id" = InquiryId, Path, description = "The question")),
    responses((status = 200, description = "The question", body = InquiryView), ProblemResponses),
    security(("bearer" = ["inquiry.read"]))
)]
#[get("/inquiries/{id}")]
pub async fn get_inquiry(
    state: Data<Intake>,
    permit: Permit<InquiryRead>,
    id: Path<InquiryId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let inquiry = inquiries::load(&mut conn, *id, &permit.scope()).await?;
    let version = inquiry.version;
    Ok(Reply::ok(InquiryView::from(inquiry)).version(version))
}
