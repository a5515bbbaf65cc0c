//! Loading a policy pack: read, merge, validate, type, compile, cross-check, or say what is wrong.

mod check;
mod digest;
mod error;
mod files;
mod loader;
mod merge;
mod node;
mod schema;
mod source;

use std::path::Path;

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;

pub use error::{PackError, PackErrorKind, PackErrors};
pub use files::{HandedDown, PackFiles};

use crate::{
    calendar::Calendar,
    clock::{ClockRule, Due},
    sections::{
        clocks::Clocks, confirmation::Confirmation, dispute_types::DisputeTypes,
        evaluation::Evaluation, intake::Intake, limits::Limits, mediation::Mediation,
        notifications::Notifications, reporting::Reporting, requests::Requests, routes::Routes,
    },
    triage::Triage,
};
use loader::Loader;
use source::Files;

/// A pack in force at a node: the national default with the layers of its province, city and county over it.
#[derive(Debug)]
pub struct PolicyPack {
    region: RegionCode,
    version: String,
    layers: Vec<String>,
    calendar: Calendar,
    dispute_types: DisputeTypes,
    routes: Routes,
    clocks: Clocks,
    triage: Triage,
    intake: Intake,
    mediation: Mediation,
    notifications: Notifications,
    confirmation: Confirmation,
    evaluation: Evaluation,
    reporting: Reporting,
    requests: Requests,
    limits: Limits,
    handed_down: HandedDown,
}

/// Services hold one pack in an `Arc` and use it from every thread.
const _: fn() = || {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<PolicyPack>();
};

/// A clock the pack does not define.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policy pack has no clock `{0}`")]
pub struct UnknownClock(pub String);

impl PolicyPack {
    /// Loads the pack in `dir` for the node of `region`.
    ///
    /// # Errors
    /// Every fault found, each with file, line, path and reason.
    pub fn load(dir: &Path, region: &RegionCode) -> Result<Self, PackErrors> {
        PackFiles::read(Some(dir)).pack(region, None)
    }

    /// The pack built into the program, for the node of `region`.
    ///
    /// # Errors
    /// As [`PolicyPack::load`]; the tests of this crate load it, so a released program does not fail here.
    pub fn embedded(region: &RegionCode) -> Result<Self, PackErrors> {
        PackFiles::read(None).pack(region, None)
    }

    fn from_files(
        files: &Files,
        region: &RegionCode,
        errors: Vec<PackError>,
        handed_down: HandedDown,
    ) -> Result<Self, PackErrors> {
        let mut loader = Loader::new(errors);
        loader.merge_layers(files, region);
        let calendar = loader.calendar(files);
        loader.build(calendar, region, handed_down)
    }

    /// Digest of the merged pack and its calendar: `sha256:` and 64 hex digits. Stored with what was decided by it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The node's region.
    #[must_use]
    pub fn region(&self) -> &RegionCode {
        &self.region
    }

    /// The files that were merged, upper layers first.
    #[must_use]
    pub fn layers(&self) -> &[String] {
        &self.layers
    }

    /// What this node hands down to the nodes under it.
    #[must_use]
    pub fn handed_down(&self) -> &HandedDown {
        &self.handed_down
    }

    /// Working days, with the office hours of this pack.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Dispute types and column sets.
    #[must_use]
    pub fn dispute_types(&self) -> &DisputeTypes {
        &self.dispute_types
    }

    /// Ways a dispute can go.
    #[must_use]
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Time limits.
    #[must_use]
    pub fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    /// Proposals, tracks, colours, dispatch modes.
    #[must_use]
    pub fn triage(&self) -> &Triage {
        &self.triage
    }

    /// Channels, sources, reasons, acceptance numbers.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// Organisations, ends, other ways, agreements.
    #[must_use]
    pub fn mediation(&self) -> &Mediation {
        &self.mediation
    }

    /// Messages to the people of a case.
    #[must_use]
    pub fn notifications(&self) -> &Notifications {
        &self.notifications
    }

    /// Exclusions, outcomes, materials.
    #[must_use]
    pub fn confirmation(&self) -> &Confirmation {
        &self.confirmation
    }

    /// Ratings, follow-up, closing.
    #[must_use]
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// Statistics and rounding.
    #[must_use]
    pub fn reporting(&self) -> &Reporting {
        &self.reporting
    }

    /// Requests between nodes.
    #[must_use]
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Lengths and counts.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The clock `id`, in the form it has for a dispute type when one is given.
    ///
    /// # Errors
    /// The pack has no such clock; never for [`crate::sections::clocks::REQUIRED`].
    pub fn clock(&self, id: &str, type_code: Option<&str>) -> Result<&ClockRule, UnknownClock> {
        type_code
            .map_or_else(
                || self.clocks.get(id),
                |type_code| self.clocks.for_type(id, type_code),
            )
            .ok_or_else(|| UnknownClock(id.to_owned()))
    }

    /// When the clock `id`, started at `start`, is due.
    ///
    /// # Errors
    /// As [`PolicyPack::clock`].
    pub fn due(
        &self,
        id: &str,
        type_code: Option<&str>,
        start: DateTime<Utc>,
    ) -> Result<Due, UnknownClock> {
        Ok(self.clock(id, type_code)?.due(start, &self.calendar))
    }
}
