//! What a mediator owes besides: the report to the police (人民调解法 25), and support for a party (ME-13).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{PoliceReported, SupportReferred},
    ids::PartyId,
    problems::mediation as codes,
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fact, Refusal, proceeding::Proceeding, step};

/// A report to the police.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoliceReport {
    /// Ground code of the policy pack.
    pub ground: String,
    /// What happened and what was done to prevent worse.
    pub note: String,
    /// When.
    pub reported_at: DateTime<Utc>,
}

/// What is reported to the police.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportToPolice {
    /// Ground code of the policy pack.
    pub ground: String,
    /// What happened and what was done to prevent worse.
    pub note: String,
}

/// A referral of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Referral {
    /// The party.
    pub party_id: PartyId,
    /// Kind code of the policy pack.
    pub kind: String,
    /// When.
    pub referred_at: DateTime<Utc>,
}

/// To what support a party is referred.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferSupport {
    /// The party.
    pub party_id: PartyId,
    /// Kind code of the policy pack.
    pub kind: String,
    /// Whether the party consents: it must.
    pub consents: bool,
}

impl Proceeding {
    /// Reports to the police what may escalate or become a case of theirs.
    ///
    /// # Errors
    /// `transition-not-allowed`, `invalid-body`, `text-required`, `text-too-long`.
    pub fn report_police(
        mut self,
        request: ReportToPolice,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), "report_police", self.state)?;
        let ReportToPolice { ground, note } = request;
        Refusal::check_code(&ground, &policy.mediation().police_grounds, "/ground")?;
        Refusal::check_text(&note, policy.limits().note_max, "/note")?;
        let reported = PoliceReported {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            ground: ground.clone(),
            reported_at: now,
        };
        self.course.police_reports.push(PoliceReport {
            ground,
            note,
            reported_at: now,
        });
        Ok((self.changed(now), vec![reported.into()]))
    }

    /// Refers a party to support it consents to.
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `invalid-body`, `consent-missing`.
    pub fn refer_support(
        mut self,
        request: ReferSupport,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), "refer_support", self.state)?;
        let ReferSupport {
            party_id,
            kind,
            consents,
        } = request;
        if !self.party_ids().contains(&party_id) {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"));
        }
        Refusal::check_code(&kind, &policy.mediation().support_kinds, "/kind")?;
        if !consents {
            return Err(Refusal::new(&codes::CONSENT_MISSING).at("/consents"));
        }
        let referred = SupportReferred {
            proceeding_id: self.id,
            case_id: self.case_id,
            kind: kind.clone(),
            referred_at: now,
        };
        self.course.referrals.push(Referral {
            party_id,
            kind,
            referred_at: now,
        });
        Ok((self.changed(now), vec![referred.into()]))
    }
}
