//! What crosses the border between two nodes, on the streams UP and DOWN. Each kind is an [`Event`](crate::events::Event) of the border desk with the
//! envelope of one; its subject is `up.<region of the sender>.<object>.<fact>` or `down.<region of the receiver>.…`, where a
//! region has always four tokens (`62.06.02._`), so that a subtree is a subject prefix.
//!
//! No body holds personal data in the open: facts carry ids and roles, a dossier and the words of a request are sealed to the node that
//! they are for.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{AuditId, CaseId, EventId, RequestId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// What a request does to a case when it is signed for.
    pub enum HandsOver {
        /// Nothing.
        None => "none",
        /// 主办移交: the receiver answers for the case from its signature on.
        OnSign => "on_sign",
        /// 协办: the receiver works along and gets the dossier; nothing moves.
        Collaborates => "collaborates",
    }
}

/// The kinds of events that go up as facts, `<object>.<fact>`: what a level above needs to count the same things. The rest
/// stays at its node.
pub const GOES_UP: &[&str] = &[
    "matter.registered",
    "matter.accepted",
    "matter.declined",
    "matter.answered",
    "triage.decided",
    "dispatch.issued",
    "dispatch.signed",
    "dispatch.returned",
    "dispatch.recalled",
    "dispatch.urged",
    "supervision.issued",
    "supervision.replied",
    "supervision.closed",
    "consultation.called",
    "consultation.reported_in",
    "consultation.concluded",
    "taskforce.formed",
    "taskforce.dissolved",
    "risk.changed",
    "dispatch.completed",
    "dispatch.reworked",
    "mediation.started",
    "mediation.ended",
    "mediation.transferred",
    "agreement.effective",
    "agreement.amended",
    "agreement.voided",
    "performance.fulfilled",
    "performance.defaulted",
    "confirmation.applied",
    "confirmation.ruled",
    "follow_up.scheduled",
    "follow_up.done",
    "rating.given",
    "case.closed",
    "case.reopened",
    "case.merged",
    "clock.breached",
    "accountability.moved",
    "period.closed",
];

/// Whether events of a type go up: `fengqiao.intake.matter.accepted.v1` is the kind `matter.accepted`.
#[must_use]
pub fn goes_up(event_type: &str) -> bool {
    let mut parts = event_type.split('.').skip(2);
    let (Some(object), Some(fact)) = (parts.next(), parts.next()) else {
        return false;
    };
    GOES_UP.contains(&format!("{object}.{fact}").as_str())
}

/// Bytes the body of a message between nodes may have: with its headers it has to fit into what nats-server takes (1 MiB).
pub const MESSAGE_MAX: usize = 900 * 1024;

/// Up: a fact of this node that every level above counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// The event, as published at the node.
    pub event_id: EventId,
    /// Its type.
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

/// Up: how far this node is. Everything up to `seq` of `epoch` was sent before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Checkpoint {
    /// Epoch of what it sends.
    pub epoch: i32,
    /// Highest sequence it has given.
    pub seq: i64,
    /// The clock of the node, to show how far it is off.
    pub clock: DateTime<Utc>,
    /// Release of the node's software.
    pub release: String,
    /// Version of the policy pack it runs.
    pub policy_version: String,
    /// What became of the policy that its parent handed down last; none before it has received any.
    #[serde(default)]
    pub policy_received: Option<PolicyReceived>,
    /// The node's public keys; this message is signed with them, so it proves them itself.
    pub keys: NodeKeys,
    /// Keys of nodes below that this node has ever forgotten: those nodes are set up with new ones.
    #[serde(default)]
    pub forgotten: Vec<ForgottenKeys>,
    /// What can still be sent again, by epoch, the present one last; what comes before is kept no more.
    #[serde(default)]
    pub kept: Vec<KeptEpoch>,
    /// The last that this node has heard from its parent: the parent may not know of it any more.
    #[serde(default)]
    pub heard: Option<Heard>,
}

/// What a node keeps of an epoch of what it has sent up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptEpoch {
    /// The epoch.
    pub epoch: i32,
    /// The first sequence that can be sent again.
    pub first: i64,
    /// The last one that was given in the epoch; one less than `first` when nothing of it is kept.
    pub last: i64,
}

/// The last message that a child has heard from its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heard {
    /// The parent.
    pub from: RegionCode,
    /// Epoch of what the parent sends down.
    pub epoch: i32,
    /// Its sequence.
    pub seq: i64,
    /// The message.
    pub event_id: EventId,
}

/// A key that no longer counts as its node's: the next one the node shows does. Told again and again, acted on once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct ForgottenKeys {
    /// The node.
    pub node: RegionCode,
    /// The key that checked its signatures (nkey, Ed25519).
    pub signing: String,
    /// When it was forgotten, by the clock of the superior that did.
    pub at: DateTime<Utc>,
}

/// What became of a policy that was handed down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyReceived {
    /// Its version.
    pub version: String,
    /// Why the node cannot work with it, and goes on with what it had; none when it is in force.
    pub refused: Option<String>,
}

/// Down: the policy layers and working days that a node hands down 基础数据下发 to a child. They take the place of the layers
/// that the child has of the regions above it; what they lock, the child cannot change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PolicyIssued {
    /// The superior.
    pub by: RegionCode,
    /// The version: the digest of the files, `sha256:` and 64 hex digits.
    pub version: String,
    /// The files by their path in a policy pack: `regions/62/clocks.yaml`, `reference/calendar/2026.json`.
    pub files: BTreeMap<String, String>,
}

/// The public keys of a node.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct NodeKeys {
    /// The node.
    pub node: RegionCode,
    /// Checks its signatures (nkey, Ed25519).
    pub signing: String,
    /// Seals dossiers to it (nkey, X25519).
    pub sealing: String,
}

