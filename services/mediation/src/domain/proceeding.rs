//! A proceeding 调解程序: consent, start, and its table of transitions.

use chrono::{DateTime, Utc};
use contracts::{
    events::{
        intake::{PartyKind, PartyRef, PartySide},
        mediation::{MediationConsented, MediationOpened, MediationRefused, MediationStarted},
    },
    ids::{
        AgreementId, CaseId, DispatchOrderId, MediatorId, OrganisationId, PartyId, ProceedingId,
    },
    lifecycle::{StateMachine, Transition},
    problems::{common, mediation as codes},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::*;
use policy::{PolicyPack, sections::mediation::EndCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fact, Refusal, ending::Ending, step};
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

text_enum! {
    /// How a party answered.
    pub enum ConsentWay {
        /// 当面.
        InPerson => "in_person",
        /// 电话.
        Phone => "phone",
        /// 网上.
        Online => "online",
        /// 书面.
        Written => "written",
    }
}

/// What a party answered when asked whether it is willing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentAnswer {
    /// Whether it consents.
    pub consents: bool,
    /// How it answered.
    pub way: ConsentWay,
    /// Version of the notice of rights and duties it was told of (人民调解法 23, 24).
    pub rights_notice_version: String,
    /// When.
    pub answered_at: DateTime<Utc>,
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

/// An order that was signed for, with the parties of its case.
#[derive(Debug, Clone)]
pub struct SignedOrder {
    /// The order.
    pub id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The organisation that signed.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// The parties of the case.
    pub parties: Vec<PartyRef>,
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
    /// Opens a proceeding for an order: the parties are asked (transition 10).
    ///
    /// # Errors
    /// `route-not-mediated`; `unknown-order` when the parties of the case are not known.
    pub fn open(
        order: SignedOrder,
        policy: &PolicyPack,
        id: ProceedingId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let state = step::<Self>(None, "open_proceeding", ProceedingState::ConsentPending)?;
        let SignedOrder {
            id: order_id,
            case_id,
            region,
            organisation_id,
            route,
            type_code,
            parties,
        } = order;
        if !policy
            .routes()
            .get(&route)
            .is_some_and(|route| route.mediated)
        {
            return Err(Refusal::new(&codes::ROUTE_NOT_MEDIATED).at("/order_id"));
        }
        if parties.is_empty() {
            return Err(Refusal::new(&codes::UNKNOWN_ORDER).at("/order_id"));
        }
        let unasked = |PartyRef {
                           party_id,
                           side,
                           kind,
                       }| ProceedingParty {
            party_id,
            side,
            kind,
            answer: None,
        };
        let proceeding = Self {
            id,
            order_id,
            case_id,
            region,
            organisation_id,
            route,
            type_code,
            state,
            parties: Json(parties.into_iter().map(unasked).collect()),
            mediator_ids: Vec::new(),
            disclosures: Json(Vec::new()),
            sessions: 0,
            agreement_id: None,
            started_at: None,
            due_at: None,
            ending: None,
            ended_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let opened = MediationOpened {
            proceeding_id: id,
            case_id,
            region,
            order_id,
            organisation_id,
            opened_at: now,
        };
        Ok((proceeding, vec![opened.into()]))
    }

    /// Records that a party consents (人民调解法 17).
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `consent-already-given`.
    pub fn consent(
        mut self,
        party_id: PartyId,
        way: ConsentWay,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "record_consent",
            ProceedingState::ConsentPending,
        )?;
        if self.party(party_id)?.answer.is_some() {
            return Err(Refusal::new(&codes::CONSENT_ALREADY_GIVEN).at("/party_id"));
        }
        self.answer(party_id, true, way, policy, now);
        let (proceeding_id, case_id) = (self.id, self.case_id);
        let consented = MediationConsented {
            proceeding_id,
            case_id,
            party_id,
            consented_at: now,
        };
        Ok((self.changed(now), vec![consented.into()]))
    }

    /// Records that a party refuses, at first or later: the proceeding ends at once and the parties are told of other
    /// ways (transition 12; 人民调解法 17, 23, 26).
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`.
    pub fn refuse(
        mut self,
        party_id: PartyId,
        way: ConsentWay,
        end: &EndCode,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        step::<Self>(Some(self.state), "record_consent", ProceedingState::Refused)?;
        self.party(party_id)?;
        self.answer(party_id, false, way, policy, now);
        let (proceeding_id, case_id) = (self.id, self.case_id);
        let refused = MediationRefused {
            proceeding_id,
            case_id,
            party_id,
            refused_at: now,
        };
        let ending = Ending::new(end, &self.type_code, policy, now);
        let (ended, fact) = self.ended(ProceedingState::Refused, ending, now);
        Ok((ended, vec![refused.into(), fact]))
    }

    /// Starts mediation (transition 11): every party has consented, no mediator has an interest the parties do not accept.
    /// That the mediators are the organisation's is for the caller to check.
    ///
    /// # Errors
    /// `transition-not-allowed`, `consent-missing`, `unknown-mediator`, `mediator-conflict`, `text-required`,
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
        check_mediators(&mediator_ids, policy)?;
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

    fn party(&self, party_id: PartyId) -> Result<&ProceedingParty, Refusal> {
        let party = self.parties.iter().find(|party| party.party_id == party_id);
        party.ok_or_else(|| Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"))
    }

    fn answer(
        &mut self,
        party_id: PartyId,
        consents: bool,
        way: ConsentWay,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) {
        for party in self
            .parties
            .iter_mut()
            .filter(|party| party.party_id == party_id)
        {
            party.answer = Some(ConsentAnswer {
                consents,
                way,
                rights_notice_version: policy.mediation().rights_notice_version.clone(),
                answered_at: now,
            });
        }
    }
}

fn check_mediators(mediator_ids: &[MediatorId], policy: &PolicyPack) -> Result<(), Refusal> {
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
