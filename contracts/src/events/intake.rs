//! Facts of intake 受理.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, MatterId, OrganisationId, PartyId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// Class of a matter (IN-02): each goes to its own statutory procedure.
    pub enum MatterClass {
        /// 矛盾纠纷.
        Dispute => "dispute",
        /// 信访诉求.
        Petition => "petition",
        /// 投诉举报.
        Complaint => "complaint",
    }
}

text_enum! {
    /// A party's side.
    pub enum PartySide {
        /// 申请人.
        Applicant => "applicant",
        /// 被申请人.
        Respondent => "respondent",
        /// 第三人.
        ThirdParty => "third_party",
    }
}

text_enum! {
    /// What a party is in law.
    pub enum PartyKind {
        /// 自然人.
        NaturalPerson => "natural_person",
        /// 法人或非法人组织.
        LegalPerson => "legal_person",
    }
}

/// A party without its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyRef {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
}

/// A matter was registered 已登记 (transition 1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterRegistered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code of the policy pack (IN-04).
    pub source: String,
    /// Channel code of the policy pack (IN-08).
    pub channel: String,
    /// The dispute type the person or clerk named, a code of the policy pack.
    pub type_hint: Option<String>,
    /// The parties.
    pub parties: Vec<PartyRef>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// When.
    pub registered_at: DateTime<Utc>,
}

/// A matter was accepted 已受理 (transition 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterAccepted {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code.
    pub source: String,
    /// Channel code.
    pub channel: String,
    /// The dispute type named at registration.
    pub type_hint: Option<String>,
    /// The parties.
    pub parties: Vec<PartyRef>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
}

/// A matter was not accepted 不予受理; the person was told why and what else they can do (transition 4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterDeclined {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub declined_at: DateTime<Utc>,
}

/// A matter was settled on the spot 当场办结 (transition 3; IN-07).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterAnswered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Item code of the policy pack's list of on-the-spot items.
    pub item: String,
    /// When.
    pub answered_at: DateTime<Utc>,
}

super::events! { Some(Service::Intake);
    MatterRegistered => "matter"."registered",
    MatterAccepted => "matter"."accepted",
    MatterDeclined => "matter"."declined",
    MatterAnswered => "matter"."answered",
}
