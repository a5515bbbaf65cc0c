//! Submit a prepared application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{ApplicationId, OrganisationId, PartyId},
    region::RegionCode,
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Whose, acting_party, agreement_seen, change, check_open, own_party_in,
    terms::{self, Named},
    views::ApplicationView,
};
use crate::{JudicialConfirmation, domain::refusal::Refusal, store};

/// The application as it is handed in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitApplication {
    /// The party that applies; a party's own account need not name it.
    pub party_id: Option<PartyId>,
    /// The court asked.
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
}

/// A prepared application is handed in (transition 21); the other parties join it. Refused as `apply_for_confirmation` is.
#[utoipa::path(
    tag = "applications", operation_id = "submit_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = SubmitApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/submit")]
pub async fn submit_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, SubmitApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (scope, body) = (call.scope(), &call.body);
    let own = own_party_in(&state, &scope, *id).await?;
    let party_id = acting_party(own, body.party_id)?;
    let agreement_id = {
        let mut conn = state.db.read().await?;
        store::applications::load(&mut conn, *id, &scope)
            .await?
            .agreement_id
    };
    let (agreement, _) = agreement_seen(&state, &scope, agreement_id).await?;
    let whose = (*id, Whose::Seen);
    change(
        &state,
        &call,
        whose,
        "submit_application",
        async |tx, application| {
            let named = Named {
                court: body.court,
                court_basis: &body.court_basis,
                place: body.place,
                organisations: &body.organisations,
                materials: &body.materials,
            };
            let terms = terms::of(&state, tx.conn(), &agreement, &named, own.is_none()).await?;
            check_open(tx, &agreement).await?;
            if store::effects::has_exclusive(tx.conn(), agreement.id).await? {
                return Err(Refusal::EffectRouteTaken.into());
            }
            let (confirmation, now) = (state.policy.confirmation(), tx.now());
            let (application, event) =
                application.submit(&agreement, (party_id, terms), confirmation, now)?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
