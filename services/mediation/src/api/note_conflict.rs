//! Noting an interest of a mediator.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{CaseId, MediatorId},
    roles::permission::RegisterManage,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Mediation, store::mediators};

/// An interest of a mediator in a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteConflict {
    /// The case.
    pub case_id: CaseId,
    /// The relation or interest.
    pub interest: String,
}

/// Note that a mediator has an interest in a case: they mediate it only when it is disclosed and every party accepts
/// (人民法院在线调解规则 13).
#[utoipa::path(
    tag = "register",
    params(("id" = MediatorId, Path, description = "The mediator")),
    request_body = NoteConflict,
    responses((status = 204, description = "Noted"), ProblemResponses),
    security(("bearer" = ["register.manage"]))
)]
#[post("/mediators/{id}/conflicts")]
pub async fn note_conflict(
    state: Data<Mediation>,
    call: Call<RegisterManage, NoteConflict>,
    id: Path<MediatorId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "note_conflict", async |tx| {
        let mediator = mediators::lock(tx, id, &scope).await?;
        let NoteConflict { case_id, interest } = call.body.clone();
        let conflict = mediator.conflict(case_id, interest, &state.policy, tx.now())?;
        mediators::note_conflict(tx, &conflict).await?;
        Ok(Reply::no_content())
    });
    work.await
}
