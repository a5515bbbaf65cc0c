//! An agreement 调解协议: its parts and its table of transitions (人民调解法 28-31).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::{AgreementForm, SignatureForm, SignerKind},
    ids::{AgreementId, CaseId, ObligationId, OrganisationId, PartyId, ProceedingId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::*;
use policy::sections::mediation::Enforceability;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amendment::AgreementTerms;
use crate::{json::Json, schema::agreements};

text_enum! {
    /// State of an agreement.
    pub enum AgreementState {
        /// 已拟定: not everyone has signed.
        Drafted => "drafted",
        /// 未成立: the proceeding ended before everyone had signed.
        Lapsed => "lapsed",
        /// 履行中: in effect.
        Performing => "performing",
        /// 已履行.
        Performed => "performed",
        /// 未履行: an obligation was not performed.
        Defaulted => "defaulted",
        /// 已被取代: by a new agreement, or by the other way that the parties took.
        Replaced => "replaced",
    }
}

/// One thing to be performed, as agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// Its obligation, from the agreement's effect on.
    pub obligation_id: ObligationId,
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
}

/// A signature, fingerprint or seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    /// Party, mediator or organisation.
    pub signer: SignerKind,
    /// The party, when it is one.
    pub party_id: Option<PartyId>,
    /// How.
    pub form: SignatureForm,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// Where the scan of the paper is kept, when it was signed by hand.
    #[serde(default)]
    pub scan_reference: Option<String>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements)]
pub struct Agreement {
    /// The agreement.
    pub id: AgreementId,
    /// The proceeding; one agreement a proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// Its state.
    pub state: AgreementState,
    /// Written or oral.
    pub form: AgreementForm,
    /// The main facts and each party's responsibility (人民调解法 29).
    pub facts: String,
    /// What was agreed.
    pub content: String,
    /// Content codes that exclude judicial confirmation, as the mediator marked them.
    pub content_codes: Vec<String>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// What is to be performed.
    pub clauses: Json<Vec<Clause>>,
    /// Whether everything is performed on the spot 即时履行.
    pub immediate: bool,
    /// The parties bound.
    pub party_ids: Vec<PartyId>,
    /// The signatures so far.
    pub signatures: Json<Vec<Signature>>,
    /// Obligations not fulfilled yet.
    pub remaining: i32,
    /// Whether it settles only a part of the dispute.
    pub partial: bool,
    /// What stays open then.
    pub open_issues: Option<String>,
    /// Number in the register of oral agreements.
    pub oral_number: Option<String>,
    /// Whether the court confirmed it.
    pub confirmed: bool,
    /// Other ways by which it can be enforced: codes of the policy pack.
    pub enforceable_by: Vec<String>,
    /// A new version that waits for signatures.
    pub amendment: Option<Json<AgreementTerms>>,
    /// Earlier versions, the earliest first.
    pub history: Json<Vec<AgreementTerms>>,
    /// When it took effect.
    pub effective_at: Option<DateTime<Utc>>,
    /// Version, from 1.
    pub version: i64,
    /// When it was first drafted.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Agreement {
    /// What it has by which it can be enforced.
    #[must_use]
    pub fn enforceability(&self) -> Enforceability {
        if self.confirmed {
            Enforceability::Confirmation
        } else if self.enforceable_by.is_empty() {
            Enforceability::Nothing
        } else {
            Enforceability::Paper
        }
    }
}

impl StateMachine for Agreement {
    type State = AgreementState;

    const NAME: (&'static str, &'static str) = ("agreement", "调解协议");

    const TRANSITIONS: &'static [Transition<AgreementState>] = {
        use AgreementState::{Defaulted, Drafted, Lapsed, Performed, Performing, Replaced};
        &[
            Transition {
                number: 0,
                command: "draft_agreement",
                action: "拟定协议",
                from: &[],
                to: Drafted,
            },
            Transition {
                number: 0,
                command: "draft_agreement",
                action: "修改拟定",
                from: &[Drafted],
                to: Drafted,
            },
            Transition {
                number: 24,
                command: "draft_agreement",
                action: "口头协议生效",
                from: &[],
                to: Performing,
            },
            Transition {
                number: 24,
                command: "draft_agreement",
                action: "改为口头协议生效",
                from: &[Drafted],
                to: Performing,
            },
            Transition {
                number: 0,
                command: "sign_agreement",
                action: "签署",
                from: &[Drafted],
                to: Drafted,
            },
            Transition {
                number: 24,
                command: "sign_agreement",
                action: "签署完毕生效",
                from: &[Drafted],
                to: Performing,
            },
            Transition {
                number: 0,
                command: "end_mediation",
                action: "调解终结",
                from: &[Drafted],
                to: Lapsed,
            },
            Transition {
                number: 0,
                command: "time_over",
                action: "调解期限届满",
                from: &[Drafted],
                to: Lapsed,
            },
            Transition {
                number: 0,
                command: "record_consent",
                action: "一方拒绝",
                from: &[Drafted],
                to: Lapsed,
            },
            Transition {
                number: 0,
                command: "fulfil_obligation",
                action: "部分履行",
                from: &[Performing],
                to: Performing,
            },
            Transition {
                number: 0,
                command: "fulfil_obligation",
                action: "部分履行",
                from: &[Defaulted],
                to: Defaulted,
            },
            Transition {
                number: 0,
                command: "fulfil_obligation",
                action: "补履行",
                from: &[Defaulted],
                to: Performing,
            },
            Transition {
                number: 25,
                command: "fulfil_obligation",
                action: "履行完毕",
                from: &[Performing, Defaulted],
                to: Performed,
            },
            Transition {
                number: 26,
                command: "default_obligation",
                action: "未履行",
                from: &[Performing, Defaulted],
                to: Defaulted,
            },
            Transition {
                number: 23,
                command: "amend_agreement",
                action: "提出变更",
                from: &[Performing],
                to: Performing,
            },
            Transition {
                number: 23,
                command: "amend_agreement",
                action: "提出变更",
                from: &[Defaulted],
                to: Defaulted,
            },
            Transition {
                number: 23,
                command: "sign_amendment",
                action: "签署变更",
                from: &[Performing, Defaulted],
                to: Performing,
            },
            Transition {
                number: 0,
                command: "sign_amendment",
                action: "签署变更",
                from: &[Defaulted],
                to: Defaulted,
            },
            Transition {
                number: 23,
                command: "sign_agreement",
                action: "新协议取代",
                from: &[Performing, Defaulted],
                to: Replaced,
            },
            Transition {
                number: 23,
                command: "draft_agreement",
                action: "新口头协议取代",
                from: &[Performing, Defaulted],
                to: Replaced,
            },
            Transition {
                number: 23,
                command: "take_other_way",
                action: "改走其他途径",
                from: &[Performing, Defaulted],
                to: Replaced,
            },
        ]
    };
}

impl Agreement {
    /// Makes it the next version.
    #[must_use]
    pub(super) fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.version += 1;
        self.updated_at = now;
        self
    }
}
