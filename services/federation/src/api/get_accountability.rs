//! `GET /cases/{case_id}/accountability`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{
    ids::CaseId, problems::common, questions::CaseDossier, region::RegionCode,
    roles::permission::RequestRead,
};

use super::views::AccountabilityView;
use crate::{Federation, store};

/// Who answers for a case 主办: exactly one node at any time. A case that was never handed over is its own node's; one
/// that this node neither accepted nor was told of is not found.
#[utoipa::path(
    tag = "cases",
    operation_id = "get_accountability",
    params(("case_id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The accountable node", body = AccountabilityView), ProblemResponses),
    security(("bearer" = ["request.read"]))
)]
#[get("/cases/{case_id}/accountability")]
pub async fn get_accountability(
    state: Data<Federation>,
    permit: Permit<RequestRead>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (case_id, node) = (*case_id, *state.db.node());
    if !permit.scope().region.contains(&node) {
        return Err(Problem::new(&common::NOT_FOUND));
    }
    let known = {
        let mut conn = state.db.read().await?;
        store::accountability::find(&mut conn, case_id).await?
    };
    let holder = match &known {
        Some(row) => row.node,
        None => holder(&state, case_id).await?,
    };
    let mut conn = state.db.read().await?;
    let (handover_under_way, _) = store::requests::standing(&mut conn, case_id).await?;
    Ok(Reply::ok(AccountabilityView {
        case_id,
        node: holder,
        since: known.as_ref().map(|row| row.since),
        request_id: known.as_ref().map(|row| row.request_id),
        handover_under_way,
    }))
}

/// Who answers for a case that was never handed over.
async fn holder(state: &Federation, case_id: CaseId) -> Result<RegionCode, Problem> {
    let first = {
        let mut conn = state.db.read().await?;
        store::accountability::first_sender(&mut conn, case_id).await?
    };
    match first {
        Some(node) => Ok(node),
        None => {
            // Intake knows the cases this node accepted; what the answer says of persons is dropped.
            state.bus.ask(&CaseDossier { case_id }).await?;
            Ok(*state.db.node())
        }
    }
}
