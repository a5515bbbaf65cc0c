//! Linking two matters.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{events::intake::LinkKind, ids::MatterId, problems::common, roles::permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Intake,
    domain::{
        link::{Linking, MatterLink},
        matter::Matter,
        registration::text,
    },
    store::{links, matters},
};

/// To which matter another one is linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkMatter {
    /// The other matter.
    pub matter_id: MatterId,
    /// How they belong together.
    pub kind: LinkKind,
    /// Why.
    pub reason: String,
}

/// A link between two matters.
#[derive(Serialize, ToSchema)]
pub struct LinkView {
    /// The matter that was linked.
    pub matter_id: MatterId,
    /// The matter it was linked to.
    pub other_matter_id: MatterId,
    /// How they belong together.
    pub kind: LinkKind,
    /// Why.
    pub reason: String,
    /// When.
    pub linked_at: DateTime<Utc>,
}

impl From<MatterLink> for LinkView {
    fn from(link: MatterLink) -> Self {
        Self {
            matter_id: link.matter_id,
            other_matter_id: link.other_matter_id,
            kind: link.kind,
            reason: link.reason,
            linked_at: link.linked_at,
        }
    }
}

/// The matter that the body names.
///
/// # Errors
/// `not-found` there.
pub async fn other_of(tx: &mut Tx, id: MatterId, scope: &Scope) -> Result<Matter, Problem> {
    let other = matters::load(tx.conn(), id, scope).await;
    other.map_err(|problem| match problem.code() {
        code if code == &common::NOT_FOUND => problem.at("/matter_id"),
        _ => problem,
    })
}

/// Link a matter to another one, as the same matter brought again or as one that belongs to it. Both stay (信访工作条例 19); a pair is
/// linked once.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = LinkMatter,
    responses((status = 201, description = "Linked", body = LinkView), ProblemResponses),
    security(("bearer" = ["matter.link"]))
)]
#[post("/matters/{id}/link")]
pub async fn link_matter(
    state: Data<Intake>,
    call: Call<permission::MatterLink, LinkMatter>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "link_matter", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let other = other_of(tx, call.body.matter_id, &scope).await?;
        text("/reason", &call.body.reason, state.policy.limits().note_max)?;
        let links = links::of(tx.conn(), id).await?;
        let linked = links
            .iter()
            .any(|link| link.matter_id == other.id || link.other_matter_id == other.id);
        let linking = Linking {
            kind: call.body.kind,
            reason: &call.body.reason,
            by: &call.principal.subject,
        };
        let (link, event) = matter.link(&other, linked, &linking, tx.now())?;
        links::insert(tx, &link).await?;
        tx.publish(matter.case_id, &event)?;
        let place = format!("/intake/v1/matters/{id}");
        Ok(Reply::created(place, LinkView::from(link)))
    });
    work.await
}
