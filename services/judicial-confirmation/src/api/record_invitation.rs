//! Record that a court invited the organisation.

use actix_web::post;
use chassis::{
    db::Tx,
    elsewhere,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    ids::{AgreementId, OrganisationId},
    problems::common,
    roles::permission::ConfirmationApply,
};
use policy::clock::due::beijing_date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{agreement_seen, text, views::ConfirmableAgreementView};
use crate::{JudicialConfirmation, domain::refusal::Refusal, store};

/// An invitation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInvitation {
    /// The court that invited.
    pub court: OrganisationId,
    /// Number of its letter.
    pub number: String,
    /// Its day, in China; not after the agreement took effect.
    pub invited_on: NaiveDate,
}

/// A court invited the organisation to mediate this dispute before registration 邀请开展先行调解: the application then goes to
/// that court alone (民事诉讼法 205 (1)). Before an application is made.
#[utoipa::path(
    tag = "agreements", operation_id = "record_invitation",
    params(("id" = AgreementId, Path, description = "The agreement")),
    request_body = RecordInvitation,
    responses((status = 200, body = ConfirmableAgreementView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/agreements/{id}/invitation")]
pub async fn record_invitation(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, RecordInvitation>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let (body, confirmation) = (&call.body, state.policy.confirmation());
    let (agreement, _) = agreement_seen(&state, &call.scope(), *id).await?;
    let longest = state.policy.limits().ruling_number_max;
    let number = text(&body.number, longest, "/number")?;
    if confirmation.court(body.court).is_none() {
        return Err(Refusal::UnknownCourt.into());
    }
    if body.invited_on > beijing_date(agreement.effective_at) {
        return Err(Problem::new(&common::INVALID_DATE)
            .at("/invited_on")
            .detail(
                "邀请日期不得晚于协议生效之日",
                "The invitation is not later than the agreement's effect",
            ));
    }
    let work = async |tx: &mut Tx| {
        elsewhere::check_here(tx.conn(), agreement.case_id).await?;
        if store::applications::has_live(tx.conn(), *id).await? {
            return Err(Refusal::AlreadyApplied.into());
        }
        let mut agreement = agreement.clone();
        agreement.inviting_court_id = Some(body.court);
        agreement.invitation_number = Some(number.clone());
        agreement.invited_on = Some(body.invited_on);
        store::agreements::set_invitation(tx, &agreement).await?;
        let suspected = store::suspicions::is_open(tx.conn(), *id).await?;
        let view = ConfirmableAgreementView::of(agreement, suspected, confirmation, tx.now());
        Ok(Reply::ok(view))
    };
    state.db.command(&call, "record_invitation", work).await
}
