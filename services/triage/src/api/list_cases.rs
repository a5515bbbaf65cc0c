//! `GET /cases`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::roles::permission::TriageRead;
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::TriageCaseItem;
use crate::{Triage, domain::CaseState, store};

/// Which cases are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CaseFilter {
    /// Only cases in this state.
    pub state: Option<CaseState>,
}

/// The worklist: cases by when their decision is due. Callers bound to an organisation see the cases it was given.
#[utoipa::path(
    tag = "cases",
    operation_id = "list_cases",
    params(CaseFilter, PageParams),
    responses((status = 200, description = "A page of cases", body = PageOf<TriageCaseItem>), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/cases")]
pub async fn list_cases(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    query: PageQuery<CaseFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let rows = store::cases::list(&mut conn, &permit.scope(), filter.state, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |(case, _, _)| (case.decide_due_at, case.case_id),
        TriageCaseItem::from,
    )?;
    Ok(Reply::ok(page))
}
