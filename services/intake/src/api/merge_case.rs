//! Merging a case into another one.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseMerge};
use serde::Deserialize;
use utoipa::ToSchema;

use super::case_views::CaseView;
use crate::{
    Intake,
    domain::{
        dispute_case::DisputeCase, matter::MatterState, public_fact::PublicFact, registration::text,
    },
    store::{
        case_acts::{self, Act},
        cases, parties,
    },
};

/// Into which case another one is merged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeCase {
    /// The leading case, in which everything goes on.
    pub into: CaseId,
    /// Why.
    pub reason: String,
}

/// Merge a case into another one 并案 (transition 32). Its matters and parties move to the leading case, with which it is closed; the
/// merged case stays readable. Possible until the parties of either are asked for consent, when the same organisation and this
/// node answer for both and their matters are of one class. Answers the leading case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case that is merged")),
    request_body = MergeCase,
    responses((status = 200, description = "The leading case", body = CaseView), ProblemResponses),
    security(("bearer" = ["case.merge"]))
)]
#[post("/cases/{id}/merge")]
pub async fn merge_case(
    state: Data<Intake>,
    call: Call<CaseMerge, MergeCase>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "merge_case", async |tx| {
        let MergeCase { into, reason } = &call.body;
        cases::load(tx.conn(), id, &scope).await?;
        let leading = cases::load(tx.conn(), *into, &scope).await;
        leading.map_err(|problem| {
            if problem.code() == &common::NOT_FOUND {
                problem.at("/into")
            } else {
                problem
            }
        })?;
        text("/reason", reason, state.policy.limits().note_max)?;
        let locked = case_acts::lock(tx, &[id, *into]).await?;
        let find = |wanted: CaseId| locked.iter().find(|case| case.id == wanted);
        let both = find(id).zip(find(*into));
        let (case, leading) = both.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let leads = !case_acts::led_by(tx.conn(), id).await?.is_empty();
        let matters = case_acts::matters_of(tx.conn(), id).await?;
        let led = case_acts::matters_of(tx.conn(), *into).await?;
        let ids: Vec<_> = matters.iter().map(|matter| matter.id).collect();
        let (now, node) = (tx.now(), *tx.node());
        let merged = case.merge_into(leading, leads, ids.clone(), node, now)?;
        DisputeCase::check_classes(&matters, &led)?;
        case_acts::move_matters(tx, &ids, *into).await?;
        case_acts::set_leading(tx, id, *into).await?;
        let act = Act {
            act: "merge",
            case_id: id,
            other_case_id: Some(*into),
            reason_code: None,
            reason: Some(reason),
            by: &call.principal.subject,
        };
        case_acts::record(tx, &act).await?;
        cases::note_own(tx, id, PublicFact::Merged, now);
        cases::tell(tx, *into, PublicFact::Joined);
        tx.publish(id, &merged)?;
        let parties = parties::refs_of_case(tx.conn(), *into).await?;
        let accepted = matters
            .iter()
            .filter(|matter| matter.state == MatterState::Accepted);
        for matter in accepted {
            let (registered, accepted) = matter.moved(*into, parties.clone(), now);
            tx.publish(*into, &registered)?;
            tx.publish(*into, &accepted)?;
        }
        Ok(Reply::ok(CaseView::load(tx.conn(), *into).await?))
    });
    work.await
}
