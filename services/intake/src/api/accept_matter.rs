//! Accepting a matter.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::MatterAccept};

use super::views::MatterView;
use crate::{
    ACCEPT_CLOCK, Intake,
    domain::case::PublicFact,
    store::{cases, matters, numbers, parties},
};

/// Accept a registered matter 受理 under the next acceptance number (transition 5; IN-03).
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
        let parties = parties::refs_of(tx.conn(), id).await?;
        tx.stop_clock(ACCEPT_CLOCK, id);
        let series = &state.policy.intake().acceptance_number;
        let number = numbers::next(tx, series, matter.organisation_id).await?;
        let by = &call.principal.subject;
        let accepted = matter.accept(number, parties.clone(), by, tx.now())?;
        matters::update(tx, &matter).await?;
        let now = tx.now();
        cases::note_own(tx, matter.case_id, PublicFact::Accepted, now);
        tx.publish(matter.case_id, &accepted)?;
        let version = matter.version;
        Ok(Reply::ok(MatterView::of(matter, parties)).version(version))
    });
    work.await
}
