//! What a matter may be a duplicate of.

use actix_web::get;
use chassis::http::{Data, PageOf, Path, Permit, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, MatterId},
    roles::permission::MatterLink,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Intake,
    domain::{matter::MatterState, similarity},
    store::{links, matters},
};

/// A matter that may be the same.
#[derive(Serialize, ToSchema)]
pub struct DuplicateView {
    /// The matter.
    pub matter_id: MatterId,
    /// Its case.
    pub case_id: CaseId,
    /// What became of it.
    pub state: MatterState,
    /// 受理编号, once accepted.
    pub acceptance_number: Option<String>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// Whether a party with the same document, or the same name and telephone, takes part in both.
    pub same_party: bool,
    /// How alike the two statements are, percent.
    pub similar_percent: u32,
    /// Whether somebody has linked them.
    pub linked: bool,
}

/// What a matter may be a duplicate of (信访工作条例 19): matters of the same type, registered in the policy pack's window before
/// it, in which the same party takes part (by its document, else by name and telephone) or of which much the same was said; the most alike first. To be asked
/// right after registration. A person decides whether to link them.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    responses((status = 200, description = "The proposals", body = PageOf<DuplicateView>), ProblemResponses),
    security(("bearer" = ["matter.link"]))
)]
#[get("/matters/{id}/duplicates")]
pub async fn list_duplicates(
    state: Data<Intake>,
    permit: Permit<MatterLink>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let mut conn = state.db.read().await?;
    let (matter, said) = matters::load_with_narrative(&mut conn, *id, &scope).await?;
    let rule = &state.policy.intake().duplicates;
    let (candidates, same_party) = links::candidates(&mut conn, &matter, rule, &scope).await?;
    let linked = links::of(&mut conn, matter.id).await?;
    let linked = |id| {
        let with = |link: &crate::domain::link::MatterLink| {
            link.matter_id == id || link.other_matter_id == id
        };
        linked.iter().any(with)
    };
    let mut items: Vec<_> = candidates
        .into_iter()
        .map(|(other, other_said)| DuplicateView {
            matter_id: other.id,
            case_id: other.case_id,
            state: other.state,
            same_party: same_party.contains(&other.id),
            similar_percent: similarity::percent(&said, &other_said),
            linked: linked(other.id),
            acceptance_number: other.acceptance_number,
            registered_at: other.created_at,
        })
        .filter(|item| item.same_party || item.similar_percent >= rule.similar_percent)
        .collect();
    items.sort_by_key(|item| std::cmp::Reverse((item.same_party, item.similar_percent)));
    items.truncate(rule.propose_most);
    Ok(Reply::ok(PageOf::<DuplicateView> {
        items,
        next_cursor: None,
    }))
}
