//! Taking matters out of a case.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::CasePartiesChanged,
    ids::{CaseId, MatterId},
    problems::common,
    roles::permission::CaseMerge,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::case_views::CaseView;
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::text},
    store::{
        case_acts::{self, Act},
        cases, parties,
    },
};

/// Which matters are to be a case of their own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitCase {
    /// Accepted matters of the case; at least one other stays.
    pub matters: Vec<MatterId>,
    /// Why.
    pub reason: String,
}

/// Make a new case of some matters of a case 拆案 (transition 32). The case that was split stays readable and goes on with the rest;
/// the new one is decided anew and counts as received from now on. Answers the new case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case that is split")),
    request_body = SplitCase,
    responses((status = 201, description = "The new case", body = CaseView), ProblemResponses),
    security(("bearer" = ["case.merge"]))
)]
#[post("/cases/{id}/split")]
pub async fn split_case(
    state: Data<Intake>,
    call: Call<CaseMerge, SplitCase>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "split_case", async |tx| {
        cases::load(tx.conn(), id, &scope).await?;
        let SplitCase { matters, reason } = &call.body;
        text("/reason", reason, state.policy.limits().note_max)?;
        let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
        let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let all = case_acts::matters_of(tx.conn(), id).await?;
        let (now, node, new): (_, _, CaseId) = (tx.now(), *tx.node(), tx.new_id());
        let split = case.split(new, matters, &all, node, now)?;
        cases::open_split(tx, &case, new).await?;
        case_acts::move_matters(tx, matters, new).await?;
        let act = Act {
            act: "split",
            case_id: id,
            other_case_id: Some(new),
            reason_code: None,
            reason: Some(reason),
            by: &call.principal.subject,
        };
        case_acts::record(tx, &act).await?;
        cases::tell(tx, id, PublicFact::Split);
        tx.publish(id, &split)?;
        let rest = parties::refs_of_case(tx.conn(), id).await?;
        let changed = CasePartiesChanged {
            case_id: id,
            region: case.region,
            parties: rest,
            changed_at: now,
        };
        tx.publish(id, &changed)?;
        let parties = parties::refs_of_case(tx.conn(), new).await?;
        for matter in all.iter().filter(|matter| matters.contains(&matter.id)) {
            let (registered, accepted) = matter.moved(new, parties.clone(), now);
            tx.publish(new, &registered)?;
            tx.publish(new, &accepted)?;
        }
        let view = CaseView::load(tx.conn(), new).await?;
        Ok(Reply::created(format!("/intake/v1/cases/{new}"), view))
    });
    work.await
}
