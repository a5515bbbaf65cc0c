//! `POST /cases/{case_id}/raise-risk`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::RiskRaise};

use super::risk_views::{ColourChangeView, Recolour};
use crate::{Triage, domain::Towards, risk, store};

/// Raise the risk colour of a case 风险升级 (RP-03), as anybody who works on it.
///
/// Rules of the policy pack raise it at once when something happens to the case. Refuses a colour that is not severer
/// (`colour-not-higher`). `If-Match` is about the case.
#[utoipa::path(
    tag = "cases",
    operation_id = "raise_risk",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = Recolour,
    responses((status = 200, description = "The change", body = ColourChangeView), ProblemResponses),
    security(("bearer" = ["risk.raise"]))
)]
#[post("/cases/{case_id}/raise-risk")]
pub async fn raise_risk(
    state: Data<Triage>,
    call: Call<RiskRaise, Recolour>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "raise_risk", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let to = (call.body.colour, Towards::Severer);
            let recoloured = case.recolour(id, to, &call.body.reason, by, policy, now)?;
            risk::keep(tx, &recoloured).await?;
            let (case, change, _) = recoloured;
            Ok(Reply::ok(ColourChangeView::from(change)).version(case.version))
        })
        .await
}
