//! Apply for confirmation.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply, Scope},
};
use contracts::{
    ids::{AgreementId, OrganisationId, PartyId},
    problems::{common, judicial_confirmation as codes},
    region::RegionCode,
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    acting_party, agreement_seen, check_open,
    terms::{self, Named},
    views::ApplicationView,
};
use crate::{
    JudicialConfirmation,
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
    /// The party's domicile or the place of the subject matter, when the basis is one of these.
    pub place: Option<RegionCode>,
    /// Other organisations that took part in the mediation (民诉法解释 352).
    #[serde(default)]
    pub organisations: Vec<OrganisationId>,
    /// The papers handed in, codes of the policy pack (民诉法解释 354).
    pub materials: Vec<String>,
    /// Only prepare it 准备材料: court and papers may still change, and papers may be missing, until it is submitted.
    #[serde(default)]
    pub prepare: bool,
}

/// A party applies for judicial confirmation 申请司法确认 within 30 days of the agreement's effect (transition 21;
/// 民事诉讼法 205).
///
/// Refused with `agreement-not-effective`, `not-a-party`, `excluded-matter` (names the article), `application-window-closed`,
/// `unknown-court`, `wrong-court` (names the article and the courts), `materials-missing` (names each), `already-applied`,
/// `effect-route-taken`, `agreement-voided` when it binds nobody any more, `agreement-suspected` while a suspicion of sham mediation is not cleared (JC-09), or `paper-original-needed` for papers that must be signed by hand.
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
    let party_id = acting_party(own, body.party_id)?;
    let work = async |tx: &mut Tx| {
        let found = store::agreements::find(tx.conn(), body.agreement_id, &scope).await?;
        let agreement = found.ok_or_else(not_effective)?;
        let named = Named {
            court: body.court,
            court_basis: &body.court_basis,
            place: body.place,
            organisations: &body.organisations,
            materials: &body.materials,
        };
        let terms = terms::of(&state, tx.conn(), &agreement, &named, own.is_none()).await?;
        let command = ApplyCommand {
            id: tx.new_id(),
            party_id,
            terms,
        };
        let (confirmation, now) = (state.policy.confirmation(), tx.now());
        let (application, event) = if body.prepare {
            let prepared = Application::prepare(&agreement, command, confirmation, now)?;
            (prepared, None)
        } else {
            let (applied, event) = Application::apply(&agreement, command, confirmation, now)?;
            (applied, Some(event))
        };
        check_open(tx, &agreement).await?;
        if store::effects::has_exclusive(tx.conn(), agreement.id).await? {
            return Err(Refusal::EffectRouteTaken.into());
        }
        if !store::applications::insert(tx, &application).await? {
            return Err(Refusal::AlreadyApplied.into());
        }
        if let Some(event) = event {
            tx.publish(application.case_id, &event)?;
        }
        let location = format!("/judicial-confirmation/v1/applications/{}", application.id);
        let version = application.version;
        let view = ApplicationView::of(application, confirmation, &scope);
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
    let seen = agreement_seen(state, scope, id).await;
    seen.map(|(_, own)| own).map_err(|problem| {
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
