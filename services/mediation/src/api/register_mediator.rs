//! Registering a mediator.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::OrganisationId, roles::permission::RegisterManage};

use super::views::MediatorView;
use crate::{
    Mediation,
    domain::mediator::{Mediator, RegisterMediator},
    store::{mediators, organisations},
};

/// Register a mediator of an organisation (ME-02, ME-03; 人民调解法 13, 14).
#[utoipa::path(
    tag = "register",
    params(("id" = OrganisationId, Path, description = "The organisation")),
    request_body = RegisterMediator,
    responses((status = 201, description = "Registered", body = MediatorView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/organisations/{id}/mediators")]
pub async fn register_mediator(
    state: Data<Mediation>,
    call: Call<RegisterManage, RegisterMediator>,
    id: Path<OrganisationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "register_mediator", async |tx| {
        let organisation = organisations::load(tx.conn(), id, &scope).await?;
        call.check_version(organisation.version)?;
        let (request, mediator_id, now) = (call.body.clone(), tx.new_id(), tx.now());
        let (mediator, registered) =
            Mediator::register(request, &organisation, &state.policy, mediator_id, now)?;
        mediators::insert(tx, &mediator).await?;
        tx.publish(id, &registered)?;
        let location = format!("/mediation/v1/organisations/{id}/mediators");
        Ok(Reply::created(location, MediatorView::of(mediator, 0)).version(1))
    });
    work.await
}
