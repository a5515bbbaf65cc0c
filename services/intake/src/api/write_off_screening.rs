//! Writing off a hidden risk.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ScreeningId, roles::permission::ScreeningWriteOff};
use serde::Deserialize;
use utoipa::ToSchema;

use super::screening_view::ScreeningView;
use crate::{Intake, WRITE_OFF_CLOCK, domain::registration::text, store::screenings};

/// Why a risk leaves the ledger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOffScreening {
    /// Reason code of the policy pack.
    #[schema(examples("settled"))]
    pub reason: String,
    /// What shows it: who went there, when, what was found.
    pub evidence: String,
}

/// Write off a hidden risk 化解销号 with a reason and what shows it (IN-15).
#[utoipa::path(
    tag = "screenings",
    params(("id" = ScreeningId, Path, description = "The risk")),
    request_body = WriteOffScreening,
    responses((status = 200, description = "Written off", body = ScreeningView), ProblemResponses),
    security(("bearer" = ["screening.write_off"]))
)]
#[post("/screenings/{id}/write-off")]
pub async fn write_off_screening(
    state: Data<Intake>,
    call: Call<ScreeningWriteOff, WriteOffScreening>,
    id: Path<ScreeningId>,
) -> Result<Reply, Problem> {
    let (id, scope, policy) = (id.into_inner(), call.scope(), &*state.policy);
    let work = state.db.command(&call, "write_off_screening", async |tx| {
        let mut screening = screenings::load(tx.conn(), id, &scope).await?;
        call.check_version(screening.version)?;
        let WriteOffScreening { reason, evidence } = &call.body;
        text("/evidence", evidence, policy.limits().note_max)?;
        let (by, now) = (&call.principal.subject, tx.now());
        let rules = &policy.intake().screening;
        let written_off = screening.write_off(rules, reason, evidence.trim(), by, now)?;
        screenings::update(tx, &screening).await?;
        tx.stop_clock(WRITE_OFF_CLOCK, id);
        tx.publish(screening.case_id, &written_off)?;
        let version = screening.version;
        Ok(Reply::ok(ScreeningView::of(screening)).version(version))
    });
    work.await
}
