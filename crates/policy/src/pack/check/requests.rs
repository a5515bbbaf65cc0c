//! Requests between nodes: clocks and values that fit their kind.

use contracts::border::HandsOver;

use super::Checker;
use crate::sections::requests::{AutomaticRequest, Direction, DossierGoes, EndsWith, Need, STEPS};

impl Checker<'_> {
    pub(super) fn requests(&mut self) {
        let pack = self.pack;
        let section = "requests";
        for kind in &pack.requests.kinds {
            let path = |part| ["kinds", kind.code.as_str(), part];
            for (part, clock) in [
                ("sign_clock", &kind.sign_clock),
                ("done_clock", &kind.done_clock),
            ] {
                if let Some(clock) = clock {
                    self.need_clock(clock, section, &path(part));
                }
            }
            for value in &kind.values {
                for option in &value.options {
                    let (value, option_code) = (value.code.as_str(), option.code.as_str());
                    let at = |part| {
                        [
                            "kinds",
                            &kind.code,
                            "values",
                            value,
                            "options",
                            option_code,
                            part,
                        ]
                    };
                    for (part, clock) in [
                        ("sign_clock", &option.sign_clock),
                        ("done_clock", &option.done_clock),
                    ] {
                        if let Some(clock) = clock {
                            self.need_clock(clock, section, &at(part));
                        }
                    }
                }
            }
            let shares = kind
                .hands_over_options()
                .any(|over| over != HandsOver::None);
            let with_request = kind.dossier == DossierGoes::WithRequest;
            if shares && !(with_request && kind.case == Need::Required) {
                let reason = "who takes part in a case needs the case and its dossier";
                self.fault(section, &path("dossier"), reason.to_owned());
            }
            if shares && kind.ends_with == EndsWith::Delivery {
                let reason = "a case is handed over by signature, not by delivery";
                self.fault(section, &path("ends_with"), reason.to_owned());
            }
            let period = kind.value("period").is_some_and(|value| value.required);
            if kind.figures.is_some() && !period {
                let reason = "figures are of a period: the kind needs the value `period`";
                self.fault(section, &path("figures"), reason.to_owned());
            }
            for value in &kind.values {
                let single = value.figure.is_none_or(|figure| figure.is_single());
                if !single || value.figure.is_some() && kind.figures.is_none() {
                    let reason = "a value repeats a figure that the kind carries, and no list";
                    self.fault(section, &path("values"), reason.to_owned());
                }
            }
            if kind.dossier != DossierGoes::None && kind.case != Need::Required {
                let reason = "a dossier needs a case";
                self.fault(section, &path("case"), reason.to_owned());
            }
        }
        for automatic in &pack.requests.automatic {
            self.automatic(automatic);
        }
        for code in STEPS {
            let known = pack.requests.step(code).is_some();
            self.need(known, "step", code, section, &["steps"]);
        }
        for step in &pack.requests.steps {
            if let Some(clock) = &step.clock {
                self.need_clock(clock, section, &["steps", &step.code, "clock"]);
            }
        }
    }

    /// What the desk sends of its own accord must be a request a person could send.
    fn automatic(&mut self, automatic: &AutomaticRequest) {
        let (section, path) = ("requests", ["automatic"]);
        let Some(kind) = self.pack.requests.kind(&automatic.kind) else {
            return self.need(false, "kind", &automatic.kind, section, &path);
        };
        let wrong = if !matches!(kind.direction, Direction::Up | Direction::Any) {
            "does not go up".to_owned()
        } else if kind.deadline == Need::Required || kind.case == Need::None {
            "needs a day or takes no case".to_owned()
        } else if let Some(value) = kind.values.iter().find(|v| !v.suits(&automatic.values)) {
            format!("has no fitting value `{}`", value.code)
        } else if let Some(code) = automatic.values.keys().find(|c| kind.value(c).is_none()) {
            format!("has no value `{code}`")
        } else {
            return;
        };
        self.fault(
            section,
            &path,
            format!("the kind `{}` {wrong}", automatic.kind),
        );
    }
}
