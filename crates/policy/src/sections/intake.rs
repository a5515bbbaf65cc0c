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
    pub channels: Vec<Channel>,
    /// Where a matter came from (IN-04).
    pub sources: Vec<Source>,
    /// Looking for matters.
    pub search: Search,
    /// Files people hand in.
    pub attachments: Attachments,
    /// Screening for hidden risks.
    pub screening: Screening,
    /// Tables of other systems.
    pub import: Import,
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

/// A way on which a matter reaches the centre (IN-08).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Whether a member of staff enters what comes on it.
    #[serde(default)]
    pub operator: bool,
    /// Whether the place of the dispute code 解纷码 must be given (IN-11).
    #[serde(default)]
    pub place_code: bool,
}

/// Where a matter came from (IN-04).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Whether only staff may say so.
    #[serde(default)]
    pub operator: bool,
}

/// Looking for matters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Matters are counted up to here.
    pub total_max: i64,
    /// Most characters of a text that is looked for.
    pub text_max: usize,
}

/// Files people hand in 材料.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachments {
    /// Most files of a matter.
    pub count_max: i64,
    /// Most bytes of a file.
    pub bytes_max: u64,
    /// Most characters of a file's name.
    pub name_max: usize,
    /// Which files are taken.
    pub types: Vec<AttachmentType>,
}

/// A type of files that is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentType {
    /// Stable code.
    pub code: String,
    /// Media type.
    pub media_type: String,
    /// How the names of such files end.
    pub extensions: Vec<String>,
    /// Its possible first bytes, hexadecimal; none: not looked at.
    #[serde(default)]
    pub begins: Vec<String>,
}

impl AttachmentType {
    /// Whether a file that begins so can be of this type.
    #[must_use]
    pub fn begins(&self, head: &[u8]) -> bool {
        let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
        self.begins.is_empty() || self.begins.iter().any(|known| head.starts_with(known))
    }
}

/// Screening 排查 (IN-14, IN-15).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// What is looked at.
    pub categories: Vec<ScreeningCategory>,
    /// How grave a risk is.
    pub severities: Vec<Named>,
    /// Why a risk leaves the ledger 销号.
    pub write_off_reasons: Vec<Named>,
    /// The source of a matter that was found so.
    pub source: String,
    /// The channel on which it comes in.
    pub channel: String,
}

/// What screening looks at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreeningCategory {
    /// Stable code.
    pub code: String,
    /// What kind of thing it is.
    pub group: ScreeningGroup,
    /// Name people see.
    pub name: Text,
}

/// The four kinds of things screening looks at (IN-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreeningGroup {
    /// 重点地区.
    Area,
    /// 重点领域.
    Field,
    /// 重点行业.
    Industry,
    /// 重点人群.
    Person,
}

impl Screening {
    /// The category with this code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&ScreeningCategory> {
        self.categories.iter().find(|known| known.code == code)
    }

    /// The severity with this code.
    #[must_use]
    pub fn severity(&self, code: &str) -> Option<&Named> {
        find(&self.severities, code)
    }

    /// The reason with this code.
    #[must_use]
    pub fn write_off_reason(&self, code: &str) -> Option<&Named> {
        find(&self.write_off_reasons, code)
    }
}

/// Tables of other systems 数据导入 (IN-21).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The channel of what is taken over.
    pub channel: String,
    /// Most rows of a table.
    pub rows_max: usize,
    /// Most bytes of a file.
    pub bytes_max: usize,
    /// The columns.
    pub columns: Vec<ImportColumn>,
}

/// A column of a table of another system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportColumn {
    /// Stable code.
    pub code: String,
    /// What the first row may call it.
    pub name: Text,
    /// Whether a table must have it.
    #[serde(default)]
    pub required: bool,
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
    pub fn channel(&self, code: &str) -> Option<&Channel> {
        self.channels.iter().find(|known| known.code == code)
    }

    /// The source with this code.
    #[must_use]
    pub fn source(&self, code: &str) -> Option<&Source> {
        self.sources.iter().find(|known| known.code == code)
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
