//! An application to confirm an agreement: its states and the table of its transitions.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    ids::{AgreementId, ApplicationId, CaseId, OrganisationId, PartyId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    prelude::{AsChangeset, Insertable, Queryable, Selectable},
    serialize::{self, Output, ToSql},
    sql_types::Jsonb,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal::Refusal;

text_enum! {
    /// State of an application.
    pub enum ApplicationState {
        /// 一方已申请,待其他当事人.
        AwaitOtherParty => "await_other_party",
        /// 共同提交.
        JointSubmitted => "joint_submitted",
        /// 法院已收到.
        CourtReceived => "court_received",
        /// 受理.
        CourtAccepted => "court_accepted",
        /// 不予受理.
        CourtRefused => "court_refused",
        /// 裁定有效.
        Confirmed => "confirmed",
        /// 裁定驳回申请.
        Dismissed => "dismissed",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 逾期未共同申请.
        Expired => "expired",
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

/// The parties that applied, in the order in which they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Applicants(pub Vec<Applicant>);

impl ToSql<Jsonb, Pg> for Applicants {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let json = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&json, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for Applicants {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let json = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(json)?)
    }
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
    /// The papers handed in, codes of the policy pack.
    pub materials: Vec<String>,
    /// Who applied so far.
    pub applicants: Applicants,
    /// The court's reason for refusing or dismissing it, a code of the policy pack.
    pub reason: Option<String>,
    /// Number of the ruling.
    pub ruling_number: Option<String>,
    /// Day of the ruling.
    pub ruled_on: Option<NaiveDate>,
    /// When the first party applied.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

use ApplicationState as State;

impl StateMachine for Application {
    type State = State;
    const NAME: (&'static str, &'static str) = ("application", "司法确认申请");
    const TRANSITIONS: &'static [Transition<State>] = &[
        transition(
            21,
            "apply_for_confirmation",
            "共同申请(一方先行)",
            &[],
            State::AwaitOtherParty,
        ),
        transition(
            0,
            "join_application",
            "加入申请",
            &[State::AwaitOtherParty],
            State::AwaitOtherParty,
        ),
        transition(
            21,
            "join_application",
            "共同提交",
            &[State::AwaitOtherParty],
            State::JointSubmitted,
        ),
        transition(
            0,
            "expire_application",
            "逾期",
            &[State::AwaitOtherParty],
            State::Expired,
        ),
        transition(
            0,
            "withdraw_application",
            "撤回",
            &[
                State::AwaitOtherParty,
                State::JointSubmitted,
                State::CourtReceived,
                State::CourtAccepted,
            ],
            State::Withdrawn,
        ),
        transition(
            0,
            "receive_application",
            "法院收到",
            &[State::JointSubmitted],
            State::CourtReceived,
        ),
        transition(
            0,
            "accept_application",
            "受理",
            &[State::CourtReceived],
            State::CourtAccepted,
        ),
        transition(
            23,
            "refuse_application",
            "不予受理",
            &[State::CourtReceived],
            State::CourtRefused,
        ),
        transition(
            22,
            "rule_application",
            "裁定有效",
            &[State::CourtAccepted],
            State::Confirmed,
        ),
        transition(
            23,
            "rule_application",
            "裁定驳回申请",
            &[State::CourtAccepted],
            State::Dismissed,
        ),
    ];
}

const fn transition(
    number: u8,
    command: &'static str,
    action: &'static str,
    from: &'static [State],
    to: State,
) -> Transition<State> {
    Transition {
        number,
        command,
        action,
        from,
        to,
    }
}

impl Application {
    /// The parties that have not applied yet.
    pub fn waiting_for(&self) -> impl Iterator<Item = PartyId> {
        let applied = |party: &PartyId| self.applicants.0.iter().any(|a| a.party_id == *party);
        self.party_ids
            .iter()
            .copied()
            .filter(move |party| !applied(party))
    }

    /// Makes the transition, when the table has it.
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
        self.state = to;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }
}
