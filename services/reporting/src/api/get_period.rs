//! `GET /reporting/v1/periods/{period_id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::PeriodId, roles::permission::StatisticsRead};

use super::period_views::PeriodDetail;
use crate::{Reporting, store::periods};

/// Read a closed period: its numbers by node, by type and by kind of event, version by version.
#[utoipa::path(get, path = "/reporting/v1/periods/{period_id}", tag = "periods", operation_id = "get_period",
    params(("period_id" = PeriodId, Path)), responses((status = 200, body = PeriodDetail), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/periods/{period_id}")]
pub async fn get_period(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    period_id: Path<PeriodId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let period = periods::load(&mut conn, *period_id, &permit.scope()).await?;
    let versions = periods::versions(&mut conn, period.id).await?;
    let version = period.version;
    Ok(Reply::ok(PeriodDetail::of(period, versions)?).version(version))
}
