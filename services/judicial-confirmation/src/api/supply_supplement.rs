//! Hand in what the court asked for.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationApply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, own_party_in, start_clock, text, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock},
};

/// What the court asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplySupplement {
    /// The papers, codes of the policy pack.
    #[serde(default)]
    pub materials: Vec<String>,
    /// The statement, when one was asked for.
    pub statement: Option<String>,
}

/// The applicants hand in everything the court asked for 补正; the application goes back to where it stood. Refused with
/// `supplement-incomplete`, which names each thing that is missing, or `not-asked-for`.
#[utoipa::path(
    tag = "applications", operation_id = "supply_supplement",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = SupplySupplement,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/supply")]
pub async fn supply_supplement(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, SupplySupplement>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    own_party_in(&state, &call.scope(), *id).await?;
    let (whose, confirmation) = ((*id, Whose::Seen), state.policy.confirmation());
    let longest = state.policy.limits().note_max;
    let statement = call.body.statement.as_deref();
    let answer = statement
        .map(|value| text(value, longest, "/statement"))
        .transpose()?;
    change(
        &state,
        &call,
        whose,
        "supply_supplement",
        async |tx, application| {
            let (mut application, event) =
                application.supply(&call.body.materials, answer.clone(), confirmation, tx.now())?;
            tx.stop_clock(clock::SUPPLEMENT, *id);
            if application.state == ApplicationState::CourtReceived {
                application.due_at =
                    Some(start_clock(tx, &state.policy, clock::ACCEPT, &application)?);
            }
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
