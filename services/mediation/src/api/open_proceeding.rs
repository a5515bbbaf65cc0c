//! Opening a proceeding.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::ProceedingConduct};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effect, views::ProceedingView};
use crate::{
    CONSENT_CLOCK, Mediation,
    domain::{Fact, proceeding::Proceeding},
    store::{orders, proceedings},
};

/// For which order a proceeding is opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenProceeding {
    /// An order that the caller's organisation signed for.
    pub order_id: DispatchOrderId,
}

/// Open a proceeding 征询调解意愿 for an order the caller's organisation signed for (transition 10). One an order:
/// `conflict` when it has one. An order signed for a moment ago may still be `unknown-order`; try again.
/// Refuses an order whose return was asked for or granted (`order-returned`).
#[utoipa::path(
    tag = "proceedings",
    request_body = OpenProceeding,
    responses((status = 201, description = "Opened", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings")]
pub async fn open_proceeding(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, OpenProceeding>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state.db.command(&call, "open_proceeding", async |tx| {
        let order = orders::signed(tx, call.body.order_id, &scope).await?;
        let (id, now, policy) = (tx.new_id(), tx.now(), &state.policy);
        let (proceeding, facts) = Proceeding::open(order, policy, id, now)?;
        proceedings::insert(tx, &proceeding).await?;
        let case_id = proceeding.case_id;
        effect::start_clock(tx, &proceeding, CONSENT_CLOCK, policy).await?;
        Fact::publish_all(&facts, tx, case_id)?;
        let location = format!("/mediation/v1/proceedings/{id}");
        Ok(Reply::created(location, ProceedingView::from(proceeding)).version(1))
    });
    work.await
}
