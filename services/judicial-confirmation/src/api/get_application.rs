//! Read an application.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRead};

use super::{answer, own_party_of, views::ApplicationView};
use crate::{JudicialConfirmation, store};

/// An application: who applied, where it stands, the court's answer and what follows from it.
#[utoipa::path(
    tag = "applications", operation_id = "get_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/applications/{id}")]
pub async fn get_application(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let application = store::applications::load(&mut *state.db.read().await?, *id, &scope).await?;
    own_party_of(&state, &scope, &application).await?;
    Ok(answer(&state, &scope, application))
}
