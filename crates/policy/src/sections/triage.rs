//! `triage.yaml`: rules that propose how to handle a case, and the lists they draw on.

use contracts::events::triage::{DispatchMode, RiskColour, Track};
use serde::{Deserialize, Serialize};

use super::{Named, find};
use crate::Text;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriageFile {
    /// The track proposed when no rule speaks.
    pub default_track: Track,
    /// The colour of a case no rule raises.
    pub default_colour: RiskColour,
    /// Reason shown for a type found by words; `{type}` and `{words}` are filled in.
    pub keyword_reason: Text,
    /// Reason shown for a type the person or the clerk named; `{type}` is filled in.
    pub hint_reason: Text,
    /// Tracks with their target clocks.
    pub tracks: Vec<TrackPolicy>,
    /// Colours with the names they bear here.
    pub colours: Vec<ColourPolicy>,
    /// Ways to hand over a case.
    pub dispatch_modes: Vec<DispatchModePolicy>,
    /// Why an organisation may report a case up (TR-10, TR-11).
    pub report_up_reasons: Vec<ReportUpReason>,
    /// How often one organisation may ask to return one case (信访工作条例 23).
    pub max_returns_per_organisation: u32,
    /// How many disputes about who handles a case are settled by return; after the next the handler is designated
    /// (信访工作条例 24).
    pub max_disputes_per_case: u32,
    /// Why an order may be returned.
    pub return_reasons: Vec<Named>,
    /// When departments are called together, and what may come of it (TR-06, TR-07).
    pub consultation: ConsultationPolicy,
    /// Who studies a case, and why a task force may be formed (TR-08).
    pub task_force: TaskForcePolicy,
    /// What raises the risk colour of a case after it was proposed (RP-03).
    pub risk_raises: Vec<RiskRaise>,
    /// Named word lists for rules.
    pub word_lists: Vec<WordList>,
    /// The rules, in order.
    pub rules: Vec<TriageRule>,
}

/// A track 跑道 (TR-02).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackPolicy {
    /// The track.
    pub code: Track,
    /// Name people see.
    pub name: Text,
    /// Its target clock.
    pub clock: String,
}

/// A risk colour (RP-03). The order of severity is fixed, the names are the locality's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColourPolicy {
    /// The severity.
    pub code: RiskColour,
    /// Name people see here.
    pub name: Text,
    /// What it means here.
    pub meaning: Text,
    /// Proposed here; a locality with three colours switches one off, and its cases take the next severer one in use.
    #[serde(default = "yes")]
    pub used: bool,
}

fn yes() -> bool {
    true
}

/// A way to hand over a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchModePolicy {
    /// The mode.
    pub code: DispatchMode,
    /// Name people see.
    pub name: Text,
    /// The receiver answers for the case.
    pub accountable: bool,
    /// The receiver owes feedback while it works.
    pub feedback_required: bool,
    /// The receiver owes a closing report.
    pub report_required: bool,
    /// The receiver may ask to return it.
    pub returnable: bool,
}

/// Why an organisation may report a case up to the one above it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportUpReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Only from this risk colour on.
    #[serde(default)]
    pub colour: Option<RiskColour>,
}

/// What happened to a case that may raise its risk colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskTrigger {
    /// It was reported to the police (人民调解法 25).
    PoliceReported,
    /// A party was referred to support 心理疏导 (ME-13).
    SupportReferred,
    /// Nobody replied to a supervision order in time.
    SupervisionOverdue,
    /// A clock of it ran out, in whatever service.
    ClockOverdue,
    /// It was opened again.
    Reopened,
    /// Another case was merged into it.
    Merged,
}

/// What raises the risk colour of a case at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRaise {
    /// Stable code, told with the change.
    pub code: String,
    /// What happened.
    pub on: RiskTrigger,
    /// Which clock ran out; with [`RiskTrigger::ClockOverdue`] only.
    #[serde(default)]
    pub clock: Option<String>,
    /// Only when so many people are involved.
    #[serde(default)]
    pub persons: i64,
    /// At least this colour.
    pub colour: RiskColour,
    /// Why; kept with the change.
    pub reason: Text,
}

/// When departments are called together 吹哨.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationPolicy {
    /// So many departments at least, or …
    pub min_departments: u32,
    /// … this risk colour at least.
    pub min_colour: RiskColour,
    /// What may come of it.
    pub conclusions: Vec<Conclusion>,
}

