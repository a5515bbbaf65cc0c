//! Declining a matter.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::MatterId, roles::permission::MatterAccept};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::MatterView;
use crate::{
    ACCEPT_CLOCK, Intake, PETITION_ACCEPT_CLOCK,
    domain::{Refusal, public_fact::PublicFact, registration::text},
    store::{cases, matters, parties},
};

/// Why a matter is declined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineMatter {
    /// Reason code of the policy pack.
    pub reason: String,
    /// What the person is told besides the notice.
    pub explanation: Option<String>,
}

/// Decline a registered matter 不予受理 (transition 4). The answer holds the notice of the ways that remain to the person
/// (人民调解法 26, 信访工作条例 23).
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = DeclineMatter,
    responses((status = 200, description = "Declined", body = MatterView), ProblemResponses),
    security(("bearer" = ["matter.accept"]))
)]
#[post("/matters/{id}/decline")]
pub async fn decline_matter(
    state: Data<Intake>,
    call: Call<MatterAccept, DeclineMatter>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "decline_matter", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        let reason = state.policy.intake().decline_reason(&call.body.reason);
        let reason = reason.ok_or(Refusal::UnknownDeclineReason)?;
        let explanation = call.body.explanation.clone();
        if let Some(explanation) = &explanation {
            text("/explanation", explanation, state.policy.limits().note_max)?;
        }
        let now = tx.now();
        let declined = matter.decline(reason, explanation, &call.principal.subject, now)?;
        matters::update(tx, &matter).await?;
        tx.stop_clock(ACCEPT_CLOCK, id);
        tx.stop_clock(PETITION_ACCEPT_CLOCK, id);
        cases::note_own(tx, matter.case_id, PublicFact::NotAccepted, now);
        tx.publish(matter.case_id, &declined)?;
        let parties = parties::refs_of(tx.conn(), id).await?;
        let version = matter.version;
        Ok(Reply::ok(MatterView::of(matter, parties)).version(version))
    });
    work.await
}
