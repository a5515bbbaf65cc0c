//! The court questions the parties.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    ids::{ApplicationId, PartyId},
    roles::permission::ConfirmationRule,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, domain::course::Questioning};

/// A questioning.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionParties {
    /// Its day, in China.
    pub held_on: NaiveDate,
    /// How, a code of the policy pack.
    pub way: String,
    /// The parties who were there.
    pub present: Vec<PartyId>,
}

/// The court hears the parties 到场核实 (民诉法解释 356) and records who was there. Only an application whose parties were all
/// heard together can be confirmed.
#[utoipa::path(
    tag = "court", operation_id = "question_parties",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = QuestionParties,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/question")]
pub async fn question_parties(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, QuestionParties>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    let held = Questioning {
        held_on: call.body.held_on,
        way: call.body.way.clone(),
        present: call.body.present.clone(),
    };
    change(
        &state,
        &call,
        whose,
        "question_parties",
        async |tx, application| {
            let now = tx.now();
            let (application, event) =
                application.question(held.clone(), confirmation, (now, beijing_date(now)))?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
