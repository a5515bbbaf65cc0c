//! `GET /consultations`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::CaseId, roles::permission::TriageRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::consultation_views::ConsultationView;
use crate::{Triage, domain::ConsultationState, store};

/// Which consultations are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ConsultationFilter {
    /// Only those in this state.
    pub state: Option<ConsultationState>,
    /// Only those about this case.
    pub case_id: Option<CaseId>,
}

/// Consultations by when their meeting is due. Callers bound to an organisation see those it is called to.
#[utoipa::path(
    tag = "consultations",
    operation_id = "list_consultations",
    params(ConsultationFilter, PageParams),
    responses((status = 200, description = "A page of consultations", body = PageOf<ConsultationView>), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/consultations")]
pub async fn list_consultations(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    query: PageQuery<ConsultationFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let (wanted, case_id) = (filter.state, filter.case_id);
    let scope = permit.scope();
    let rows = store::consultations::list(&mut conn, &scope, wanted, case_id, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |row| (row.meet_due_at, row.id),
        |row| ConsultationView::of(row, Vec::new()),
    )?;
    Ok(Reply::ok(page))
}
