//! What the operations on urging and supervising answer with.

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::SupervisionFault,
    ids::{CaseId, OrganisationId, SupervisionId, UrgeId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Supervision, SupervisionState, Urge};

/// An urging 催办.
#[derive(Debug, Serialize, ToSchema)]
pub struct UrgeView {
    /// The urging.
    pub id: UrgeId,
    /// The case.
    pub case_id: CaseId,
    /// Who is urged; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// The clock that ran out; none when a person urged.
    pub clock: Option<String>,
    /// What the person who urges says.
    pub note: Option<String>,
    /// Who urges.
    pub urged_by: Option<String>,
    /// When.
    pub urged_at: DateTime<Utc>,
}

/// A supervision order 督办单.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionView {
    /// The supervision order.
    pub id: SupervisionId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who is supervised; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// Its state.
    pub state: SupervisionState,
    /// What is found fault with.
    pub fault: SupervisionFault,
    /// 挂牌督办.
    pub listed: bool,
    /// Whether the short time to reply runs.
    pub urgent: bool,
    /// The clock that ran out; none when a person supervises.
    pub clock: Option<String>,
    /// What is demanded.
    pub demand: Option<String>,
    /// Who supervises.
    pub issued_by: Option<String>,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// When the reply is due.
    pub reply_due_at: DateTime<Utc>,
    /// The reply.
    pub reply: Option<String>,
    /// Who replied.
    pub replied_by: Option<String>,
    /// When.
    pub replied_at: Option<DateTime<Utc>>,
    /// What the supervisor found.
    pub verdict: Option<String>,
    /// Whether the fault is put right.
    pub rectified: Option<bool>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<DateTime<Utc>>,
    /// As in the `ETag`.
    pub version: i64,
}

impl From<Urge> for UrgeView {
    fn from(urge: Urge) -> Self {
        Self {
            id: urge.id,
            case_id: urge.case_id,
            organisation_id: urge.organisation_id,
            clock: urge.clock,
            note: urge.note,
            urged_by: urge.urged_by,
            urged_at: urge.urged_at,
        }
    }
}

impl From<Supervision> for SupervisionView {
    fn from(supervision: Supervision) -> Self {
        Self {
            id: supervision.id,
            case_id: supervision.case_id,
            region: supervision.region,
            organisation_id: supervision.organisation_id,
            state: supervision.state,
            fault: supervision.fault,
            listed: supervision.listed,
            urgent: supervision.urgent,
            clock: supervision.clock,
            demand: supervision.demand,
            issued_by: supervision.issued_by,
            issued_at: supervision.issued_at,
            reply_due_at: supervision.reply_due_at,
            reply: supervision.reply,
            replied_by: supervision.replied_by,
            replied_at: supervision.replied_at,
            verdict: supervision.verdict,
            rectified: supervision.rectified,
            closed_by: supervision.closed_by,
            closed_at: supervision.closed_at,
            version: supervision.version,
        }
    }
}
