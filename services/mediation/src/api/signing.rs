//! What signing an agreement and signing its new version have in common.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use contracts::{events::mediation::SignerKind, ids::AgreementId, problems::common};

use super::own_party;
use crate::{
    Mediation,
    domain::{agreement::Agreement, proceeding::Proceeding, signature::SignAgreement},
    store::{agreements, proceedings},
};

/// The request, in which an applicant signs as the party they are.
///
/// # Errors
/// `forbidden` when they would sign as somebody else; `not-found`, `unavailable`.
pub async fn own(
    state: &Mediation,
    scope: &Scope,
    id: AgreementId,
    mut request: SignAgreement,
) -> Result<SignAgreement, Problem> {
    if scope.applicant.is_some() {
        if request.signer != SignerKind::Party {
            return Err(Problem::new(&common::FORBIDDEN).at("/signer"));
        }
        let case_id = agreements::case_of(&mut *state.db.read().await?, id, scope).await?;
        let own = state.bus.own_party(scope, case_id).await?;
        request.party_id = request.party_id.or(own);
        own_party::check_same(own, request.party_id)?;
    }
    Ok(request)
}

/// An agreement with its proceeding, both locked; the proceeding first, as everything that needs both does.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn lock(
    tx: &mut Tx,
    id: AgreementId,
    scope: &Scope,
) -> Result<(Proceeding, Agreement), Problem> {
    let proceeding_id = agreements::proceeding_of(tx.conn(), id).await?;
    let proceeding_id = proceeding_id.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
    let proceeding = proceedings::load(tx, proceeding_id, scope).await?;
    Ok((proceeding, agreements::load(tx, id, scope).await?))
}
