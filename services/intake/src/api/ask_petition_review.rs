//! Asking for the review or re-review of a petition.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::PetitionReview};

use super::petition_views::{ASK_CLOCK, PetitionNote, PetitionView, REVIEW_CLOCK, clocks, decided};
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::text},
    registering::holder,
    store::{
        cases, matters,
        petitions::{self, Step},
    },
};

/// Ask for the review 复查 of a petition that was answered, or after it for the re-review 复核, within 30 days from the receipt of the
/// opinion (信访工作条例 35, 36).
/// After the re-review nothing more is accepted.
#[utoipa::path(
    tag = "petitions",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = PetitionNote,
    responses((status = 200, description = "The petition", body = PetitionView), ProblemResponses),
    security(("bearer" = ["petition.review"]))
)]
#[post("/matters/{id}/petition-review")]
pub async fn ask_petition_review(
    state: Data<Intake>,
    call: Call<PetitionReview, PetitionNote>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "ask_petition_review", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let (policy, note) = (&*state.policy, &call.body.note);
        text("/note", note, policy.limits().note_max)?;
        let mut petition = decided(tx.conn(), id).await?;
        call.check_version(petition.version)?;
        let (clocks, now) = (clocks(policy)?, tx.now());
        let (_, asked) = petition.ask_review(&matter, &clocks, now)?;
        let step = Step {
            command: "ask_petition_review",
            note,
            by: &call.principal,
        };
        petitions::update(tx, &petition, &step).await?;
        tx.stop_clock(ASK_CLOCK, id);
        let holder = holder(&matter);
        tx.start_policy_clock(policy, REVIEW_CLOCK, None, id, holder, now)?;
        cases::tell(tx, matter.case_id, PublicFact::PetitionReviewAsked);
        tx.publish(matter.case_id, &asked)?;
        let version = petition.version;
        let view = PetitionView::of(tx.conn(), petition, policy).await?;
        Ok(Reply::ok(view).version(version))
    });
    work.await
}
