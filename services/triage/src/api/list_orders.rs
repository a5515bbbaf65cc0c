//! `GET /orders`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::CaseId, roles::permission::TriageRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::OrderView;
use crate::{Triage, domain::OrderState, store};

/// Which orders are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderFilter {
    /// Only orders in this state.
    pub state: Option<OrderState>,
    /// Only orders of this case.
    pub case_id: Option<CaseId>,
}

/// Orders by when the work is due. Callers bound to an organisation see its own.
#[utoipa::path(
    tag = "orders",
    operation_id = "list_orders",
    params(OrderFilter, PageParams),
    responses((status = 200, description = "A page of orders", body = PageOf<OrderView>), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/orders")]
pub async fn list_orders(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    query: PageQuery<OrderFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let (order_state, case_id) = (filter.state, filter.case_id);
    let rows = store::orders::list(&mut conn, &permit.scope(), order_state, case_id, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |order| (order.due_at, order.id),
        OrderView::from,
    )?;
    Ok(Reply::ok(page))
}
