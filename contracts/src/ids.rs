//! Typed ids: one registry, alphabetical, append-only. All are UUIDv7 and global: an object keeps its id at every node.

/// Declares the typed ids.
macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Uuid))]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(uuid::Uuid);

        impl TypedId for $name {
            fn from_uuid(id: uuid::Uuid) -> Self { Self(id) }
            fn uuid(self) -> uuid::Uuid { self.0 }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self { Self(id) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }

        #[cfg(feature = "diesel")]
        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                <uuid::Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(&self.0, out)
            }
        }

        #[cfg(feature = "diesel")]
        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <uuid::Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }
    )+ };
}

/// What every typed id can do; the only ways in and out of a bare UUID.
pub trait TypedId: Copy {
    /// Gives a bare UUID its type.
    fn from_uuid(id: uuid::Uuid) -> Self;
    /// Takes the type off.
    fn uuid(self) -> uuid::Uuid;
}

typed_ids! {
    /// A mediation agreement 调解协议.
    AgreementId,
    /// An application to confirm an agreement's effect 效力确认申请.
    ApplicationId,
    /// An appointment 预约.
    AppointmentId,
    /// A file handed in for a matter 材料.
    AttachmentId,
    /// A comparison with a node below 对账.
    AuditId,
    /// A dispute case 纠纷案件: what is being settled.
    CaseId,
    /// A deadline instance 时限.
    ClockId,
    /// What a party offered for a settlement 让步.
    ConcessionId,
    /// A dispatch order 流转单.
    DispatchOrderId,
    /// An application to give an agreement effect in another way than judicial confirmation 赋予效力申请.
    EffectApplicationId,
    /// A call of a department to a consultation 吹哨.
    ConsultationCallId,
    /// A change of a case's risk colour.
    ColourChangeId,
    /// A consultation 会商.
    ConsultationId,
    /// An event.
    EventId,
    /// What an organ told of a case 反馈.
    FeedbackId,
    /// What changed the time of an order 延长、返工.
    OrderActId,
    /// A follow-up visit 回访.
    FollowUpId,
    /// A question asked for advice 咨询.
    InquiryId,
    /// A matter 诉求事项: what the person brought.
    MatterId,
    /// A mediator 调解员.
    MediatorId,
    /// A message to a party of a case 通知.
    NotificationId,
    /// An item of an agreement to be performed 履行义务.
    ObligationId,
    /// A message to an organisation 单位通知.
    OrganisationMessageId,
    /// An organisation 组织 (desk, mediation organisation, department).
    OrganisationId,
    /// A person invited to help in mediation (人民调解法 20).
    ParticipantId,
    /// A person or organisation taking part in a case 当事人.
    PartyId,
    /// A closed statistical period 结账期间.
    PeriodId,
    /// A mediation proceeding 调解程序.
    ProceedingId,
    /// A triage proposal 分流建议.
    ProposalId,
    /// A rating 评价.
    RatingId,
    /// Requests sent to several nodes at once.
    RequestBatchId,
    /// A request between nodes.
    RequestId,
    /// A hidden risk found by screening 苗头隐患.
    ScreeningId,
    /// An entry of a duty roster 驻班表.
    RosterEntryId,
    /// A mediation session 调解场次.
    SessionId,
    /// A study of a case 研判.
    StudyId,
    /// A supervision order 督办单.
    SupervisionId,
    /// A report of a task force on its progress.
    TaskForceReportId,
    /// A task force 专班.
    TaskForceId,
    /// An urging 催办.
    UrgeId,
}
