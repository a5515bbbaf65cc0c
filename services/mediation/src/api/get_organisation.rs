//! One organisation of the register.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::OrganisationId, roles::permission::RegisterRead};

use super::views::OrganisationView;
use crate::{Mediation, store::organisations};

/// A mediation organisation of the caller's region.
#[utoipa::path(
    tag = "register",
    params(("id" = OrganisationId, Path, description = "The organisation")),
    responses((status = 200, description = "The organisation", body = OrganisationView), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/organisations/{id}")]
pub async fn get_organisation(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    id: Path<OrganisationId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let organisation = organisations::load(&mut conn, *id, &permit.scope()).await?;
    let version = organisation.version;
    Ok(Reply::ok(OrganisationView::from(organisation)).version(version))
}
