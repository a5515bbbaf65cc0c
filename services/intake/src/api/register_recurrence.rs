//! Registering a dispute that came back.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{events::intake::CaseRecurred, ids::CaseId, roles::permission::CaseRecur};

use super::{register_matter::RegisterMatter, views::MatterView};
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::Desk},
    registering,
    store::{
        case_acts::{self, Act},
        cases,
    },
};

/// Register the dispute of a closed case that came back 复发 (transition 29), at any time. It is a matter like any other, in a new case
/// that names the earlier one.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The closed case")),
    request_body = RegisterMatter,
    responses((status = 201, description = "Registered", body = MatterView), ProblemResponses),
    security(("bearer" = ["case.recur"]))
)]
#[post("/cases/{id}/recurrence")]
pub async fn register_recurrence(
    state: Data<Intake>,
    call: Call<CaseRecur, RegisterMatter>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (earlier, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "register_recurrence", async |tx| {
        cases::load(tx.conn(), earlier, &scope)
            .await?
            .check_ended()?;
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy: &state.policy,
            now: tx.now(),
        };
        let case_id = tx.new_id();
        let (matter, parties) = registering::register(tx, &desk, case_id, &call.body).await?;
        cases::set_recurrence(tx, matter.case_id, earlier).await?;
        let act = Act {
            act: "recurrence",
            case_id: earlier,
            other_case_id: Some(matter.case_id),
            reason_code: None,
            reason: None,
            by: &call.principal.subject,
        };
        case_acts::record(tx, &act).await?;
        cases::tell(tx, matter.case_id, PublicFact::Recurred);
        let recurred = CaseRecurred {
            case_id: matter.case_id,
            earlier_case_id: earlier,
            region: matter.region,
            recurred_at: matter.created_at,
        };
        tx.publish(matter.case_id, &recurred)?;
        let (place, version) = (format!("/intake/v1/matters/{}", matter.id), matter.version);
        Ok(Reply::created(place, MatterView::of(matter, parties)).version(version))
    });
    work.await
}
