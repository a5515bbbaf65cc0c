//! Deciding what a petition is.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{events::intake::PetitionKind, ids::MatterId, roles::permission::PetitionDecide};
use serde::Deserialize;
use utoipa::ToSchema;

use super::petition_views::{HANDLE_CLOCK, PetitionView, clocks};
use crate::{
    Intake,
    domain::{Refusal, petition::Petition, public_fact::PublicFact, registration::text},
    store::{
        cases, matters,
        petitions::{self, Step},
    },
};

/// What a petition is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecidePetition {
    /// 建议意见、检举控告、申诉求决.
    pub kind: PetitionKind,
    /// The way it takes: a code of the policy pack that fits the kind.
    #[schema(examples("petition_opinion"))]
    pub way: String,
    /// What the person is told.
    pub note: String,
}

/// Decide what an accepted petition is and which way it takes (信访工作条例 31): a suggestion, a report or a claim; claims go to the
/// procedure the law has for them, and only what is left is handled as a petition, in 60 days from the acceptance (34).
#[utoipa::path(
    tag = "petitions",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = DecidePetition,
    responses((status = 200, description = "The petition", body = PetitionView), ProblemResponses),
    security(("bearer" = ["petition.decide"]))
)]
#[post("/matters/{id}/petition-decision")]
pub async fn decide_petition(
    state: Data<Intake>,
    call: Call<PetitionDecide, DecidePetition>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "decide_petition", async |tx| {
        let matter = matters::load(tx.conn(), id, &scope).await?;
        let DecidePetition { kind, way, note } = &call.body;
        let policy = &*state.policy;
        let way = policy.intake().petition_way(way);
        let way = way.ok_or(Refusal::UnknownWay)?;
        text("/note", note, policy.limits().note_max)?;
        let before = petitions::find(tx.conn(), id).await?;
        call.check_version(
            before
                .as_ref()
                .map_or(matter.version, |before| before.version),
        )?;
        let (clocks, now) = (clocks(policy)?, tx.now());
        let (petition, decided) =
            Petition::decide(&matter, before.as_ref(), *kind, way, &clocks, now)?;
        let step = Step {
            command: "decide_petition",
            note,
            by: &call.principal,
        };
        petitions::insert(tx, &petition, &step).await?;
        // It runs since the acceptance.
        if petition.ended_at.is_some() {
            tx.stop_clock(HANDLE_CLOCK, id);
        }
        cases::tell(tx, matter.case_id, PublicFact::PetitionDecided);
        tx.publish(matter.case_id, &decided)?;
        petitions::publish_end(tx, &matter, &petition).await?;
        let version = petition.version;
        let view = PetitionView::of(tx.conn(), petition, policy).await?;
        Ok(Reply::ok(view).version(version))
    });
    work.await
}
