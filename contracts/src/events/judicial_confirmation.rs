//! Facts of judicial confirmation 司法确认.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{AgreementId, ApplicationId, CaseId, ObligationId, OrganisationId, PartyId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// What the court ruled (民事诉讼法 206).
    pub enum RulingOutcome {
        /// 裁定调解协议有效.
        Valid => "valid",
        /// 裁定驳回申请.
        Dismissed => "dismissed",
    }
}

text_enum! {
    /// What became of an objection to a ruling (民诉法解释 372).
    pub enum ObjectionOutcome {
        /// 裁定驳回异议: the ruling stands.
        Maintained => "maintained",
        /// 撤销原裁定.
        Revoked => "revoked",
        /// 改变原裁定.
        Changed => "changed",
    }
}

text_enum! {
    /// Who objects to a ruling (民诉法解释 372).
    pub enum ObjectorKind {
        /// 当事人.
        Party => "party",
        /// 利害关系人.
        ThirdParty => "third_party",
    }
}

/// Declares an event that carries only the application's ids, the region and a time.
macro_rules! plain {
    ($(#[$meta:meta])* $name:ident $at:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            /// The application.
            pub application_id: ApplicationId,
            /// The agreement.
            pub agreement_id: AgreementId,
            /// The case.
            pub case_id: CaseId,
            /// Where it happened.
            pub region: RegionCode,
            /// When.
            pub $at: DateTime<Utc>,
        }
    };
}

/// A party applied for confirmation (transition 21; 民事诉讼法 205).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationApplied {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The party.
    pub party_id: PartyId,
    /// Last day for the joint application.
    pub last_day: NaiveDate,
    /// When.
    pub applied_at: DateTime<Utc>,
}

plain! {
    /// Every party has applied 共同提交.
    ConfirmationJointCompleted completed_at
}
plain! {
    /// The court received the application.
    ConfirmationCourtReceived received_at
}
plain! {
    /// The court accepted the application 受理.
    ConfirmationAccepted accepted_at
}
plain! {
    /// The applicants took the application back 撤回.
    ConfirmationWithdrawn withdrawn_at
}
plain! {
    /// The 30 days passed without a joint application.
    ConfirmationExpired expired_at
}

plain! {
    /// The court asked for more papers or statements 要求限期补充 (民诉法解释 354, 356).
    ConfirmationSupplementAsked asked_at
}
plain! {
    /// What the court asked for was handed in 已补充.
    ConfirmationSupplemented supplemented_at
}
plain! {
    /// The court questioned the parties 到场核实 (民诉法解释 356).
    ConfirmationQuestioned questioned_at
}
plain! {
    /// Suspected of sham mediation, the application is not decided until that is cleared up (人民法院在线调解规则 23).
    ConfirmationSuspended suspended_at
}
plain! {
    /// The suspicion is cleared up; the court goes on.
    ConfirmationResumed resumed_at
}
plain! {
    /// The parties were told what remains after a refusal or dismissal (民事诉讼法 206).
    ConfirmationOptionsTold told_at
}

/// The court treats the application as withdrawn 按撤回申请处理 (民诉法解释 357).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationTreatedAsWithdrawn {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub treated_at: DateTime<Utc>,
}

/// A party received the ruling 送达; its time for an objection begins (民诉法解释 372).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationServed {
    /// The application.
    pub application_id: ApplicationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The party.
    pub party_id: PartyId,
    /// Day of the receipt, in China.
    pub received_on: NaiveDate,
    /// Last day for its objection, in China.
    pub last_day: NaiveDate,
}

/// Somebody objected to the ruling 提出异议 (民诉法解释 372).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationObjected {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// A party or a third party.
    pub objector: ObjectorKind,
    /// When.
    pub objected_at: DateTime<Utc>,
}

/// The court decided on an objection (民诉法解释 372).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationObjectionDecided {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The ruling stands, is revoked or changed.
    pub outcome: ObjectionOutcome,
    /// Number of the decision.
    pub ruling_number: String,
    /// Which version of the agreement it is about: how often the parties had changed it. Earlier releases do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<i32>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// The court told the organisation that mediated and the justice bureau why it did not confirm 通报 (法释〔2011〕5号 12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationCircular {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Why the court did not confirm, a reason code of the policy pack.
    pub reason: Option<String>,
    /// To whom, codes of the policy pack.
    pub recipients: Vec<String>,
    /// When.
    pub circulated_at: DateTime<Utc>,
}

/// A party applied for enforcement of the confirmed agreement 申请执行 (民事诉讼法 206).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationEnforcementApplied {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The party that applies.
    pub party_id: PartyId,
    /// What was not performed.
    pub obligation_ids: Vec<ObligationId>,
    /// When.
    pub applied_at: DateTime<Utc>,
}

/// The court did not accept the application 不予受理 (transition 23).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationRefused {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// Which version of the agreement it is about: how often the parties had changed it. Earlier releases do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<i32>,
    /// When.
    pub refused_at: DateTime<Utc>,
}

/// The court ruled (transitions 22, 23; 民事诉讼法 206).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationRuled {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Valid or dismissed.
    pub outcome: RulingOutcome,
    /// Number of the ruling.
    pub ruling_number: String,
    /// Which version of the agreement it is about: how often the parties had changed it. Earlier releases do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<i32>,
    /// When.
    pub ruled_at: DateTime<Utc>,
}

super::events! { Some(Service::JudicialConfirmation);
    ConfirmationApplied => "confirmation"."applied",
    ConfirmationJointCompleted => "confirmation"."joint_completed",
    ConfirmationCourtReceived => "confirmation"."court_received",
    ConfirmationAccepted => "confirmation"."accepted",
    ConfirmationRefused => "confirmation"."refused",
    ConfirmationRuled => "confirmation"."ruled",
    ConfirmationWithdrawn => "confirmation"."withdrawn",
    ConfirmationExpired => "confirmation"."expired",
    ConfirmationSupplementAsked => "confirmation"."supplement_asked",
    ConfirmationSupplemented => "confirmation"."supplemented",
    ConfirmationQuestioned => "confirmation"."questioned",
    ConfirmationTreatedAsWithdrawn => "confirmation"."treated_as_withdrawn",
    ConfirmationSuspended => "confirmation"."suspended",
    ConfirmationResumed => "confirmation"."resumed",
    ConfirmationServed => "confirmation"."served",
    ConfirmationObjected => "confirmation"."objected",
    ConfirmationObjectionDecided => "confirmation"."objection_decided",
    ConfirmationOptionsTold => "confirmation"."options_told",
    ConfirmationCircular => "confirmation"."circular",
    ConfirmationEnforcementApplied => "confirmation"."enforcement_applied",
}
