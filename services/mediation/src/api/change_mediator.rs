//! Changing a mediator's entry.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MediatorId, roles::permission::RegisterManage};

use super::{staff, views::MediatorView};
use crate::{
    Mediation,
    domain::mediator::ChangeMediator,
    store::{mediators, organisations, proceedings},
};

/// Change a mediator's entry: class, level, background, specialties, qualifications, trainings (ME-03, ME-04); the court is
/// told (人民调解法 10).
#[utoipa::path(
    tag = "register",
    params(("id" = MediatorId, Path, description = "The mediator")),
    request_body = ChangeMediator,
    responses((status = 200, description = "Changed", body = MediatorView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/mediators/{id}/change")]
pub async fn change_mediator(
    state: Data<Mediation>,
    call: Call<RegisterManage, ChangeMediator>,
    id: Path<MediatorId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "change_mediator", async |tx| {
        let mediator = mediators::lock(tx, id, &scope).await?;
        call.check_version(mediator.version)?;
        let (seen, before) = (mediator.version, mediator.account_subject.clone());
        let of = mediator.organisation_id;
        let organisation = organisations::load(tx.conn(), of, &scope).await?;
        let gaps = staff::gaps(tx, &organisation, &state.policy).await?;
        let (mediator, changed) = mediator.change(call.body.clone(), &state.policy, tx.now())?;
        mediators::update(tx, &mediator, seen).await?;
        if mediator.account_subject != before {
            for proceeding in proceedings::presided_by(tx.conn(), id).await? {
                tx.assign_clocks(proceeding.id, mediator.account_subject.clone());
            }
        }
        tx.publish(of, &changed)?;
        staff::tell(tx, &organisation, &gaps, &state.policy).await?;
        let (open, version) = (
            mediators::open_of(tx.conn(), &mediator).await?,
            mediator.version,
        );
        Ok(Reply::ok(MediatorView::of(mediator, open)).version(version))
    });
    work.await
}
