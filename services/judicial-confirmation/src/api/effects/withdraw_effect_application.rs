//! Withdraw an application for effect.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::EffectApplicationId, roles::permission::ConfirmationApply};

use super::{change, own_party_in, stop, views::EffectApplicationView};
use crate::{JudicialConfirmation, api::Whose};

/// A party takes the application for effect back 撤回, before it came to anything.
#[utoipa::path(
    tag = "effect", operation_id = "withdraw_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/effect-applications/{id}/withdraw")]
pub async fn withdraw_effect_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, ()>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    own_party_in(&state, &call.scope(), *id).await?;
    let (whose, name) = ((*id, Whose::Seen), "withdraw_effect_application");
    change(&state, &call, whose, name, async |tx, application| {
        let (application, event) = application.withdraw(tx.now())?;
        stop(tx, &state.policy, &application);
        tx.publish(application.case_id, &event)?;
        Ok(application)
    })
    .await
}
