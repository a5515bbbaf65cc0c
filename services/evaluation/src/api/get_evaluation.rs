//! Read a case in evaluation.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::EvaluationRead};

use super::views::EvaluatedCaseView;
use crate::{Evaluation, store};

/// A case with its visits, its ratings and how it was closed. An applicant sees its own case and its own rating.
#[utoipa::path(
    tag = "cases", operation_id = "get_evaluation",
    params(("case_id" = CaseId, Path, description = "The case")),
    responses((status = 200, body = EvaluatedCaseView), ProblemResponses),
    security(("bearer" = ["evaluation.read"]))
)]
#[get("/cases/{case_id}")]
pub async fn get_evaluation(
    state: Data<Evaluation>,
    permit: Permit<EvaluationRead>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let (case, follow_ups, ratings) = {
        let mut conn = state.db.read().await?;
        let case = store::cases::load(&mut conn, *case_id, &scope).await?;
        let follow_ups = store::follow_ups::of_case(&mut conn, *case_id).await?;
        let ratings = store::ratings::of_case(&mut conn, *case_id).await?;
        (case, follow_ups, ratings)
    };
    let party = state.bus.own_party(&scope, *case_id).await?;
    let version = case.version;
    let view = EvaluatedCaseView::of(case, follow_ups, ratings, party);
    Ok(Reply::ok(view).version(version))
}
