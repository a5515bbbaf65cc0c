//! What the parties offered.

use actix_web::get;
use chassis::http::{
    Data, Page, PageOf, PageParams, Path, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::ConcessionView;
use crate::{
    Mediation,
    store::{proceedings, records},
};

/// What the parties offered, the earliest first; only for the organisation that mediates (人民法院在线调解规则 18).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding"), PageParams),
    responses((status = 200, description = "One page", body = PageOf<ConcessionView>), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[get("/proceedings/{id}/concessions")]
pub async fn list_concessions(
    state: Data<Mediation>,
    permit: Permit<ProceedingConduct>,
    id: Path<ProceedingId>,
    page: Page,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let proceeding = proceedings::read(&mut conn, *id, &permit.scope()).await?;
    let rows = records::concessions(&mut conn, proceeding.id, &page).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| row.id,
        ConcessionView::from,
    )?))
}
