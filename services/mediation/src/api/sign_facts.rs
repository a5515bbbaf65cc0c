//! Signing undisputed facts.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, problems::common, roles::permission::AgreementSign};

use super::{own_party, views::FactsView};
use crate::{
    Mediation,
    domain::{Fact, record::SignFacts},
    store::{proceedings, records},
};

/// Sign the facts nobody disputes 无争议事实 as a party, or record it for one. With the last party they stand, and may be used
/// in what follows (人民法院在线调解规则 18).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = SignFacts,
    responses((status = 200, description = "Signed", body = FactsView), ProblemResponses),
    security(("bearer" = ["agreement.sign"]))
)]
#[post("/proceedings/{id}/fact-signatures")]
pub async fn sign_facts(
    state: Data<Mediation>,
    call: Call<AgreementSign, SignFacts>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let SignFacts { mut party_id, form } = call.body.clone();
    if scope.applicant.is_some() {
        let case_id = proceedings::case_of(&mut *state.db.read().await?, id, &scope).await?;
        let own = state.bus.own_party(&scope, case_id).await?;
        party_id = party_id.or(own);
        own_party::check_same(own, party_id)?;
    }
    let work = state.db.command(&call, "sign_facts", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        let facts = records::facts(tx.conn(), proceeding.id).await?;
        let facts = facts.ok_or_else(|| {
            let problem = Problem::new(&common::TRANSITION_NOT_ALLOWED);
            problem.detail("尚无无争议事实记载", "No undisputed facts are written down")
        })?;
        let (facts, events) =
            proceeding.sign_facts(facts, party_id, form, &state.policy, tx.now())?;
        records::put_facts(tx, &facts).await?;
        Fact::publish_all(&events, tx, proceeding.case_id)?;
        Ok(Reply::ok(FactsView::from(facts)))
    });
    work.await
}
