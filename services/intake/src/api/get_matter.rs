//! One matter.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::MatterRead};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::MatterView;
use crate::{
    Intake,
    store::{matters, parties},
};

/// A matter with what the person said.
#[derive(Serialize, ToSchema)]
pub struct MatterDetail {
    /// The matter.
    #[serde(flatten)]
    pub matter: MatterView,
    /// What the person said.
    pub narrative: String,
}

/// One matter, with what the person said.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    responses((status = 200, description = "The matter", body = MatterDetail), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/matters/{id}")]
pub async fn get_matter(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let (matter, narrative) = matters::load_with_narrative(&mut conn, *id, &permit.scope()).await?;
    let parties = parties::refs_of(&mut conn, *id).await?;
    let version = matter.version;
    let matter = MatterView::of(matter, parties);
    Ok(Reply::ok(MatterDetail { matter, narrative }).version(version))
}
