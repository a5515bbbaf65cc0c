//! What the operations answer.

use chassis::http::Scope;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::judicial_confirmation::RulingOutcome,
    ids::{AgreementId, ApplicationId, CaseId, OrganisationId, PartyId},
    region::RegionCode,
};
use policy::{Text, sections::confirmation::Confirmation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    aftermath::NOT_CONFIRMED,
    agreement::Agreement,
    application::{Applicant, Application, ApplicationState},
    course::Course,
    venue::Rightful,
};

/// A code with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedCode {
    /// Code of the policy pack.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
}

impl NamedCode {
    /// A code of the policy pack.
    pub fn of(code: &str, name: &Text) -> Self {
        Self {
            code: code.to_owned(),
            zh: name.zh.clone(),
            en: name.en.clone(),
        }
    }
}

/// Why the law excludes an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExclusionView {
    /// Code of the policy pack.
    pub code: String,
    /// The reason in Chinese.
    pub reason_zh: String,
    /// The reason in English.
    pub reason_en: String,
    /// The law article.
    pub law: String,
}

/// An agreement in effect, and whether its confirmation may be applied for now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmableAgreementView {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Its case.
    pub case_id: CaseId,
    /// Where it was made.
    pub region: RegionCode,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// The parties, all of whom must apply.
    pub party_ids: Vec<PartyId>,
    /// Amount in fen.
    pub amount_fen: i64,
    /// When it took effect.
    pub effective_at: DateTime<Utc>,
    /// Last day for the joint application, in China.
    pub last_day: NaiveDate,
    /// Whether that rests on a calendar year not announced yet.
    pub last_day_provisional: bool,
    /// Whether an application would be in time, is not excluded, no sham is suspected, and the agreement binds.
    pub open: bool,
    /// Whether another agreement took its place, or the parties took another way (人民调解法 33).
    pub voided: bool,
    /// Whether the organisation that mediated suspects a sham and has not cleared it (JC-09).
    pub suspected: bool,
    /// Why the law excludes it; null when it does not.
    pub exclusion: Option<ExclusionView>,
    /// The papers an application needs.
    pub materials: Vec<NamedCode>,
    /// What may give a court the case (民事诉讼法 205).
    pub court_bases: Vec<NamedCode>,
    /// The court that invited the organisation, which then alone has the application (民事诉讼法 205 (1)).
    pub inviting_court: Option<OrganisationId>,
    /// Number of its invitation.
    pub invitation_number: Option<String>,
    /// The other ways to give it effect.
    pub effect_routes: Vec<NamedCode>,
    /// What every applicant is told about sham mediation (民事诉讼法 115), in Chinese.
    pub warning_zh: String,
    /// The same in English.
    pub warning_en: String,
}

impl ConfirmableAgreementView {
    /// The view at `now`.
    pub fn of(
        agreement: Agreement,
        suspected: bool,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Self {
        let exclusion = agreement
            .exclusion(confirmation)
            .map(|excluded| ExclusionView {
                code: excluded.code.clone(),
                reason_zh: excluded.reason.zh.clone(),
                reason_en: excluded.reason.en.clone(),
                law: excluded.law.clone(),
            });
        let materials = confirmation.required_materials(&agreement.type_code);
        Self {
            open: exclusion.is_none()
                && !suspected
                && agreement.voided_at.is_none()
                && agreement.in_window(now),
            voided: agreement.voided_at.is_some(),
            suspected,
            exclusion,
            materials: materials.map(|m| NamedCode::of(&m.code, &m.name)).collect(),
            court_bases: confirmation
                .court_bases
                .iter()
                .map(|basis| NamedCode::of(&basis.code, &basis.name))
                .collect(),
            effect_routes: confirmation
                .effect_routes
                .iter()
                .filter(|route| route.is_for(&agreement.type_code))
                .filter(|route| !route.money_only || agreement.amount_fen > 0)
                .map(|route| NamedCode::of(&route.code, &route.name))
                .collect(),
            inviting_court: agreement.inviting_court_id,
            invitation_number: agreement.invitation_number,
            warning_zh: confirmation.sham_warning.zh.clone(),
            warning_en: confirmation.sham_warning.en.clone(),
            agreement_id: agreement.id,
            case_id: agreement.case_id,
            region: agreement.region,
            organisation_id: agreement.organisation_id,
            type_code: agreement.type_code,
            party_ids: agreement.party_ids,
            amount_fen: agreement.amount_fen,
            effective_at: agreement.effective_at,
            last_day: agreement.last_day,
            last_day_provisional: agreement.provisional,
        }
    }
}

/// A court that has an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct RightfulCourtView {
    /// The court, as an application names it.
    pub court: OrganisationId,
    /// Its code and name.
    pub name: NamedCode,
    /// What gives it the case, as an application names it.
    pub court_basis: NamedCode,
    /// The place that does; null for the inviting court.
    pub place: Option<RegionCode>,
    /// The law article.
    pub law: String,
}

