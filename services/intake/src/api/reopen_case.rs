//! Opening a closed case again.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseReopen};
use serde::Deserialize;
use utoipa::ToSchema;

use super::case_views::CaseView;
use crate::{
    ARCHIVE_CLOCK, Intake, REOPEN_CLOCK,
    domain::{Refusal, case::CaseStatus, public_fact::PublicFact, registration::text},
    store::{
        case_acts::{self, Act},
        cases,
    },
};

/// Why a closed case is to be opened again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenCase {
    /// Reason code of the policy pack.
    #[schema(examples("dissatisfied"))]
    pub reason: String,
    /// The same in the person's words.
    pub note: Option<String>,
}

/// Open a closed case again 重启 (transition 29): it is accepted, and triage decides it anew. Possible for the policy pack's clock
/// `case.reopen` after the day the case was closed; `reopen-window-over` names the last day. A dispute that comes back later is
/// registered as a recurrence.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case")),
    request_body = ReopenCase,
    responses((status = 200, description = "The case", body = CaseView), ProblemResponses),
    security(("bearer" = ["case.reopen"]))
)]
#[post("/cases/{id}/reopen")]
pub async fn reopen_case(
    state: Data<Intake>,
    call: Call<CaseReopen, ReopenCase>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "reopen_case", async |tx| {
        cases::load(tx.conn(), id, &scope).await?;
        let ReopenCase { reason, note } = &call.body;
        let known = state.policy.intake().reopen_reason(reason);
        known.ok_or(Refusal::UnknownReopenReason)?;
        if let Some(note) = note {
            text("/note", note, state.policy.limits().note_max)?;
        }
        let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
        let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let rule = state.policy.clock(REOPEN_CLOCK, None);
        let rule = rule.map_err(Problem::unexpected)?;
        let now = tx.now();
        let window = |closed_at| rule.due(closed_at, state.policy.calendar());
        let reopened = case.reopen(reason, window, now)?;
        case_acts::reopen(tx, id).await?;
        let act = Act {
            act: "reopen",
            case_id: id,
            other_case_id: None,
            reason_code: Some(reason),
            reason: note.as_deref(),
            by: &call.principal.subject,
        };
        case_acts::record(tx, &act).await?;
        tx.stop_clock(ARCHIVE_CLOCK, id);
        cases::tell(tx, id, PublicFact::Reopened);
        let line = tx.new_id();
        let led = (PublicFact::Reopened, CaseStatus::Merged);
        case_acts::note_led(tx, id, line, led, now);
        tx.publish(id, &reopened)?;
        Ok(Reply::ok(CaseView::load(tx.conn(), id).await?))
    });
    work.await
}
