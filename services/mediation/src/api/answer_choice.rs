//! A mediator answers.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{MediatorId, ProceedingId},
    roles::permission::ProceedingConduct,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::ProceedingView;
use crate::{
    ACCEPT_CLOCK, Mediation,
    domain::{Fact, choice::MediatorAnswer},
    store::proceedings,
};

/// What a mediator answers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerChoice {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// Whether they accept.
    pub accepts: bool,
    /// Why they refuse; needed then.
    pub reason: Option<String>,
    /// The relation or interest they disclose; every party must accept it by choosing again.
    pub interest: Option<String>,
}

/// A chosen mediator accepts within three working days, also with an interest they disclose, or refuses with a reason
/// (人民法院在线调解规则 12, 13). After a refusal the organisation appoints somebody else.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = AnswerChoice,
    responses((status = 200, description = "Recorded", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/mediator-acceptance")]
pub async fn answer_choice(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, AnswerChoice>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "answer_choice", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let AnswerChoice {
            mediator_id,
            accepts,
            reason,
            interest,
        } = call.body.clone();
        let answer = MediatorAnswer {
            mediator_id,
            accepts,
            reason,
            interest,
            answered_at: now,
        };
        let (proceeding, facts) = proceeding.answer_choice(answer, policy, now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        if proceeding.choice_answered() {
            tx.stop_clock(ACCEPT_CLOCK, id);
        }
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
