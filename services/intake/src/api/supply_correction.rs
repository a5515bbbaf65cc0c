//! Supplying what was missing.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::CorrectionSupply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    amend_matter::Changes,
    views::{CorrectedMatter, CorrectionView},
};
use crate::{
    ACCEPT_CLOCK, CORRECT_CLOCK, Intake, amending,
    domain::{
        Refusal,
        matter::MatterState,
        public_fact::PublicFact,
        registration::{Desk, text},
    },
    registering::holder,
    store::{cases, corrections, matters, parties},
};

/// What was supplied.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyCorrection {
    /// What was handed in, in words.
    pub note: String,
    /// What is put right of the matter with it: its fields, who takes part.
    #[serde(default)]
    pub changes: Changes,
}

/// Supply what was missing 补正: the person themselves, or a clerk for them, in words, as files, and in the fields it belongs to,
/// which are checked as at a registration. The matter is registered again, and the window's clock
/// starts anew.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = SupplyCorrection,
    responses((status = 200, description = "The matter with the list", body = CorrectedMatter), ProblemResponses),
    security(("bearer" = ["correction.supply"]))
)]
#[post("/matters/{id}/corrected")]
pub async fn supply_correction(
    state: Data<Intake>,
    call: Call<CorrectionSupply, SupplyCorrection>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "supply_correction", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        let asked = corrections::find(tx.conn(), id).await?;
        let open = asked.filter(|_| matter.state == MatterState::Correcting);
        let mut correction = open.ok_or(Refusal::NotFrom(matter.state))?;
        let note = &call.body.note;
        text("/note", note, state.policy.limits().note_max)?;
        let (now, by) = (tx.now(), &call.principal.subject);
        matter.supply_correction(&mut correction, note.clone(), by, now)?;
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy: &state.policy,
            now,
        };
        let fields = amending::apply(tx, &desk, &mut matter, &call.body.changes, note).await?;
        matters::update(tx, &matter).await?;
        corrections::update(tx, &correction).await?;
        tx.stop_clock(CORRECT_CLOCK, id);
        let holder = holder(&matter);
        tx.start_policy_clock(&state.policy, ACCEPT_CLOCK, None, id, holder, now)?;
        cases::note_own(tx, matter.case_id, PublicFact::Corrected, now);
        tx.publish(matter.case_id, &matter.corrected(fields, now))?;
        let parties = parties::refs_of(tx.conn(), id).await?;
        let version = matter.version;
        let correction = CorrectionView::of(correction, &state.policy);
        Ok(Reply::ok(CorrectedMatter::of(matter, parties, correction)).version(version))
    });
    work.await
}
