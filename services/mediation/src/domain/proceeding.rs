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

use super::{consent::ConsentAnswer, course::Course, ending::Ending, start::Disclosure};
use crate::{json::Json, schema::proceedings};

text_enum! {
    /// State of a proceeding.
    pub enum ProceedingState {
        /// 待征询意愿.
        ConsentPending => "consent_pending",
        /// 调解中.
        Mediating => "mediating",
        /// 中止.
        Paused => "paused",
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
        /// 协议未获确认: the court dismissed the application; the parties may agree anew (人民调解法 33).
        AgreementDismissed => "agreement_dismissed",
        /// 其他途径办理中.
        OtherRoute => "other_route",
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
    /// What happens in it besides.
    pub course: Json<Course>,
    /// Whether its order may have another proceeding, because the case was opened again.
    pub released: bool,
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
            Agreed, AgreementDismissed, ConsentPending, Failed, Mediating, OtherRoute, Paused,
            Refused, SelfSettled, Withdrawn,
        };
        const OPEN: &[ProceedingState] = &[ConsentPending, Mediating, Paused];
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
                command: "time_over",
                action: "期限届满",
                from: &[Mediating, Paused],
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
            Transition {
                number: 0,
                command: "choose_mediator",
                action: "选定、指定调解员",
                from: &[ConsentPending],
                to: ConsentPending,
            },
            Transition {
                number: 0,
                command: "answer_choice",
                action: "调解员答复",
                from: &[ConsentPending],
                to: ConsentPending,
            },
            Transition {
                number: 13,
                command: "pause_mediation",
                action: "中止",
                from: &[Mediating],
                to: Paused,
            },
            Transition {
                number: 13,
                command: "resume_mediation",
                action: "恢复",
                from: &[Paused],
                to: Mediating,
            },
            Transition {
                number: 14,
                command: "extend_mediation",
                action: "延长期限",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "change_proceeding_mediator",
                action: "更换调解员",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "change_proceeding_mediator",
                action: "更换调解员",
                from: &[Paused],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "invite_participant",
                action: "邀请参与",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "record_concession",
                action: "记录让步",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "record_facts",
                action: "记录无争议事实",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "sign_facts",
                action: "签认无争议事实",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 13,
                command: "suspect_sham",
                action: "涉嫌虚假调解",
                from: &[Mediating],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "suspect_sham",
                action: "涉嫌虚假调解",
                from: &[Paused],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "suspect_sham",
                action: "涉嫌虚假调解",
                from: &[Agreed],
                to: Agreed,
            },
            Transition {
                number: 0,
                command: "clear_sham",
                action: "排除虚假调解嫌疑",
                from: &[Paused],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "clear_sham",
                action: "排除虚假调解嫌疑",
                from: &[Agreed],
                to: Agreed,
            },
            Transition {
                number: 0,
                command: "clear_sham",
                action: "排除虚假调解嫌疑",
                from: &[AgreementDismissed],
                to: AgreementDismissed,
            },
            Transition {
                number: 0,
                command: "report_police",
                action: "报告公安机关",
                from: &[ConsentPending],
                to: ConsentPending,
            },
            Transition {
                number: 0,
                command: "report_police",
                action: "报告公安机关",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "report_police",
                action: "报告公安机关",
                from: &[Paused],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "refer_support",
                action: "转介心理疏导",
                from: &[ConsentPending],
                to: ConsentPending,
            },
            Transition {
                number: 0,
                command: "refer_support",
                action: "转介心理疏导",
                from: &[Mediating],
                to: Mediating,
            },
            Transition {
                number: 0,
                command: "refer_support",
                action: "转介心理疏导",
                from: &[Paused],
                to: Paused,
            },
            Transition {
                number: 0,
                command: "refer_support",
                action: "转介心理疏导",
                from: &[Agreed],
                to: Agreed,
            },
            Transition {
                number: 20,
                command: "take_other_way",
                action: "转其他途径",
                from: &[Failed, Refused],
                to: OtherRoute,
            },
            Transition {
                number: 23,
                command: "take_other_way",
                action: "转其他途径",
                from: &[AgreementDismissed],
                to: OtherRoute,
            },
            Transition {
                number: 20,
                command: "take_other_way",
                action: "余下争议转其他途径",
                from: &[Agreed],
                to: Agreed,
            },
            Transition {
                number: 23,
                command: "confirmation_dismissed",
                action: "司法确认未获准",
                from: &[Agreed],
                to: AgreementDismissed,
            },
            Transition {
                number: 23,
                command: "sign_amendment",
                action: "变更协议",
                from: &[AgreementDismissed],
                to: Agreed,
            },
            Transition {
                number: 22,
                command: "confirmation_valid",
                action: "裁定有效",
                from: &[AgreementDismissed],
                to: Agreed,
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

    /// Whether a part of the dispute was settled 部分协议, and what is left has gone no other way yet.
    #[must_use]
    pub fn rest_is_open(&self) -> bool {
        let told = self
            .ending
            .as_ref()
            .is_some_and(|ending| ending.notice.is_some());
        self.state == ProceedingState::Agreed && told && self.course.transfer.is_none()
    }

    /// Whether it ended and left the dispute open, so that another way may follow.
    #[must_use]
    pub fn settled_nothing(&self) -> bool {
        matches!(
            self.state,
            ProceedingState::Failed
                | ProceedingState::Refused
                | ProceedingState::AgreementDismissed
                | ProceedingState::OtherRoute
        )
    }

    /// The mediator who presides (人民调解法 19); none before mediation starts.
    #[must_use]
    pub fn presiding(&self) -> Option<MediatorId> {
        self.mediator_ids.first().copied()
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
