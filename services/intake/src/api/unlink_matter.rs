//! Undoing the link of two matters.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission};
use serde::Deserialize;
use utoipa::ToSchema;

use super::link_matter::{LinkView, other_of};
use crate::{
    Intake,
    domain::{Refusal, registration::text},
    store::{case_acts, links, matters},
};

/// Which link is undone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlinkMatter {
    /// The other matter.
    pub matter_id: MatterId,
    /// Why.
    pub reason: String,
}

/// Undo the link of a matter to another one 撤销关联, whichever of the two was linked to the other: each stands on its own again. Who
/// undid it and why is kept. Not possible once their cases were merged, or once one of two duplicates was declined after they were
/// linked: its person was told to follow the other. Answers the link that was.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = UnlinkMatter,
    responses((status = 200, description = "Undone", body = LinkView), ProblemResponses),
    security(("bearer" = ["matter.link"]))
)]
#[post("/matters/{id}/unlink")]
pub async fn unlink_matter(
    state: Data<Intake>,
    call: Call<permission::MatterLink, UnlinkMatter>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "unlink_matter", async |tx| {
        let UnlinkMatter { matter_id, reason } = &call.body;
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let other = other_of(tx, *matter_id, &scope).await?;
        text("/reason", reason, state.policy.limits().note_max)?;
        // Locked: nobody merges them meanwhile.
        case_acts::lock(tx, &[matter.case_id, other.case_id]).await?;
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let other = other_of(tx, *matter_id, &scope).await?;
        let links = links::of(tx.conn(), id).await?;
        let link = links
            .into_iter()
            .find(|link| link.matter_id == other.id || link.other_matter_id == other.id)
            .ok_or(Refusal::NotLinked)?;
        let event = matter.unlink(&other, &link, tx.now())?;
        links::undo(tx, &link, reason, &call.principal.subject).await?;
        tx.publish(event.case_id, &event)?;
        Ok(Reply::ok(LinkView::from(link)))
    });
    work.await
}
