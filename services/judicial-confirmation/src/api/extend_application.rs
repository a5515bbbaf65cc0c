//! The president of the court lengthens its time.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule, text_enum};
use policy::clock::Approver;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock};

text_enum! {
    /// Which time of the court.
    pub enum CourtTime {
        /// The 30 days of the law (民事诉讼法 187).
        Statutory => "statutory",
        /// The court's own target (法释〔2011〕5号).
        Target => "target",
    }
}

/// An extension.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendApplication {
    /// Which time.
    pub time: CourtTime,
}

/// The president of the court approved more time 院长批准延长 (民事诉讼法 187), as often and as long as the policy pack says.
/// Refused with `extension-capped`.
#[utoipa::path(
    tag = "court", operation_id = "extend_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = ExtendApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/extend")]
pub async fn extend_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, ExtendApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let whose = (*id, Whose::OwnCourt);
    let kind = match call.body.time {
        CourtTime::Statutory => clock::CONFIRM,
        CourtTime::Target => clock::TARGET,
    };
    change(
        &state,
        &call,
        whose,
        "extend_application",
        async |tx, application| {
            let mut application = application.extend(tx.now())?;
            let due = tx
                .extend_clock(&state.policy, kind, *id, Approver::CourtPresident)
                .await?;
            if kind == clock::CONFIRM {
                application.due_at = Some(due.at);
            }
            Ok(application)
        },
    )
    .await
}
