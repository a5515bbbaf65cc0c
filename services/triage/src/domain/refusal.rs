//! Why a command is refused.

use chassis::http::Problem;
use chrono::NaiveDate;
use contracts::problems::{ProblemCode, common, triage as problems};
use policy::{PolicyPack, pack::UnknownClock};

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its code says it all.
    #[error("{}", .0.code)]
    Code(&'static ProblemCode),
    /// The same about a field of the body.
    #[error("{} at {}", .0.code, .1)]
    Field(&'static ProblemCode, &'static str),
    /// A text is too long.
    #[error("{at} longer than {max} characters")]
    TextTooLong {
        /// Its pointer in the body.
        at: &'static str,
        /// Characters allowed.
        max: usize,
    },
    /// Designating is an act of its own.
    #[error("designated by dispatch")]
    DesignatedByDispatch,
    /// Assisting, handing over and reporting up are acts of their own.
    #[error("an act of its own")]
    ActOfItsOwn,
    /// The state does not allow it.
    #[error("not allowed in state {state}")]
    Transition {
        /// The state it is in.
        state: String,
    },
    /// No such dispute type, or no longer used.
    #[error("unknown dispute type")]
    UnknownType,
    /// No such route.
    #[error("unknown route")]
    UnknownRoute,
    /// No such track here.
    #[error("unknown track")]
    UnknownTrack,
    /// The locality does not use this colour.
    #[error("colour not used here")]
    ColourNotUsed,
    /// Such disputes cannot be mediated.
    #[error("type cannot be mediated")]
    NotMediable,
    /// A rule saw an obstacle to mediation and no reason overrules it.
    #[error("an obstacle stands against mediation")]
    Obstacle {
        /// Why, in Chinese.
        zh: String,
        /// Why, in English.
        en: String,
        /// The law it rests on.
        law: String,
    },
    /// A lower colour than proposed needs a reason.
    #[error("colour lowered without a reason")]
    LoweredWithoutReason,
    /// The reason is too long.
    #[error("reason longer than {max} characters")]
    ReasonTooLong {
        /// Characters allowed.
        max: usize,
    },
    /// The locality does not use this way of handing over.
    #[error("way of handing over not used here")]
    UnknownMode,
    /// The organisation's region has nothing to do with the case's.
    #[error("organisation of another region")]
    OtherRegion,
    /// The organisation does not handle this route.
    #[error("organisation of another route")]
    OtherRoute,
    /// The deadline lies before the receiver must have signed.
    #[error("deadline before {earliest}")]
    DeadlineTooShort {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The new deadline is over already.
    #[error("deadline before {earliest}")]
    DayOver {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The deadline is no date of four-digit year.
    #[error("invalid date")]
    InvalidDate,
    /// The policy pack lacks a clock: a fault of ours.
    #[error(transparent)]
    Clock(#[from] UnknownClock),
}

/// A text that is needed, without the blanks around it.
///
/// # Errors
/// Nothing but blanks, or longer than the policy pack allows.
pub(super) fn text(value: &str, at: &'static str, policy: &PolicyPack) -> Result<String, Refusal> {
    let (value, max) = (value.trim(), policy.limits().note_max);
    match value.chars().count() {
        0 => Err(Refusal::Field(&common::TEXT_REQUIRED, at)),
        length if length > max => Err(Refusal::TextTooLong { at, max }),
        _ => Ok(value.to_owned()),
    }
}

impl Refusal {
    /// The problem, when the body names the organisation at `target` and not at `/to_organisation`.
    #[must_use]
    pub fn about(self, target: &'static str) -> Problem {
        match self {
            Self::OtherRegion | Self::OtherRoute => Problem::from(self).at(target),
            _ => self.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Code(code) => Self::new(code),
            Refusal::Field(code, at) => Self::new(code).at(at),
            Refusal::TextTooLong { at, max } => Self::new(&common::TEXT_TOO_LONG).at(at).detail(
                format!("不得超过 {max} 字"),
                format!("At most {max} characters"),
            ),
            Refusal::ActOfItsOwn => Self::new(&common::INVALID_BODY).at("/mode").detail(
                "协办、移交、上报须另行办理",
                "Assisting, handing over and reporting up are acts of their own",
            ),
            Refusal::DesignatedByDispatch => Self::new(&common::INVALID_BODY).at("/mode").detail(
                "指定办理须另行作出指定决定",
                "A designation is an act of its own",
            ),
            Refusal::Transition { state } => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                format!("当前状态为 {state}"),
                format!("The state is {state}"),
            ),
            Refusal::UnknownType => Self::new(&problems::UNKNOWN_DISPUTE_TYPE).at("/type_code"),
            Refusal::UnknownRoute => Self::new(&problems::UNKNOWN_ROUTE).at("/route"),
            Refusal::UnknownTrack => Self::new(&common::INVALID_BODY)
                .at("/track")
                .detail("本地不使用此类别", "This track is not used here"),
            Refusal::ColourNotUsed => Self::new(&common::INVALID_BODY)
                .at("/colour")
                .detail("本地不使用此风险等级", "This risk colour is not used here"),
            Refusal::NotMediable => Self::new(&problems::ROUTE_NOT_LAWFUL).at("/route").detail(
                "此类纠纷依法不得调解",
                "Disputes of this type may not be mediated",
            ),
            Refusal::Obstacle { zh, en, law } => {
                Self::new(&problems::ROUTE_NOT_LAWFUL).at("/route").detail(
                    format!("{zh}({law});仍选择调解的,须说明理由"),
                    format!("{en} ({law}); mediation nevertheless needs a reason"),
                )
            }
            Refusal::LoweredWithoutReason => {
                Self::new(&problems::COLOUR_LOWERED_WITHOUT_REASON).at("/reason")
            }
            Refusal::ReasonTooLong { max } => {
                Self::new(&common::TEXT_TOO_LONG).at("/reason").detail(
                    format!("不得超过 {max} 字"),
                    format!("At most {max} characters"),
                )
            }
            Refusal::UnknownMode => Self::new(&common::INVALID_BODY).at("/mode").detail(
                "本地不使用此流转方式",
                "This way of handing over is not used here",
            ),
            Refusal::OtherRegion => Self::new(&problems::TARGET_NOT_ENTITLED)
                .at("/to_organisation")
                .detail(
                    "该单位不在案件所属区域的管辖链上",
                    "Its region neither contains the case's region nor lies in it",
                ),
            Refusal::OtherRoute => Self::new(&problems::TARGET_NOT_ENTITLED)
                .at("/to_organisation")
                .detail(
                    "该单位不承办所定的化解途径",
                    "It does not handle the route decided on",
                ),
            Refusal::DeadlineTooShort { earliest } => Self::new(&problems::DEADLINE_TOO_SHORT)
                .at("/due_on")
                .detail(
                    format!("不得早于签收期限 {earliest}"),
                    format!("Not before {earliest}, when the order must be signed for"),
                ),
            Refusal::DayOver { earliest } => Self::new(&problems::DEADLINE_TOO_SHORT)
                .at("/due_on")
                .detail(
                    format!("不得早于 {earliest}"),
                    format!("Not before {earliest}"),
                ),
            Refusal::InvalidDate => Self::new(&common::INVALID_DATE).at("/due_on"),
            Refusal::Clock(missing) => Self::unexpected(missing),
        }
    }
}
