//! `POST /cases/{case_id}/decide`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::triage::{RiskColour, Track},
    ids::CaseId,
    roles::permission::TriageDecide,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::TriageCaseView;
use crate::{Triage, clocks, domain::Choice, store};

/// How a case is to be handled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideTriage {
    /// Dispute type code of the policy pack.
    pub type_code: String,
    /// Route code of the policy pack.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Why it differs from the proposal; needed when the colour is lower or an obstacle to mediation is overruled.
    pub reason: Option<String>,
}

/// Decide type, route, track and colour 分流 (transition 6; TR-01, TR-02).
///
/// The proposal stays beside the decision. A case of which an order came back may be decided anew; the earlier decision is
/// kept. Refuses unknown codes (`unknown-dispute-type`, `unknown-route`), mediation of
/// what the law keeps out of it (`route-not-lawful`), a lower colour than proposed without a reason
/// (`colour-lowered-without-reason`).
#[utoipa::path(
    tag = "cases",
    operation_id = "decide_triage",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = DecideTriage,
    responses((status = 200, description = "The case with its decision", body = TriageCaseView), ProblemResponses),
    security(("bearer" = ["triage.decide"]))
)]
#[post("/cases/{case_id}/decide")]
pub async fn decide_triage(
    state: Data<Triage>,
    call: Call<TriageDecide, DecideTriage>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    state
        .db
        .command(&call, "decide_triage", async |tx| {
            let (case, proposal, before) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let choice = Choice::from(call.body.clone());
            let by = &call.principal.subject;
            let (case, decision, decided) =
                case.decide(&proposal, choice, by, &state.policy, tx.now())?;
            store::cases::update(tx.conn(), &case).await?;
            store::cases::insert_decision(tx.conn(), &decision, before.as_ref()).await?;
            tx.stop_clock(clocks::DECIDE, case.case_id);
            tx.publish(case.case_id, &decided)?;
            let version = case.version;
            let view = TriageCaseView::of(case, proposal, Some(decision), Vec::new());
            Ok(Reply::ok(view).version(version))
        })
        .await
}

impl From<DecideTriage> for Choice {
    fn from(body: DecideTriage) -> Self {
        Self {
            type_code: body.type_code,
            route: body.route,
            track: body.track,
            colour: body.colour,
            reason: body.reason,
        }
    }
}
