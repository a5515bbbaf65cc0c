//! Read an application for effect.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::EffectApplicationId, roles::permission::ConfirmationRead};

use super::{answer, own_party_in, views::EffectApplicationView};
use crate::{JudicialConfirmation, store};

/// An application to give an agreement effect: who applied, where it stands, what came of it.
#[utoipa::path(
    tag = "effect", operation_id = "get_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/effect-applications/{id}")]
pub async fn get_effect_application(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    own_party_in(&state, &scope, *id).await?;
    let application = store::effects::load(&mut *state.db.read().await?, *id, &scope).await?;
    Ok(answer(&state, application))
}
