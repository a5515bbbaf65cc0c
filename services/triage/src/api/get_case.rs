//! `GET /cases/{case_id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::TriageRead};

use super::{history_views::CaseHistory, views::TriageCaseView};
use crate::{Triage, store};

/// A case with what was proposed and why, what was decided, its orders, and what became of earlier ones.
#[utoipa::path(
    tag = "cases",
    operation_id = "get_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The case", body = TriageCaseView), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/cases/{case_id}")]
pub async fn get_case(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let mut conn = state.db.read().await?;
    let (case, proposal, decision) = store::cases::read(&mut conn, *case_id, &scope).await?;
    let orders = store::orders::of_case(&mut conn, *case_id, &scope).await?;
    let version = case.version;
    let past = store::cases::past_decisions(&mut conn, *case_id).await?;
    let returns = store::returns::of_case(&mut conn, *case_id).await?;
    let mut view = TriageCaseView::of(case, proposal, decision, orders);
    let urges = store::urges::of_case(&mut conn, *case_id).await?;
    let studies = store::task_forces::studies(&mut conn, *case_id).await?;
    let colours = store::colour_changes::of_case(&mut conn, *case_id).await?;
    let feedbacks = store::feedbacks::of_case(&mut conn, *case_id).await?;
    let acts = store::order_acts::of_case(&mut conn, *case_id).await?;
    view.history = CaseHistory::of(past, returns, urges, studies, colours, feedbacks, acts);
    Ok(Reply::ok(view).version(version))
}
