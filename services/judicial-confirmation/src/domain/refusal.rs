//! Why a command is refused.

use chassis::http::{FieldProblem, Problem};
use chrono::NaiveDate;
use contracts::problems::{common, judicial_confirmation as codes};
use policy::{
    Text,
    sections::confirmation::{Excluded, Material},
};

use super::{application::ApplicationState, effect::EffectState};

/// Why a command is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The table has no such transition from this state.
    NotAllowed(ApplicationState),
    /// The table of the other ways to effect has no such transition from this state.
    EffectNotAllowed(EffectState),
    /// Not a party of the agreement.
    NotAParty,
    /// The party has applied already.
    AlreadyApplied,
    /// The law excludes the matter.
    Excluded(Box<Excluded>),
    /// The window closed with this day.
    WindowClosed(NaiveDate),
    /// No court of the register.
    UnknownCourt,
    /// The court does not have the application by this article; these do.
    WrongCourt(&'static str, Vec<Text>),
    /// The place that would give the court the application is not named.
    PlaceMissing,
    /// The papers must be signed by hand and come over the counter (电子签名法 3).
    PaperOriginalNeeded,
    /// Another way to effect is under way or has succeeded.
    EffectRouteTaken,
    /// The policy pack does not know this way to effect.
    UnknownEffectRoute,
    /// This way to effect is not open for the agreement: another type, no money, or not every party applies.
    EffectRouteNotOpen,
    /// Suspected of sham mediation.
    Suspended,
    /// The organisation that mediated suspects a sham, and has not cleared it.
    Suspected,
    /// Another agreement took its place, or the parties took another way.
    Voided,
    /// The parties have changed the agreement since it was applied for.
    Changed,
    /// The court did not hear all parties together.
    PartiesNotPresent,
    /// The court asks for nothing.
    NothingAsked,
    /// The court did not ask for the paper in this place.
    NotAskedFor(usize),
    /// These papers, or the statement, are still missing.
    SupplementIncomplete(Vec<Material>, bool),
    /// The policy pack does not know this way of questioning.
    UnknownWay,
    /// The one present in this place is no party.
    NotAPartyAt(usize),
    /// The questioning is of a day to come, or before the application.
    QuestioningDay,
    /// The receipt is of a day to come, or before the ruling.
    ReceiptDay,
    /// The party received the ruling before.
    AlreadyServed,
    /// The party has not received the ruling.
    NotServed,
    /// The third party knew only on a day to come.
    KnowledgeDay,
    /// The time for the objection ended with this day.
    ObjectionLate(NaiveDate),
    /// The decision is of a day to come, or before the ruling.
    DecisionDay,
    /// The policy pack does not know a recipient of the circular, or there is none.
    UnknownRecipient,
    /// Nothing is recorded as not performed, or enforcement was applied for.
    NothingDefaulted,
    /// The policy pack does not know this outcome, or it does not follow the one before.
    UnknownOutcome,
    /// The policy pack does not know what is said to give the court the case.
    UnknownCourtBasis,
    /// The policy pack does not know the paper in this place.
    UnknownMaterial(usize),
    /// These papers are missing.
    MaterialsMissing(Vec<Material>),
    /// The policy pack does not know the court's reason, or it is missing, or not used for this.
    UnknownReason,
    /// The ruling is of a day to come, or before the application.
    RulingDay,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAllowed(state) => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                format!("申请当前状态为 {state}"),
                format!("The application is in state {state}"),
            ),
            Refusal::EffectNotAllowed(state) => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                format!("申请当前状态为 {state}"),
                format!("The application is in state {state}"),
            ),
            Refusal::NotAParty => Self::new(&codes::NOT_A_PARTY).at("/party_id"),
            Refusal::AlreadyApplied => Self::new(&codes::ALREADY_APPLIED),
            Refusal::Excluded(excluded) => {
                let Excluded {
                    name, reason, law, ..
                } = *excluded;
                Self::new(&codes::EXCLUDED_MATTER)
                    .at("/agreement_id")
                    .detail(
                        format!("{}:{}({law})", name.zh, reason.zh),
                        format!("{}: {} ({law})", name.en, reason.en),
                    )
            }
            Refusal::WindowClosed(day) => Self::new(&codes::APPLICATION_WINDOW_CLOSED).detail(
                format!("共同申请的最后一日为 {day}(民事诉讼法 205、85)"),
                format!("The last day was {day} (Civil Procedure Law 205, 85)"),
            ),
            Refusal::UnknownCourt => Self::new(&codes::UNKNOWN_COURT).at("/court"),
            Refusal::WrongCourt(law, courts) => {
                let list = |one: fn(&Text) -> &str| courts.iter().map(one).collect::<Vec<_>>();
                let (zh, en) = (list(|name| &name.zh), list(|name| &name.en));
                Self::new(&codes::WRONG_COURT).at("/court").detail(
                    format!("依{law},有管辖权的法院:{}", zh.join("、")),
                    format!("By {law} these courts have it: {}", en.join(", ")),
                )
            }
            Refusal::PlaceMissing => Self::new(&common::INVALID_BODY).at("/place").detail(
                "请写明住所地或者标的物所在地的区划代码",
                "Name the region of the domicile or of the subject matter",
            ),
            Refusal::PaperOriginalNeeded => Self::new(&codes::PAPER_ORIGINAL_NEEDED).detail(
                "涉及婚姻、收养、继承等人身关系的文书不适用电子签名(电子签名法 3),请到窗口提交纸质原件",
                "Papers on personal relations cannot be signed electronically (Electronic Signature Law 3); hand in the paper original at the window",
            ),
            Refusal::EffectRouteTaken => Self::new(&codes::EFFECT_ROUTE_TAKEN),
            Refusal::UnknownEffectRoute => Self::new(&common::INVALID_BODY).at("/kind"),
            Refusal::EffectRouteNotOpen => Self::new(&codes::EFFECT_ROUTE_NOT_OPEN).at("/kind"),
            Refusal::Changed => Self::new(&codes::AGREEMENT_CHANGED).detail(
                "可以撤回后就变更后的协议重新申请",
                "Withdraw it, and apply for the agreement as it is now",
            ),
            Refusal::Suspended => Self::new(&codes::APPLICATION_SUSPENDED),
            Refusal::Suspected => Self::new(&codes::AGREEMENT_SUSPECTED),
            Refusal::Voided => Self::new(&codes::AGREEMENT_VOIDED),
            Refusal::PartiesNotPresent => Self::new(&codes::PARTIES_NOT_PRESENT).detail(
                "审查时应当通知双方当事人共同到场核实(民诉法解释 356)",
                "The court hears both parties together (SPC interpretation 356)",
            ),
            Refusal::NothingAsked => Self::new(&common::INVALID_BODY).at("/materials").detail(
                "请列明须补充的材料或者陈述",
                "List the papers or statements to be supplied",
            ),
            Refusal::NotAskedFor(place) => {
                Self::new(&codes::NOT_ASKED_FOR).at(format!("/materials/{place}"))
            }
            Refusal::SupplementIncomplete(missing, unanswered) => {
                let problem = Self::new(&codes::SUPPLEMENT_INCOMPLETE).at("/materials");
                let problem = name_missing(problem, missing);
                if unanswered {
                    problem.error(FieldProblem {
                        pointer: "/statement".to_owned(),
                        code: None,
                        detail_zh: "缺少补充陈述".to_owned(),
                        detail_en: "The statement is missing".to_owned(),
                    })
                } else {
                    problem
                }
            }
            Refusal::UnknownWay => Self::new(&common::INVALID_BODY).at("/way"),
            Refusal::NotAPartyAt(place) => {
                Self::new(&codes::NOT_A_PARTY).at(format!("/present/{place}"))
            }
            Refusal::QuestioningDay => day("/held_on", "申请", "the application"),
            Refusal::ReceiptDay => day("/received_on", "裁定", "the ruling"),
            Refusal::AlreadyServed => Self::new(&common::CONFLICT).at("/party_id").detail(
                "该当事人的送达已登记",
                "This party's receipt is recorded already",
            ),
            Refusal::NotServed => Self::new(&codes::RULING_NOT_SERVED),
            Refusal::KnowledgeDay => day("/knew_on", "裁定", "the ruling"),
            Refusal::ObjectionLate(last_day) => Self::new(&codes::OBJECTION_LATE).detail(
                format!("提出异议的最后一日为 {last_day}(民诉法解释 372)"),
                format!("The last day for an objection was {last_day} (SPC interpretation 372)"),
            ),
            Refusal::DecisionDay => day("/decided_on", "裁定", "the ruling"),
            Refusal::UnknownRecipient => Self::new(&common::INVALID_BODY).at("/recipients"),
            Refusal::NothingDefaulted => {
                Self::new(&codes::NOTHING_DEFAULTED).at("/obligation_ids")
            }
            Refusal::UnknownOutcome => Self::new(&common::INVALID_BODY).at("/outcome"),
            Refusal::UnknownCourtBasis => Self::new(&codes::UNKNOWN_COURT).at("/court_basis"),
            Refusal::UnknownMaterial(place) => Self::new(&common::INVALID_BODY)
                .at(format!("/materials/{place}"))
                .detail("不在材料清单之内", "This is not on the list of materials"),
            Refusal::MaterialsMissing(missing) => name_missing(
                Self::new(&codes::MATERIALS_MISSING).at("/materials"),
                missing,
            ),
            Refusal::UnknownReason => Self::new(&codes::UNKNOWN_COURT_REASON).at("/reason"),
            Refusal::RulingDay => day("/ruled_on", "申请", "the application"),
        }
    }
}

/// A problem that names every paper that is missing.
fn name_missing(problem: Problem, missing: Vec<Material>) -> Problem {
    missing.into_iter().fold(problem, |problem, material| {
        problem.error(FieldProblem {
            pointer: "/materials".to_owned(),
            code: Some(material.code),
            detail_zh: format!("缺少:{}", material.name.zh),
            detail_en: format!("Missing: {}", material.name.en),
        })
    })
}

/// A day that is to come, or before what it follows.
fn day(pointer: &'static str, zh: &str, en: &str) -> Problem {
    Problem::new(&common::INVALID_DATE).at(pointer).detail(
        format!("日期不得晚于今日,也不得早于{zh}之日"),
        format!("The day is not to come, nor before {en}"),
    )
}
