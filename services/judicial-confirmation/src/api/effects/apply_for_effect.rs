//! Apply for effect in another way.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use contracts::{
    ids::{AgreementId, OrganisationId, PartyId},
    roles::permission::ConfirmationApply,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{last_day, route, submitted, views::EffectApplicationView};
use crate::{
    JudicialConfirmation,
    api::{acting_party, agreement_seen, check_open},
    domain::{effect::EffectApplication, refusal::Refusal},
    store,
};

/// An application to give an agreement effect.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyForEffect {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Which way, a code of the policy pack.
    pub kind: String,
    /// Who decides: notary office, court, arbitration body.
    pub body: OrganisationId,
    /// The parties that apply; a party's own account need not name itself and names no other.
    #[serde(default)]
    pub party_ids: Vec<PartyId>,
}

/// Parties apply to give an agreement effect in another way than judicial confirmation 赋予效力: a notarised instrument, a
/// payment order, arbitration, a court mediation paper. Where all must apply, those missing join.
///
/// Refused with `effect-route-not-open`, `effect-route-taken` (an exclusive way beside a judicial confirmation),
/// `already-applied`, `application-window-closed`, or `agreement-suspected` while a suspicion of sham mediation is not cleared.
#[utoipa::path(
    tag = "effect", operation_id = "apply_for_effect",
    request_body = ApplyForEffect,
    responses((status = 201, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/effect-applications")]
pub async fn apply_for_effect(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, ApplyForEffect>,
) -> Result<Reply, Problem> {
    let (scope, body, policy) = (call.scope(), &call.body, &state.policy);
    let (agreement, own) = agreement_seen(&state, &scope, body.agreement_id).await?;
    let applicants = match (own, body.party_ids.as_slice()) {
        (None, named) => named.to_vec(),
        (own, []) => vec![acting_party(own, None)?],
        (own, [named]) => vec![acting_party(own, Some(*named))?],
        _ => return Err(Refusal::NotAParty.into()),
    };
    let route = route(policy, &body.kind)?;
    let work = async |tx: &mut Tx| {
        let now = tx.now();
        let last_day = last_day(tx.conn(), policy, route, &agreement).await?;
        let mut application = EffectApplication::apply(
            &agreement,
            (tx.new_id(), body.body),
            applicants.clone(),
            (route, last_day),
            (now, beijing_date(now)),
        )?;
        check_open(tx, &agreement).await?;
        if route.exclusive && store::applications::has_live(tx.conn(), agreement.id).await? {
            return Err(Refusal::EffectRouteTaken.into());
        }
        submitted(tx, policy, route, &mut application)?;
        if !store::effects::insert(tx, &application).await? {
            return Err(Refusal::AlreadyApplied.into());
        }
        let location = format!(
            "/judicial-confirmation/v1/effect-applications/{}",
            application.id
        );
        let version = application.version;
        let view = EffectApplicationView::of(application, policy.confirmation());
        Ok(Reply::created(location, view).version(version))
    };
    state.db.command(&call, "apply_for_effect", work).await
}
