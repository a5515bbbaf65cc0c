//! An application to confirm an agreement: its states and what it consists of. The table of its transitions is in
//! [`super::transitions`].

use chassis::db::Json;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    ids::{AgreementId, ApplicationId, CaseId, OrganisationId, PartyId},
    lifecycle::StateMachine as _,
    region::RegionCode,
    text_enum,
};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{course::Course, refusal::Refusal};
use ApplicationState as State;

text_enum! {
    /// State of an application.
    pub enum ApplicationState {
        /// 准备材料.
        Preparing => "preparing",
        /// 一方已申请,待其他当事人.
        AwaitOtherParty => "await_other_party",
        /// 共同提交.
        JointSubmitted => "joint_submitted",
        /// 法院已收到.
        CourtReceived => "court_received",
        /// 待补正.
        Supplement => "supplement",
        /// 受理.
        CourtAccepted => "court_accepted",
        /// 不予受理.
        CourtRefused => "court_refused",
        /// 审查、询问.
        Reviewing => "reviewing",
        /// 裁定有效.
        Confirmed => "confirmed",
        /// 裁定驳回申请.
        Dismissed => "dismissed",
        /// 异议审查.
        Objection => "objection",
        /// 裁定被撤销.
        Revoked => "revoked",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 按撤回处理.
        CourtWithdrawn => "court_withdrawn",
        /// 逾期未共同申请.
        Expired => "expired",
    }
}

impl ApplicationState {
    /// Whether no court has it yet.
    #[must_use]
    pub fn is_with_parties(self) -> bool {
        matches!(self, Self::Preparing | Self::AwaitOtherParty)
    }
}

/// A party that applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Applicant {
    /// The party.
    pub party_id: PartyId,
    /// When it applied.
    pub applied_at: DateTime<Utc>,
}

/// An application to confirm an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::applications, treat_none_as_null = true)]
pub struct Application {
    /// The application.
    pub id: ApplicationId,
    /// Raised with every change.
    pub version: i64,
    /// Where the agreement was made.
    pub region: RegionCode,
    /// Where it stands.
    pub state: ApplicationState,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// The agreement's parties, all of whom must apply.
    pub party_ids: Vec<PartyId>,
    /// Last day for the joint application, in China.
    pub last_day: NaiveDate,
    /// The end of that day.
    pub closes_at: DateTime<Utc>,
    /// The court asked.
    pub court_id: OrganisationId,
    /// What gives that court the case, a code of the policy pack (民事诉讼法 205).
    pub court_basis: String,
    /// The place that does; none for the inviting court.
    pub court_place: Option<RegionCode>,
    /// The papers handed in, codes of the policy pack.
    pub materials: Vec<String>,
    /// Who applied so far.
    pub applicants: Json<Vec<Applicant>>,
    /// The court's reason for refusing or dismissing it, a code of the policy pack.
    pub reason: Option<String>,
    /// Number of the ruling.
    pub ruling_number: Option<String>,
    /// Day of the ruling.
    pub ruled_on: Option<NaiveDate>,
    /// What happened at the court.
    pub course: Json<Course>,
    /// The end of the time limit that runs now.
    pub due_at: Option<DateTime<Utc>>,
    /// Which version of the agreement it is about.
    pub amendment: i32,
    /// When the first party applied.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Application {
    /// The parties that have not applied yet.
    pub fn waiting_for(&self) -> impl Iterator<Item = PartyId> {
        let applied = |party: &PartyId| self.applicants.iter().any(|a| a.party_id == *party);
        self.party_ids
            .iter()
            .copied()
            .filter(move |party| !applied(party))
    }

    /// Makes the transition, when the table has it. While the application is suspended it can only end unconfirmed.
    pub(super) fn go(
        mut self,
        command: &'static str,
        to: State,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let allowed = Self::TRANSITIONS
            .iter()
            .any(|t| t.command == command && t.to == to && t.from.contains(&self.state));
        if !allowed {
            return Err(Refusal::NotAllowed(self.state));
        }
        let ends = matches!(
            to,
            State::CourtRefused
                | State::Dismissed
                | State::Withdrawn
                | State::CourtWithdrawn
                | State::Expired
        );
        if self.course.suspension.is_some() && !ends {
            return Err(Refusal::Suspended);
        }
        self.state = to;
        self.due_at = None;
        Ok(self.changed(now))
    }

    /// Notes something that changes no state, when it may be noted in this one.
    pub(super) fn note(self, allowed: &[State], now: DateTime<Utc>) -> Result<Self, Refusal> {
        if allowed.contains(&self.state) {
            Ok(self.changed(now))
        } else {
            Err(Refusal::NotAllowed(self.state))
        }
    }

    fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.version += 1;
        self.updated_at = now;
        self
    }
}
