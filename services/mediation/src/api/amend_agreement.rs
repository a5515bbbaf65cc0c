//! Proposing a new version of an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{AgreementId, TypedId as _},
    roles::permission::ProceedingConduct,
};

use super::{signing, views::AgreementView};
use crate::{Mediation, domain::drafting::DraftAgreement, store::agreements};

/// Propose a new version of an agreement in effect 变更协议 (人民调解法 33), or propose it anew as long as nobody signed it. It
/// takes the old one's place when everyone has signed it; until then the old one binds.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    request_body = DraftAgreement,
    responses((status = 200, description = "Proposed", body = AgreementView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/agreements/{id}/amend")]
pub async fn amend_agreement(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, DraftAgreement>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "amend_agreement", async |tx| {
        let (proceeding, agreement) = signing::lock(tx, id, &scope).await?;
        call.check_version(agreement.version)?;
        let (seen, request, now) = (agreement.version, call.body.clone(), tx.now());
        let mut ids = || tx.new_id::<AgreementId>().uuid();
        let agreement = agreement.amend(request, &proceeding, &state.policy, &mut ids, now)?;
        agreements::update(tx, &agreement, seen).await?;
        let version = agreement.version;
        Ok(Reply::ok(AgreementView::from(agreement)).version(version))
    });
    work.await
}
