//! An obligation 履行义务: performed or not (transitions 25, 26; 人民调解法 31).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::{PerformanceDefaulted, PerformanceDue, PerformanceFulfilled},
    ids::{AgreementId, CaseId, ObligationId, OrganisationId, PartyId},
    lifecycle::{StateMachine, Transition},
    problems::{common, mediation as codes},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::*;
use policy::{PolicyPack, clock::due::beijing_date};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState},
    step,
};
use crate::schema::obligations;

text_enum! {
    /// State of an obligation.
    pub enum ObligationState {
        /// 待履行.
        Open => "open",
        /// 已履行.
        Fulfilled => "fulfilled",
        /// 未履行.
        Defaulted => "defaulted",
        /// 已被取代: something else is owed instead, or is to be decided another way.
        Superseded => "superseded",
    }
}

/// An obligation of an agreement in effect.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = obligations)]
pub struct Obligation {
    /// The obligation.
    pub id: ObligationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation, which supervises performance (人民调解法 31).
    pub organisation_id: OrganisationId,
    /// The party that performs.
    pub debtor: PartyId,
    /// What is to be done, when it is not only a payment.
    pub act: Option<String>,
    /// Way code of the policy pack.
    pub way: String,
    /// Last day to perform it.
    pub due_on: NaiveDate,
    /// Amount in fen, when it is a payment.
    pub amount_fen: Option<i64>,
    /// Its state.
    pub state: ObligationState,
    /// The day it was performed.
    pub fulfilled_on: Option<NaiveDate>,
    /// What proves it.
    pub proof: Option<String>,
    /// Why it was not performed.
    pub default_reason: Option<String>,
    /// Codes of the ways that remained then.
    pub default_ways: Vec<String>,
    /// Version, from 1.
    pub version: i64,
    /// When the agreement took effect.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Obligation {
    type State = ObligationState;

    const NAME: (&'static str, &'static str) = ("obligation", "履行义务");

    const TRANSITIONS: &'static [Transition<ObligationState>] = {
        use ObligationState::{Defaulted, Fulfilled, Open, Superseded};
        &[
            Transition {
                number: 24,
                command: "sign_agreement",
                action: "协议生效",
                from: &[],
                to: Open,
            },
            Transition {
                number: 24,
                command: "draft_agreement",
                action: "口头协议生效",
                from: &[],
                to: Open,
            },
            Transition {
                number: 25,
                command: "fulfil_obligation",
                action: "履行登记",
                from: &[Open, Defaulted],
                to: Fulfilled,
            },
            Transition {
                number: 26,
                command: "default_obligation",
                action: "未履行",
                from: &[Open],
                to: Defaulted,
            },
            Transition {
                number: 23,
                command: "sign_amendment",
                action: "变更生效",
                from: &[],
                to: Open,
            },
            Transition {
                number: 23,
                command: "sign_amendment",
                action: "被取代",
                from: &[Open, Defaulted],
                to: Superseded,
            },
            Transition {
                number: 23,
                command: "sign_agreement",
                action: "被取代",
                from: &[Open, Defaulted],
                to: Superseded,
            },
            Transition {
                number: 23,
                command: "draft_agreement",
                action: "被取代",
                from: &[Open, Defaulted],
                to: Superseded,
            },
            Transition {
                number: 23,
                command: "take_other_way",
                action: "改走其他途径",
                from: &[Open, Defaulted],
                to: Superseded,
            },
        ]
    };
}

/// What is registered of a performance.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fulfilment {
    /// The day it was performed, not in the future.
    pub fulfilled_on: NaiveDate,
    /// What proves it: receipt number, transfer reference, confirmation of the other party.
    pub proof: String,
}

impl Fulfilment {
    /// The agreement itself proves what was performed on the spot.
    #[must_use]
    pub fn on_the_spot(today: NaiveDate) -> Self {
        Self {
            fulfilled_on: today,
            proof: "即时履行,以调解协议为凭证".to_owned(),
        }
    }
}

