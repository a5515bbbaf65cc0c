//! A member leaves an organisation.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::OrganisationId, roles::permission::RegisterManage};

use super::{staff, views::OrganisationView};
use crate::{Mediation, domain::organisation::Member, store::organisations};

/// A member left 离任, whoever takes the place later (`/change`). When fewer are left than the law asks for, no woman or no
/// director (人民调解法 8), the register shows the gap and `organisation.understaffed` tells it (ME-03).
#[utoipa::path(
    tag = "register",
    params(("id" = OrganisationId, Path, description = "The organisation")),
    request_body = Member,
    responses((status = 200, description = "Noted", body = OrganisationView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/organisations/{id}/departures")]
pub async fn record_departure(
    state: Data<Mediation>,
    call: Call<RegisterManage, Member>,
    id: Path<OrganisationId>,
) -> Result<Reply, Problem> {
    let (id, scope, policy) = (id.into_inner(), call.scope(), &state.policy);
    let work = state.db.command(&call, "record_departure", async |tx| {
        let organisation = organisations::lock(tx, id, &scope).await?;
        call.check_version(organisation.version)?;
        let (seen, before) = (
            organisation.version,
            staff::gaps(tx, &organisation, policy).await?,
        );
        let (organisation, changed) = organisation.depart(&call.body, tx.now())?;
        organisations::update(tx, &organisation, seen).await?;
        tx.publish(id, &changed)?;
        staff::tell(tx, &organisation, &before, policy).await?;
        let version = organisation.version;
        Ok(Reply::ok(OrganisationView::from(organisation)).version(version))
    });
    work.await
}
