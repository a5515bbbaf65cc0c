//! Settling a matter on the spot.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::MatterAccept};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::MatterView;
use crate::{
    ACCEPT_CLOCK, Intake, PETITION_ACCEPT_CLOCK,
    domain::{Refusal, public_fact::PublicFact, registration::text},
    store::{cases, matters, parties},
};

/// What was answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerMatter {
    /// Item code of the policy pack's list of simple matters (IN-07).
    pub item: String,
    /// The answer given to the person.
    pub answer: String,
}

/// Settle a registered matter on the spot 当场办结 (transition 3; IN-07).
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = AnswerMatter,
    responses((status = 200, description = "Answered", body = MatterView), ProblemResponses),
    security(("bearer" = ["matter.accept"]))
)]
#[post("/matters/{id}/answer")]
pub async fn answer_matter(
    state: Data<Intake>,
    call: Call<MatterAccept, AnswerMatter>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "answer_matter", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        let AnswerMatter { item, answer } = &call.body;
        let known = state.policy.intake().simple_item(item);
        known.ok_or(Refusal::NotOnTheSpot)?;
        text("/answer", answer, state.policy.limits().note_max)?;
        let now = tx.now();
        let answered = matter.answer(item, answer.clone(), &call.principal.subject, now)?;
        matters::update(tx, &matter).await?;
        tx.stop_clock(ACCEPT_CLOCK, id);
        tx.stop_clock(PETITION_ACCEPT_CLOCK, id);
        cases::note_own(tx, matter.case_id, PublicFact::Answered, now);
        tx.publish(matter.case_id, &answered)?;
        let parties = parties::refs_of(tx.conn(), id).await?;
        let version = matter.version;
        Ok(Reply::ok(MatterView::of(matter, parties)).version(version))
    });
    work.await
}
