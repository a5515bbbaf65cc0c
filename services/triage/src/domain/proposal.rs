//! What the rules of the policy pack advise for a case.

use chrono::{DateTime, Utc};
use contracts::{
    events::{
        intake::MatterAccepted,
        triage::{RiskColour, Track, TriageProposed},
    },
    ids::{CaseId, ProposalId},
};
use diesel::{Insertable, Queryable, Selectable};
use policy::{PolicyPack, TriageInput};

use crate::schema::proposals;

/// Advice, kept as it was given (个人信息保护法 24).
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposals)]
pub struct CaseProposal {
    /// The case.
    pub case_id: CaseId,
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Codes of the policy pack's obstacles to mediation that the rules saw.
    pub obstacles: Vec<String>,
    /// `policy::triage::Reason`s: rule, matched words, text.
    pub reasons: serde_json::Value,
    /// `policy::triage::TypeScore`s.
    pub scores: serde_json::Value,
    /// Version of the policy pack that proposed.
    pub policy_version: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
}

/// Applies the rules to an accepted matter. Of what the person said only words of the policy pack are kept.
///
/// # Errors
/// When the reasons cannot be written as JSON.
pub fn propose(
    policy: &PolicyPack,
    matter: &MatterAccepted,
    narrative: String,
    proposal_id: ProposalId,
    now: DateTime<Utc>,
) -> Result<(CaseProposal, TriageProposed), serde_json::Error> {
    let advice = policy.triage().propose(&TriageInput {
        text: narrative,
        type_hint: matter.type_hint.clone(),
        party_count: matter.persons_involved,
        class: matter.class.to_string(),
        source: matter.source.clone(),
        channel: matter.channel.clone(),
        amount_fen: matter.amount_fen,
    });
    if !advice.failed_rules.is_empty() {
        tracing::warn!(rules = ?advice.failed_rules, "rules of triage failed on a case and proposed nothing");
    }
    let event = TriageProposed {
        proposal_id,
        case_id: matter.case_id,
        region: matter.region,
        type_code: advice.type_code.clone(),
        route: advice.route.clone(),
        track: advice.track,
        colour: advice.colour,
        rule_ids: advice
            .reasons
            .iter()
            .map(|reason| reason.rule_id.clone())
            .collect(),
        proposed_at: now,
    };
    let proposal = CaseProposal {
        case_id: matter.case_id,
        proposal_id,
        type_code: advice.type_code,
        route: advice.route,
        track: advice.track,
        colour: advice.colour,
        obstacles: advice.obstacles,
        reasons: serde_json::to_value(advice.reasons)?,
        scores: serde_json::to_value(advice.scores)?,
        policy_version: policy.version().to_owned(),
        proposed_at: now,
    };
    Ok((proposal, event))
}
