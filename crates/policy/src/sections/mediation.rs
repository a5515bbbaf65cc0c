//! `mediation.yaml`: organisations, ends, other ways, agreements, contact rules, places.

use contracts::events::mediation::{MediationOutcome, SignatureForm};
use serde::Deserialize;

use super::{Named, dispute_types::root_of, find};
use crate::{Text, number::NumberSeries};

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mediation {
    /// Kinds of mediation organisations (ME-01).
    pub organisation_kinds: Vec<OrganisationKind>,
    /// Kinds of mediators (ME-03).
    pub mediator_kinds: Vec<Named>,
    /// What a mediator is otherwise (ME-04).
    pub mediator_backgrounds: Vec<Named>,
    /// Levels of mediators.
    pub mediator_levels: Vec<Named>,
    /// Why another mediator takes over (人民法院在线调解规则 14).
    pub mediator_change_reasons: Vec<Named>,
    /// Who may be invited to help (人民调解法 20).
    pub participant_roles: Vec<Named>,
    /// Why a proceeding ended: a closed list (人民法院在线调解规则 25).
    pub end_codes: Vec<EndCode>,
    /// The end code with which the time limit of mediation ends it.
    pub time_over_end_code: String,
    /// What the parties are told when mediation fails (人民调解法 26).
    pub other_ways: Vec<OtherWay>,
    /// The time that runs against a party when the case goes another way.
    pub limitation_warnings: Vec<LimitationWarning>,
    /// What remains when an obligation is not performed (人民调解法 31-33).
    pub default_ways: Vec<DefaultWay>,
    /// Why mediation is suspected to be a sham (民事诉讼法 115).
    pub sham_grounds: Vec<Named>,
    /// Reason of the suspension that a suspicion brings: a code of `pause_reasons`.
    pub sham_pause_reason: String,
    /// What must be reported to the police (人民调解法 25).
    pub police_grounds: Vec<Named>,
    /// Support a party may be referred to (ME-13).
    pub support_kinds: Vec<Named>,
    /// Why a case must not be mediated.
    pub obstacles: Vec<Obstacle>,
    /// Rules for agreements.
    pub agreement: AgreementPolicy,
    /// Rules for reaching a party.
    pub contact: ContactPolicy,
    /// Where sessions are held (ME-06, ME-14).
    pub session_places: Vec<SessionPlace>,
    /// Rights and duties every party is told before mediation (人民调解法 23, 24).
    pub rights_notice: Text,
    /// Version of that notice.
    pub rights_notice_version: String,
    /// Number on the mediation file.
    pub file_number: NumberSeries,
}

/// A kind of mediation organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationKind {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// May charge fees; people's mediation never does (人民调解法 4).
    pub charges_fee: bool,
    /// Routes it serves.
    pub routes: Vec<String>,
    /// Rules for its members, where the law sets any (人民调解法 8, 9).
    #[serde(default)]
    pub committee: Option<CommitteeRule>,
    /// The fewest mediators it should have (ME-03).
    #[serde(default)]
    pub staffing: Vec<StaffingRule>,
    /// The law it rests on.
    pub law: String,
}

/// Rules for the members of a kind of organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitteeRule {
    /// Fewest members.
    pub members_min: usize,
    /// Most members.
    pub members_max: usize,
    /// A woman must be among them.
    pub woman_required: bool,
    /// Length of a term in years.
    #[serde(default)]
    pub term_years: Option<u32>,
}

/// The fewest active mediators an organisation should have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingRule {
    /// Of this class, a code of `mediator_kinds`; of any without it.
    #[serde(default)]
    pub class: Option<String>,
    /// How many.
    pub min: u32,
}

/// How a proceeding may end.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndCode {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// What it means for the case.
    pub outcome: MediationOutcome,
    /// The parties must be told of other ways (人民调解法 26).
    pub other_ways_notice: bool,
    /// Allowed only after the contact tries of [`ContactPolicy`].
    #[serde(default)]
    pub needs_contact_tries: bool,
}

/// A way that remains when mediation fails.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherWay {
    /// Its route.
    pub route: String,
    /// What the party is told.
    pub text: Text,
    /// The law it rests on.
    pub law: String,
    /// Types it is told for; empty = all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Types it is not told for.
    #[serde(default)]
    pub except_types: Vec<String>,
}

/// What a party is told of the time that runs against it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitationWarning {
    /// Stable code.
    pub code: String,
    /// The route.
    pub route: String,
    /// Types it is told for; empty = all.
    #[serde(default)]
    pub types: Vec<String>,
    /// What the party is told.
    pub text: Text,
    /// The law it rests on.
    pub law: String,
}

/// What an agreement has by which it can be enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforceability {
    /// Nothing: it binds as a contract does (人民调解法 31).
    Nothing,
    /// The court's confirmation (人民调解法 33).
    Confirmation,
    /// A paper of another kind: a notarised instrument, an order, an award, a mediation paper.
    Paper,
}

/// What remains when an obligation is not performed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultWay {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// What the creditor is told.
    pub text: Text,
    /// The law it rests on.
    pub law: String,
    /// What the agreement must have by which it can be enforced.
    pub by: Enforceability,
    /// Only for a payment.
    #[serde(default)]
    pub money_only: bool,
}

/// Why a case must not be mediated.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obstacle {
    /// Stable code.
    pub code: String,
    /// Why.
    pub reason: Text,
    /// The law it rests on.
    pub law: String,
}

