//! `intake.yaml`: channels, sources, classes, decline reasons, on-the-spot items, acceptance numbers.

use contracts::events::intake::{MatterClass, PetitionKind};
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
    /// What a person may be asked to supply (IN-05).
    pub correction_materials: Vec<Named>,
    /// Why a closed case may be opened again (transition 29).
    pub reopen_reasons: Vec<Named>,
    /// From how many people on a matter is collective (信访工作条例 20).
    pub collective_from: u32,
    /// What is proposed as the same matter (信访工作条例 19).
    pub duplicates: Duplicates,
    /// The file of a case (transition 30).
    pub file: FilePolicy,
    /// Which way a petition takes (信访工作条例 31).
    pub petition_ways: Vec<PetitionWay>,
    /// Appointments with organisations (IN-13).
    pub appointments: Appointments,
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

/// What is proposed as the same matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duplicates {
    /// How many days before it the other matter was registered at most.
    pub window_days: i64,
    /// From how many percent on two statements are alike.
    pub similar_percent: u32,
    /// How many matters are compared, the newest first.
    pub compare_most: i64,
    /// How many are shown.
    pub propose_most: usize,
}

/// The file of a case 卷宗.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePolicy {
    /// How file numbers are written 卷号.
    pub number: NumberSeries,
    /// Documents of a file.
    pub documents_max: i64,
    /// Pages of a document.
    pub pages_max: i64,
    /// What a file holds.
    pub documents: Vec<FileDocumentKind>,
    /// Retention class of a file for which none is named.
    pub retention_default: String,
    /// How long files are kept.
    pub retention: Vec<RetentionClass>,
}

/// A kind of document in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDocumentKind {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// When it must be there.
    pub must: Must,
}

/// When a document must be in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// In every file.
    Always,
    /// When the parties agreed.
    Agreed,
    /// When there is one.
    AsNeeded,
}

/// How long a file is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionClass {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Years; absent = for ever.
    #[serde(default)]
    pub years: Option<u32>,
}

/// Appointments with organisations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointments {
    /// How long one takes, minutes.
    pub slot_minutes: i64,
    /// How many days ahead one can be asked for.
    pub days_ahead: i64,
    /// How many may overlap at one organisation.
    pub per_slot: i64,
}

/// A way a petition can take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PetitionWay {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The kinds of petitions it fits.
    pub kinds: Vec<PetitionKind>,
    /// Whether the petition is handled here and answered with an opinion; else it goes on in another procedure.
    #[serde(default)]
    pub handled_here: bool,
    /// The law it rests on.
    pub law: String,
}

impl FilePolicy {
    /// The kind of document with this code.
    #[must_use]
    pub fn document(&self, code: &str) -> Option<&FileDocumentKind> {
        self.documents.iter().find(|known| known.code == code)
    }

    /// The retention class with this code.
    #[must_use]
    pub fn retention_class(&self, code: &str) -> Option<&RetentionClass> {
        self.retention.iter().find(|known| known.code == code)
    }
}

impl Intake {
    /// The way of a petition with this code.
    #[must_use]
    pub fn petition_way(&self, code: &str) -> Option<&PetitionWay> {
        self.petition_ways.iter().find(|way| way.code == code)
    }

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

    /// The material with this code.
    #[must_use]
    pub fn correction_material(&self, code: &str) -> Option<&Named> {
        find(&self.correction_materials, code)
    }

    /// The reason to open a closed case again with this code.
    #[must_use]
    pub fn reopen_reason(&self, code: &str) -> Option<&Named> {
        find(&self.reopen_reasons, code)
    }

    /// The on-the-spot item with this code.
    #[must_use]
    pub fn simple_item(&self, code: &str) -> Option<&Named> {
        find(&self.simple_items, code)
    }
}
