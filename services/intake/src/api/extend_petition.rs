//! Lengthening the handling of a petition.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::PetitionExtend};
use policy::clock::Approver;

use super::petition_views::{HANDLE_CLOCK, PetitionNote, PetitionView, clocks, decided};
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::text},
    store::{
        cases, matters,
        petitions::{self, Step},
    },
};

/// Lengthen the handling of a petition once, by at most 30 days, as the person in charge approves before its term is over; the
/// person is told the reason (信访工作条例 34).
#[utoipa::path(
    tag = "petitions",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = PetitionNote,
    responses((status = 200, description = "The petition", body = PetitionView), ProblemResponses),
    security(("bearer" = ["petition.extend"]))
)]
#[post("/matters/{id}/petition-extension")]
pub async fn extend_petition(
    state: Data<Intake>,
    call: Call<PetitionExtend, PetitionNote>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "extend_petition", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let (policy, note) = (&*state.policy, &call.body.note);
        text("/note", note, policy.limits().note_max)?;
        let mut petition = decided(tx.conn(), id).await?;
        call.check_version(petition.version)?;
        petition.check_extendable(&clocks(policy)?)?;
        let longer = tx
            .extend_clock(policy, HANDLE_CLOCK, id, Approver::Leader)
            .await?;
        let extended = petition.extend(&matter, longer, tx.now())?;
        let step = Step {
            command: "extend_petition",
            note,
            by: &call.principal,
        };
        petitions::update(tx, &petition, &step).await?;
        let case = matter.case_id;
        cases::tell(tx, case, PublicFact::PetitionExtended);
        tx.publish(case, &extended)?;
        let version = petition.version;
        let view = PetitionView::of(tx.conn(), petition, policy).await?;
        Ok(Reply::ok(view).version(version))
    });
    work.await
}
