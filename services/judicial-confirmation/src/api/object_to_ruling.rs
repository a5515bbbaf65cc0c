//! Object to a ruling.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::{NaiveDate, NaiveTime};
use contracts::{
    ids::{ApplicationId, PartyId},
    problems::common,
    roles::permission::ConfirmationObject,
};
use policy::clock::due::{beijing_date, beijing_instant};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, acting_party, change, own_party_in, text, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{clock, objection::Objector},
};

/// An objection, by a party or, recorded by the court, by an interested third party.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectToRuling {
    /// The party that objects; a party's own account need not name it.
    pub party_id: Option<PartyId>,
    /// For a third party: since when it knew, or should have known, that it is harmed, in China.
    pub third_party_knew_on: Option<NaiveDate>,
    /// Why.
    pub grounds: String,
}

/// Somebody objects to the ruling that the agreement is valid 提出异议: a party within 15 days of its receipt, an interested
/// third party within 6 months of its knowledge, which are fixed (民诉法解释 372). Refused with `ruling-not-served` or
/// `objection-late`.
#[utoipa::path(
    tag = "applications", operation_id = "object_to_ruling",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = ObjectToRuling,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.object"]))
)]
#[post("/applications/{id}/object")]
pub async fn object_to_ruling(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationObject, ObjectToRuling>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    let own = own_party_in(&state, &scope, *id).await?;
    let whose = if own.is_some() {
        Whose::Seen
    } else {
        Whose::OwnCourt
    };
    let grounds = text(&call.body.grounds, policy.limits().note_max, "/grounds")?;
    let objector = match call.body.third_party_knew_on {
        None => Objector::Party(acting_party(own, call.body.party_id)?),
        Some(_) if own.is_some() || call.body.party_id.is_some() => {
            let problem = Problem::new(&common::INVALID_BODY).at("/third_party_knew_on");
            return Err(problem.detail(
                "利害关系人的异议由法院登记",
                "The court records the objection of a third party",
            ));
        }
        Some(knew_on) => {
            let since = beijing_instant(knew_on, NaiveTime::MIN);
            let due = policy
                .due(clock::THIRD_PARTY, None, since)
                .map_err(Problem::unexpected)?;
            Objector::ThirdParty(knew_on, due.last_day)
        }
    };
    change(
        &state,
        &call,
        (*id, whose),
        "object_to_ruling",
        async |tx, application| {
            let now = tx.now();
            let (application, event) =
                application.object(objector, grounds.clone(), (now, beijing_date(now)))?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
