//! Join an application for effect.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{EffectApplicationId, PartyId},
    roles::permission::ConfirmationApply,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{change, last_day, own_party_in, route, submitted, views::EffectApplicationView};
use crate::{
    JudicialConfirmation,
    api::{Whose, acting_party, agreement_seen},
    store,
};

/// Another party joins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinEffectApplication {
    /// The party that joins; a party's own account need not name it.
    pub party_id: Option<PartyId>,
}

/// Another party joins an application that all must make; with the last one it is submitted 共同提交.
#[utoipa::path(
    tag = "effect", operation_id = "join_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    request_body = JoinEffectApplication,
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/effect-applications/{id}/join")]
pub async fn join_effect_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, JoinEffectApplication>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    let own = own_party_in(&state, &scope, *id).await?;
    let party_id = acting_party(own, call.body.party_id)?;
    let found = store::effects::load(&mut *state.db.read().await?, *id, &scope).await?;
    let (agreement, _) = agreement_seen(&state, &scope, found.agreement_id).await?;
    let route = route(policy, &found.kind)?;
    let (whose, name) = ((*id, Whose::Seen), "join_effect_application");
    change(&state, &call, whose, name, async |tx, application| {
        let now = tx.now();
        let last_day = last_day(tx.conn(), policy, route, &agreement).await?;
        let mut application = application.join(party_id, last_day, (now, beijing_date(now)))?;
        submitted(tx, policy, route, &mut application)?;
        Ok(application)
    })
    .await
}
