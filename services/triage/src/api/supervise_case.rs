//! `POST /cases/{case_id}/supervise`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{events::triage::SupervisionFault, ids::CaseId, roles::permission::CaseSupervise};
use serde::Deserialize;
use utoipa::ToSchema;

use super::supervision_views::SupervisionView;
use crate::{
    Triage, breach,
    domain::{Demand, Supervision},
    store,
};

/// Why a case is supervised.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuperviseCase {
    /// What is found fault with.
    pub fault: SupervisionFault,
    /// 挂牌督办.
    #[serde(default)]
    pub listed: bool,
    /// Whether the short time to reply runs.
    #[serde(default)]
    pub urgent: bool,
    /// What is demanded.
    pub demand: String,
}

/// Supervise a case 督办 (transition 31; TR-12): its organisation has to reply in time, or the centre while none has the case.
///
/// A clock that ran out and whose rule supervises does so of itself, once.
#[utoipa::path(
    tag = "supervision",
    operation_id = "supervise_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = SuperviseCase,
    responses((status = 201, description = "The supervision order", body = SupervisionView), ProblemResponses),
    security(("bearer" = ["case.supervise"]))
)]
#[post("/cases/{case_id}/supervise")]
pub async fn supervise_case(
    state: Data<Triage>,
    call: Call<CaseSupervise, SuperviseCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "supervise_case", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            let demand = Demand::from(call.body.clone());
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let (issued, event) = Supervision::by_person(id, &case, &demand, by, policy, now)?;
            store::supervisions::insert(tx.conn(), &issued).await?;
            breach::start_reply(&state, tx, &issued).await?;
            tx.publish(case.case_id, &event)?;
            let location = format!("/triage/v1/supervisions/{}", issued.id);
            let view = SupervisionView::from(issued);
            Ok(Reply::created(location, view).version(1))
        })
        .await
}

impl From<SuperviseCase> for Demand {
    fn from(body: SuperviseCase) -> Self {
        Self {
            fault: body.fault,
            listed: body.listed,
            urgent: body.urgent,
            demand: body.demand,
        }
    }
}