/// What exists after performance or default was registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    /// The obligation.
    pub obligation: Obligation,
    /// Its agreement.
    pub agreement: Agreement,
    /// The facts.
    pub facts: Vec<Fact>,
}

impl Obligation {
    /// Registers that it was performed (transition 25), also late, after its default was registered. With the last one the agreement
    /// is performed, with the last default made good it is being performed. `all` are the agreement's obligations.
    ///
    /// # Errors
    /// `transition-not-allowed`, `proof-required`, `text-too-long`, `invalid-date`.
    pub fn fulfil(
        mut self,
        mut agreement: Agreement,
        all: &[Self],
        request: Fulfilment,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Performance, Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "fulfil_obligation",
            ObligationState::Fulfilled,
        )?;
        let Fulfilment {
            fulfilled_on,
            proof,
        } = request;
        if proof.trim().is_empty() {
            return Err(Refusal::new(&codes::PROOF_REQUIRED).at("/proof"));
        }
        Refusal::check_text(&proof, policy.limits().note_max, "/proof")?;
        if fulfilled_on > beijing_date(now) {
            return Err(Refusal::new(&common::INVALID_DATE).at("/fulfilled_on"));
        }
        agreement.remaining -= 1;
        let defaulted = |of: &Self| of.id != self.id && of.state == ObligationState::Defaulted;
        let state = match agreement.remaining {
            0 => AgreementState::Performed,
            _ if all.iter().any(defaulted) => AgreementState::Defaulted,
            _ => AgreementState::Performing,
        };
        agreement.state = step::<Agreement>(Some(agreement.state), "fulfil_obligation", state)?;
        let fulfilled = PerformanceFulfilled {
            obligation_id: self.id,
            agreement_id: self.agreement_id,
            case_id: self.case_id,
            region: self.region,
            on_time: fulfilled_on <= self.due_on,
            remaining: u32::try_from(agreement.remaining).unwrap_or(0),
            fulfilled_at: now,
        };
        self.fulfilled_on = Some(fulfilled_on);
        self.proof = Some(proof);
        Ok(Performance {
            obligation: self.changed(now),
            agreement: agreement.changed(now),
            facts: vec![fulfilled.into()],
        })
    }

    /// A reminder of it 催促履行, before, on or after its last day (人民调解法 31); none when nothing is owed any more.
    #[must_use]
    pub fn reminder(&self, now: DateTime<Utc>) -> Option<PerformanceDue> {
        (self.state == ObligationState::Open).then(|| PerformanceDue {
            obligation_id: self.id,
            agreement_id: self.agreement_id,
            case_id: self.case_id,
            region: self.region,
            due_on: self.due_on,
            days_left: (self.due_on - beijing_date(now)).num_days(),
        })
    }

    /// Registers that it was not performed (transition 26), or that its debtor clearly said it would not be (民法典 578). What
    /// remains then is noted: enforcement when the court confirmed the agreement or another paper was made of it, else a suit or a
    /// payment order.
    ///
    /// # Errors
    /// `transition-not-allowed`, `text-required`, `text-too-long`.
    pub fn default(
        mut self,
        mut agreement: Agreement,
        reason: String,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Performance, Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "default_obligation",
            ObligationState::Defaulted,
        )?;
        Refusal::check_text(&reason, policy.limits().note_max, "/reason")?;
        agreement.state = step::<Agreement>(
            Some(agreement.state),
            "default_obligation",
            AgreementState::Defaulted,
        )?;
        let defaulted = PerformanceDefaulted {
            obligation_id: self.id,
            agreement_id: self.agreement_id,
            case_id: self.case_id,
            region: self.region,
            defaulted_at: now,
        };
        let ways = policy
            .mediation()
            .default_ways_for(agreement.enforceability(), self.amount_fen.is_some());
        self.default_ways = ways.into_iter().map(|way| way.code.clone()).collect();
        self.default_reason = Some(reason);
        Ok(Performance {
            obligation: self.changed(now),
            agreement: agreement.changed(now),
            facts: vec![defaulted.into()],
        })
    }

    fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.version += 1;
        self.updated_at = now;
        self
    }
}
