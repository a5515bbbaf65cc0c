//! Building a pack: merging the layers of a region, then section by section schema, type and cross-checks.

use std::collections::BTreeMap;

use contracts::region::RegionCode;
use serde::de::DeserializeOwned;

use super::{
    PolicyPack, check, digest,
    error::{PackError, PackErrorKind, PackErrors},
    files::HandedDown,
    merge::{self, Lock, Merger},
    node::Node,
    schema,
    source::{self, Files},
};
use crate::{
    calendar::Calendar,
    sections::{
        clocks::Clocks, confirmation::Confirmation, dispute_types::DisputeTypes,
        evaluation::Evaluation, intake::Intake, limits::Limits, mediation::Mediation,
        notifications::Notifications, reporting::Reporting, requests::Requests, routes::Routes,
        triage::TriageFile,
    },
};

/// The sections, in the order they are checked.
const SECTIONS: &[&str] = &[
    "dispute_types",
    "clocks",
    "routes",
    "mediation",
    "notifications",
    "triage",
    "intake",
    "confirmation",
    "evaluation",
    "reporting",
    "requests",
    "limits",
];

/// A pack under construction.
pub(super) struct Loader {
    errors: Vec<PackError>,
    sections: BTreeMap<String, Node>,
    layers: Vec<String>,
}

impl Loader {
    /// A loader that starts with the faults of reading the files.
    pub fn new(errors: Vec<PackError>) -> Self {
        Self {
            errors,
            sections: BTreeMap::new(),
            layers: Vec::new(),
        }
    }

    /// Folders of the layers for a region, the nation first.
    fn folders(region: &RegionCode) -> Vec<String> {
        let mut codes: Vec<_> = region.ancestors().chain([*region]).collect();
        codes.sort_by_key(|code| code.as_str().len());
        std::iter::once("default".to_owned())
            .chain(codes.iter().map(|code| format!("regions/{code}")))
            .collect()
    }

    pub fn merge_layers(&mut self, files: &Files, region: &RegionCode) {
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

    pub fn calendar(&mut self, files: &Files) -> Calendar {
        let years = files
            .iter()
            .filter(|(name, _)| name.starts_with("reference/calendar/") && name.ends_with(".json"));
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

    pub fn build(
        mut self,
        calendar: Calendar,
        region: &RegionCode,
        handed_down: HandedDown,
    ) -> Result<PolicyPack, PackErrors> {
        let dispute_types = self.section::<DisputeTypes>("dispute_types");
        let clocks = self.section::<Clocks>("clocks");
        let routes = self.section::<Routes>("routes");
        let mediation = self.section::<Mediation>("mediation");
        let notifications = self.section::<Notifications>("notifications");
        let triage = self.section::<TriageFile>("triage");
        let intake = self.section::<Intake>("intake");
        let confirmation = self.section::<Confirmation>("confirmation");
        let evaluation = self.section::<Evaluation>("evaluation");
        let reporting = self.section::<Reporting>("reporting");
        let requests = self.section::<Requests>("requests");
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
            Some(notifications),
            Some(triage),
            Some(intake),
            Some(confirmation),
            Some(evaluation),
            Some(reporting),
            Some(requests),
            Some(limits),
        ) = (
            dispute_types,
            clocks,
            routes,
            mediation,
            notifications,
            triage,
            intake,
            confirmation,
            evaluation,
            reporting,
            requests,
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
                notifications,
                confirmation,
                evaluation,
                reporting,
                requests,
                limits,
                handed_down,
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
