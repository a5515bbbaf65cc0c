//! Accepting a matter.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{events::intake::MatterClass, ids::MatterId, roles::permission::MatterAccept};

use super::{petition_views::HANDLE_CLOCK, views::MatterView};
use crate::{
    ACCEPT_CLOCK, Intake, PETITION_ACCEPT_CLOCK,
    domain::{Refusal, public_fact::PublicFact},
    registering::holder,
    store::{
        cases, links, matters,
        numbers::{self, Numbered},
        parties, petitions,
    },
};

/// Accept a registered matter 受理 under the next acceptance number (transition 5; IN-03). The 60 days of a petition run from here
/// (信访工作条例 34). A petition that was linked as a
/// duplicate to one that was finally concluded is not accepted again: `petition-final` (信访工作条例 36).
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    responses((status = 200, description = "Accepted", body = MatterView), ProblemResponses),
    security(("bearer" = ["matter.accept"]))
)]
#[post("/matters/{id}/accept")]
pub async fn accept_matter(
    state: Data<Intake>,
    call: Call<MatterAccept, ()>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "accept_matter", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        if matter.class == MatterClass::Petition {
            let linked = links::others(tx.conn(), id).await?;
            if petitions::concluded_among(tx.conn(), &linked).await? {
                return Err(Refusal::PetitionFinal.into());
            }
        }
        let parties = parties::refs_of(tx.conn(), id).await?;
        tx.stop_clock(ACCEPT_CLOCK, id);
        tx.stop_clock(PETITION_ACCEPT_CLOCK, id);
        let series = &state.policy.intake().acceptance_number;
        let number =
            numbers::next(tx, Numbered::Acceptance, series, matter.organisation_id).await?;
        let by = &call.principal.subject;
        let accepted = matter.accept(number, parties.clone(), by, tx.now())?;
        matters::update(tx, &matter).await?;
        let now = tx.now();
        if matter.class == MatterClass::Petition {
            let (policy, holder) = (&state.policy, holder(&matter));
            tx.start_policy_clock(policy, HANDLE_CLOCK, None, id, holder, now)?;
        }
        cases::note_own(tx, matter.case_id, PublicFact::Accepted, now);
        tx.publish(matter.case_id, &accepted)?;
        let version = matter.version;
        Ok(Reply::ok(MatterView::of(matter, parties)).version(version))
    });
    work.await
}