/// Down: the keys of the nodes a superior knows, itself included, so that siblings can seal dossiers to one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Book {
    /// The superior.
    pub by: RegionCode,
    /// The nodes.
    pub nodes: Vec<NodeKeys>,
    /// Keys that count no more.
    #[serde(default)]
    pub forgotten: Vec<ForgottenKeys>,
}

/// Down: up to where a level above has everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Confirm {
    /// The node that has it.
    pub by: RegionCode,
    /// Epoch.
    pub epoch: i32,
    /// Everything up to here, without a gap.
    pub contiguous: i64,
    /// The message of that sequence, as far as it is remembered. When the child has another one there, its database does not know
    /// what it sent: it was put back to an earlier day.
    #[serde(default)]
    pub event_id: Option<EventId>,
    /// Whether sequences of this epoch have come a second time: the receiver's database was restored from a backup.
    #[serde(default)]
    pub given_twice: bool,
    /// Its public keys.
    pub keys: NodeKeys,
}

/// Down: send these again, they are missing above.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Replay {
    /// Who misses them.
    pub by: RegionCode,
    /// Epoch.
    pub epoch: i32,
    /// First missing sequence.
    pub from: i64,
    /// Last missing sequence.
    pub to: i64,
}

/// Down: what have you of these days? Without a node: every node of your territory as a whole; with one: day by day and kind by
/// kind; with a kind as well: the ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditAsked {
    /// The question.
    pub audit_id: AuditId,
    /// First day, by the calendar of Beijing.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Of this node only.
    pub node: Option<RegionCode>,
    /// Of this kind only: `fengqiao.intake.matter.accepted.v1`.
    pub kind: Option<String>,
    /// Ids that come after this one only: the next page.
    #[serde(default)]
    pub after: Option<EventId>,
}

/// Up: what a child has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditAnswered {
    /// The question.
    pub audit_id: AuditId,
    /// The counts.
    pub rows: Vec<AuditRow>,
    /// The ids, when they were asked for.
    pub ids: Vec<EventId>,
    /// Whether there are more ids than fit: they are asked for with `after`, the last of these.
    pub more: bool,
}

/// Some facts, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditRow {
    /// Where they happened.
    pub node: RegionCode,
    /// On which day; none for all days asked for.
    pub day: Option<NaiveDate>,
    /// Of which kind; none for all.
    pub kind: Option<String>,
    /// How many.
    pub count: i64,
    /// Exclusive or of the first 64 bits of the MD5 of every event id: equal sets have equal digests in any order.
    pub digest: i64,
}

/// Both ways: a step of a request between two nodes. The lowest common superior passes it on between siblings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RequestStep {
    /// The request.
    pub request_id: RequestId,
    /// Number of the step within its request and node, from 1: a step that comes twice is taken once.
    pub number: i32,
    /// Its kind, a code of the policy pack.
    pub kind: String,
    /// The case, when it is about one.
    pub case_id: Option<CaseId>,
    /// The node that sent the request.
    pub from_node: RegionCode,
    /// The node the request is to.
    pub to_node: RegionCode,
    /// The node that takes this step.
    pub by_node: RegionCode,
    /// The step: `sent`, `delivered`, `signed`, `fed_back`, `rework`, `done`, `refused`, `recalled`, `urged`; or `seen`, which is none
    /// and says that all steps of the other node up to `number` were applied.
    pub step: String,
    /// When, by the clock of the node that takes it.
    pub at: DateTime<Utc>,
    /// Why, or what came of it, open as earlier releases send it.
    pub text: Option<String>,
    /// The same for the other node only: [`SealedWords`] as JSON, sealed to its key, base64.
    #[serde(default)]
    pub sealed_text: Option<String>,
    /// With `sent`: last day for it.
    pub due_on: Option<NaiveDate>,
    /// With `sent`: values of the kind (colour, fault, scope, version, period, …), open as earlier releases send them; figures are
    /// always open, the rest is sealed with the words.
    #[schema(value_type = Object)]
    pub values: Value,
    /// The dossier, sealed to the receiver's key, base64.
    pub sealed: Option<String>,
    /// With `sent`, when the signature hands the case over: the number of that hand-over, one more than the sender's own; else 0.
    #[serde(default)]
    pub handover: i32,
    /// With `sent`: the figures its kind carries, counted by the sender's reporting: numbers of cases by field.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub figures: Option<Value>,
    /// Whether its sender takes `seen` for an answer; earlier releases do not, and are not told.
    #[serde(default)]
    pub awaits_seen: bool,
}

/// The words of a step, as they are sealed: with the step they belong to, so that nobody between can put them elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedWords {
    /// The request.
    pub request_id: RequestId,
    /// The number of the step.
    pub number: i32,
    /// The words.
    #[serde(default)]
    pub text: Option<String>,
    /// The values of the request, with `sent`: some are free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub values: Option<Value>,
}

events! {
    Some(Service::Federation);
    Fact => "fact"."sent",
    Checkpoint => "checkpoint"."reached",
    Confirm => "checkpoint"."confirmed",
    Replay => "replay"."asked",
    Book => "book"."issued",
    PolicyIssued => "policy"."issued",
    AuditAsked => "audit"."asked",
    AuditAnswered => "audit"."answered",
    RequestStep => "request"."stepped",
}

#[cfg(test)]
mod tests {
    use super::goes_up;

    #[test]
    fn what_is_counted_goes_up() {
        assert!(goes_up("fengqiao.intake.matter.accepted.v1"));
        assert!(!goes_up("fengqiao.mediation.agreement.signed_by.v1"));
        assert!(!goes_up("matter.accepted"));
    }
}
