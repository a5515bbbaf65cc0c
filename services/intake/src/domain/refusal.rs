//! Why a command is refused.

use chassis::http::{FieldProblem, Problem};
use chrono::NaiveDate;
use contracts::{
    identifiers::IdentifierError,
    ids::CaseId,
    problems::{common, intake, triage},
};

use policy::sections::Named;

use super::{
    case::CaseStatus, case_file::Difference, matter::MatterState, petition::PetitionState,
    screening::ScreeningState,
};

/// Why a command is refused. Carries places and limits, never what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The table has no such step.
    #[error("not from state {0}")]
    NotFrom(MatterState),
    /// The risk is registered or written off already.
    #[error("not open: {0}")]
    ScreeningNotOpen(ScreeningState),
    /// The policy pack has no such category of screening.
    #[error("unknown category")]
    UnknownCategory,
    /// The policy pack has no such severity.
    #[error("unknown severity")]
    UnknownSeverity,
    /// The policy pack has no such reason to write a risk off.
    #[error("unknown reason to write off")]
    UnknownWriteOffReason,
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
    /// The channel is for staff, and the person registers it themselves (IN-08).
    #[error("channel needs an operator")]
    ChannelNeedsOperator,
    /// Only staff may name the source (IN-04).
    #[error("source needs an operator")]
    SourceNeedsOperator,
    /// The place of the dispute code is missing, of a wrong form, or given on a channel that has none (IN-11).
    #[error("place code")]
    PlaceCode,
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
    /// The policy pack has no such material, or it is named twice.
    #[error("material {0}: unknown or named twice")]
    UnknownMaterial(usize),
    /// 一次性告知: the list of what is missing was given before.
    #[error("correction asked already")]
    CorrectionAskedAlready,
    /// The table has no such step for the case.
    #[error("not from case status {0}")]
    CaseNotFrom(CaseStatus),
    /// The policy pack has no such reason to open a case again.
    #[error("unknown reason")]
    UnknownReopenReason,
    /// The window for opening a case again ended with this day.
    #[error("window over since {0}")]
    ReopenWindowOver(NaiveDate),
    /// The case can still be opened again until this day has passed.
    #[error("window open until {0}")]
    ReopenWindowOpen(NaiveDate),
    /// The matters of two cases are of different classes.
    #[error("other class")]
    CaseOfOtherClass,
    /// The case was merged into this one.
    #[error("merged into {0}")]
    Merged(CaseId),
    /// Other cases were merged into the case.
    #[error("leads others")]
    LeadsOthers,
    /// Another organisation or node answers for one of the cases.
    #[error("other accountable")]
    OtherAccountable,
    /// A case and itself.
    #[error("merge with itself")]
    MergeWithItself,
    /// No accepted matter of the case, or named twice.
    #[error("matter {0}: not of the case")]
    MatterNotOfCase(usize),
    /// No matter would move, or none would stay.
    #[error("split takes all")]
    SplitTakesAll,
    /// A matter and itself.
    #[error("link with itself")]
    LinkWithItself,
    /// The two matters are linked.
    #[error("linked already")]
    LinkedAlready,
    /// The cases were merged, or a matter was declined, since they were linked.
    #[error("link in effect")]
    LinkInEffect,
    /// The two matters are not linked.
    #[error("not linked")]
    NotLinked,
    /// The policy pack has no such kind of document.
    #[error("unknown document")]
    UnknownDocument,
    /// The policy pack has no such retention class.
    #[error("unknown retention class")]
    UnknownRetention,
    /// Documents that must be in the file are not.
    #[error("file incomplete")]
    FileIncomplete(Vec<Named>),
    /// The paper file is not as the index says.
    #[error("paper differs")]
    PaperDiffers(Vec<Difference>),
    /// More people speak for the others than may (信访工作条例 20).
    #[error("over {0} representatives")]
    TooManyRepresentatives(usize),
    /// Only a natural person among the applicants speaks for others.
    #[error("party {0}: no representative")]
    NotARepresentative(usize),
    /// The matter is no petition.
    #[error("not a petition")]
    NotAPetition,
    /// The policy pack has no such way.
    #[error("unknown way")]
    UnknownWay,
    /// The way does not fit the kind.
    #[error("way not of kind")]
    WayNotOfKind,
    /// Nobody has decided what the petition is.
    #[error("petition undecided")]
    PetitionUndecided,
    /// The table has no such step for the petition.
    #[error("not from petition state {0}")]
    PetitionNotFrom(PetitionState),
    /// The handling was lengthened as often as the law allows.
    #[error("petition extended")]
    PetitionExtended,
    /// 信访工作条例 36: concluded after the re-review.
    #[error("petition final")]
    PetitionFinal,
    /// The object's table has no such step from this state.
    #[error("not from state {0}")]
    NotNow(&'static str),
    /// The item is not on the policy pack's list (IN-17).
    #[error("unknown item")]
    UnknownInquiryItem,
    /// A score that the policy pack's scale has not got.
    #[error("score off the scale")]
    ScoreOffScale,
    /// No organisation of the caller's area that the register knows.
    #[error("unknown office")]
    UnknownOffice,
    /// Not ahead, too far ahead, or outside office hours.
    #[error("slot not open")]
    SlotNotOpen,
    /// The first day comes after the last.
    #[error("days reversed")]
    DaysReversed,
    /// As many as may be are there at that time.
    #[error("slot full")]
    SlotFull,
    /// The time of the appointment has not come.
    #[error("appointment not begun")]
    AppointmentNotBegun,
    /// The time of the appointment is over.
    #[error("appointment over")]
    AppointmentOver,
    /// A collective matter needs somebody who speaks for the others (信访工作条例 20).
    #[error("no representative")]
    RepresentativeRequired,
    /// The organisation gave an opinion on this petition before (信访工作条例 35, 36).
    #[error("same reviewer")]
    SameReviewer,
    /// When the opinion was received is noted already.
    #[error("served already")]
    ServedAlready,
    /// It cannot have been received before it was given, nor after now.
    #[error("served out of order")]
    ServedOutOfOrder,
    /// Only staff may fill this in.
    #[error("{0}: staff only")]
    StaffOnly(&'static str),
    /// No party of the matter, or named twice.
    #[error("party {0}: not of the matter")]
    UnknownParty(usize),
    /// The person's time to ask for a review ended with this day.
    #[error("review window over since {0}")]
    ReviewWindowOver(NaiveDate),
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
            Refusal::ScreeningNotOpen(state) => {
                let (zh, en) = state.name();
                Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                    format!("苗头隐患当前状态:{zh}"),
                    format!("The hidden risk is {en}"),
                )
            }
            Refusal::UnknownCategory => {
                Self::new(&intake::UNKNOWN_SCREENING_CATEGORY).at("/category")
            }
            Refusal::UnknownSeverity => Self::new(&intake::UNKNOWN_SEVERITY).at("/severity"),
            Refusal::UnknownWriteOffReason => {
                Self::new(&intake::UNKNOWN_WRITE_OFF_REASON).at("/reason")
            }
            Refusal::UnknownRegion => Self::new(&common::INVALID_REGION).at("/region"),
            Refusal::RegionOutOfScope => Self::new(&common::REGION_OUT_OF_SCOPE).at("/region"),
            Refusal::UnknownSource => Self::new(&intake::UNKNOWN_SOURCE).at("/source"),
            Refusal::UnknownChannel => Self::new(&intake::UNKNOWN_CHANNEL).at("/channel"),
            Refusal::ChannelNeedsOperator => {
                Self::new(&intake::CHANNEL_NEEDS_OPERATOR).at("/channel")
            }
            Refusal::SourceNeedsOperator => {
                Self::new(&intake::SOURCE_NEEDS_OPERATOR).at("/source")
            }
            Refusal::PlaceCode => Self::new(&intake::PLACE_CODE_INVALID)
                .at("/place_code")
                .detail(
                    "解纷码渠道须填写点位编码:1 至 40 位字母、数字或连字符;其他渠道不填",
                    "On the channel of the dispute code, 1 to 40 letters, digits or hyphens; on any other, none",
                ),
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
            Refusal::UnknownMaterial(at) => {
                Self::new(&intake::UNKNOWN_MATERIAL).at(format!("/materials/{at}"))
            }
            Refusal::CorrectionAskedAlready => Self::new(&intake::CORRECTION_ASKED_ALREADY),
            Refusal::CaseNotFrom(status) => {
                let (zh, en) = status.name();
                Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                    format!("案件当前状态:{zh}"),
                    format!("The status of the case: {en}"),
                )
            }
            Refusal::UnknownReopenReason => Self::new(&intake::UNKNOWN_REOPEN_REASON).at("/reason"),
            Refusal::ReopenWindowOver(day) => Self::new(&intake::REOPEN_WINDOW_OVER).detail(
                format!("最后一日为 {day};纠纷复发的,可随时重新登记"),
                format!(
                    "The last day was {day}; a dispute that came back can be registered at any time"
                ),
            ),
            Refusal::ReopenWindowOpen(day) => Self::new(&intake::REOPEN_WINDOW_OPEN).detail(
                format!("可重启至 {day}"),
                format!("It can be opened again until {day}"),
            ),
            Refusal::CaseOfOtherClass => Self::new(&intake::CASE_OF_OTHER_CLASS).at("/into"),
            Refusal::Merged(leading) => Self::new(&intake::CASE_MERGED).detail(
                format!("请在主案 {leading} 中办理"),
                format!("The leading case is {leading}"),
            ),
            Refusal::LeadsOthers => Self::new(&intake::CASE_LEADS_OTHERS),
            Refusal::OtherAccountable => Self::new(&intake::OTHER_ACCOUNTABLE),
            Refusal::MergeWithItself => Self::new(&intake::MERGE_WITH_ITSELF).at("/into"),
            Refusal::MatterNotOfCase(at) => {
                Self::new(&intake::MATTER_NOT_OF_CASE).at(format!("/matters/{at}"))
            }
            Refusal::SplitTakesAll => Self::new(&intake::SPLIT_TAKES_ALL).at("/matters"),
            Refusal::LinkWithItself => Self::new(&intake::LINK_WITH_ITSELF).at("/matter_id"),
            Refusal::LinkedAlready => Self::new(&intake::LINKED_ALREADY),
            Refusal::LinkInEffect => Self::new(&intake::LINK_IN_EFFECT),
            Refusal::NotLinked => Self::new(&intake::NOT_LINKED),
            Refusal::UnknownDocument => Self::new(&intake::UNKNOWN_DOCUMENT).at("/kind"),
            Refusal::UnknownRetention => Self::new(&intake::UNKNOWN_RETENTION).at("/retention"),
            Refusal::FileIncomplete(missing) => missing.into_iter().fold(
                Self::new(&intake::FILE_INCOMPLETE),
                |problem, Named { code, name }| problem.error(field(&code, name.zh, name.en)),
            ),
            Refusal::PaperDiffers(differences) => differences.into_iter().fold(
                Self::new(&intake::PAPER_DIFFERS),
                |problem, difference| {
                    let (zh, en) = difference.texts();
                    let mut error = field("paper-differs", zh, en);
                    error.pointer = format!("/paper/{}", difference.at);
                    problem.error(error)
                },
            ),
            Refusal::TooManyRepresentatives(max) => Self::new(&intake::TOO_MANY_REPRESENTATIVES)
                .at("/parties")
                .detail(
                    format!("代表至多 {max} 名(信访工作条例第20条)"),
                    format!("At most {max} (信访工作条例 20)"),
                ),
            Refusal::NotARepresentative(party) => Self::new(&common::INVALID_BODY)
                .at(format!("/parties/{party}/representative"))
                .detail(
                    "代表应为自然人申请人",
                    "A representative is a natural person among the applicants",
                ),
            Refusal::NotAPetition => Self::new(&intake::NOT_A_PETITION),
            Refusal::UnknownWay => Self::new(&intake::UNKNOWN_PETITION_WAY).at("/way"),
            Refusal::WayNotOfKind => Self::new(&intake::PETITION_WAY_NOT_OF_KIND).at("/way"),
            Refusal::PetitionUndecided => Self::new(&intake::PETITION_UNDECIDED),
            Refusal::PetitionNotFrom(state) => {
                let (zh, en) = state.name();
                Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                    format!("信访事项当前状态:{zh}"),
                    format!("The petition is {en}"),
                )
            }
            Refusal::PetitionExtended => Self::new(&intake::PETITION_EXTENDED),
            Refusal::PetitionFinal => Self::new(&intake::PETITION_FINAL),
            Refusal::NotNow(state) => Self::new(&common::TRANSITION_NOT_ALLOWED)
                .detail(format!("当前状态:{state}"), format!("It is {state}")),
            Refusal::UnknownInquiryItem => Self::new(&intake::UNKNOWN_INQUIRY_ITEM).at("/item"),
            Refusal::ScoreOffScale => Self::new(&intake::RATING_OUT_OF_SCALE).at("/score"),
            Refusal::UnknownOffice => Self::new(&intake::UNKNOWN_OFFICE).at("/organisation_id"),
            Refusal::DaysReversed => Self::new(&common::INVALID_QUERY)
                .at("/from")
                .detail("起始日晚于结束日", "The first day comes after the last"),
            Refusal::SlotNotOpen => Self::new(&intake::SLOT_NOT_OPEN).at("/starts_at"),
            Refusal::SlotFull => Self::new(&intake::SLOT_FULL).at("/starts_at"),
            Refusal::AppointmentNotBegun => Self::new(&intake::APPOINTMENT_NOT_BEGUN),
            Refusal::StaffOnly(pointer) => Self::new(&common::INVALID_BODY)
                .at(pointer)
                .detail("只能由工作人员填写", "Only staff may fill this in"),
            Refusal::UnknownParty(party) => Self::new(&common::INVALID_BODY)
                .at(format!("/parties/{party}/id"))
                .detail(
                    "不是该诉求的当事人,或者重复",
                    "It is no party of the matter, or named twice",
                ),
            Refusal::AppointmentOver => Self::new(&intake::APPOINTMENT_OVER),
            Refusal::RepresentativeRequired => {
                Self::new(&intake::REPRESENTATIVE_REQUIRED).at("/parties")
            }
            Refusal::SameReviewer => Self::new(&intake::PETITION_SAME_REVIEWER),
            Refusal::ServedAlready => Self::new(&intake::PETITION_SERVED_ALREADY),
            Refusal::ServedOutOfOrder => {
                Self::new(&common::INVALID_DATE).at("/served_at").detail(
                    "不得早于出具意见之时,也不得晚于现在",
                    "Not before the opinion was given, and not after now",
                )
            }
            Refusal::ReviewWindowOver(day) => Self::new(&intake::REVIEW_WINDOW_OVER).detail(
                format!("最后一日为 {day}"),
                format!("The last day was {day}"),
            ),
        }
    }
}

/// One of several things that are missing or wrong.
fn field(code: &str, zh: String, en: String) -> FieldProblem {
    FieldProblem {
        pointer: String::new(),
        code: Some(code.to_owned()),
        detail_zh: zh,
        detail_en: en,
    }
}
