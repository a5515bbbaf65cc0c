//! Facts of the register of organisations and mediators.

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

events! { Some(Service::Mediation);
    OrganisationRegistered => "organisation"."registered",
    MediatorRegistered => "mediator"."registered",
    OrganisationChanged => "organisation"."changed",
    MediatorChanged => "mediator"."changed",
}
