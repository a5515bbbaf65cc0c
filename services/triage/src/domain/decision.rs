//! A person decides how a case is handled (transition 6).

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{RiskColour, Track, TriageDecided},
    ids::CaseId,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{CaseProposal, CaseState, Refusal, TriageCase};
use crate::schema::{decisions, past_decisions};

/// What a person decided; the proposal stays beside it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions)]
pub struct Decision {
    /// The case.
    pub case_id: CaseId,
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Whether it equals the proposal in all four.
    pub as_proposed: bool,
    /// Why it differs.
    pub reason: Option<String>,
    /// Version of the policy pack by which it was found lawful.
    pub policy_version: String,
    /// Subject of who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// A decision that a later one replaced, as it is stored.
#[derive(Insertable)]
#[diesel(table_name = past_decisions)]
pub struct PastDecision<'a> {
    case_id: CaseId,
    type_code: &'a str,
    route: &'a str,
    track: Track,
    colour: RiskColour,
    as_proposed: bool,
    reason: Option<&'a str>,
    policy_version: &'a str,
    decided_by: &'a str,
    decided_at: DateTime<Utc>,
}

impl<'a> From<&'a Decision> for PastDecision<'a> {
    fn from(decision: &'a Decision) -> Self {
        Self {
            case_id: decision.case_id,
            type_code: &decision.type_code,
            route: &decision.route,
            track: decision.track,
            colour: decision.colour,
            as_proposed: decision.as_proposed,
            reason: decision.reason.as_deref(),
            policy_version: &decision.policy_version,
            decided_by: &decision.decided_by,
            decided_at: decision.decided_at,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Why it differs from the proposal.
    pub reason: Option<String>,
}

impl TriageCase {
    /// Decides: the case after it, the decision, and the fact.
    ///
    /// # Errors
    /// Codes the policy pack does not have, a route the law does not allow, a lower colour or an overruled obstacle
    /// without a reason, or a case that is decided already
    /// and of which no order came back.
    pub fn decide(
        &self,
        proposal: &CaseProposal,
        choice: Choice,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Decision, TriageDecided), Refusal> {
        let mut case = self.step("decide_triage", CaseState::Triaged, now)?;
        // What was decided stands until an order comes back.
        if self.state == CaseState::Triaged && !self.came_back {
            return Err(Refusal::Transition {
                state: self.state.to_string(),
            });
        }
        case.came_back = false;
        let choice = choice.trimmed();
        choice.check(proposal, self.colour, policy)?;
        case.colour = choice.colour;
        let as_proposed = choice.type_code == proposal.type_code
            && choice.route == proposal.route
            && choice.track == proposal.track
            && choice.colour == proposal.colour;
        let event = TriageDecided {
            case_id: self.case_id,
            region: self.region,
            type_code: choice.type_code.clone(),
            route: choice.route.clone(),
            track: choice.track,
            colour: choice.colour,
            as_proposed,
            decided_by: by.to_owned(),
            decided_at: now,
        };
        let decision = Decision {
            case_id: self.case_id,
            type_code: choice.type_code,
            route: choice.route,
            track: choice.track,
            colour: choice.colour,
            as_proposed,
            reason: choice.reason,
            policy_version: policy.version().to_owned(),
            decided_by: by.to_owned(),
            decided_at: now,
        };
        Ok((case, decision, event))
    }
}

impl Choice {
    /// A reason of blanks is none.
    fn trimmed(mut self) -> Self {
        self.reason = self
            .reason
            .map(|reason| reason.trim().to_owned())
            .filter(|reason| !reason.is_empty());
        self
    }

    /// `now`: the colour that the case has.
    fn check(
        &self,
        proposal: &CaseProposal,
        now: RiskColour,
        policy: &PolicyPack,
    ) -> Result<(), Refusal> {
        let max = policy.limits().note_max;
        if self
            .reason
            .as_ref()
            .is_some_and(|reason| reason.chars().count() > max)
        {
            return Err(Refusal::ReasonTooLong { max });
        }
        if !policy.dispute_types().usable(&self.type_code) {
            return Err(Refusal::UnknownType);
        }
        let triage = policy.triage().file();
        if triage.colour(self.colour).is_none_or(|colour| !colour.used) {
            return Err(Refusal::ColourNotUsed);
        }
        self.check_route(proposal, policy)?;
        if self.colour < proposal.colour.max(now) && self.reason.is_none() {
            return Err(Refusal::LoweredWithoutReason);
        }
        Ok(())
    }

    /// Whether the law lets such a case go this way. That a type cannot be mediated is certain; that a rule saw an obstacle
    /// in the words is not, so a person may overrule it, with a reason.
    fn check_route(&self, proposal: &CaseProposal, policy: &PolicyPack) -> Result<(), Refusal> {
        let route = policy
            .routes()
            .get(&self.route)
            .ok_or(Refusal::UnknownRoute)?;
        if !route.mediated {
            return Ok(());
        }
        let kind = policy.dispute_types().get(&self.type_code);
        if kind.is_some_and(|kind| !kind.mediable) {
            return Err(Refusal::NotMediable);
        }
        if self.reason.is_some() {
            return Ok(());
        }
        let standing = proposal
            .obstacles
            .iter()
            .filter(|code| !self.goes_around(code, policy))
            .find_map(|code| policy.mediation().obstacle(code));
        match standing {
            Some(obstacle) => Err(Refusal::Obstacle {
                zh: obstacle.reason.zh.clone(),
                en: obstacle.reason.en.clone(),
                law: obstacle.law.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Whether the route is the one that a rule proposes because of the obstacle: a case that is before a court goes to the
    /// court's own mediation.
    fn goes_around(&self, obstacle: &str, policy: &PolicyPack) -> bool {
        policy.triage().file().rules.iter().any(|rule| {
            rule.proposes.obstacle.as_deref() == Some(obstacle)
                && rule.proposes.route.as_deref() == Some(self.route.as_str())
        })
    }
}
