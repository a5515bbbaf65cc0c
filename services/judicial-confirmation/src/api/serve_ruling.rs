//! A party received the ruling.

use actix_web::post;
use chassis::clocks::NewClock;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::{NaiveDate, NaiveTime};
use contracts::{
    ids::{ApplicationId, PartyId},
    roles::permission::ConfirmationRule,
};
use policy::clock::due::{beijing_date, beijing_instant};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, holder, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock, course::Served},
};

/// A receipt.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServeRuling {
    /// Who received it.
    pub party_id: PartyId,
    /// Its day, in China.
    pub received_on: NaiveDate,
}

/// The court records that a party received the ruling 送达. Against a confirmation the party may object for 15 days from then
/// (民诉法解释 372).
#[utoipa::path(
    tag = "court", operation_id = "serve_ruling",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = ServeRuling,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/serve")]
pub async fn serve_ruling(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, ServeRuling>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, policy) = ((*id, Whose::OwnCourt), &state.policy);
    let rule = policy
        .clock(clock::OBJECTION, None)
        .map_err(Problem::unexpected)?;
    let received = beijing_instant(call.body.received_on, NaiveTime::MIN);
    let due = rule.due(received, policy.calendar());
    let served = Served {
        party_id: call.body.party_id,
        received_on: call.body.received_on,
        last_day: due.last_day,
    };
    change(
        &state,
        &call,
        whose,
        "serve_ruling",
        async |tx, application| {
            let now = tx.now();
            let last = application
                .course
                .served
                .iter()
                .map(|known| known.last_day)
                .max();
            let (mut application, event) =
                application.serve(served.clone(), (now, beijing_date(now)))?;
            let is_last = last.is_none_or(|last| last < due.last_day);
            // One clock an application: it ends with the last day of the last party.
            if application.state != ApplicationState::Dismissed && is_last && due.at > now {
                let holder = holder(clock::OBJECTION, &application);
                let clock =
                    NewClock::of_rule(policy, clock::OBJECTION, rule, *id, holder, received, due);
                tx.start_clock(&clock);
                application.due_at = Some(due.at);
            }
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
