//! Recording a session.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::SessionView;
use crate::{
    Mediation,
    domain::{Fact, session::RecordSession},
    store::{proceedings, sessions},
};

/// Record a session 调解记录 (人民调解法 27). The `ETag` is the session's; the proceeding gets its next version too.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = RecordSession,
    responses((status = 201, description = "Recorded", body = SessionView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/sessions")]
pub async fn record_session(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, RecordSession>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "record_session", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, session_id, now) = (proceeding.version, tx.new_id(), tx.now());
        let (proceeding, session, facts) =
            proceeding.hold_session(call.body.clone(), &state.policy, session_id, now)?;
        sessions::insert(tx, &session).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let location = format!("/mediation/v1/proceedings/{id}");
        Ok(Reply::created(location, SessionView::of(session, true)).version(1))
    });
    work.await
}
