//! Why a command is refused.

use chassis::http::{FieldProblem, Problem};
use chrono::NaiveDate;
use contracts::problems::{common, judicial_confirmation as codes};
use policy::sections::confirmation::{Excluded, Material};

use super::application::ApplicationState;

/// Why a command is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The table has no such transition from this state.
    NotAllowed(ApplicationState),
    /// Not a party of the agreement.
    NotAParty,
    /// The party has applied already.
    AlreadyApplied,
    /// The law excludes the matter.
    Excluded(Box<Excluded>),
    /// The window closed with this day.
    WindowClosed(NaiveDate),
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
            Refusal::UnknownCourtBasis => Self::new(&codes::UNKNOWN_COURT).at("/court_basis"),
            Refusal::UnknownMaterial(place) => Self::new(&common::INVALID_BODY)
                .at(format!("/materials/{place}"))
                .detail("不在材料清单之内", "This is not on the list of materials"),
            Refusal::MaterialsMissing(missing) => missing.into_iter().fold(
                Self::new(&codes::MATERIALS_MISSING).at("/materials"),
                |problem, material| {
                    problem.error(FieldProblem {
                        pointer: "/materials".to_owned(),
                        code: Some(material.code),
                        detail_zh: format!("缺少:{}", material.name.zh),
                        detail_en: format!("Missing: {}", material.name.en),
                    })
                },
            ),
            Refusal::UnknownReason => Self::new(&codes::UNKNOWN_COURT_REASON).at("/reason"),
            Refusal::RulingDay => Self::new(&common::INVALID_DATE).at("/ruled_on").detail(
                "裁定日期不得晚于今日,也不得早于申请之日",
                "A ruling is not of a day to come, nor before the application",
            ),
        }
    }
}
