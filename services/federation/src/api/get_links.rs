//! `GET /links`.

use actix_web::get;
use chassis::http::{Data, Permit, Problem, ProblemResponses, Reply};
use contracts::{problems::common, region::RegionCode, roles::permission::LinkRead};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Federation,
    links::{self, NodeLink, OwnSending, Unsent},
};

/// How the links to other nodes stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinksView {
    /// This node.
    pub node: RegionCode,
    /// Whether it is part of a federation.
    pub federated: bool,
    /// The node above.
    pub parent: Option<RegionCode>,
    /// This node's own sending.
    pub own: OwnSending,
    /// The nodes below.
    pub below: Vec<NodeLink>,
    /// What should have been sent of the node's own accord and could not: to be sent by hand (at most 100).
    pub unsent: Vec<Unsent>,
}

/// How the links stand: the node above, every node below, what is missing. For those who work for the whole node.
#[utoipa::path(
    tag = "links",
    operation_id = "get_links",
    responses((status = 200, description = "The links", body = LinksView), ProblemResponses),
    security(("bearer" = ["link.read"]))
)]
#[get("/links")]
pub async fn get_links(
    state: Data<Federation>,
    permit: Permit<LinkRead>,
) -> Result<Reply, Problem> {
    if !permit.scope().region.contains(&state.desk.node()) {
        return Err(Problem::new(&common::NOT_FOUND));
    }
    let (below, own) = links::status(&state.db, state.settings.silent_after).await?;
    Ok(Reply::ok(LinksView {
        node: state.desk.node(),
        federated: state.desk.keys().is_some(),
        parent: state.desk.parent().map(|parent| parent.node),
        own,
        below,
        unsent: links::unsent(&state.db).await?,
    }))
}
