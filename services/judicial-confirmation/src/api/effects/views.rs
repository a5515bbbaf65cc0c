//! What the operations answer.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    ids::{AgreementId, CaseId, EffectApplicationId, OrganisationId, PartyId},
    region::RegionCode,
};
use policy::sections::confirmation::Confirmation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::views::NamedCode,
    domain::effect::{EffectApplication, EffectState},
};

/// An application to give an agreement effect.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectApplicationView {
    /// The application.
    pub id: EffectApplicationId,
    /// Where it stands.
    pub state: EffectState,
    /// Which way.
    pub kind: NamedCode,
    /// The law it comes from; null when the policy pack has dropped the way.
    pub law: Option<String>,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where the agreement was made.
    pub region: RegionCode,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Who decides.
    pub body: OrganisationId,
    /// Those who applied.
    pub applicants: Vec<PartyId>,
    /// Why it was not taken on.
    pub note: Option<String>,
    /// What came of it.
    pub outcome: Option<NamedCode>,
    /// Whether the agreement can be enforced by it.
    pub enforceable: bool,
    /// Number of the paper.
    pub number: Option<String>,
    /// Its day.
    pub decided_on: Option<NaiveDate>,
    /// Since when it waits because the organisation that mediated suspects a sham (JC-09).
    pub suspended_at: Option<DateTime<Utc>>,
    /// The end of the time limit that runs now.
    pub due_at: Option<DateTime<Utc>>,
    /// Version, as in `ETag`.
    pub version: i64,
    /// When the first party applied.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl EffectApplicationView {
    /// The view, with the policy pack's texts.
    pub fn of(application: EffectApplication, confirmation: &Confirmation) -> Self {
        let route = confirmation.effect_route(&application.kind);
        let bare = |code: &str| NamedCode {
            code: code.to_owned(),
            zh: code.to_owned(),
            en: code.to_owned(),
        };
        let outcome = application.outcome.as_deref().map(|code| {
            let known = route.and_then(|route| route.outcome(code));
            known.map_or_else(|| bare(code), |known| NamedCode::of(code, &known.name))
        });
        Self {
            kind: route.map_or_else(
                || bare(&application.kind),
                |route| NamedCode::of(&route.code, &route.name),
            ),
            law: route.map(|route| route.law.clone()),
            outcome,
            id: application.id,
            state: application.state,
            agreement_id: application.agreement_id,
            case_id: application.case_id,
            region: application.region,
            organisation_id: application.organisation_id,
            body: application.body_id,
            applicants: application.applicant_ids,
            note: application.note,
            enforceable: application.enforceable,
            number: application.number,
            decided_on: application.decided_on,
            suspended_at: application.suspended_at,
            due_at: application.due_at,
            version: application.version,
            created_at: application.created_at,
            updated_at: application.updated_at,
        }
    }
}