/// What may come of a consultation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// An organisation has to do it by a day, and gets an order.
    pub responsible: bool,
}

impl ConsultationPolicy {
    /// The conclusion with this code.
    #[must_use]
    pub fn conclusion(&self, code: &str) -> Option<&Conclusion> {
        self.conclusions.iter().find(|known| known.code == code)
    }
}

/// Who studies a case 三级研判, and why a task force 专班 may be formed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskForcePolicy {
    /// The levels, in the order in which they study a case.
    pub study_levels: Vec<Named>,
    /// Why a task force may be formed.
    pub bases: Vec<Named>,
}

impl TaskForcePolicy {
    /// The place of a level in the order, from 0.
    #[must_use]
    pub fn level(&self, code: &str) -> Option<usize> {
        self.study_levels
            .iter()
            .position(|level| level.code == code)
    }

    /// The reason for a task force with this code.
    #[must_use]
    pub fn basis(&self, code: &str) -> Option<&Named> {
        find(&self.bases, code)
    }
}

/// Words for the conditions of rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordList {
    /// Name used in conditions: `"violence" in lists`.
    pub id: String,
    /// The words.
    pub words: Vec<String>,
}

/// What a rule proposes; every part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proposes {
    /// A dispute type.
    #[serde(default, rename = "type")]
    pub type_code: Option<String>,
    /// A route.
    #[serde(default)]
    pub route: Option<String>,
    /// A track.
    #[serde(default)]
    pub track: Option<Track>,
    /// At least this colour.
    #[serde(default)]
    pub colour: Option<RiskColour>,
    /// Why it must not be mediated: a code of `mediation.yaml`'s obstacles.
    #[serde(default)]
    pub obstacle: Option<String>,
}

/// A rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriageRule {
    /// Stable id, shown with the proposal.
    pub id: String,
    /// Condition in CEL over the variables of [`crate::triage::VARIABLES`].
    pub when: String,
    /// What it proposes.
    pub proposes: Proposes,
    /// Its say against other rules about the same part; colours ignore it, the severest wins.
    pub weight: i64,
    /// Why, for the person who decides.
    pub reason: Text,
}

impl TriageFile {
    /// Names and meaning of a colour here.
    #[must_use]
    pub fn colour(&self, colour: RiskColour) -> Option<&ColourPolicy> {
        self.colours.iter().find(|known| known.code == colour)
    }

    /// The colour itself, or the next severer one that is used here.
    #[must_use]
    pub fn used_colour(&self, colour: RiskColour) -> RiskColour {
        let unused = |colour| self.colour(colour).is_some_and(|known| !known.used);
        RiskColour::ALL
            .iter()
            .copied()
            .filter(|known| *known >= colour)
            .find(|known| !unused(*known))
            .unwrap_or(colour)
    }

    /// The rule that raises a case with so many people the most when this happens.
    #[must_use]
    pub fn risk_raise(&self, on: RiskTrigger, persons: i64) -> Option<&RiskRaise> {
        self.raise(|rule| rule.on == on && persons >= rule.persons)
    }

    /// The rule that raises a case with so many people the most when this clock runs out.
    #[must_use]
    pub fn overdue_raise(&self, clock: &str, persons: i64) -> Option<&RiskRaise> {
        self.raise(|rule| rule.clock.as_deref() == Some(clock) && persons >= rule.persons)
    }

    fn raise(&self, meets: impl Fn(&RiskRaise) -> bool) -> Option<&RiskRaise> {
        let rules = self.risk_raises.iter().filter(|rule| meets(rule));
        rules.max_by_key(|rule| rule.colour)
    }

    /// Name and clock of a track.
    #[must_use]
    pub fn track(&self, track: Track) -> Option<&TrackPolicy> {
        self.tracks.iter().find(|known| known.code == track)
    }

    /// The reason for a return with this code.
    #[must_use]
    pub fn return_reason(&self, code: &str) -> Option<&Named> {
        find(&self.return_reasons, code)
    }

    /// The reason for reporting up with this code.
    #[must_use]
    pub fn report_up_reason(&self, code: &str) -> Option<&ReportUpReason> {
        self.report_up_reasons
            .iter()
            .find(|reason| reason.code == code)
    }

    /// What a way of handing over means.
    #[must_use]
    pub fn dispatch_mode(&self, mode: DispatchMode) -> Option<&DispatchModePolicy> {
        self.dispatch_modes.iter().find(|known| known.code == mode)
    }
}
