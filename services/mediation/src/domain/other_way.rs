//! Another way 其他途径 after mediation settled nothing, or only a part (transitions 20, 23; 人民调解法 26), with the time that runs against
//! the parties.

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{MediationOutcome, MediationTransferred},
    ids::PartyId,
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

/// A piece of evidence, by reference: the paper itself stays where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRef {
    /// The party who produced it.
    pub party_id: PartyId,
    /// What it is.
    pub name: String,
    /// Where it is kept: file number, upload reference.
    pub reference: String,
}

/// The other way that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transfer {
    /// Route code.
    pub way: String,
    /// What the parties were warned of, in Chinese; null where no time runs that the pack knows.
    pub warning_zh: Option<String>,
    /// What the parties were warned of, in English.
    pub warning_en: Option<String>,
    /// The law of the warning.
    pub law: Option<String>,
    /// Evidence that goes with it.
    pub evidence: Vec<EvidenceRef>,
    /// When.
    pub transferred_at: DateTime<Utc>,
}

/// Which other way is taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOtherWay {
    /// Route code: one of those the parties were told of.
    pub way: String,
    /// Evidence that goes with it.
    #[serde(default)]
    pub evidence: Vec<EvidenceRef>,
}

impl Proceeding {
    /// Takes another way; for what a partial agreement 部分协议 left open, once, and the agreement stands.
    ///
    /// # Errors
    /// `transition-not-allowed`, also when nothing is left open; `invalid-body` for a way that does not remain, `unknown-party`, `text-required`,
    /// `text-too-long`.
    pub fn take_other_way(
        mut self,
        request: TakeOtherWay,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let unconfirmed = self.state == ProceedingState::AgreementDismissed;
        let of_the_rest = self.state == ProceedingState::Agreed;
        if of_the_rest && !self.rest_is_open() {
            return Err(Refusal::new(&common::TRANSITION_NOT_ALLOWED));
        }
        let to = if of_the_rest {
            ProceedingState::Agreed
        } else {
            ProceedingState::OtherRoute
        };
        self.state = step::<Self>(Some(self.state), "take_other_way", to)?;
        let TakeOtherWay { way, evidence } = request;
        let rules = policy.mediation();
        let remaining = rules.other_ways_for(&self.type_code);
        if !remaining.iter().any(|other| other.route == way) {
            let routes = remaining.iter().map(|other| other.route.as_str());
            return Err(Refusal::unknown_code("/way", routes));
        }
        self.check_evidence(&evidence, policy)?;
        let warning = rules.limitation_warning(&way, &self.type_code);
        self.course.transfer = Some(Transfer {
            way: way.clone(),
            warning_zh: warning.map(|warning| warning.text.zh.clone()),
            warning_en: warning.map(|warning| warning.text.en.clone()),
            law: warning.map(|warning| warning.law.clone()),
            evidence,
            transferred_at: now,
        });
        let transferred = MediationTransferred {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            way,
            end_code: rules
                .end_code_for(MediationOutcome::Failed)
                .filter(|_| unconfirmed)
                .map(|end| end.code.clone()),
            of_the_rest,
            transferred_at: now,
        };
        Ok((self.changed(now), vec![transferred.into()]))
    }

    /// The court dismissed the application or did not accept it: the parties may change the agreement, make a new one, or
    /// take another way (transition 23; 人民调解法 33). Gives nothing when there is nothing to do.
    #[must_use]
    pub fn confirmation_dismissed(mut self, now: DateTime<Utc>) -> Option<Self> {
        let to = ProceedingState::AgreementDismissed;
        self.state = step::<Self>(Some(self.state), "confirmation_dismissed", to).ok()?;
        Some(self.changed(now))
    }

    /// The court confirmed the agreement after all. Gives nothing when there is nothing to do.
    #[must_use]
    pub fn confirmation_valid(mut self, now: DateTime<Utc>) -> Option<Self> {
        let to = ProceedingState::Agreed;
        self.state = step::<Self>(Some(self.state), "confirmation_valid", to).ok()?;
        Some(self.changed(now))
    }

    fn check_evidence(&self, evidence: &[EvidenceRef], policy: &PolicyPack) -> Result<(), Refusal> {
        let (limits, parties) = (policy.limits(), self.party_ids());
        if evidence.len() > limits.list_max {
            return Err(Refusal::new(&common::INVALID_BODY).at("/evidence"));
        }
        for (i, piece) in evidence.iter().enumerate() {
            let at = |field: &str| format!("/evidence/{i}/{field}");
            if !parties.contains(&piece.party_id) {
                return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(at("party_id")));
            }
            Refusal::check_text(&piece.name, limits.name_max, &at("name"))?;
            Refusal::check_text(&piece.reference, limits.reference_max, &at("reference"))?;
        }
        Ok(())
    }
}
