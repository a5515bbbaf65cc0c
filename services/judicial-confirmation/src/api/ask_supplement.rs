//! The court asks for more.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, problems::common, roles::permission::ConfirmationRule};
use policy::ClockRule;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, holder, text, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{clock, review::Asked},
};
use chassis::clocks::NewClock;

/// What the court asks for; at least a paper or a statement.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSupplement {
    /// Papers, codes of the policy pack.
    #[serde(default)]
    pub materials: Vec<String>,
    /// What is to be stated or explained.
    pub statement: Option<String>,
    /// Days the applicants have, up to the policy pack's longest; without it the clock `confirmation.supplement`.
    pub days: Option<u32>,
}

/// The court asks for papers or a statement 要求限期补充, before or after it accepted the application, as often as it must
/// (民诉法解释 354, 356). What is not handed in within the time is treated as withdrawn (民诉法解释 357).
#[utoipa::path(
    tag = "court", operation_id = "ask_supplement",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = AskSupplement,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/ask-supplement")]
pub async fn ask_supplement(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, AskSupplement>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, policy) = ((*id, Whose::OwnCourt), &state.policy);
    let longest = policy.limits().note_max;
    let statement = call.body.statement.as_deref();
    let asked = Asked {
        materials: call.body.materials.clone(),
        statement: statement
            .map(|value| text(value, longest, "/statement"))
            .transpose()?,
    };
    let most = policy.confirmation().supplement_max_days;
    if call.body.days.is_some_and(|days| days == 0 || days > most) {
        return Err(Problem::new(&common::INVALID_BODY).at("/days").detail(
            format!("应为 1 至 {most} 日"),
            format!("It must be 1 to {most} days"),
        ));
    }
    let rule = policy
        .clock(clock::SUPPLEMENT, None)
        .map_err(Problem::unexpected)?;
    let rule = ClockRule {
        amount: call.body.days.unwrap_or(rule.amount),
        ..rule.clone()
    };
    change(
        &state,
        &call,
        whose,
        "ask_supplement",
        async |tx, application| {
            let now = tx.now();
            let due = rule.due(now, policy.calendar());
            let (application, event) =
                application.ask_supplement(asked.clone(), &due, policy.confirmation(), now)?;
            tx.stop_clock(clock::ACCEPT, *id);
            let holder = holder(clock::SUPPLEMENT, &application);
            let clock = NewClock::of_rule(policy, clock::SUPPLEMENT, &rule, *id, holder, now, due);
            tx.start_clock(&clock);
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
