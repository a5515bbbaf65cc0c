//! How a case stands in public.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{ids::CaseId, region::RegionCode, roles::permission::MatterRead};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Intake, domain::case::CaseStatus, store::cases};

/// How a case stands.
#[derive(Serialize, ToSchema)]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Its status.
    pub status: CaseStatus,
    /// The status in Chinese.
    pub status_zh: &'static str,
    /// The status in English.
    pub status_en: &'static str,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// How a case stands, from registration to closing; an applicant sees their own cases.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The case", body = CaseView), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/cases/{id}")]
pub async fn get_case(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let case = cases::load(&mut conn, *id, &permit.scope()).await?;
    let (status_zh, status_en) = case.status.name();
    Ok(Reply::ok(CaseView {
        id: case.id,
        region: case.region,
        status: case.status,
        status_zh,
        status_en,
        since: case.status_at,
    }))
}
