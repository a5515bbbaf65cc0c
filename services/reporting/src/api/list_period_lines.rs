//! `GET /reporting/v1/periods/{period_id}/versions/{version}/lines`.

use actix_web::get;
use chassis::http::{
    Data, Page, PageOf, PageParams, Path, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::PeriodId, problems::common, roles::permission::StatisticsRead};

use crate::{Reporting, domain::snapshot::Line, store::periods};

/// List the lines of a version, in the order in which its digest is made from them.
#[utoipa::path(get, path = "/reporting/v1/periods/{period_id}/versions/{version}/lines", tag = "periods",
    operation_id = "list_period_lines", params(("period_id" = PeriodId, Path), ("version" = i64, Path), PageParams),
    responses((status = 200, body = PageOf<Line>), ProblemResponses), security(("bearer" = ["statistics.read"])))]
#[get("/periods/{period_id}/versions/{version}/lines")]
pub async fn list_period_lines(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    key: Path<(PeriodId, i64)>,
    page: Page,
) -> Result<Reply, Problem> {
    let (period_id, version) = key.into_inner();
    let mut conn = state.db.read().await?;
    let period = periods::load(&mut conn, period_id, &permit.scope()).await?;
    if !(1..=period.version).contains(&version) {
        return Err(Problem::new(&common::NOT_FOUND));
    }
    let key = (period.id, version);
    let rows = periods::lines(&mut conn, key, page.after()?, page.fetch()).await?;
    let after = |line: &Line| {
        let (node, type_code, outcome) = line.key();
        (node.to_string(), type_code.to_owned(), outcome.to_owned())
    };
    Ok(Reply::ok(PageOf::of(&page, rows, after, |line| line)?))
}
