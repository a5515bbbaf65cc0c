//! Starting mediation (transition 11; 人民调解法 17, 19).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::MediationStarted,
    ids::MediatorId,
    problems::{common, mediation as codes},
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::json::Json;

/// A mediator's interest in the case, told to the parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// The relation or interest.
    pub interest: String,
    /// Whether every party accepts the mediator nevertheless (人民法院在线调解规则 13).
    pub accepted_by_all: bool,
}

impl Proceeding {
    /// Starts mediation (transition 11): every party has consented, no mediator has an interest the parties do not accept.
    /// That the mediators are the organisation's is for the caller to check.
    ///
    /// # Errors
    /// `transition-not-allowed`, `consent-missing`, `choice-pending`, `mediator-not-accepted`, `unknown-mediator`, `mediator-conflict`, `text-required`,
    /// `text-too-long`.
    pub fn start(
        mut self,
        mediator_ids: Vec<MediatorId>,
        disclosures: Vec<Disclosure>,
        policy: &PolicyPack,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "start_mediation",
            ProceedingState::Mediating,
        )?;
        if !self.all_consented() {
            return Err(Refusal::new(&codes::CONSENT_MISSING));
        }
        let (mediator_ids, disclosures) = self.starters(mediator_ids, disclosures)?;
        check_mediators(&mediator_ids, policy)?;
        check_disclosures(&mediator_ids, &disclosures, policy)?;
        let Self {
            id: proceeding_id,
            case_id,
            region,
            organisation_id,
            ..
        } = self;
        let started = MediationStarted {
            proceeding_id,
            case_id,
            region,
            organisation_id,
            mediator_ids: mediator_ids.clone(),
            started_at: now,
            due_at,
        };
        self.mediator_ids = mediator_ids;
        self.disclosures = Json(disclosures);
        self.started_at = Some(now);
        self.due_at = Some(due_at);
        Ok((self.changed(now), vec![started.into()]))
    }
}

/// Checks that every disclosure is of one of these mediators and every party accepts it.
///
/// # Errors
/// `unknown-mediator`, `mediator-conflict`, `text-required`, `text-too-long`.
pub(super) fn check_disclosures(
    mediator_ids: &[MediatorId],
    disclosures: &[Disclosure],
    policy: &PolicyPack,
) -> Result<(), Refusal> {
    for (i, disclosure) in disclosures.iter().enumerate() {
        let at = |field: &str| format!("/disclosures/{i}/{field}");
        if !mediator_ids.contains(&disclosure.mediator_id) {
            return Err(Refusal::new(&codes::UNKNOWN_MEDIATOR).at(at("mediator_id")));
        }
        Refusal::check_text(
            &disclosure.interest,
            policy.limits().note_max,
            &at("interest"),
        )?;
        if !disclosure.accepted_by_all {
            return Err(Refusal::new(&codes::MEDIATOR_CONFLICT).at(at("accepted_by_all")));
        }
    }
    Ok(())
}

/// Checks that there are mediators, not too many, none twice.
///
/// # Errors
/// `invalid-body`.
pub(super) fn check_mediators(
    mediator_ids: &[MediatorId],
    policy: &PolicyPack,
) -> Result<(), Refusal> {
    let max = policy.limits().mediators_max;
    if !(1..=max).contains(&mediator_ids.len()) {
        return Err(Refusal::new(&common::INVALID_BODY)
            .at("/mediator_ids")
            .detail(
                format!("须指定 1 至 {max} 名调解员"),
                format!("There must be 1 to {max} mediators"),
            ));
    }
    let repeated = mediator_ids
        .iter()
        .enumerate()
        .position(|(i, id)| mediator_ids.iter().take(i).any(|earlier| earlier == id));
    repeated.map_or(Ok(()), |i| {
        let refusal = Refusal::new(&common::INVALID_BODY).at(format!("/mediator_ids/{i}"));
        Err(refusal.detail("调解员重复", "The mediator is repeated"))
    })
}
