//! Do not take on an application for effect.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::EffectApplicationId, roles::permission::EffectDecide};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{change, stop, views::EffectApplicationView};
use crate::{
    JudicialConfirmation,
    api::{Whose, text},
};

/// Why not.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseEffectApplication {
    /// The reason, told to the applicants.
    pub note: String,
}

/// Who decides does not take the application on 不予受理.
#[utoipa::path(
    tag = "effect", operation_id = "refuse_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    request_body = RefuseEffectApplication,
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["effect.decide"]))
)]
#[post("/effect-applications/{id}/refuse")]
pub async fn refuse_effect_application(
    state: Data<JudicialConfirmation>,
    call: Call<EffectDecide, RefuseEffectApplication>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    let (policy, name) = (&state.policy, "refuse_effect_application");
    let note = text(&call.body.note, policy.limits().note_max, "/note")?;
    change(
        &state,
        &call,
        (*id, Whose::OwnCourt),
        name,
        async |tx, application| {
            let (application, event) = application.refuse(note.clone(), tx.now())?;
            stop(tx, policy, &application);
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
