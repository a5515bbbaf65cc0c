//! Taking another way.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::OtherWayTake};

use super::{effect, views::ProceedingView};
use crate::{
    Mediation, TRANSFER_CLOCK,
    domain::{Fact, other_way::TakeOtherWay},
    store::proceedings,
};

/// Take another way after mediation settled nothing (transitions 20, 23; 人民调解法 26), or after the court did not confirm what
/// was agreed (人民调解法 33): then what is still open of that agreement is no longer owed. After a partial agreement 部分协议 what it
/// left open may go another way, once; the agreement stands. The answer holds the warning of the
/// time that runs against the parties. For a suit the file to be handed over is at `/filing-file`.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = TakeOtherWay,
    responses((status = 200, description = "Taken", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["other_way.take"]))
)]
#[post("/proceedings/{id}/other-way")]
pub async fn take_other_way(
    state: Data<Mediation>,
    call: Call<OtherWayTake, TakeOtherWay>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    if scope.applicant.is_some() {
        let case_id = proceedings::case_of(&mut *state.db.read().await?, id, &scope).await?;
        state.bus.own_party(&scope, case_id).await?;
    }
    let work = state.db.command(&call, "take_other_way", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let of_the_rest = proceeding.rest_is_open();
        let (proceeding, facts) = proceeding.take_other_way(call.body.clone(), policy, now)?;
        // Before this proceeding is no longer among those whose agreement the court did not confirm.
        if !of_the_rest {
            effect::replace_dismissed(tx, proceeding.case_id, None, "take_other_way").await?;
        }
        proceedings::update(tx, &proceeding, seen).await?;
        tx.stop_clock(TRANSFER_CLOCK, id);
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
