//! The court rules.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    events::judicial_confirmation::RulingOutcome, ids::ApplicationId, problems::common,
    roles::permission::ConfirmationRule,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::ApplicationView;
use crate::{
    JudicialConfirmation,
    domain::{clock, court::Ruling},
    store,
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
    /// Why it is dismissed, a code of the policy pack (民诉法解释 358); not given with a valid ruling.
    pub reason: Option<String>,
}

impl RuleApplication {
    fn ruling(&self, longest: usize) -> Result<Ruling, Problem> {
        let number = self.ruling_number.trim();
        if number.is_empty() {
            return Err(Problem::new(&common::TEXT_REQUIRED).at("/ruling_number"));
        }
        if number.chars().count() > longest {
            return Err(Problem::new(&common::TEXT_TOO_LONG).at("/ruling_number"));
        }
        Ok(Ruling {
            outcome: self.outcome,
            number: number.to_owned(),
            ruled_on: self.ruled_on,
            reason: self.reason.clone(),
        })
    }
}

/// The court rules 裁定: the agreement is valid and can be enforced, or the application is dismissed (transitions 22, 23;
/// 民事诉讼法 206).
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
    let scope = call.scope();
    let confirmation = state.policy.confirmation();
    let ruling = call.body.ruling(state.policy.limits().ruling_number_max)?;
    let work = async |tx: &mut Tx| {
        let application = store::applications::load_for_court(tx.conn(), *id, &scope).await?;
        call.check_version(application.version)?;
        let now = tx.now();
        let (application, event) =
            application.rule(ruling.clone(), confirmation, (now, beijing_date(now)))?;
        store::applications::update(tx, &application).await?;
        tx.stop_clock(clock::CONFIRM, *id);
        tx.publish(application.case_id, &event)?;
        let version = application.version;
        Ok(Reply::ok(ApplicationView::of(application, confirmation)).version(version))
    };
    state.db.command(&call, "rule_application", work).await
}
