//! Asking for what is missing.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::MatterAccept};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{CorrectedMatter, CorrectionView};
use crate::{
    ACCEPT_CLOCK, CORRECT_CLOCK, Intake,
    domain::{correction::Missing, public_fact::PublicFact},
    registering::holder,
    store::{cases, corrections, matters, parties},
};

/// The one list of what is missing: materials, words, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCorrection {
    /// Codes of the policy pack's list of materials.
    #[serde(default)]
    pub materials: Vec<String>,
    /// What else is missing.
    pub note: Option<String>,
}

/// Tell the person what is missing, all in one list 要求补正、一次性告知 (transition 2; IN-05). A second list for the same matter is
/// refused. The window's own clock stops; the person has the policy pack's days, after which the matter lapses.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = AskCorrection,
    responses((status = 200, description = "The matter with the list", body = CorrectedMatter), ProblemResponses),
    security(("bearer" = ["matter.accept"]))
)]
#[post("/matters/{id}/correct")]
pub async fn ask_correction(
    state: Data<Intake>,
    call: Call<MatterAccept, AskCorrection>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "ask_correction", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        let missing = Missing {
            materials: &call.body.materials,
            note: call.body.note.as_deref(),
        };
        missing.check(&state.policy)?;
        let before = corrections::find(tx.conn(), id).await?;
        let (now, by) = (tx.now(), &call.principal.subject);
        let due = state.policy.due(CORRECT_CLOCK, None, now);
        let due = due.map_err(Problem::unexpected)?;
        let (correction, asked) = matter.ask_correction(&missing, before.as_ref(), due, by, now)?;
        matters::update(tx, &matter).await?;
        corrections::insert(tx, &correction).await?;
        tx.stop_clock(ACCEPT_CLOCK, id);
        let holder = holder(&matter);
        tx.start_policy_clock(&state.policy, CORRECT_CLOCK, None, id, holder, now)?;
        cases::note_own(tx, matter.case_id, PublicFact::CorrectionAsked, now);
        tx.publish(matter.case_id, &asked)?;
        let parties = parties::refs_of(tx.conn(), id).await?;
        let version = matter.version;
        let correction = CorrectionView::of(correction, &state.policy);
        Ok(Reply::ok(CorrectedMatter::of(matter, parties, correction)).version(version))
    });
    work.await
}
