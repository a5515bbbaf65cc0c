//! Writing down undisputed facts.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::FactsView;
use crate::{
    Mediation,
    domain::record::RecordFacts,
    store::{proceedings, records},
};

/// Write down the facts nobody disputes 无争议事实 (人民法院在线调解规则 18, 22), or write them anew as long as nobody signed.
/// They stand when every party signed.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = RecordFacts,
    responses((status = 200, description = "Written down", body = FactsView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/undisputed-facts")]
pub async fn record_facts(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, RecordFacts>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "record_facts", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        let earlier = records::facts(tx.conn(), proceeding.id).await?;
        let (request, now) = (call.body.clone(), tx.now());
        let facts = proceeding.write_facts(request, earlier.as_ref(), &state.policy, now)?;
        records::put_facts(tx, &facts).await?;
        Ok(Reply::ok(FactsView::from(facts)))
    });
    work.await
}
