//! `GET /reporting/v1/periods`.

use actix_web::get;
use chassis::http::{Data, Page, PageOf, PageParams, Permit, Problem, ProblemResponses, Reply};
use contracts::roles::permission::StatisticsRead;

use super::period_views::PeriodView;
use crate::{Reporting, store::periods};

/// List the closed periods, the one closed last first. A period is the whole node's; who works for a part of it sees none.
#[utoipa::path(get, path = "/reporting/v1/periods", tag = "periods", operation_id = "list_periods",
    params(PageParams), responses((status = 200, body = PageOf<PeriodView>), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/periods")]
pub async fn list_periods(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    page: Page,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let rows = periods::list(&mut conn, &permit.scope(), page.after()?, page.fetch()).await?;
    let page = PageOf::of(&page, rows, |row| row.id, PeriodView::from)?;
    Ok(Reply::ok(page))
}
