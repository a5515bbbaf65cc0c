//! Why a command is refused.

use chassis::http::Problem;
use contracts::{
    identifiers::IdentifierError,
    problems::{common, intake, triage},
};

use super::matter::MatterState;

/// Why a command is refused. Carries places and limits, never what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The table has no such step.
    #[error("not from state {0}")]
    NotFrom(MatterState),
    /// The region does not exist (any more).
    #[error("unknown region")]
    UnknownRegion,
    /// The region is not the node's or not the caller's.
    #[error("region out of scope")]
    RegionOutOfScope,
    /// The policy pack has no such source (IN-04).
    #[error("unknown source")]
    UnknownSource,
    /// The policy pack has no such channel (IN-08).
    #[error("unknown channel")]
    UnknownChannel,
    /// The policy pack has no such dispute type, or it is retired.
    #[error("unknown dispute type")]
    UnknownDisputeType,
    /// The policy pack has no such reason to decline.
    #[error("unknown reason")]
    UnknownDeclineReason,
    /// The item is not on the policy pack's list (IN-07).
    #[error("not on the spot")]
    NotOnTheSpot,
    /// 个人信息保护法 17: the notice was not given.
    #[error("notice not acknowledged")]
    NoticeMissing,
    /// A text is blank.
    #[error("{0}: required")]
    TextRequired(String),
    /// A text has more characters than allowed.
    #[error("{pointer}: over {max} characters")]
    TextTooLong {
        /// Where.
        pointer: String,
        /// Most characters.
        max: usize,
    },
    /// A number is not between its limits.
    #[error("{pointer}: not {min} to {max}")]
    OutOfRange {
        /// Where.
        pointer: String,
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// No applicant among the parties.
    #[error("no applicant")]
    PartyRequired,
    /// More parties than the limit.
    #[error("over {0} parties")]
    TooManyParties(usize),
    /// A party's identifier breaks its rules.
    #[error("party {party}: {error}")]
    Identifier {
        /// Index of the party.
        party: usize,
        /// The rule.
        error: IdentifierError,
    },
    /// A party's telephone number has not the form of one.
    #[error("party {0}: telephone number")]
    Phone(usize),
    /// An applicant binds an account that is not theirs, or theirs to somebody else.
    #[error("party {0}: account")]
    AccountNotYours(usize),
    /// One account for two parties.
    #[error("party {0}: account of another party")]
    AccountTwice(usize),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFrom(state) => {
                let (zh, en) = state.name();
                Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                    format!("诉求事项当前状态:{zh}"),
                    format!("The matter is {en}"),
                )
            }
            Refusal::UnknownRegion => Self::new(&common::INVALID_REGION).at("/region"),
            Refusal::RegionOutOfScope => Self::new(&common::REGION_OUT_OF_SCOPE).at("/region"),
            Refusal::UnknownSource => Self::new(&intake::UNKNOWN_SOURCE).at("/source"),
            Refusal::UnknownChannel => Self::new(&intake::UNKNOWN_CHANNEL).at("/channel"),
            Refusal::UnknownDisputeType => {
                Self::new(&triage::UNKNOWN_DISPUTE_TYPE).at("/type_hint")
            }
            Refusal::UnknownDeclineReason => {
                Self::new(&intake::UNKNOWN_DECLINE_REASON).at("/reason")
            }
            Refusal::NotOnTheSpot => Self::new(&intake::NOT_ON_THE_SPOT).at("/item"),
            Refusal::NoticeMissing => {
                Self::new(&intake::NOTICE_NOT_ACKNOWLEDGED).at("/notice_version")
            }
            Refusal::TextRequired(pointer) => Self::new(&common::TEXT_REQUIRED).at(pointer),
            Refusal::TextTooLong { pointer, max } => {
                Self::new(&common::TEXT_TOO_LONG).at(pointer).detail(
                    format!("不得超过 {max} 字"),
                    format!("At most {max} characters"),
                )
            }
            Refusal::OutOfRange { pointer, min, max } => {
                Self::new(&common::INVALID_BODY).at(pointer).detail(
                    format!("应在 {min} 至 {max} 之间"),
                    format!("It must be between {min} and {max}"),
                )
            }
            Refusal::PartyRequired => Self::new(&intake::PARTY_REQUIRED).at("/parties"),
            Refusal::TooManyParties(max) => Self::new(&intake::TOO_MANY_PARTIES)
                .at("/parties")
                .detail(format!("至多 {max} 名"), format!("At most {max}")),
            Refusal::Identifier { party, error } => Self::new(&intake::IDENTIFIER_INVALID)
                .at(format!("/parties/{party}/identifier/number"))
                .detail(error.zh(), error.en()),
            Refusal::Phone(party) => Self::new(&common::INVALID_BODY)
                .at(format!("/parties/{party}/phone"))
                .detail(
                    "应为 5 至 20 位的电话号码",
                    "It must be a telephone number of 5 to 20 digits",
                ),
            Refusal::AccountNotYours(party) => Self::new(&common::INVALID_BODY)
                .at(format!("/parties/{party}/account_subject"))
                .detail("只能由工作人员填写", "Only staff may fill this in"),
            Refusal::AccountTwice(party) => Self::new(&common::INVALID_BODY)
                .at(format!("/parties/{party}/account_subject"))
                .detail(
                    "该账号已属于另一当事人",
                    "This account belongs to another party",
                ),
        }
    }
}
