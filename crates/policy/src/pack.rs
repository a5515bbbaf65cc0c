//! Loading a policy pack: read, merge, validate, type, compile, cross-check, or say what is wrong.

mod check;
mod digest;
mod error;
mod merge;
mod node;
mod schema;
mod source;

use std::{collections::BTreeMap, path::Path};

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use serde::de::DeserializeOwned;

pub use error::{PackError, PackErrorKind, PackErrors};

use crate::{
    calendar::Calendar,
    clock::{ClockRule, Due},
    sections::{
        clocks::Clocks, confirmation::Confirmation, dispute_types::DisputeTypes,
        evaluation::Evaluation, intake::Intake, limits::Limits, mediation::Mediation,
        reporting::Reporting, routes::Routes, triage::TriageFile,
    },
    triage::Triage,
};
use merge::{Lock, Merger};
use node::Node;
use source::Files;

/// The sections, in the order they are checked.
const SECTIONS: &[&str] = &[
    "dispute_types",
    "clocks",
    "routes",
    "mediation",
    "triage",
    "intake",
    "confirmation",
    "evaluation",
    "reporting",
    "limits",
];

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
    confirmation: Confirmation,
    evaluation: Evaluation,
    reporting: Reporting,
    limits: Limits,
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
        let mut errors = Vec::new();
        let files = source::directory(dir, &mut errors);
        Self::from_files(&files, region, errors)
    }

    /// The pack built into the program, for the node of `region`.
    ///
    /// # Errors
    /// As [`PolicyPack::load`]; the tests of this crate load it, so a released program does not fail here.
    pub fn embedded(region: &RegionCode) -> Result<Self, PackErrors> {
        Self::from_files(&source::embedded(), region, Vec::new())
    }

    fn from_files(
        files: &Files,
        region: &RegionCode,
        errors: Vec<PackError>,
    ) -> Result<Self, PackErrors> {
        let mut loader = Loader {
            errors,
            sections: BTreeMap::new(),
            layers: Vec::new(),
        };
        loader.merge_layers(files, region);
        let calendar = loader.calendar(files);
        loader.build(calendar, region)
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

/// A pack under construction.
struct Loader {
    errors: Vec<PackError>,
    sections: BTreeMap<String, Node>,
    layers: Vec<String>,
}

impl Loader {
    /// Folders of the layers for a region, the nation first.
    fn folders(region: &RegionCode) -> Vec<String> {
        let mut codes: Vec<_> = region.ancestors().chain([*region]).collect();
        codes.sort_by_key(|code| code.as_str().len());
        std::iter::once("default".to_owned())
            .chain(codes.iter().map(|code| format!("regions/{code}")))
            .collect()
    }

    fn merge_layers(&mut self, files: &Files, region: &RegionCode) {
        let mut locks: BTreeMap<String, Vec<Lock>> = BTreeMap::new();
        for folder in Self::folders(region) {
            for (name, text) in files {
                let Some(section) = section_of(name, &folder) else {
                    continue;
                };
                self.layers.push(name.clone());
                let locks = locks.entry(section.to_owned()).or_default();
                self.merge_file(name, section, text, locks);
            }
        }
        for section in SECTIONS {
            if !self.sections.contains_key(*section) {
                self.fault(
                    &format!("default/{section}.yaml"),
                    "this file is needed and is missing or not readable",
                );
            }
        }
    }

    fn merge_file(&mut self, name: &str, section: &str, text: &str, locks: &mut Vec<Lock>) {
        if !SECTIONS.contains(&section) {
            let reason = format!("no such section; there are: {}", SECTIONS.join(", "));
            self.fault(name, &reason);
            return;
        }
        let mut file = match Node::parse(name, text) {
            Ok(file) => file,
            Err(error) => {
                self.errors.push(error);
                return;
            }
        };
        merge::check_duplicates(&file, "", &mut self.errors);
        let own_locks = merge::take_locks(&mut file, &mut self.errors);
        match self.sections.get_mut(section) {
            Some(base) => Merger {
                locks,
                errors: &mut self.errors,
            }
            .merge(base, file, &mut Vec::new()),
            None => {
                self.sections.insert(section.to_owned(), file);
            }
        }
        if let Some(merged) = self.sections.get(section) {
            merge::check_locks(merged, &own_locks, &mut self.errors);
        }
        locks.extend(own_locks);
    }

    fn fault(&mut self, file: &str, reason: &str) {
        self.errors.push(PackError {
            file: file.to_owned(),
            line: 1,
            path: String::new(),
            kind: PackErrorKind::File,
            reason: reason.to_owned(),
        });
    }

    fn calendar(&mut self, files: &Files) -> Calendar {
        let years = files
            .iter()
            .filter(|(name, _)| name.starts_with("reference/calendar/"));
        let pairs = years.map(|(name, text)| (name.as_str(), text.as_str()));
        Calendar::from_files(pairs).unwrap_or_else(|faults| {
            self.errors
                .extend(faults.into_iter().map(|fault| PackError {
                    file: fault.file,
                    line: fault.line,
                    path: String::new(),
                    kind: PackErrorKind::Schema,
                    reason: fault.reason,
                }));
            Calendar::default()
        })
    }

    /// The typed section; `None` when it has faults, which are then noted.
    fn section<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let node = self.sections.get(name)?;
        let before = self.errors.len();
        match source::schema(name) {
            Some(schema) => schema::validate(&schema, node, &mut self.errors),
            None => {
                let reason = format!("the program has no readable schema for `{name}`");
                let error = node.at.error(PackErrorKind::Schema, "", reason);
                self.errors.push(error);
            }
        }
        if self.errors.len() > before {
            return None;
        }
        schema::typed(node, &mut self.errors)
    }

    fn build(mut self, calendar: Calendar, region: &RegionCode) -> Result<PolicyPack, PackErrors> {
        let dispute_types = self.section::<DisputeTypes>("dispute_types");
        let clocks = self.section::<Clocks>("clocks");
        let routes = self.section::<Routes>("routes");
        let mediation = self.section::<Mediation>("mediation");
        let triage = self.section::<TriageFile>("triage");
        let intake = self.section::<Intake>("intake");
        let confirmation = self.section::<Confirmation>("confirmation");
        let evaluation = self.section::<Evaluation>("evaluation");
        let reporting = self.section::<Reporting>("reporting");
        let limits = self.section::<Limits>("limits");
        let triage = match (triage, &dispute_types, &routes) {
            (Some(file), Some(types), Some(routes)) => {
                check::compile_triage(file, types, routes, &self.sections, &mut self.errors)
            }
            _ => None,
        };
        if let (
            Some(dispute_types),
            Some(clocks),
            Some(routes),
            Some(mediation),
            Some(triage),
            Some(intake),
            Some(confirmation),
            Some(evaluation),
            Some(reporting),
            Some(limits),
        ) = (
            dispute_types,
            clocks,
            routes,
            mediation,
            triage,
            intake,
            confirmation,
            evaluation,
            reporting,
            limits,
        ) {
            let pack = PolicyPack {
                region: *region,
                version: digest::of(&self.sections, &calendar),
                layers: self.layers,
                calendar: calendar.with_working_hours(clocks.working_hours.clone()),
                dispute_types,
                routes,
                clocks,
                triage,
                intake,
                mediation,
                confirmation,
                evaluation,
                reporting,
                limits,
            };
            check::references(&pack, &self.sections, &mut self.errors);
            if self.errors.is_empty() {
                return Ok(pack);
            }
        }
        Err(PackErrors::new(self.errors))
    }
}

/// The section of a file that lies directly in a folder.
fn section_of<'a>(name: &'a str, folder: &str) -> Option<&'a str> {
    let file = name.strip_prefix(folder)?.strip_prefix('/')?;
    let section = file
        .strip_suffix(".yaml")
        .or_else(|| file.strip_suffix(".yml"))?;
    (!section.contains('/')).then_some(section)
}