/// Rules for agreements (人民调解法 28-31).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementPolicy {
    /// Number on the agreement.
    pub number: NumberSeries,
    /// A money clause must name its amount.
    pub money_clause_needs_amount: bool,
    /// Every clause must name the way of performance.
    pub clause_needs_way: bool,
    /// Every clause must name the last day of performance.
    pub clause_needs_date: bool,
    /// Ways of performance.
    pub performance_ways: Vec<PerformanceWay>,
    /// Forms of signature accepted.
    pub signature_forms: Vec<SignatureForm>,
    /// Types whose papers an electronic signature cannot bind (电子签名法 3).
    pub no_e_signature_types: Vec<String>,
    /// The law of that exclusion, as told to the person.
    pub no_e_signature_reason: Text,
    /// Where an electronic signature has no effect, the paper signed by hand must be kept as a scan.
    pub wet_scan_required: bool,
    /// Number in the register of oral agreements.
    pub oral_number: NumberSeries,
    /// An oral agreement is allowed (人民调解法 28).
    pub oral_allowed: bool,
    /// Types that must be in writing.
    pub written_only_types: Vec<String>,
    /// The organisation's seal is needed for a written agreement to take effect (人民调解法 29).
    pub seal_required: bool,
}

/// A way of performance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerformanceWay {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// It is about money, so an amount belongs to it.
    pub money: bool,
}

/// Rules for reaching a party before it counts as unreachable (人民法院在线调解规则 15).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactPolicy {
    /// Tries needed.
    pub min_tries: u32,
    /// Different ways among them.
    pub min_ways: u32,
    /// The ways.
    pub ways: Vec<Named>,
}

/// Where a session is held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlace {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// By video or telephone.
    pub remote: bool,
    /// The link of the room must be noted.
    #[serde(default)]
    pub link_required: bool,
}

impl Mediation {
    /// The organisation kind with this code.
    #[must_use]
    pub fn organisation_kind(&self, code: &str) -> Option<&OrganisationKind> {
        self.organisation_kinds
            .iter()
            .find(|kind| kind.code == code)
    }

    /// The kind of mediator with this code.
    #[must_use]
    pub fn mediator_kind(&self, code: &str) -> Option<&Named> {
        find(&self.mediator_kinds, code)
    }

    /// What a party is told of the time that runs against it on a route: the entry for the dispute type, else the one for
    /// all types.
    #[must_use]
    pub fn limitation_warning(&self, route: &str, type_code: &str) -> Option<&LimitationWarning> {
        let of_route = || {
            let warnings = self.limitation_warnings.iter();
            warnings.filter(|warning| warning.route == route)
        };
        of_route()
            .find(|warning| covers(&warning.types, type_code))
            .or_else(|| of_route().find(|warning| warning.types.is_empty()))
    }

    /// What remains when an obligation of an agreement is not performed; `money`: whether it is a payment.
    #[must_use]
    pub fn default_ways_for(&self, by: Enforceability, money: bool) -> Vec<&DefaultWay> {
        self.default_ways
            .iter()
            .filter(|way| way.by == by && (money || !way.money_only))
            .collect()
    }

    /// The end code with this code.
    #[must_use]
    pub fn end_code(&self, code: &str) -> Option<&EndCode> {
        self.end_codes.iter().find(|end| end.code == code)
    }

    /// The first end code with this outcome: what a command that fixes the outcome ends with.
    #[must_use]
    pub fn end_code_for(&self, outcome: MediationOutcome) -> Option<&EndCode> {
        self.end_codes.iter().find(|end| end.outcome == outcome)
    }

    /// The ways that remain for a case of a type, in the order they are told.
    #[must_use]
    pub fn other_ways_for(&self, type_code: &str) -> Vec<&OtherWay> {
        self.other_ways
            .iter()
            .filter(|way| way.types.is_empty() || covers(&way.types, type_code))
            .filter(|way| !covers(&way.except_types, type_code))
            .collect()
    }

    /// The obstacle with this code.
    #[must_use]
    pub fn obstacle(&self, code: &str) -> Option<&Obstacle> {
        self.obstacles.iter().find(|known| known.code == code)
    }

    /// The place with this code.
    #[must_use]
    pub fn session_place(&self, code: &str) -> Option<&SessionPlace> {
        self.session_places.iter().find(|place| place.code == code)
    }

    /// The way of contact with this code.
    #[must_use]
    pub fn contact_way(&self, code: &str) -> Option<&Named> {
        find(&self.contact.ways, code)
    }
}

impl AgreementPolicy {
    /// Whether a signature form is accepted on the papers of a dispute type.
    #[must_use]
    pub fn signature_allowed(&self, form: SignatureForm, type_code: &str) -> bool {
        self.signature_forms.contains(&form)
            && (form != SignatureForm::Electronic || !covers(&self.no_e_signature_types, type_code))
    }

    /// Whether the paper signed by hand must be kept as a scan (电子签名法 3).
    #[must_use]
    pub fn scan_required(&self, type_code: &str) -> bool {
        self.wet_scan_required && covers(&self.no_e_signature_types, type_code)
    }

    /// Whether papers of a dispute type must be signed by hand (电子签名法 3).
    #[must_use]
    pub fn signed_by_hand(&self, type_code: &str) -> bool {
        covers(&self.no_e_signature_types, type_code)
    }

    /// Whether an oral agreement is enough for a dispute type.
    #[must_use]
    pub fn oral_allowed_for(&self, type_code: &str) -> bool {
        self.oral_allowed && !covers(&self.written_only_types, type_code)
    }

    /// The way of performance with this code.
    #[must_use]
    pub fn performance_way(&self, code: &str) -> Option<&PerformanceWay> {
        self.performance_ways.iter().find(|way| way.code == code)
    }
}

/// Whether a list of types holds a type or its first level.
pub(crate) fn covers(types: &[String], type_code: &str) -> bool {
    types
        .iter()
        .any(|known| known == type_code || known == root_of(type_code))
}
