//! `POST /cases/{case_id}/urge`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::CaseUrge};
use serde::Deserialize;
use utoipa::ToSchema;

use super::supervision_views::UrgeView;
use crate::{Triage, domain::Urge, store};

/// What is urged.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgeCase {
    /// What is to be done.
    pub note: String,
}

/// Urge whoever handles a case 催办 (transition 31; TR-12): its organisation, or the centre while none has it.
///
/// A clock that ran out and whose rule reminds urges of itself, once.
#[utoipa::path(
    tag = "supervision",
    operation_id = "urge_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = UrgeCase,
    responses((status = 200, description = "The urging", body = UrgeView), ProblemResponses),
    security(("bearer" = ["case.urge"]))
)]
#[post("/cases/{case_id}/urge")]
pub async fn urge_case(
    state: Data<Triage>,
    call: Call<CaseUrge, UrgeCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "urge_case", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let urge = Urge::by_person(id, &case, &call.body.note, by, policy, now)?;
            store::urges::insert(tx.conn(), &urge).await?;
            tx.publish(case.case_id, &urge.event(case.region))?;
            Ok(Reply::ok(UrgeView::from(urge)))
        })
        .await
}
