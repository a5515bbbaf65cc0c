//! The register, as everybody may see it.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::{MediatorStanding, StaffingGap},
    ids::{MediatorId, OrganisationId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    mediator::{Mediator, Training},
    organisation::{Organisation, Sex},
};

/// A mediation organisation as the public register shows it.
#[derive(Serialize, ToSchema)]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Its region.
    pub region: RegionCode,
    /// Kind code.
    pub kind: String,
    /// Public name.
    pub name: String,
    /// Route codes it handles.
    pub routes: Vec<String>,
    /// Name of its director; null while there is none.
    pub director: Option<String>,
    /// How many members it has.
    pub members: usize,
    /// How many of them are women.
    pub women: usize,
    /// Last day of the members' term, where the kind has one.
    pub term_ends_on: Option<NaiveDate>,
    /// Whether it charges.
    pub charges_fee: bool,
    /// What it charges.
    pub tariff: Option<String>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

impl From<Organisation> for OrganisationView {
    fn from(organisation: Organisation) -> Self {
        let women = organisation
            .members
            .iter()
            .filter(|member| member.sex == Sex::Female);
        Self {
            women: women.count(),
            members: organisation.members.len(),
            id: organisation.id,
            version: organisation.version,
            region: organisation.region,
            kind: organisation.kind,
            name: organisation.name,
            routes: organisation.routes,
            director: Some(organisation.director).filter(|name| !name.is_empty()),
            term_ends_on: organisation.term_ends_on,
            charges_fee: organisation.charges_fee,
            tariff: organisation.tariff,
            registered_at: organisation.created_at,
        }
    }
}

/// An organisation that is short of staff.
#[derive(Serialize, ToSchema)]
pub struct UnderstaffedView {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code.
    pub kind: String,
    /// Public name.
    pub name: String,
    /// What it is short of.
    pub gaps: Vec<StaffingGap>,
}

impl UnderstaffedView {
    /// An organisation with what it is short of.
    pub fn of(organisation: Organisation, gaps: Vec<StaffingGap>) -> Self {
        Self {
            organisation_id: organisation.id,
            region: organisation.region,
            kind: organisation.kind,
            name: organisation.name,
            gaps,
        }
    }
}

/// A mediator as the public register shows them.
#[derive(Serialize, ToSchema)]
pub struct MediatorView {
    /// The mediator.
    pub id: MediatorId,
    /// The organisation they mediate for.
    pub organisation_id: OrganisationId,
    /// Their version, as in the `ETag`.
    pub version: i64,
    /// Full name.
    pub name: String,
    /// Kind code: full-time, part-time, expert pool.
    pub class: String,
    /// What qualifies them.
    pub qualifications: Vec<String>,
    /// Whether they may be given cases.
    pub standing: MediatorStanding,
    /// Level code.
    pub level: Option<String>,
    /// Background code.
    pub background: Option<String>,
    /// Dispute type codes they know best.
    pub specialties: Vec<String>,
    /// Trainings they took part in.
    pub trainings: Vec<Training>,
    /// Proceedings they mediate that have not ended: their workload.
    pub open_proceedings: usize,
    /// When they were registered.
    pub registered_at: DateTime<Utc>,
}

impl MediatorView {
    /// A mediator with their workload.
    pub fn of(mediator: Mediator, open_proceedings: usize) -> Self {
        Self {
            id: mediator.id,
            organisation_id: mediator.organisation_id,
            version: mediator.version,
            name: mediator.name,
            class: mediator.class,
            qualifications: mediator.qualifications,
            standing: mediator.standing,
            level: mediator.level,
            background: mediator.background,
            specialties: mediator.specialties,
            trainings: mediator.trainings.0,
            open_proceedings,
            registered_at: mediator.created_at,
        }
    }
}
