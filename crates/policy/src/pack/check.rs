//! What a schema cannot say: codes that must exist, words that must be unique, conditions that must compile.

mod requests;

use std::collections::BTreeMap;

use contracts::events::mediation::MediationOutcome;

use super::{
    PolicyPack,
    error::{PackError, PackErrorKind},
    node::Node,
};
use crate::{
    sections::{
        clocks::REQUIRED,
        dispute_types::{DisputeTypes, root_of},
        mediation::EndCode,
        notifications::{ORGANISATION_PLACEHOLDERS, PLACEHOLDERS, placeholders},
        routes::Routes,
        triage::{RiskTrigger, TriageFile},
    },
    triage::Triage,
};

type Sections = BTreeMap<String, Node>;

/// Compiles the rules; faults are noted at the rule's condition.
pub(super) fn compile_triage(
    file: TriageFile,
    types: &DisputeTypes,
    routes: &Routes,
    sections: &Sections,
    errors: &mut Vec<PackError>,
) -> Option<Triage> {
    match Triage::compile(file, types, routes) {
        Ok(triage) => Some(triage),
        Err(faults) => {
            if let Some(section) = sections.get("triage") {
                for (index, fault) in faults {
                    let index = index.to_string();
                    let (path, node) = section.walk(["rules", &index, "when"]);
                    errors.push(
                        node.at
                            .error(PackErrorKind::Condition, path, fault.to_string()),
                    );
                }
            }
            None
        }
    }
}

/// Checks every code that one section takes from another.
pub(super) fn references(pack: &PolicyPack, sections: &Sections, errors: &mut Vec<PackError>) {
    let mut checker = Checker {
        pack,
        sections,
        errors,
    };
    checker.types();
    checker.clocks();
    checker.routes();
    checker.triage();
    checker.mediation();
    checker.intake();
    checker.notifications();
    checker.requests();
    checker.others();
}

struct Checker<'a> {
    pack: &'a PolicyPack,
    sections: &'a Sections,
    errors: &'a mut Vec<PackError>,
}

