//! `intake.yaml`: channels, sources, classes, decline reasons, on-the-spot items, acceptance numbers.

use contracts::events::intake::MatterClass;
use serde::Deserialize;

use super::{Named, find};
use crate::{Text, number::NumberSeries};

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// How a matter reached the centre (IN-08).
    pub channels: Vec<Named>,
    /// Where a matter came from (IN-04).
    pub sources: Vec<Named>,
    /// Classes of matters (IN-02).
    pub classes: Vec<ClassPolicy>,
    /// Why a matter may be declined, each with the way the person can go instead.
    pub decline_reasons: Vec<DeclineReason>,
    /// Simple matters a window may settle on the spot (IN-07).
    pub simple_items: Vec<Named>,
    /// How acceptance numbers are written (受理编号).
    pub acceptance_number: NumberSeries,
    /// Version of the personal-information notice (个人信息保护法 17).
    pub privacy_notice_version: String,
    /// The notice itself.
    pub privacy_notice: Text,
}

/// A class of matters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPolicy {
    /// The class.
    pub code: MatterClass,
    /// Name people see.
    pub name: Text,
    /// Where such a matter goes.
    pub guidance: Text,
}

/// A reason to decline a matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclineReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The notice of the ways that remain (人民调解法 26, 信访工作条例 23).
    pub remedy: Text,
    /// The law it rests on.
    pub law: String,
}

impl Intake {
    /// The channel with this code.
    #[must_use]
    pub fn channel(&self, code: &str) -> Option<&Named> {
        find(&self.channels, code)
    }

    /// The source with this code.
    #[must_use]
    pub fn source(&self, code: &str) -> Option<&Named> {
        find(&self.sources, code)
    }

    /// What a class means.
    #[must_use]
    pub fn class(&self, class: MatterClass) -> Option<&ClassPolicy> {
        self.classes.iter().find(|known| known.code == class)
    }

    /// The decline reason with this code.
    #[must_use]
    pub fn decline_reason(&self, code: &str) -> Option<&DeclineReason> {
        self.decline_reasons
            .iter()
            .find(|reason| reason.code == code)
    }

    /// The on-the-spot item with this code.
    #[must_use]
    pub fn simple_item(&self, code: &str) -> Option<&Named> {
        find(&self.simple_items, code)
    }
}
