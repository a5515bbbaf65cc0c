//! Facts of routes without mediation: what organs tell of their cases, and what becomes of their time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FeedbackEffect;
use crate::{
    Service,
    events::events,
    ids::{CaseId, DispatchOrderId, OrganisationId},
    region::RegionCode,
};

/// An organ told what came of a case on a route without mediation 反馈 (TR-04). Its words stay with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchFedBack {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who told it.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Outcome code of the policy pack.
    pub outcome: String,
    /// What becomes of the case.
    pub then: FeedbackEffect,
    /// When.
    pub told_at: DateTime<Utc>,
}

/// A case was finished on a route without mediation 办结.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchCompleted {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who finished it.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Outcome code of the policy pack.
    pub outcome: String,
    /// Whether the dispute counts as settled 化解 by it: the policy pack says which outcomes do.
    #[serde(default)]
    pub settled: bool,
    /// When.
    pub completed_at: DateTime<Utc>,
}

/// The sender does not accept what an organ reported as finished 返工: the organ goes on with the case. Why stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchReworked {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who has it again.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// When it is due now.
    pub due_at: DateTime<Utc>,
    /// When.
    pub reworked_at: DateTime<Utc>,
}

/// The time of an organ on a route without mediation was lengthened 延长办理期限. Why stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchExtended {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who has longer.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// When its time is over now.
    pub due_at: DateTime<Utc>,
    /// When.
    pub extended_at: DateTime<Utc>,
}

events! { Some(Service::Triage);
    DispatchFedBack => "dispatch"."fed_back",
    DispatchCompleted => "dispatch"."completed",
    DispatchReworked => "dispatch"."reworked",
    DispatchExtended => "dispatch"."extended",
}