impl Checker<'_> {
    fn fault(&mut self, section: &str, path: &[&str], reason: String) {
        if let Some(section) = self.sections.get(section) {
            let (path, node) = section.walk(path.iter().copied());
            self.errors
                .push(node.at.error(PackErrorKind::Reference, path, reason));
        }
    }

    fn need(&mut self, known: bool, what: &str, code: &str, section: &str, path: &[&str]) {
        if !known {
            self.fault(section, path, format!("there is no {what} `{code}`"));
        }
    }

    fn need_types(&mut self, codes: &[String], section: &str, path: &[&str]) {
        for (index, code) in codes.iter().enumerate() {
            let known = self.pack.dispute_types.get(code).is_some();
            let index = index.to_string();
            let path: Vec<_> = path.iter().copied().chain([index.as_str()]).collect();
            self.need(known, "dispute type", code, section, &path);
        }
    }

    fn need_route(&mut self, code: &str, section: &str, path: &[&str]) {
        let known = self.pack.routes.get(code).is_some();
        self.need(known, "route", code, section, path);
    }

    fn need_clock(&mut self, id: &str, section: &str, path: &[&str]) {
        let known = self.pack.clocks.get(id).is_some();
        self.need(known, "clock", id, section, path);
    }

    fn types(&mut self) {
        let section = "dispute_types";
        let types = &self.pack.dispute_types;
        let fallback = types.usable(&types.fallback);
        self.need(
            fallback,
            "dispute type",
            &types.fallback,
            section,
            &["fallback"],
        );
        for known in &types.types {
            let root = root_of(&known.code);
            let path = ["types", known.code.as_str()];
            self.need(
                types.get(root).is_some(),
                "first-level type",
                root,
                section,
                &path,
            );
        }
        for group in &types.statistic_groups {
            let path = ["statistic_groups", group.id.as_str()];
            let residual = group.column(&group.residual).is_some();
            self.need(residual, "column", &group.residual, section, &path);
            let mut seen = BTreeMap::new();
            for column in &group.columns {
                let path = [path[0], path[1], "columns", &column.code, "types"];
                self.need_types(&column.types, section, &path);
                for code in &column.types {
                    if let Some(other) = seen.insert(code, &column.code) {
                        let reason = format!("`{code}` is already counted in column `{other}`");
                        self.fault(section, &path, reason);
                    }
                }
            }
        }
    }

    fn clocks(&mut self) {
        let clocks = &self.pack.clocks;
        for id in REQUIRED {
            self.need(clocks.get(id).is_some(), "clock", id, "clocks", &["clocks"]);
        }
        for rule in &clocks.clocks {
            let path = ["clocks", rule.id.as_str()];
            if let Some((base, type_code)) = rule.id.split_once('@') {
                self.need_clock(base, "clocks", &path);
                self.need_types(&[type_code.to_owned()], "clocks", &path);
            }
            for reason in &rule.pause_reasons {
                let known = clocks.pause_reason(reason).is_some();
                let path = [path[0], path[1], "pause_reasons"];
                self.need(known, "pause reason", reason, "clocks", &path);
            }
        }
    }

    fn routes(&mut self) {
        let routes = &self.pack.routes;
        self.need_route(&routes.default, "routes", &["default"]);
        for route in &routes.routes {
            self.need_clock(&route.clock, "routes", &["routes", &route.code, "clock"]);
            for procedure in &route.procedures {
                let path = ["routes", &route.code, "procedures", &procedure.code];
                self.need_clock(&procedure.clock, "routes", &path);
            }
        }
    }

    fn triage(&mut self) {
        let file = self.pack.triage.file();
        for track in &file.tracks {
            self.need_clock(
                &track.clock,
                "triage",
                &["tracks", track.code.as_str(), "clock"],
            );
        }
        for raise in &file.risk_raises {
            let path = ["risk_raises", raise.code.as_str(), "clock"];
            match (&raise.clock, raise.on == RiskTrigger::ClockOverdue) {
                (Some(clock), true) => self.need_clock(clock, "triage", &path),
                (None, false) => {}
                _ => {
                    let reason =
                        "`clock` belongs to `on: clock_overdue`, which needs it".to_owned();
                    self.fault("triage", &path, reason);
                }
            }
        }
        for rule in &file.rules {
            let path = |part| ["rules", rule.id.as_str(), "proposes", part];
            if let Some(code) = &rule.proposes.type_code {
                let known = self.pack.dispute_types.usable(code);
                self.need(known, "dispute type", code, "triage", &path("type"));
            }
            if let Some(route) = &rule.proposes.route {
                self.need_route(route, "triage", &path("route"));
            }
            if let Some(code) = &rule.proposes.obstacle {
                let known = self.pack.mediation.obstacle(code).is_some();
                self.need(known, "obstacle", code, "triage", &path("obstacle"));
            }
        }
    }

    fn mediation(&mut self) {
        let section = "mediation";
        let mediation = &self.pack.mediation;
        for kind in &mediation.organisation_kinds {
            for (index, route) in kind.routes.iter().enumerate() {
                let index = index.to_string();
                let path = ["organisation_kinds", &kind.code, "routes", &index];
                self.need_route(route, section, &path);
            }
            for class in kind.staffing.iter().filter_map(|rule| rule.class.as_ref()) {
                let known = mediation.mediator_kind(class).is_some();
                let path = ["organisation_kinds", &kind.code, "staffing"];
                self.need(known, "kind of mediator", class, section, &path);
            }
        }
        for way in &mediation.other_ways {
            let path = |part| ["other_ways", way.route.as_str(), part];
            self.need_route(&way.route, section, &path("route"));
            self.need_types(&way.types, section, &path("types"));
            self.need_types(&way.except_types, section, &path("except_types"));
        }
        for warning in &mediation.limitation_warnings {
            let path = |part| ["limitation_warnings", warning.code.as_str(), part];
            self.need_route(&warning.route, section, &path("route"));
            self.need_types(&warning.types, section, &path("types"));
        }
        let reason = &mediation.sham_pause_reason;
        let known = self.pack.clocks.pause_reason(reason).is_some();
        self.need(
            known,
            "pause reason",
            reason,
            section,
            &["sham_pause_reason"],
        );
        let code = &mediation.time_over_end_code;
        let fails = |end: &EndCode| end.outcome == MediationOutcome::Failed;
        let known = mediation.end_code(code).is_some_and(fails);
        let path = ["time_over_end_code"];
        self.need(known, "end code of a failure", code, section, &path);
        let agreement = &mediation.agreement;
        for (part, types) in [
            ("no_e_signature_types", &agreement.no_e_signature_types),
            ("written_only_types", &agreement.written_only_types),
        ] {
            self.need_types(types, section, &["agreement", part]);
        }
    }

    /// What comes in by itself comes from a source and on a channel that there are.
    fn intake(&mut self) {
        let intake = &self.pack.intake;
        let screening = &intake.screening;
        let source = intake.source(&screening.source).is_some();
        let path = ["screening", "source"];
        self.need(source, "source", &screening.source, "intake", &path);
        let channel = intake.channel(&screening.channel);
        let channel = channel.is_some_and(|channel| !channel.place_code);
        let path = ["screening", "channel"];
        self.need(channel, "channel", &screening.channel, "intake", &path);
        let import = &intake.import.channel;
        let channel = intake.channel(import);
        let channel = channel.is_some_and(|channel| !channel.place_code);
        self.need(channel, "channel", import, "intake", &["import", "channel"]);
    }

    /// A message names only what everybody in the case may know.
    fn notifications(&mut self) {
        let notifications = &self.pack.notifications;
        for template in &notifications.templates {
            self.placeholders("templates", &template.code, &template.text, &PLACEHOLDERS);
        }
        for template in &notifications.organisations {
            let (code, text) = (&template.code, &template.text);
            self.placeholders("organisations", code, text, &ORGANISATION_PLACEHOLDERS);
        }
    }

    fn placeholders(&mut self, list: &str, code: &str, text: &crate::Text, known: &[&str]) {
        for (language, text) in [("zh", &text.zh), ("en", &text.en)] {
            for name in placeholders(text) {
                let path = [list, code, "text", language];
                self.need(
                    known.contains(&name),
                    "placeholder",
                    name,
                    "notifications",
                    &path,
                );
            }
        }
    }

    fn others(&mut self) {
        let pack = self.pack;
        for excluded in &pack.confirmation.excluded {
            let path = ["excluded", &excluded.code, "types"];
            self.need_types(&excluded.types, "confirmation", &path);
        }
        for material in &pack.confirmation.materials {
            let path = ["materials", &material.code, "required_types"];
            self.need_types(&material.required_types, "confirmation", &path);
        }
        self.courts_and_effects();
        for plan in &pack.evaluation.followup.plans {
            let path = ["followup", "plans", &plan.id, "types"];
            self.need_types(&plan.types, "evaluation", &path);
        }
        let catches_all = pack
            .evaluation
            .followup
            .plans
            .last()
            .is_some_and(|plan| plan.types.is_empty() && plan.colours.is_empty());
        if !catches_all {
            let reason = "the last plan must fit every case".to_owned();
            self.fault("evaluation", &["followup", "plans"], reason);
        }
        let file = &pack.intake.file;
        let class = &file.retention_default;
        let known = file.retention_class(class).is_some();
        let path = ["file", "retention_default"];
        self.need(known, "retention class", class, "intake", &path);
        let set = &pack.reporting.default_column_set;
        let known = pack.dispute_types.group(set).is_some();
        self.need(
            known,
            "column set",
            set,
            "reporting",
            &["default_column_set"],
        );
        self.integrated();
    }

    /// What a way to effect becomes is one of its outcomes, and its clocks exist.
    fn courts_and_effects(&mut self) {
        let (pack, section) = (self.pack, "confirmation");
        for reason in &pack.confirmation.suspension_reasons {
            let known = pack.clocks.pause_reason(&reason.pause_reason).is_some();
            let path = ["suspension_reasons", &reason.code, "pause_reason"];
            self.need(known, "pause reason", &reason.pause_reason, section, &path);
        }
        let sham = &pack.confirmation.sham_suspension_reason;
        let known = pack.confirmation.suspension_reason(sham).is_some();
        let path = ["sham_suspension_reason"];
        self.need(known, "suspension reason", sham, section, &path);
        for court in &pack.confirmation.courts {
            self.need_types(&court.types, section, &["courts", &court.code, "types"]);
        }
        for route in &pack.confirmation.effect_routes {
            let path = ["effect_routes", route.code.as_str(), "outcomes"];
            self.need_types(&route.types, section, &[path[0], path[1], "types"]);
            for clock in route.clocks() {
                self.need_clock(clock, section, &path[..2]);
            }
            for outcome in &route.outcomes {
                for code in outcome.after.iter().chain(&outcome.lapses_to) {
                    let known = route.outcome(code).is_some();
                    self.need(known, "outcome", code, section, &path);
                }
            }
        }
    }

    /// Each centre lies in the region it runs with, and neither is in a second pair: a node is counted in one part.
    fn integrated(&mut self) {
        let pairs = &self.pack.reporting.integrated;
        for (index, pair) in pairs.iter().enumerate() {
            let index_text = index.to_string();
            let path = ["integrated", index_text.as_str()];
            if pair.centre == pair.with || !pair.with.contains(&pair.centre) {
                let reason = format!("`{}` does not lie in `{}`", pair.centre, pair.with);
                self.fault("reporting", &path, reason);
            }
            let taken = pairs.iter().take(index).any(|other| {
                [other.centre, other.with]
                    .iter()
                    .any(|node| [pair.centre, pair.with].contains(node))
            });
            if taken {
                let reason = format!("`{}` or `{}` is in a pair already", pair.centre, pair.with);
                self.fault("reporting", &path, reason);
            }
        }
    }
}
