//! Apply for confirmation.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply, Scope},
};
use contracts::{
    ids::{AgreementId, OrganisationId, PartyId},
    problems::{common, judicial_confirmation as codes},
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::ApplicationView;
use crate::{
    JudicialConfirmation, access,
    domain::{application::Application, parties::ApplyCommand, refusal::Refusal},
    store,
};

/// An application by one party; the others join it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyForConfirmation {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The party that applies; a party's own account need not name it.
    pub party_id: Option<PartyId>,
    /// The court asked: the organisation its users work for.
    pub court: OrganisationId,
    /// What gives that court the case, a code of the policy pack (民事诉讼法 205).
    pub court_basis: String,
    /// The papers handed in, codes of the policy pack (民诉法解释 354).
    pub materials: Vec<String>,
}

/// A party applies for judicial confirmation 申请司法确认 within 30 days of the agreement's effect (transition 21;
/// 民事诉讼法 205).
///
/// Refused with `agreement-not-effective`, `not-a-party`, `excluded-matter` (names the article), `application-window-closed`,
/// `unknown-court`, `materials-missing` or `already-applied`.
#[utoipa::path(
    tag = "applications", operation_id = "apply_for_confirmation",
    request_body = ApplyForConfirmation,
    responses((status = 201, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications")]
pub async fn apply_for_confirmation(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, ApplyForConfirmation>,
) -> Result<Reply, Problem> {
    let (scope, body) = (call.scope(), &call.body);
    let own = own_party(&state, &scope, body.agreement_id).await?;
    let party_id = access::acting_party(own, body.party_id)?;
    let work = async |tx: &mut Tx| {
        let found = store::agreements::find(tx.conn(), body.agreement_id, &scope).await?;
        let agreement = found.ok_or_else(not_effective)?;
        let command = ApplyCommand {
            id: tx.new_id(),
            party_id,
            court_id: body.court,
            court_basis: body.court_basis.clone(),
            materials: body.materials.clone(),
        };
        let confirmation = state.policy.confirmation();
        let (application, event) = Application::apply(&agreement, command, confirmation, tx.now())?;
        if !store::applications::insert(tx, &application).await? {
            return Err(Refusal::AlreadyApplied.into());
        }
        tx.publish(application.case_id, &event)?;
        let location = format!("/judicial-confirmation/v1/applications/{}", application.id);
        let version = application.version;
        let view = ApplicationView::of(application, confirmation);
        Ok(Reply::created(location, view).version(version))
    };
    state
        .db
        .command(&call, "apply_for_confirmation", work)
        .await
}

/// The party an applicant is; an agreement it has no part in is as good as none.
async fn own_party(
    state: &JudicialConfirmation,
    scope: &Scope,
    id: AgreementId,
) -> Result<Option<PartyId>, Problem> {
    if scope.applicant.is_none() {
        return Ok(None);
    }
    let found = store::agreements::find(&mut *state.db.read().await?, id, scope).await?;
    let case_id = found.ok_or_else(not_effective)?.case_id;
    access::own_party(&state.bus, scope, case_id)
        .await
        .map_err(|problem| {
            if problem.code() == &common::NOT_FOUND {
                not_effective()
            } else {
                problem
            }
        })
}

fn not_effective() -> Problem {
    Problem::new(&codes::AGREEMENT_NOT_EFFECTIVE).at("/agreement_id")
}
