//! Facts of the register of organisations and mediators.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{MediatorId, OrganisationId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// Whether a mediator may be given cases.
    pub enum MediatorStanding {
        /// 在岗.
        Active => "active",
        /// 暂停: keeps what they have, gets nothing new.
        Suspended => "suspended",
        /// 离任.
        Retired => "retired",
    }
}

/// An organisation was entered in the register (ME-02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationRegistered {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code of the policy pack (ME-01).
    pub kind: String,
    /// Its public name.
    pub name: String,
    /// Route codes it may handle.
    pub routes: Vec<String>,
}

/// A mediator was entered in the register (ME-02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediatorRegistered {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
}

/// An organisation's entry in the register changed; the court is told (人民调解法 10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationChanged {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code of the policy pack (ME-01).
    pub kind: String,
    /// Its public name.
    pub name: String,
    /// Route codes it may handle.
    pub routes: Vec<String>,
}

/// A mediator's entry in the register changed; the court is told (人民调解法 10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediatorChanged {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// Whether they may be given cases.
    pub standing: MediatorStanding,
}

text_enum! {
    /// What an organisation is short of (ME-03).
    pub enum StaffingGapKind {
        /// 委员不足 (人民调解法 8).
        MembersBelow => "members_below",
        /// 没有妇女委员 (人民调解法 8).
        NoWoman => "no_woman",
        /// 主任空缺 (人民调解法 8).
        DirectorVacant => "director_vacant",
        /// 任期届满未改选 (人民调解法 9).
        TermOver => "term_over",
        /// 调解员不足.
        MediatorsBelow => "mediators_below",
    }
}

/// A gap in the staff of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffingGap {
    /// What is missing.
    pub kind: StaffingGapKind,
    /// The class of mediators, when it is one that is missing.
    pub class: Option<String>,
    /// How many there are.
    pub have: u32,
    /// How many there should be.
    pub need: u32,
}

/// Somebody left an organisation, which is short of staff now, or of more than before (ME-03; 人民调解法 8, 9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationUnderstaffed {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code of the policy pack (ME-01).
    pub kind: String,
    /// All it is short of.
    pub gaps: Vec<StaffingGap>,
    /// When.
    pub noted_at: DateTime<Utc>,
}

events! { Some(Service::Mediation);
    OrganisationRegistered => "organisation"."registered",
    MediatorRegistered => "mediator"."registered",
    OrganisationChanged => "organisation"."changed",
    MediatorChanged => "mediator"."changed",
    OrganisationUnderstaffed => "organisation"."understaffed",
}
