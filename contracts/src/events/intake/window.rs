//! Facts of what goes on around matters: advice, appointments, files, messages, screenings.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{
        AppointmentId, AttachmentId, CaseId, InquiryId, MatterId, NotificationId, OrganisationId,
        ScreeningId,
    },
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// How a message reaches a party.
    pub enum NotificationChannel {
        /// 站内信: read through the API.
        InApp => "in_app",
        /// 短信.
        Sms => "sms",
        /// 小程序.
        MiniProgramme => "mini_programme",
        /// 电子邮件.
        Email => "email",
    }
}

text_enum! {
    /// How a hidden risk was looked for (IN-15).
    pub enum ScreeningKind {
        /// 常态化排查.
        Routine => "routine",
        /// 专项排查.
        Targeted => "targeted",
    }
}

/// A person asked for advice 咨询 (IN-16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryAsked {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// Item code of the policy pack's list (IN-17).
    pub item: String,
    /// When the answer is due.
    pub due_at: DateTime<Utc>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// A question was answered 咨询答复 (IN-16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryAnswered {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// The person rated the answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryRated {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// Score on the policy pack's scale.
    pub score: u8,
    /// When.
    pub rated_at: DateTime<Utc>,
}

/// A person asked for an appointment with an organisation 预约调解 (IN-10, IN-13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentAsked {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// The matter it is about, when there is one.
    pub matter_id: Option<MatterId>,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
}

/// The organisation confirmed an appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentConfirmed {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// When.
    pub confirmed_at: DateTime<Utc>,
}

/// An appointment was cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentCancelled {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// When.
    pub cancelled_at: DateTime<Utc>,
}

/// The time of an appointment came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentEnded {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// Whether the person came.
    pub came: bool,
    /// When it was noted.
    pub ended_at: DateTime<Utc>,
}

/// A file was handed in for a matter 材料.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentAdded {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub added_at: DateTime<Utc>,
}

/// The content of a file was removed before the matter was decided; its entry stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentRemoved {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub removed_at: DateTime<Utc>,
}

/// A message to a party was taken by no gateway in all attempts; somebody must look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NotificationFailed {
    /// The message.
    pub notification_id: NotificationId,
    /// The case it tells of.
    pub case_id: CaseId,
    /// How it should have gone.
    pub channel: NotificationChannel,
    /// Code of its template.
    pub template: String,
    /// When.
    pub failed_at: DateTime<Utc>,
}

/// A hidden risk 苗头隐患 was found by screening 排查 (IN-15).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreeningRecorded {
    /// The risk.
    pub screening_id: ScreeningId,
    /// The case it opens when it becomes a matter.
    pub case_id: CaseId,
    /// Where it is.
    pub region: RegionCode,
    /// Routine or targeted.
    pub kind: ScreeningKind,
    /// Code of the key area, field, industry or group of persons.
    pub category: String,
    /// Code of how grave it is.
    pub severity: String,
    /// The organisation of who recorded it.
    pub organisation_id: Option<OrganisationId>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A hidden risk was settled and left the ledger 化解销号.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreeningWrittenOff {
    /// The risk.
    pub screening_id: ScreeningId,
    /// The case it would have opened.
    pub case_id: CaseId,
    /// Where it is.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub written_off_at: DateTime<Utc>,
}

events! { Some(Service::Intake);
    InquiryAsked => "inquiry"."asked",
    InquiryAnswered => "inquiry"."answered",
    InquiryRated => "inquiry"."rated",
    AppointmentAsked => "appointment"."asked",
    AppointmentConfirmed => "appointment"."confirmed",
    AppointmentCancelled => "appointment"."cancelled",
    AppointmentEnded => "appointment"."ended",
    AttachmentAdded => "attachment"."added",
    AttachmentRemoved => "attachment"."removed",
    NotificationFailed => "notification"."failed",
    ScreeningRecorded => "screening"."recorded",
    ScreeningWrittenOff => "screening"."written_off",
}
