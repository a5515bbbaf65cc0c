//! Noting when the person received the opinion on a petition.

use actix_web::post;
use chassis::{
    clocks::NewClock,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use chrono::{DateTime, Utc};
use contracts::{ids::MatterId, roles::permission::PetitionDecide};
use serde::Deserialize;
use utoipa::ToSchema;

use super::petition_views::{ASK_CLOCK, PetitionView, clocks, decided};
use crate::{
    Intake,
    domain::{public_fact::PublicFact, registration::text},
    registering::holder,
    store::{
        cases, matters,
        petitions::{self, Step},
    },
};

/// When an opinion was received.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServePetition {
    /// When the person received it: not before it was given.
    pub served_at: DateTime<Utc>,
    /// How it was served, and who received it.
    pub note: String,
}

/// Note when the person received the written opinion 送达. From then on they have 30 days to ask for the review, or after it for the
/// re-review (信访工作条例 35, 36); when they do not, the petition is at its end.
#[utoipa::path(
    tag = "petitions",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = ServePetition,
    responses((status = 200, description = "The petition", body = PetitionView), ProblemResponses),
    security(("bearer" = ["petition.decide"]))
)]
#[post("/matters/{id}/petition-service")]
pub async fn serve_petition(
    state: Data<Intake>,
    call: Call<PetitionDecide, ServePetition>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "serve_petition", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let ServePetition { served_at, note } = &call.body;
        let policy = &*state.policy;
        text("/note", note, policy.limits().note_max)?;
        let mut petition = decided(tx.conn(), id).await?;
        call.check_version(petition.version)?;
        let clocks = clocks(policy)?;
        let (due, served) = petition.serve(&matter, *served_at, &clocks, tx.now())?;
        let step = Step {
            command: "serve_petition",
            note,
            by: &call.principal,
        };
        petitions::update(tx, &petition, &step).await?;
        let holder = holder(&matter);
        let clock = NewClock::of_rule(policy, ASK_CLOCK, clocks.ask, id, holder, *served_at, due);
        tx.start_clock(&clock);
        cases::tell(tx, matter.case_id, PublicFact::PetitionServed);
        tx.publish(matter.case_id, &served)?;
        let version = petition.version;
        let view = PetitionView::of(tx.conn(), petition, policy).await?;
        Ok(Reply::ok(view).version(version))
    });
    work.await
}
