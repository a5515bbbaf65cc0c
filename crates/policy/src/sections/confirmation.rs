//! `confirmation.yaml`: what courts do not confirm, what they ask for, and how they may answer.

use contracts::events::judicial_confirmation::RulingOutcome;
use serde::Deserialize;

use super::{
    Named,
    courts::{BasisPlace, Court},
    effects::EffectRoute,
    find,
    mediation::covers,
};
use crate::Text;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// What is excluded (民诉法解释 355).
    pub excluded: Vec<Excluded>,
    /// Why a court refuses to accept an application or dismisses it (民诉法解释 355, 358).
    pub refusal_reasons: Vec<CourtReason>,
    /// How a court may rule (民事诉讼法 206).
    pub outcomes: Vec<Outcome>,
    /// What goes with an application (民诉法解释 354).
    pub materials: Vec<Material>,
    /// Which courts may be asked (民事诉讼法 205).
    pub court_bases: Vec<CourtBasis>,
    /// The courts of the node's region.
    pub courts: Vec<Court>,
    /// Why a court treats an application as withdrawn (民诉法解释 357).
    pub withdrawal_reasons: Vec<WithdrawalReason>,
    /// For what an application waits until it is cleared up (人民法院在线调解规则 23).
    pub suspension_reasons: Vec<SuspensionReason>,
    /// The reason of a suspicion of the organisation that mediated: a code of `suspension_reasons`.
    pub sham_suspension_reason: String,
    /// How a court hears the parties together (民诉法解释 356).
    pub questioning_ways: Vec<Named>,
    /// The longest time a court may set for what it asks for, days.
    pub supplement_max_days: u32,
    /// Whom a court tells when it does not confirm (法释〔2011〕5号 12).
    pub circular_recipients: Vec<Named>,
    /// Other ways to give an agreement effect.
    pub effect_routes: Vec<EffectRoute>,
    /// What remains when the court does not confirm (民事诉讼法 206).
    pub options_after_dismissal: Vec<Named>,
    /// What every applicant is told about sham mediation (民事诉讼法 115).
    pub sham_warning: Text,
}

/// A matter courts do not confirm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// Stable code; mediators mark an agreement's contents with it.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The reason told to the applicants.
    pub reason: Text,
    /// The law article.
    pub law: String,
    /// Dispute types that are excluded by themselves.
    #[serde(default)]
    pub types: Vec<String>,
}

/// A court's reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The law article.
    pub law: String,
    /// Used for not accepting, for dismissing, or both.
    pub used_for: Vec<ReasonUse>,
}

/// What a court's reason is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonUse {
    /// 不予受理.
    Refuse,
    /// 驳回申请.
    Dismiss,
}

/// A ruling.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The outcome.
    pub code: RulingOutcome,
    /// Name people see.
    pub name: Text,
    /// The agreement can be enforced.
    pub enforceable: bool,
    /// What follows, told to the parties.
    pub consequence: Text,
    /// The law article.
    pub law: String,
}

/// A paper that goes with an application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Always needed; else only where it applies.
    pub required: bool,
    /// Types for which it is needed although not always.
    #[serde(default)]
    pub required_types: Vec<String>,
}

/// Why a court treats an application as withdrawn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The law article.
    pub law: String,
}

/// What gives a court the case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtBasis {
    /// Stable code.
    pub code: String,
    /// What it rests on.
    pub place: BasisPlace,
    /// Name people see.
    pub name: Text,
    /// The law article.
    pub law: String,
}

/// For what an application waits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspensionReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The clocks that name this reason stand still meanwhile: a code of `pause_reasons`.
    pub pause_reason: String,
}

impl Confirmation {
    /// Why agreements of a dispute type, or with marked contents, cannot be confirmed; `None` when they can.
    #[must_use]
    pub fn exclusion<S: AsRef<str>>(
        &self,
        type_code: &str,
        content_codes: &[S],
    ) -> Option<&Excluded> {
        self.excluded.iter().find(|excluded| {
            covers(&excluded.types, type_code)
                || content_codes
                    .iter()
                    .any(|marked| marked.as_ref() == excluded.code)
        })
    }

    /// The excluded content with this code.
    #[must_use]
    pub fn excluded_content(&self, code: &str) -> Option<&Excluded> {
        self.excluded.iter().find(|excluded| excluded.code == code)
    }

    /// The court's reason with this code, when it is used for that.
    #[must_use]
    pub fn reason(&self, code: &str, used_for: ReasonUse) -> Option<&CourtReason> {
        self.refusal_reasons
            .iter()
            .find(|reason| reason.code == code && reason.used_for.contains(&used_for))
    }

    /// What a ruling means.
    #[must_use]
    pub fn outcome(&self, outcome: RulingOutcome) -> Option<&Outcome> {
        self.outcomes.iter().find(|known| known.code == outcome)
    }

    /// The materials a case of a type needs.
    pub fn required_materials(&self, type_code: &str) -> impl Iterator<Item = &Material> {
        self.materials
            .iter()
            .filter(move |m| m.required || covers(&m.required_types, type_code))
    }

    /// The paper with this code.
    #[must_use]
    pub fn material(&self, code: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.code == code)
    }

    /// What gives a court the case, by code.
    #[must_use]
    pub fn court_basis(&self, code: &str) -> Option<&CourtBasis> {
        self.court_bases.iter().find(|basis| basis.code == code)
    }

    /// Why an application is treated as withdrawn, by code.
    #[must_use]
    pub fn withdrawal_reason(&self, code: &str) -> Option<&WithdrawalReason> {
        self.withdrawal_reasons
            .iter()
            .find(|reason| reason.code == code)
    }

    /// For what an application waits, by code.
    #[must_use]
    pub fn suspension_reason(&self, code: &str) -> Option<&SuspensionReason> {
        self.suspension_reasons
            .iter()
            .find(|reason| reason.code == code)
    }

    /// How the parties are heard, by code.
    #[must_use]
    pub fn questioning_way(&self, code: &str) -> Option<&Named> {
        find(&self.questioning_ways, code)
    }

    /// Whom a court tells, by code.
    #[must_use]
    pub fn circular_recipient(&self, code: &str) -> Option<&Named> {
        find(&self.circular_recipients, code)
    }

    /// What remains after a dismissal, by code.
    #[must_use]
    pub fn option_after_dismissal(&self, code: &str) -> Option<&Named> {
        find(&self.options_after_dismissal, code)
    }
}
