//! Suspending, reinstating, retiring a mediator.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::MediatorStanding, ids::MediatorId, roles::permission::RegisterManage,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{staff, views::MediatorView};
use crate::{
    Mediation,
    store::{mediators, organisations},
};

/// What becomes of a mediator.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMediatorStanding {
    /// Suspended, active again, or retired for good.
    pub standing: MediatorStanding,
    /// Why: the misconduct, the end of the term, the lifting.
    pub reason: String,
}

/// Suspend 暂停, reinstate 恢复 or retire 离任 a mediator (人民调解法 15); the court is told (人民调解法 10), and of a gap
/// that it leaves (ME-03). Whoever is not active is given nothing new; proceedings they mediate go on until somebody else takes them over.
#[utoipa::path(
    tag = "register",
    params(("id" = MediatorId, Path, description = "The mediator")),
    request_body = SetMediatorStanding,
    responses((status = 200, description = "Noted", body = MediatorView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/mediators/{id}/standing")]
pub async fn set_mediator_standing(
    state: Data<Mediation>,
    call: Call<RegisterManage, SetMediatorStanding>,
    id: Path<MediatorId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state
        .db
        .command(&call, "set_mediator_standing", async |tx| {
            let mediator = mediators::lock(tx, id, &scope).await?;
            call.check_version(mediator.version)?;
            let of = mediator.organisation_id;
            let organisation = organisations::load(tx.conn(), of, &scope).await?;
            let before = staff::gaps(tx, &organisation, &state.policy).await?;
            let (seen, reason, now) = (mediator.version, call.body.reason.clone(), tx.now());
            let (mediator, changed) =
                mediator.stand(call.body.standing, reason, &state.policy, now)?;
            mediators::update(tx, &mediator, seen).await?;
            tx.publish(of, &changed)?;
            staff::tell(tx, &organisation, &before, &state.policy).await?;
            let (open, version) = (
                mediators::open_of(tx.conn(), &mediator).await?,
                mediator.version,
            );
            Ok(Reply::ok(MediatorView::of(mediator, open)).version(version))
        });
    work.await
}
