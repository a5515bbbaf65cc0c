//! `GET /supervisions`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::CaseId, roles::permission::TriageRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::supervision_views::SupervisionView;
use crate::{Triage, domain::SupervisionState, store};

/// Which supervision orders are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupervisionFilter {
    /// Only those in this state.
    pub state: Option<SupervisionState>,
    /// Only those about this case.
    pub case_id: Option<CaseId>,
}

/// Supervision orders by when their reply is due. Callers bound to an organisation see its own.
#[utoipa::path(
    tag = "supervision",
    operation_id = "list_supervisions",
    params(SupervisionFilter, PageParams),
    responses((status = 200, description = "A page of supervision orders", body = PageOf<SupervisionView>), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/supervisions")]
pub async fn list_supervisions(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    query: PageQuery<SupervisionFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let (wanted, case_id) = (filter.state, filter.case_id);
    let scope = permit.scope();
    let rows = store::supervisions::list(&mut conn, &scope, wanted, case_id, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |row| (row.reply_due_at, row.id),
        SupervisionView::from,
    )?;
    Ok(Reply::ok(page))
}
