//! Advice asked for and given 咨询 (IN-16, IN-17): a question to an item of the policy pack's list, an answer in its term, a rating
//! if the person likes.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::intake::{InquiryAnswered, InquiryAsked, InquiryRated},
    ids::InquiryId,
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::Due;

use super::Refusal;

text_enum! {
    /// State of a question.
    pub enum InquiryState {
        /// 待答复.
        Asked => "asked",
        /// 已答复.
        Answered => "answered",
    }
}

/// A question with its answer.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable, AsChangeset,
)]
#[diesel(table_name = crate::schema::inquiries)]
pub struct Inquiry {
    /// The question.
    pub id: InquiryId,
    /// Raised by every command.
    pub version: i64,
    /// Where it was asked.
    pub region: RegionCode,
    /// Item code of the policy pack's list (IN-17).
    pub item: String,
    /// Whether it is answered.
    pub state: InquiryState,
    /// What was asked.
    pub question: String,
    /// Subject of who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// An answer before this instant is in time.
    pub due_at: DateTime<Utc>,
    /// The last day, in Beijing.
    pub last_day: NaiveDate,
    /// The answer.
    pub answer: Option<String>,
    /// Subject of who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// The person's score for the answer.
    pub score: Option<i16>,
    /// When it was given.
    pub rated_at: Option<DateTime<Utc>>,
}

impl StateMachine for Inquiry {
    type State = InquiryState;
    const NAME: (&'static str, &'static str) = ("inquiry", "咨询");
    const TRANSITIONS: &'static [Transition<InquiryState>] = &[
        Transition {
            number: 0,
            command: "ask_inquiry",
            action: "咨询",
            from: &[],
            to: InquiryState::Asked,
        },
        Transition {
            number: 3,
            command: "answer_inquiry",
            action: "答复",
            from: &[InquiryState::Asked],
            to: InquiryState::Answered,
        },
        Transition {
            number: 0,
            command: "rate_inquiry",
            action: "评价",
            from: &[InquiryState::Answered],
            to: InquiryState::Answered,
        },
    ];
}

/// What is asked.
pub struct Question {
    /// The question's id.
    pub id: InquiryId,
    /// Where it is asked.
    pub region: RegionCode,
    /// Item code of the policy pack's list.
    pub item: String,
    /// What is asked.
    pub question: String,
    /// Subject of who asks.
    pub by: String,
}

impl Inquiry {
    /// A question that was just asked.
    #[must_use]
    pub fn ask(asked: Question, due: Due, now: DateTime<Utc>) -> (Self, InquiryAsked) {
        let event = InquiryAsked {
            inquiry_id: asked.id,
            region: asked.region,
            item: asked.item.clone(),
            due_at: due.at,
            asked_at: now,
        };
        let inquiry = Self {
            id: asked.id,
            version: 1,
            region: asked.region,
            item: asked.item,
            state: InquiryState::Asked,
            question: asked.question,
            asked_by: asked.by,
            asked_at: now,
            due_at: due.at,
            last_day: due.last_day,
            answer: None,
            answered_by: None,
            answered_at: None,
            score: None,
            rated_at: None,
        };
        (inquiry, event)
    }

    /// Answers it.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] when it is answered.
    pub fn answer(
        &mut self,
        answer: String,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<InquiryAnswered, Refusal> {
        self.go("answer_inquiry")?;
        self.answer = Some(answer);
        self.answered_by = Some(by.to_owned());
        self.answered_at = Some(now);
        Ok(InquiryAnswered {
            inquiry_id: self.id,
            region: self.region,
            answered_at: now,
        })
    }

    /// The person rates the answer; a later rating takes the place of the earlier.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] before the answer.
    pub fn rate(&mut self, score: u8, now: DateTime<Utc>) -> Result<InquiryRated, Refusal> {
        self.go("rate_inquiry")?;
        self.score = Some(i16::from(score));
        self.rated_at = Some(now);
        Ok(InquiryRated {
            inquiry_id: self.id,
            region: self.region,
            score,
            rated_at: now,
        })
    }

    fn go(&mut self, command: &str) -> Result<(), Refusal> {
        let step = Self::transition(Some(self.state), command);
        self.state = step.ok_or(Refusal::NotNow(self.state.as_str()))?.to;
        self.version += 1;
        Ok(())
    }
}
