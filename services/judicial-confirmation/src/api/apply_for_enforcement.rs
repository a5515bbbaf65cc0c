//! Apply for enforcement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{ApplicationId, ObligationId, PartyId},
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, acting_party, change, check_version, own_party_in, views::ApplicationView};
use crate::{JudicialConfirmation, store};

/// An application for enforcement.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyForEnforcement {
    /// The party that applies; a party's own account need not name it.
    pub party_id: Option<PartyId>,
    /// What was not performed; each must be recorded as such.
    pub obligation_ids: Vec<ObligationId>,
}

/// A party applies for enforcement of a confirmed agreement the other did not perform 申请执行 (民事诉讼法 206). Refused with
/// `nothing-defaulted` when the default is not recorded, or enforcement of it was applied for; with `agreement-changed` when the
/// parties changed the agreement after the ruling, which does not cover what they owe now.
#[utoipa::path(
    tag = "applications", operation_id = "apply_for_enforcement",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = ApplyForEnforcement,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/enforcement")]
pub async fn apply_for_enforcement(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, ApplyForEnforcement>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let own = own_party_in(&state, &call.scope(), *id).await?;
    let party_id = acting_party(own, call.body.party_id)?;
    let whose = (*id, Whose::Seen);
    change(
        &state,
        &call,
        whose,
        "apply_for_enforcement",
        async |tx, application| {
            check_version(tx, &application).await?;
            let agreement_id = application.agreement_id;
            let defaulted = store::defaults::of_agreement(tx.conn(), agreement_id).await?;
            let asked = call.body.obligation_ids.clone();
            let (application, event) =
                application.enforce(party_id, asked, &defaulted, tx.now())?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
