//! An organisation that can be given a case: what triage keeps of mediation's register.

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::OrganisationRegistered, ids::OrganisationId, region::RegionCode,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};

use super::Refusal;
use crate::schema::organisations;

/// A registered organisation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// The organisation.
    pub id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code of the policy pack (ME-01).
    pub kind: String,
    /// Its public name.
    pub name: String,
    /// Codes of the routes it handles.
    pub routes: Vec<String>,
    /// When triage learnt of it.
    pub updated_at: DateTime<Utc>,
}

impl Organisation {
    /// As the register published it.
    #[must_use]
    pub fn registered(event: OrganisationRegistered, now: DateTime<Utc>) -> Self {
        Self {
            id: event.organisation_id,
            region: event.region,
            kind: event.kind,
            name: event.name,
            routes: event.routes,
            updated_at: now,
        }
    }

    /// Whether it may be given a case of a region by a route: both regions are on one line from province to village, and
    /// the route is one of its own.
    ///
    /// # Errors
    /// [`Refusal::OtherRegion`] or [`Refusal::OtherRoute`].
    pub fn check_entitled(&self, region: &RegionCode, route: &str) -> Result<(), Refusal> {
        if !self.region.contains(region) && !region.contains(&self.region) {
            return Err(Refusal::OtherRegion);
        }
        if !self.routes.iter().any(|own| own == route) {
            return Err(Refusal::OtherRoute);
        }
        Ok(())
    }
}
