//! What happened in a case, for the person who brought it.

use actix_web::get;
use chassis::http::{
    Data, Page, PageOf, PageParams, Path, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, Utc};
use contracts::{ids::CaseId, roles::permission::MatterRead};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Intake, domain::public_fact::PublicFact, store::cases};

/// A line of the timeline.
#[derive(Serialize, ToSchema)]
pub struct TimelineEntry {
    /// What happened.
    pub code: PublicFact,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}

/// What happened in a case, the oldest first; an applicant sees their own cases.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "The case"), PageParams),
    responses((status = 200, description = "One page", body = PageOf<TimelineEntry>), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/cases/{id}/timeline")]
pub async fn get_timeline(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<CaseId>,
    page: Page,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let case = cases::load(&mut conn, *id, &permit.scope()).await?;
    let rows = cases::timeline(&mut conn, case.id, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |line| (line.happened_at, line.event_id),
        |line| {
            let (zh, en) = line.fact.text();
            TimelineEntry {
                code: line.fact,
                zh,
                en,
                at: line.happened_at,
            }
        },
    )?;
    Ok(Reply::ok(page))
}
