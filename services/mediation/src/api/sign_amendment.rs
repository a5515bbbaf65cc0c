//! Signing a new version of an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::AgreementId, roles::permission::AgreementSign};

use super::{effect, signing, views::AgreementView};
use crate::{
    Mediation,
    domain::{Fact, signature::SignAgreement},
    store::{agreements, obligations, proceedings},
};

/// Sign a proposed new version of an agreement. With the last act it takes the old one's place: what was still open of that
/// is no longer owed. When the court had dismissed the application the parties have agreed anew (transition 23).
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    request_body = SignAgreement,
    responses((status = 200, description = "Signed", body = AgreementView), ProblemResponses),
    security(("bearer" = ["agreement.sign"]))
)]
#[post("/agreements/{id}/amendment-signatures")]
pub async fn sign_amendment(
    state: Data<Mediation>,
    call: Call<AgreementSign, SignAgreement>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let request = signing::own(&state, &scope, id, call.body.clone()).await?;
    let work = state.db.command(&call, "sign_amendment", async |tx| {
        let (proceeding, agreement) = signing::lock(tx, id, &scope).await?;
        call.check_version(agreement.version)?;
        let (seen, now, policy) = (agreement.version, tx.now(), &state.policy);
        let mut agreement = agreement.sign_amendment(&request, policy, now)?;
        if agreement.amendment_signed(policy) {
            let (seen, before) = (
                proceeding.version,
                obligations::of_agreement(tx.conn(), id).await?,
            );
            let amended = agreement.apply_amendment(proceeding, before, now)?;
            if amended.proceeding.version != seen {
                proceedings::update(tx, &amended.proceeding, seen).await?;
            }
            effect::supersede(tx, &amended.superseded).await?;
            effect::begin(tx, &amended.agreement, &amended.obligations, policy).await?;
            Fact::publish_all(&amended.facts, tx, amended.agreement.case_id)?;
            agreement = amended.agreement;
        }
        agreements::amend(tx, &agreement, seen).await?;
        let version = agreement.version;
        Ok(Reply::ok(AgreementView::from(agreement)).version(version))
    });
    work.await
}
