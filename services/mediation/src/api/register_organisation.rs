//! Registering an organisation.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use contracts::{problems::common, roles::permission::RegisterManage};

use super::views::OrganisationView;
use crate::{
    Mediation,
    domain::organisation::{Organisation, RegisterOrganisation},
    store::organisations,
};

/// Register a mediation organisation (ME-01, ME-02; 人民调解法 8, 9).
#[utoipa::path(
    tag = "register",
    request_body = RegisterOrganisation,
    responses((status = 201, description = "Registered", body = OrganisationView), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/organisations")]
pub async fn register_organisation(
    state: Data<Mediation>,
    call: Call<RegisterManage, RegisterOrganisation>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state
        .db
        .command(&call, "register_organisation", async |tx| {
            let region = call.body.region;
            if !scope.region.contains(&region) || !tx.node().contains(&region) {
                return Err(Problem::new(&common::REGION_OUT_OF_SCOPE).at("/region"));
            }
            let (id, now) = (tx.new_id(), tx.now());
            let (organisation, registered) =
                Organisation::register(call.body.clone(), &state.policy, id, now)?;
            organisations::insert(tx, &organisation).await?;
            tx.publish(id, &registered)?;
            let location = format!("/mediation/v1/organisations/{id}");
            Ok(Reply::created(location, OrganisationView::from(organisation)).version(1))
        });
    work.await
}
