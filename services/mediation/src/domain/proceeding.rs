//! A proceeding 调解程序: its parts and its table of transitions.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{PartyKind, PartySide},
    ids::{
        AgreementId, CaseId, DispatchOrderId, MediatorId, OrganisationId, PartyId, ProceedingId,
    },
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{consent::ConsentAnswer, ending::Ending, start::Disclosure};
use crate::{json::Json, schema::proceedings};

text_enum! {
    /// State of a proceeding.
    pub enum ProceedingState {
        /// 待征询意愿.
        ConsentPending => "consent_pending",
        /// 调解中.
        Mediating => "mediating",
        /// 达成协议.
        Agreed => "agreed",
        /// 调解不成.
        Failed => "failed",
        /// 一方拒绝.
        Refused => "refused",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 自行和解.
        SelfSettled => "self_settled",
    }
}

/// A party of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProceedingParty {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Its answer; null until it gave one.
    pub answer: Option<ConsentAnswer>,
}

/// A proceeding.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = proceedings)]
pub struct Proceeding {
    /// The proceeding.
    pub id: ProceedingId,
    /// The order it serves; one proceeding an order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Its state.
    pub state: ProceedingState,
    /// Every party of the case, with its answer.
    pub parties: Json<Vec<ProceedingParty>>,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Interests they disclosed.
    pub disclosures: Json<Vec<Disclosure>>,
    /// How many sessions were held.
    pub sessions: i32,
    /// Its agreement, from the first draft on.
    pub agreement_id: Option<AgreementId>,
    /// When mediation started.
    pub started_at: Option<DateTime<Utc>>,
    /// The statutory maximum.
    pub due_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub ending: Option<Json<Ending>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Version, from 1.
    pub version: i64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Proceeding {
    type State = ProceedingState;

    const NAME: (&'static str, &'static str) = ("proceeding", "调解程序");

    const TRANSITIONS: &'static [Transition<ProceedingState>] = {
        use ProceedingState::{
            Agreed, ConsentPending, Failed, Mediating, Refused, SelfSettled, Withdrawn,
        };
        const OPEN: &[ProceedingState] = &[ConsentPending, Mediating];
        &[
            Transition {
                number: 10,
                command: "open_proceeding",
                action: "征询调解意愿",
                from: &[],
                to: ConsentPending,
            },
            Transition {
                number: 0,
                command: "record_consent",
                action: "记录意愿",
                from: &[ConsentPending],
                to: ConsentPending,
            },
            Transition {
                number: 12,
                command: "record_consent",
                action: "一方拒绝",
                from: OPEN,
                to: Refused,
            },
            Transition {
                number: 11,
                command: "start_mediation",
                action: "同意调解",
                from: &[ConsentPending],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "record_session",
                action: "调解场次",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "draft_agreement",
                action: "拟定协议",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 18,
                command: "draft_agreement",
                action: "达成口头协议",
                from: &[Mediating],
                to: Agreed,
            },
            Transition {
                number: 18,
                command: "sign_agreement",
                action: "达成协议",
                from: &[Mediating],
                to: Agreed,
            },
            Transition {
                number: 12,
                command: "end_mediation",
                action: "要求终止",
                from: OPEN,
                to: Refused,
            },
            Transition {
                number: 19,
                command: "end_mediation",
                action: "终止",
                from: OPEN,
                to: Failed,
            },
            Transition {
                number: 19,
                command: "end_mediation",
                action: "撤回",
                from: OPEN,
                to: Withdrawn,
            },
            Transition {
                number: 19,
                command: "end_mediation",
                action: "自行和解",
                from: OPEN,
                to: SelfSettled,
            },
        ]
    };
}

impl Proceeding {
    /// Whether every party consents.
    #[must_use]
    pub fn all_consented(&self) -> bool {
        let consents =
            |party: &ProceedingParty| party.answer.as_ref().is_some_and(|answer| answer.consents);
        !self.parties.is_empty() && self.parties.iter().all(consents)
    }

    /// The parties' ids.
    #[must_use]
    pub fn party_ids(&self) -> Vec<PartyId> {
        self.parties.iter().map(|party| party.party_id).collect()
    }

    /// Makes it the next version.
    #[must_use]
    pub(super) fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.version += 1;
        self.updated_at = now;
        self
    }
}
