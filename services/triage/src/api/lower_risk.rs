//! `POST /cases/{case_id}/lower-risk`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::RiskLower};

use super::risk_views::{ColourChangeView, Recolour};
use crate::{Triage, domain::Towards, risk, store};

/// Lower the risk colour of a case 风险降级 (RP-03); only a person does, and says why.
///
/// Refuses a colour that is not milder (`colour-not-lower`). `If-Match` is about the case.
#[utoipa::path(
    tag = "cases",
    operation_id = "lower_risk",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = Recolour,
    responses((status = 200, description = "The change", body = ColourChangeView), ProblemResponses),
    security(("bearer" = ["risk.lower"]))
)]
#[post("/cases/{case_id}/lower-risk")]
pub async fn lower_risk(
    state: Data<Triage>,
    call: Call<RiskLower, Recolour>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "lower_risk", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let to = (call.body.colour, Towards::Milder);
            let recoloured = case.recolour(id, to, &call.body.reason, by, policy, now)?;
            risk::keep(tx, &recoloured).await?;
            let (case, change, _) = recoloured;
            Ok(Reply::ok(ColourChangeView::from(change)).version(case.version))
        })
        .await
}
