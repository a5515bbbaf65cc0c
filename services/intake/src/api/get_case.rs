//! How a case stands in public.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::MatterRead};

use super::case_views::CaseView;
use crate::{Intake, store::cases};

/// How a case stands, from registration to closing; an applicant sees their own cases.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The case", body = CaseView), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/cases/{id}")]
pub async fn get_case(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let case = cases::load(&mut conn, *id, &permit.scope()).await?;
    Ok(Reply::ok(CaseView::of(&mut conn, case).await?))
}
