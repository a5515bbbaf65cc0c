//! Recording what a party offered.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::ConcessionView;
use crate::{
    Mediation,
    domain::record::RecordConcession,
    store::{proceedings, records},
};

/// Record what a party offered for the sake of a settlement 让步. It must not be used against the party later
/// (人民法院在线调解规则 18): it is kept apart, leaves no event, and only the organisation that mediates reads it.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = RecordConcession,
    responses((status = 201, description = "Recorded", body = ConcessionView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/concessions")]
pub async fn record_concession(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, RecordConcession>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "record_concession", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        let (concession_id, now) = (tx.new_id(), tx.now());
        let concession =
            proceeding.concede(call.body.clone(), &state.policy, concession_id, now)?;
        records::insert_concession(tx, &concession).await?;
        let location = format!("/mediation/v1/proceedings/{id}/concessions");
        Ok(Reply::created(location, ConcessionView::from(concession)))
    });
    work.await
}