impl RightfulCourtView {
    /// The view.
    pub fn of(rightful: &Rightful<'_>) -> Self {
        let (court, basis) = (rightful.court, rightful.basis);
        Self {
            court: court.id,
            name: NamedCode::of(&court.code, &court.name),
            court_basis: NamedCode::of(&basis.code, &basis.name),
            place: rightful.place,
            law: basis.law.clone(),
        }
    }
}

/// The court's ruling and what follows from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulingView {
    /// Valid or dismissed.
    pub outcome: RulingOutcome,
    /// Its number.
    pub ruling_number: String,
    /// Its day.
    pub ruled_on: NaiveDate,
    /// Whether the agreement can now be enforced.
    pub enforceable: bool,
    /// What follows, in Chinese.
    pub consequence_zh: String,
    /// What follows, in English.
    pub consequence_en: String,
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    /// The application.
    pub id: ApplicationId,
    /// Where it stands.
    pub state: ApplicationState,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where the agreement was made.
    pub region: RegionCode,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// The court asked.
    pub court: OrganisationId,
    /// What gives that court the case.
    pub court_basis: String,
    /// The place that does; null for the inviting court.
    pub court_place: Option<RegionCode>,
    /// The papers handed in.
    pub materials: Vec<String>,
    /// Who applied.
    pub applicants: Vec<Applicant>,
    /// The parties that have not applied yet.
    pub waiting_for: Vec<PartyId>,
    /// Last day for the joint application, in China.
    pub last_day: NaiveDate,
    /// Why the court refused or dismissed it.
    pub reason: Option<NamedCode>,
    /// The ruling.
    pub ruling: Option<RulingView>,
    /// What the parties can do when the court does not confirm (民事诉讼法 206).
    pub options: Vec<NamedCode>,
    /// What happened at the court.
    pub course: Course,
    /// The end of the time limit that runs now.
    pub due_at: Option<DateTime<Utc>>,
    /// Version, as in `ETag`.
    pub version: i64,
    /// When the first party applied.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl ApplicationView {
    /// The view, with the policy pack's texts. A circular is not for the parties.
    pub fn of(application: Application, confirmation: &Confirmation, scope: &Scope) -> Self {
        let not_confirmed = NOT_CONFIRMED.contains(&application.state);
        let mut course = application.course.0.clone();
        if scope.applicant.is_some() {
            course.circular = None;
        }
        let options = confirmation.options_after_dismissal.iter();
        Self {
            waiting_for: application.waiting_for().collect(),
            reason: application
                .reason
                .as_deref()
                .map(|code| reason(code, confirmation)),
            ruling: ruling(&application, confirmation),
            options: options
                .filter(|_| not_confirmed)
                .map(|option| NamedCode::of(&option.code, &option.name))
                .collect(),
            id: application.id,
            state: application.state,
            agreement_id: application.agreement_id,
            case_id: application.case_id,
            region: application.region,
            organisation_id: application.organisation_id,
            court: application.court_id,
            court_basis: application.court_basis,
            court_place: application.court_place,
            materials: application.materials,
            applicants: application.applicants.0,
            last_day: application.last_day,
            course,
            due_at: application.due_at,
            version: application.version,
            created_at: application.created_at,
            updated_at: application.updated_at,
        }
    }
}

/// A reason with its name; a later pack may have dropped the name.
fn reason(code: &str, confirmation: &Confirmation) -> NamedCode {
    let known = confirmation
        .refusal_reasons
        .iter()
        .find(|known| known.code == code);
    known.map_or_else(
        || NamedCode {
            code: code.to_owned(),
            zh: code.to_owned(),
            en: code.to_owned(),
        },
        |known| NamedCode::of(code, &known.name),
    )
}

fn ruling(application: &Application, confirmation: &Confirmation) -> Option<RulingView> {
    let outcome = match application.state {
        ApplicationState::Confirmed | ApplicationState::Objection => RulingOutcome::Valid,
        ApplicationState::Dismissed => RulingOutcome::Dismissed,
        _ => return None,
    };
    let meaning = confirmation.outcome(outcome)?;
    Some(RulingView {
        outcome,
        ruling_number: application.ruling_number.clone()?,
        ruled_on: application.ruled_on?,
        enforceable: meaning.enforceable,
        consequence_zh: meaning.consequence.zh.clone(),
        consequence_en: meaning.consequence.en.clone(),
    })
}
