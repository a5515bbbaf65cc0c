//! Inviting somebody to help.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::ProceedingView;
use crate::{
    Mediation,
    domain::{Fact, participant::InviteParticipant},
    store::proceedings,
};

/// Invite a relative, neighbour, expert or other person to help, with every party's consent (人民调解法 20).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = InviteParticipant,
    responses((status = 200, description = "Invited", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/participants")]
pub async fn invite_participant(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, InviteParticipant>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "invite_participant", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let (proceeding, facts) = proceeding.invite(call.body.clone(), policy, tx.new_id(), now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
