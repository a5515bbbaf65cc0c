//! Why a command is refused.

use chassis::http::Problem;
use contracts::problems::{common, federation as problems};
use policy::pack::UnknownClock;

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it.
    #[error("not allowed in state {state}")]
    Transition {
        /// The state it is in.
        state: &'static str,
    },
    /// The other side's step.
    #[error("not this side's step")]
    OtherSide,
    /// The sender has asked for it back already.
    #[error("recall asked for already")]
    RecallAsked,
    /// No such kind.
    #[error("unknown kind")]
    UnknownKind,
    /// Not in this direction, or to this node itself.
    #[error("wrong direction")]
    WrongDirection,
    /// The kind is about a case.
    #[error("case required")]
    CaseRequired,
    /// Something the kind does not have.
    #[error("{0} does not belong to this kind")]
    NotOfKind(&'static str),
    /// A reason is needed.
    #[error("reason required")]
    ReasonRequired(&'static str),
    /// Numbers that name a person are in the text: they belong in the case file.
    #[error("personal data in {0}")]
    PersonalData(&'static str),
    /// A last day is needed.
    #[error("deadline required")]
    DeadlineRequired,
    /// The last day is past, or no date of four digits' year.
    #[error("last day past or unreadable")]
    WrongDay,
    /// A value is needed.
    #[error("value {0} required")]
    ValueRequired(String),
    /// A value the kind does not have, or not this option of it.
    #[error("value {0} unknown")]
    UnknownValue(String),
    /// A value that repeats a figure was given as another number than the one counted.
    #[error("value {0} is counted as {1}")]
    FiguresDiffer(String, String),
    /// A text is too long.
    #[error("{pointer} longer than {max} characters")]
    TooLong {
        /// Where.
        pointer: String,
        /// Characters allowed.
        max: usize,
    },
    /// This node does not answer for the case.
    #[error("not accountable")]
    NotAccountable,
    /// The case is being handed over.
    #[error("hand-over under way")]
    HandoverUnderWay,
    /// A mediation of the case has not ended.
    #[error("being mediated")]
    Mediated,
    /// Refused by equals too often.
    #[error("designation needed")]
    DesignationNeeded,
    /// The kind cannot be refused.
    #[error("not returnable")]
    NotReturnable,
    /// Too late to refuse.
    #[error("too late to return")]
    ReturnTooLate,
    /// The kind needs a closing report.
    #[error("closing report required")]
    ReportRequired,
    /// Rework was asked for as often as allowed.
    #[error("rework asked for already")]
    ReworkAsked,
    /// A message that no honest node sends.
    #[error("message refused: {0}")]
    Message(&'static str),
    /// The policy pack lacks a clock: a fault of ours.
    #[error(transparent)]
    Clock(#[from] UnknownClock),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Transition { state } => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                format!("当前状态为 {state}"),
                format!("The state is {state}"),
            ),
            Refusal::OtherSide => Self::new(&common::TRANSITION_NOT_ALLOWED)
                .detail("此步骤由对方办理", "This step is the other side's to take"),
            Refusal::RecallAsked => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                "已请求撤回,等待对方确认",
                "It was asked for back; the other side has not confirmed yet",
            ),
            Refusal::UnknownKind => Self::new(&problems::UNKNOWN_REQUEST_KIND).at("/kind"),
            Refusal::WrongDirection => Self::new(&problems::WRONG_DIRECTION).at("/to"),
            Refusal::CaseRequired => Self::new(&problems::CASE_REQUIRED).at("/case_id"),
            Refusal::NotOfKind(pointer) => Self::new(&common::INVALID_BODY)
                .at(pointer)
                .detail("该种类没有此项", "This kind has no such field"),
            Refusal::ReasonRequired(pointer) => Self::new(&problems::REASON_REQUIRED).at(pointer),
            Refusal::PersonalData(pointer) => Self::new(&common::INVALID_BODY).at(pointer).detail(
                "不得写入证件号码、电话号码等个人信息",
                "No numbers of documents or telephones: they belong in the case file",
            ),
            Refusal::DeadlineRequired => Self::new(&problems::DEADLINE_REQUIRED).at("/due_on"),
            Refusal::WrongDay => Self::new(&common::INVALID_DATE)
                .at("/due_on")
                .detail("期限不得早于今日", "The last day must not be past"),
            Refusal::ValueRequired(code) => {
                Self::new(&common::TEXT_REQUIRED).at(format!("/values/{code}"))
            }
            Refusal::UnknownValue(code) => Self::new(&common::INVALID_BODY)
                .at(format!("/values/{code}"))
                .detail("该种类没有此值", "This kind has no such value"),
            Refusal::FiguresDiffer(code, counted) => Self::new(&problems::FIGURES_DIFFER)
                .at(format!("/values/{code}"))
                .detail(format!("统计为 {counted}"), format!("{counted} is counted")),
            Refusal::TooLong { pointer, max } => {
                Self::new(&common::TEXT_TOO_LONG).at(pointer).detail(
                    format!("不得超过 {max} 字"),
                    format!("At most {max} characters"),
                )
            }
            Refusal::NotAccountable => Self::new(&problems::NOT_ACCOUNTABLE).at("/case_id"),
            Refusal::HandoverUnderWay => Self::new(&problems::HANDOVER_UNDER_WAY).at("/case_id"),
            Refusal::Mediated => Self::new(&problems::CASE_BEING_MEDIATED).at("/case_id"),
            Refusal::DesignationNeeded => Self::new(&problems::DESIGNATION_NEEDED).at("/case_id"),
            Refusal::NotReturnable => Self::new(&problems::NOT_RETURNABLE),
            Refusal::ReturnTooLate => Self::new(&problems::RETURN_TOO_LATE),
            Refusal::ReportRequired => Self::new(&problems::CLOSING_REPORT_REQUIRED).at("/report"),
            Refusal::ReworkAsked => Self::new(&problems::REWORK_ALREADY_ASKED),
            Refusal::Message(why) => Self::new(&problems::MESSAGE_REFUSED).internal(why),
            Refusal::Clock(missing) => Self::unexpected(missing),
        }
    }
}
