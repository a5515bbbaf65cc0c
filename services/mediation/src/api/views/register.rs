//! The register, as everybody may see it.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    ids::{MediatorId, OrganisationId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    mediator::Mediator,
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
    /// Name of its director.
    pub director: String,
    /// How many members it has.
    pub members: usize,
    /// How many of them are women.
    pub women: usize,
    /// Last day of the members' term, where the kind has one.
    pub term_ends_on: Option<NaiveDate>,
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
            director: organisation.director,
            term_ends_on: organisation.term_ends_on,
            registered_at: organisation.created_at,
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
    /// Kind code: full-time or part-time.
    pub class: String,
    /// What qualifies them.
    pub qualifications: Vec<String>,
    /// When they were registered.
    pub registered_at: DateTime<Utc>,
}

impl From<Mediator> for MediatorView {
    fn from(mediator: Mediator) -> Self {
        Self {
            id: mediator.id,
            organisation_id: mediator.organisation_id,
            version: mediator.version,
            name: mediator.name,
            class: mediator.class,
            qualifications: mediator.qualifications,
            registered_at: mediator.created_at,
        }
    }
}
