//! The list of questions.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::roles::permission::InquiryRead;
use serde::Deserialize;
use utoipa::IntoParams;

use super::inquiry_views::InquiryView;
use crate::{Intake, domain::inquiry::InquiryState, store::inquiries};

/// Which questions are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InquiryFilter {
    /// In this state.
    pub state: Option<InquiryState>,
}

/// The questions the caller may see, the newest first; an applicant sees their own.
#[utoipa::path(
    tag = "inquiries",
    params(InquiryFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<InquiryView>), ProblemResponses),
    security(("bearer" = ["inquiry.read"]))
)]
#[get("/inquiries")]
pub async fn list_inquiries(
    state: Data<Intake>,
    permit: Permit<InquiryRead>,
    query: PageQuery<InquiryFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = inquiries::list(&mut conn, &permit.scope(), filter.state, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |inquiry| (inquiry.asked_at, inquiry.id),
        InquiryView::from,
    )?;
    Ok(Reply::ok(page))
}
