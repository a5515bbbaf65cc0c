//! Answering a petition, its review or its re-review.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::PetitionDecide};

use super::petition_views::{HANDLE_CLOCK, PetitionNote, PetitionView, REVIEW_CLOCK, decided};
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::text},
    store::{
        cases, matters,
        petitions::{self, Step},
    },
};

/// Give the opinion on a petition 处理意见, on its review 复查意见 or on its re-review 复核意见: whichever runs (信访工作条例 34-36).
/// A review is given by another organisation than the opinions before it. After the first two the person has 30 days from the
/// receipt to ask for the next; after the last the petition is at its end.
#[utoipa::path(
    tag = "petitions",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = PetitionNote,
    responses((status = 200, description = "The petition", body = PetitionView), ProblemResponses),
    security(("bearer" = ["petition.decide"]))
)]
#[post("/matters/{id}/petition-opinion")]
pub async fn answer_petition(
    state: Data<Intake>,
    call: Call<PetitionDecide, PetitionNote>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "answer_petition", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let (policy, note) = (&*state.policy, &call.body.note);
        text("/note", note, policy.limits().note_max)?;
        let mut petition = decided(tx.conn(), id).await?;
        call.check_version(petition.version)?;
        let before = petitions::answered_by(tx.conn(), id).await?;
        petition.check_reviewer(call.principal.organisation, &before)?;
        let answered = petition.answer(&matter, tx.now())?;
        let step = Step {
            command: "answer_petition",
            note,
            by: &call.principal,
        };
        petitions::update(tx, &petition, &step).await?;
        tx.stop_clock(HANDLE_CLOCK, id);
        tx.stop_clock(REVIEW_CLOCK, id);
        cases::tell(tx, matter.case_id, PublicFact::PetitionAnswered);
        tx.publish(matter.case_id, &answered)?;
        petitions::publish_end(tx, &matter, &petition).await?;
        let version = petition.version;
        let view = PetitionView::of(tx.conn(), petition, policy).await?;
        Ok(Reply::ok(view).version(version))
    });
    work.await
}
