//! Facts of the border desk 互联, published at the node where they happened for its own services.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, EventId, RequestId},
    region::RegionCode,
};

/// A fact of a lower node arrived here and was verified: it counts from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FactReceived {
    /// The node where it happened.
    pub node: RegionCode,
    /// The event, as it was published there.
    pub event_id: EventId,
    /// Its type: `fengqiao.intake.matter.accepted.v1`.
    pub event_type: String,
    /// The service it comes from.
    pub service: Service,
    /// Epoch of its origin.
    pub epoch: i32,
    /// Gapless sequence of its origin.
    pub seq: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Its body.
    #[schema(value_type = Object)]
    pub body: Value,
}

/// A request between nodes took a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RequestChanged {
    /// The request.
    pub request_id: RequestId,
    /// Its kind, a code of the policy pack: `report_up`.
    pub kind: String,
    /// The case, when it is about one.
    pub case_id: Option<CaseId>,
    /// The sending node.
    pub from_node: RegionCode,
    /// The receiving node.
    pub to_node: RegionCode,
    /// The step: `sent`, `delivered`, `signed`, `fed_back`, `done`, `refused`, `recalled`.
    pub step: String,
    /// When it was taken, by the clock of the node that took it.
    pub at: DateTime<Utc>,
}

/// Another node answers for a case from now on; exactly one does at any time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AccountabilityMoved {
    /// The case.
    pub case_id: CaseId,
    /// Who answered for it.
    pub from_node: RegionCode,
    /// Who does now.
    pub to_node: RegionCode,
    /// The request by which it was handed over and signed for.
    pub request_id: RequestId,
    /// When the receiver signed.
    pub at: DateTime<Utc>,
}

/// This node took over a case that another one received: its own services work on it under the same case id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseAdopted {
    /// The case.
    pub case_id: CaseId,
    /// The request by which it came.
    pub request_id: RequestId,
    /// The node it came from.
    pub from_node: RegionCode,
    /// When.
    pub adopted_at: DateTime<Utc>,
}

/// A superior has handed down policy layers and working days 基础数据下发, and with them this node's pack is in order: every
/// service of the node works with them from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PolicyAdopted {
    /// The superior.
    pub by: RegionCode,
    /// The version of what was handed down: `sha256:` and 64 hex digits.
    pub version: String,
    /// The files by their path in a policy pack.
    pub files: BTreeMap<String, String>,
}

super::events! {
    Some(Service::Federation);
    FactReceived => "fact"."received",
    RequestChanged => "request"."changed",
    AccountabilityMoved => "accountability"."moved",
    CaseAdopted => "case"."adopted",
    PolicyAdopted => "policy"."adopted",
}
