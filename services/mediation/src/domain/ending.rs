//! How a proceeding ends without an agreement, and what the parties are told then (transitions 12, 19; 人民调解法 26).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{MediationEnded, MediationOutcome},
    ids::PartyId,
    problems::{common, mediation as codes},
};
use policy::{PolicyPack, sections::mediation::EndCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::json::Json;

/// A try to reach a party (人民法院在线调解规则 15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactTry {
    /// The party.
    pub party_id: PartyId,
    /// Way code of the policy pack.
    pub way: String,
    /// When.
    pub tried_at: DateTime<Utc>,
}

/// A way that remains for the parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemainingWay {
    /// Route code.
    pub route: String,
    /// What the parties are told, in Chinese.
    pub text_zh: String,
    /// What the parties are told, in English.
    pub text_en: String,
    /// The law it rests on.
    pub law: String,
}

/// The notice of other ways 其他途径告知书 (人民调解法 26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// The ways that remain, in the order they are told.
    pub ways: Vec<RemainingWay>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// How a proceeding ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ending {
    /// End code of the policy pack (人民法院在线调解规则 25).
    pub end_code: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// What it means for the case.
    pub outcome: MediationOutcome,
    /// Facts nobody disputes, recorded on the parties' wish.
    pub undisputed_facts: Option<String>,
    /// Tries to reach a party, where that is why it ended.
    pub contact_tries: Vec<ContactTry>,
    /// What the parties were told; null when it was settled.
    pub notice: Option<Notice>,
}

/// How a proceeding is to be ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndMediation {
    /// End code of the policy pack.
    pub end_code: String,
    /// Facts nobody disputes, on the parties' wish; nothing that was only offered for a settlement (人民法院在线调解规则 18).
    pub undisputed_facts: Option<String>,
    /// Tries to reach the party; needed where the code says that one could not be reached.
    #[serde(default)]
    pub contact_tries: Vec<ContactTry>,
}

impl Notice {
    /// The notice for a dispute type.
    #[must_use]
    pub fn new(type_code: &str, policy: &PolicyPack, now: DateTime<Utc>) -> Self {
        let ways = policy.mediation().other_ways_for(type_code).into_iter();
        let ways = ways.map(|way| RemainingWay {
            route: way.route.clone(),
            text_zh: way.text.zh.clone(),
            text_en: way.text.en.clone(),
            law: way.law.clone(),
        });
        Self {
            ways: ways.collect(),
            issued_at: now,
        }
    }
}

impl Ending {
    /// An ending with this code, with the notice where the code asks for one.
    #[must_use]
    pub fn new(end: &EndCode, type_code: &str, policy: &PolicyPack, now: DateTime<Utc>) -> Self {
        let notice = end
            .other_ways_notice
            .then(|| Notice::new(type_code, policy, now));
        Self {
            end_code: end.code.clone(),
            name_zh: end.name.zh.clone(),
            name_en: end.name.en.clone(),
            outcome: end.outcome,
            undisputed_facts: None,
            contact_tries: Vec::new(),
            notice,
        }
    }
}

impl From<MediationOutcome> for ProceedingState {
    fn from(outcome: MediationOutcome) -> Self {
        match outcome {
            MediationOutcome::Agreed => Self::Agreed,
            MediationOutcome::Failed => Self::Failed,
            MediationOutcome::Refused => Self::Refused,
            MediationOutcome::Withdrawn => Self::Withdrawn,
            MediationOutcome::SelfSettled => Self::SelfSettled,
        }
    }
}

impl Proceeding {
    /// Ends the proceeding without an agreement (transitions 12, 19).
    ///
    /// # Errors
    /// `unknown-end-code`; `transition-not-allowed`, also for the code of an agreement, which ends mediation by taking
    /// effect; `contact-tries-missing`; `unknown-party`, `invalid-body`, `invalid-date`, `text-required`, `text-too-long`.
    pub fn end(
        self,
        request: EndMediation,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let EndMediation {
            end_code,
            undisputed_facts,
            contact_tries,
        } = request;
        let unknown = || Refusal::new(&codes::UNKNOWN_END_CODE).at("/end_code");
        let end = policy.mediation().end_code(&end_code).ok_or_else(unknown)?;
        let state = step::<Self>(Some(self.state), "end_mediation", end.outcome.into())?;
        if let Some(facts) = &undisputed_facts {
            Refusal::check_text(facts, policy.limits().record_max, "/undisputed_facts")?;
        }
        self.check_contact_tries(end, &contact_tries, policy, now)?;
        let ending = Ending {
            undisputed_facts,
            contact_tries,
            ..Ending::new(end, &self.type_code, policy, now)
        };
        let (ended, fact) = self.ended(state, ending, now);
        Ok((ended, vec![fact]))
    }

    /// The proceeding as it is after its end, and the fact of it.
    pub(super) fn ended(
        mut self,
        state: ProceedingState,
        ending: Ending,
        now: DateTime<Utc>,
    ) -> (Self, Fact) {
        let ways = ending.notice.iter().flat_map(|notice| &notice.ways);
        let ended = MediationEnded {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            end_code: ending.end_code.clone(),
            outcome: ending.outcome,
            other_ways: ways.map(|way| way.route.clone()).collect(),
            ended_at: now,
        };
        self.state = state;
        self.ending = Some(Json(ending));
        self.ended_at = Some(now);
        (self.changed(now), ended.into())
    }

    fn check_contact_tries(
        &self,
        end: &EndCode,
        tries: &[ContactTry],
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let rules = policy.mediation();
        for (i, contact) in tries.iter().enumerate() {
            let at = |field: &str| format!("/contact_tries/{i}/{field}");
            if !self
                .parties
                .iter()
                .any(|party| party.party_id == contact.party_id)
            {
                return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(at("party_id")));
            }
            if rules.contact_way(&contact.way).is_none() {
                let ways = rules.contact.ways.iter().map(|way| way.code.as_str());
                return Err(Refusal::unknown_code(at("way"), ways));
            }
            if contact.tried_at > now {
                return Err(Refusal::new(&common::INVALID_DATE).at(at("tried_at")));
            }
        }
        let (min_tries, min_ways) = (rules.contact.min_tries, rules.contact.min_ways);
        let enough = self.parties.iter().any(|party| {
            let of_party = tries
                .iter()
                .filter(|contact| contact.party_id == party.party_id);
            let ways: std::collections::BTreeSet<_> =
                of_party.clone().map(|contact| &contact.way).collect();
            let at_least =
                |count: usize, min: u32| usize::try_from(min).is_ok_and(|min| count >= min);
            at_least(of_party.count(), min_tries) && at_least(ways.len(), min_ways)
        });
        if end.needs_contact_tries && !enough {
            return Err(Refusal::new(&codes::CONTACT_TRIES_MISSING).at("/contact_tries").detail(
                format!("对同一当事人须至少联系 {min_tries} 次、{min_ways} 种方式"),
                format!("One party must have been tried at least {min_tries} times in {min_ways} ways"),
            ));
        }
        Ok(())
    }
}
