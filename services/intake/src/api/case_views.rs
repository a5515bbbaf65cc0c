//! How a case is shown.

use chassis::http::Problem;
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, MatterId},
    region::RegionCode,
};
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{case::CaseStatus, dispute_case::DisputeCase},
    store::{case_acts, cases},
};

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
    /// Its matters.
    pub matters: Vec<MatterId>,
    /// When it was closed last.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was opened again last.
    pub reopened_at: Option<DateTime<Utc>>,
    /// The leading case it was merged into, where it is handled.
    pub merged_into: Option<CaseId>,
    /// The cases that were merged into it.
    pub leads: Vec<CaseId>,
    /// The closed case whose dispute came back in this one.
    pub recurrence_of: Option<CaseId>,
}

impl CaseView {
    /// The view of a case.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn of(conn: &mut AsyncPgConnection, case: DisputeCase) -> Result<Self, Problem> {
        let (status_zh, status_en) = case.status.name();
        let matters = case_acts::matters_of(conn, case.id).await?;
        Ok(Self {
            id: case.id,
            region: case.region,
            status: case.status,
            status_zh,
            status_en,
            since: case.status_at,
            matters: matters.into_iter().map(|matter| matter.id).collect(),
            closed_at: case.closed_at,
            reopened_at: case.reopened_at,
            merged_into: case.merged_into,
            leads: case_acts::led_by(conn, case.id).await?,
            recurrence_of: case.recurrence_of,
        })
    }

    /// The view of a case the caller was found to see.
    ///
    /// # Errors
    /// `not-found`, `unavailable`.
    pub async fn load(conn: &mut AsyncPgConnection, id: CaseId) -> Result<Self, Problem> {
        let case = cases::find(conn, id).await?;
        Self::of(conn, case).await
    }
}
