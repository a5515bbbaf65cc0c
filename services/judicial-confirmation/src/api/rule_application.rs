//! The court rules.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::judicial_confirmation::RulingOutcome, ids::ApplicationId,
    roles::permission::ConfirmationRule,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, check_version, start_clock, text, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock, court::Ruling},
};

/// A ruling.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleApplication {
    /// Valid or dismissed.
    pub outcome: RulingOutcome,
    /// Number of the ruling.
    pub ruling_number: String,
    /// Day of the ruling, in China.
    pub ruled_on: NaiveDate,
    /// Why it is dismissed, a code of the policy pack (民诉法解释 355, 358); not given with a valid ruling.
    pub reason: Option<String>,
}

/// The court rules 裁定: the agreement is valid and can be enforced, or the application is dismissed (transitions 22, 23;
/// 民事诉讼法 206). Valid only when all parties were heard together: `parties-not-present`;
/// not of an agreement that the parties have changed since (`agreement-changed`) or that binds nobody any more (`agreement-voided`).
#[utoipa::path(
    tag = "court", operation_id = "rule_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = RuleApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/rule")]
pub async fn rule_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, RuleApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    let longest = state.policy.limits().ruling_number_max;
    let ruling = Ruling {
        outcome: call.body.outcome,
        number: text(&call.body.ruling_number, longest, "/ruling_number")?,
        ruled_on: call.body.ruled_on,
        reason: call.body.reason.clone(),
    };
    change(
        &state,
        &call,
        whose,
        "rule_application",
        async |tx, application| {
            let now = tx.now();
            if ruling.outcome == RulingOutcome::Valid {
                check_version(tx, &application).await?;
            }
            let (mut application, event) =
                application.rule(ruling.clone(), confirmation, (now, beijing_date(now)))?;
            tx.stop_clock(clock::CONFIRM, *id);
            tx.stop_clock(clock::TARGET, *id);
            if application.state == ApplicationState::Dismissed {
                application.due_at = Some(start_clock(
                    tx,
                    &state.policy,
                    clock::TELL_OPTIONS,
                    &application,
                )?);
            }
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
