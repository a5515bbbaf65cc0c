//! Changing an organisation's entry.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::OrganisationId, roles::permission::RegisterManage};

use super::views::OrganisationView;
use crate::{Mediation, domain::organisation::ChangeOrganisation, store::organisations};

/// Change the entry of a mediation organisation; the court is told (人民调解法 10). Members elected anew begin a term
/// (人民调解法 9).
#[utoipa::path(
    tag = "register",
    params(("id" = OrganisationId, Path, description = "The organisation")),
    request_body = ChangeOrganisation,
    responses((status = 200, description = "Changed", body = OrganisationView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/organisations/{id}/change")]
pub async fn change_organisation(
    state: Data<Mediation>,
    call: Call<RegisterManage, ChangeOrganisation>,
    id: Path<OrganisationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "change_organisation", async |tx| {
        let organisation = organisations::lock(tx, id, &scope).await?;
        call.check_version(organisation.version)?;
        let seen = organisation.version;
        let (organisation, changed) =
            organisation.change(call.body.clone(), &state.policy, tx.now())?;
        organisations::update(tx, &organisation, seen).await?;
        tx.publish(id, &changed)?;
        let version = organisation.version;
        Ok(Reply::ok(OrganisationView::from(organisation)).version(version))
    });
    work.await
}
