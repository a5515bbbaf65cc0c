//! Take on an application for effect.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::EffectApplicationId, roles::permission::EffectDecide};

use super::{change, route, start, stop, views::EffectApplicationView};
use crate::{JudicialConfirmation, api::Whose};

/// Who decides takes the application on 受理; the time the law gives for the outcome begins.
#[utoipa::path(
    tag = "effect", operation_id = "accept_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["effect.decide"]))
)]
#[post("/effect-applications/{id}/accept")]
pub async fn accept_effect_application(
    state: Data<JudicialConfirmation>,
    call: Call<EffectDecide, ()>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    let (policy, name) = (&state.policy, "accept_effect_application");
    change(
        &state,
        &call,
        (*id, Whose::OwnCourt),
        name,
        async |tx, application| {
            let (mut application, event) = application.accept(tx.now())?;
            stop(tx, policy, &application);
            let kind = route(policy, &application.kind)?.decide_clock.as_deref();
            start(tx, policy, kind, &mut application)?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
