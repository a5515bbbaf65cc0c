//! The court decides on an objection.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::judicial_confirmation::ObjectionOutcome, ids::ApplicationId,
    roles::permission::ConfirmationRule,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, start_clock, text, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock, objection::Decision},
};

/// A decision.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideObjection {
    /// The ruling stands, is revoked or changed.
    pub outcome: ObjectionOutcome,
    /// Number of the decision; of the new ruling when it is changed.
    pub ruling_number: String,
    /// Its day, in China.
    pub decided_on: NaiveDate,
}

/// The court decides on the objection that has waited longest (民诉法解释 372): the ruling stands 驳回异议, is revoked 撤销, or is
/// replaced 改变 by one that is served anew. A revocation decides all of them, and the parties are told what remains.
#[utoipa::path(
    tag = "court", operation_id = "decide_objection",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = DecideObjection,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/decide-objection")]
pub async fn decide_objection(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, DecideObjection>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, policy) = ((*id, Whose::OwnCourt), &state.policy);
    let longest = policy.limits().ruling_number_max;
    let decision = Decision {
        outcome: call.body.outcome,
        number: text(&call.body.ruling_number, longest, "/ruling_number")?,
        decided_on: call.body.decided_on,
    };
    change(
        &state,
        &call,
        whose,
        "decide_objection",
        async |tx, application| {
            let now = tx.now();
            let (mut application, event) =
                application.decide_objection(decision.clone(), (now, beijing_date(now)))?;
            // A ruling that takes the place of the other is served anew, and then runs its own time.
            if decision.outcome != ObjectionOutcome::Maintained {
                tx.stop_clock(clock::OBJECTION, *id);
            }
            if application.state == ApplicationState::Revoked {
                application.due_at =
                    Some(start_clock(tx, policy, clock::TELL_OPTIONS, &application)?);
            }
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
