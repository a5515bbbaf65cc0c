//! Record what came of an application for effect.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{ids::EffectApplicationId, roles::permission::EffectDecide};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{change, route, start, stop, views::EffectApplicationView};
use crate::{
    JudicialConfirmation,
    api::{Whose, text},
    domain::{effect::EffectDecision, refusal::Refusal},
};

/// What came of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideEffectApplication {
    /// The outcome, a code of the policy pack for this way.
    pub outcome: String,
    /// Number of the paper.
    pub number: Option<String>,
    /// Its day, in China.
    pub decided_on: NaiveDate,
}

/// Who decides records what came of the application 登记结果: a certificate, an order, an award, a paper, or nothing. Some outcomes
/// follow others: a payment order that was issued comes into force, or lapses when the debtor objects (民事诉讼法 227, 228).
#[utoipa::path(
    tag = "effect", operation_id = "decide_effect_application",
    params(("id" = EffectApplicationId, Path, description = "The application")),
    request_body = DecideEffectApplication,
    responses((status = 200, body = EffectApplicationView), ProblemResponses),
    security(("bearer" = ["effect.decide"]))
)]
#[post("/effect-applications/{id}/decide")]
pub async fn decide_effect_application(
    state: Data<JudicialConfirmation>,
    call: Call<EffectDecide, DecideEffectApplication>,
    id: Path<EffectApplicationId>,
) -> Result<Reply, Problem> {
    let (policy, body) = (&state.policy, &call.body);
    let longest = policy.limits().ruling_number_max;
    let number = body.number.as_deref();
    let decision = EffectDecision {
        number: number
            .map(|value| text(value, longest, "/number"))
            .transpose()?,
        decided_on: body.decided_on,
    };
    let (whose, name) = ((*id, Whose::OwnCourt), "decide_effect_application");
    change(&state, &call, whose, name, async |tx, application| {
        let now = tx.now();
        let outcome = route(policy, &application.kind)?.outcome(&body.outcome);
        let outcome = outcome.ok_or(Refusal::UnknownOutcome)?;
        let (mut application, event) =
            application.decide(outcome, decision.clone(), (now, beijing_date(now)))?;
        stop(tx, policy, &application);
        start(tx, policy, outcome.clock.as_deref(), &mut application)?;
        tx.publish(application.case_id, &event)?;
        Ok(application)
    })
    .await
}
