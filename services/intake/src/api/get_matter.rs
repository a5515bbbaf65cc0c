//! One matter.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{events::intake::MatterClass, ids::MatterId, roles::permission::MatterRead};
use serde::Serialize;
use utoipa::ToSchema;

use super::link_matter::LinkView;
use super::petition_views::PetitionView;
use super::views::{CorrectionView, MatterView};
use crate::{
    Intake,
    store::{corrections, links, matters, parties, petitions},
};

/// A matter with what the person said.
#[derive(Serialize, ToSchema)]
pub struct MatterDetail {
    /// The matter.
    #[serde(flatten)]
    pub matter: MatterView,
    /// What the person said.
    pub narrative: String,
    /// The list of what was missing, when one was handed over.
    pub correction: Option<CorrectionView>,
    /// The matters it was linked to; not shown to applicants.
    pub links: Vec<LinkView>,
    /// What it was found to be, when it is a petition and somebody has decided it.
    pub petition: Option<PetitionView>,
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
    let correction = corrections::find(&mut conn, *id).await?;
    let correction = correction.map(|list| CorrectionView::of(list, &state.policy));
    let links = match permit.scope().applicant {
        Some(_) => Vec::new(),
        None => links::of(&mut conn, *id).await?,
    };
    let petition = match matter.class {
        MatterClass::Petition => petitions::find(&mut conn, *id).await?,
        _ => None,
    };
    let petition = match petition {
        Some(petition) => Some(PetitionView::of(&mut conn, petition, &state.policy).await?),
        None => None,
    };
    let detail = MatterDetail {
        matter: MatterView::of(matter, parties),
        narrative,
        correction,
        links: links.into_iter().map(LinkView::from).collect(),
        petition,
    };
    Ok(Reply::ok(detail).version(version))
}
