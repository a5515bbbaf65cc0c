//! Join an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{ApplicationId, PartyId},
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Whose, acting_party, change, check_version, own_party_in, terms, views::ApplicationView,
};
use crate::{JudicialConfirmation, domain::clock};

/// Another party joins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinApplication {
    /// The party that joins; a party's own account need not name it.
    pub party_id: Option<PartyId>,
}

/// Another party joins the application within the window; with the last one it is submitted jointly 共同提交 (transition 21;
/// 民事诉讼法 205). Refused with `agreement-voided` when the agreement binds nobody any more.
#[utoipa::path(
    tag = "applications", operation_id = "join_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = JoinApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/join")]
pub async fn join_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, JoinApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let own = own_party_in(&state, &call.scope(), *id).await?;
    let party_id = acting_party(own, call.body.party_id)?;
    let whose = (*id, Whose::Seen);
    change(
        &state,
        &call,
        whose,
        "join_application",
        async |tx, application| {
            check_version(tx, &application).await?;
            let manner = terms::manner(&state, &application.type_code, own.is_none());
            let (application, event) = application.join(party_id, manner, tx.now())?;
            if let Some(event) = event {
                tx.stop_clock(clock::APPLY, application.agreement_id);
                tx.publish(application.case_id, &event)?;
            }
            Ok(application)
        },
    )
    .await
}
