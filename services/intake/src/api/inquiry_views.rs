//! How a question is shown.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{ids::InquiryId, region::RegionCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::inquiry::{Inquiry, InquiryState};

/// A question with its answer.
#[derive(Serialize, ToSchema)]
pub struct InquiryView {
    /// The question.
    pub id: InquiryId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Where it was asked.
    pub region: RegionCode,
    /// Item code of the policy pack's list.
    pub item: String,
    /// Whether it is answered.
    pub state: InquiryState,
    /// What was asked.
    pub question: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The last day for the answer, in Beijing.
    pub last_day: NaiveDate,
    /// The answer.
    pub answer: Option<String>,
    /// When it was given.
    pub answered_at: Option<DateTime<Utc>>,
    /// The person's score for the answer.
    pub score: Option<i16>,
}

impl From<Inquiry> for InquiryView {
    fn from(inquiry: Inquiry) -> Self {
        Self {
            id: inquiry.id,
            version: inquiry.version,
            region: inquiry.region,
            item: inquiry.item,
            state: inquiry.state,
            question: inquiry.question,
            asked_at: inquiry.asked_at,
            last_day: inquiry.last_day,
            answer: inquiry.answer,
            answered_at: inquiry.answered_at,
            score: inquiry.score,
        }
    }
}
