//! One proceeding.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingRead};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::{AgreementView, FactsView, ProceedingView, ReportsView, SessionView};
use crate::{
    Mediation,
    store::{agreements, proceedings, records, sessions},
};

/// A proceeding with its sessions and its agreement.
#[derive(Serialize, ToSchema)]
pub struct ProceedingDetail {
    /// The proceeding.
    #[serde(flatten)]
    pub proceeding: ProceedingView,
    /// Its sessions, the earliest first.
    pub sessions: Vec<SessionView>,
    /// Its agreement, from the first draft on.
    pub agreement: Option<AgreementView>,
    /// The facts nobody disputes, once they are written down.
    pub undisputed_facts: Option<FactsView>,
    /// What was reported; null for the parties.
    pub reports: Option<ReportsView>,
}

/// A proceeding: the parties' answers, the mediators, the sessions, the agreement. The records of the sessions are only for
/// the organisation that mediates.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    responses((status = 200, description = "The proceeding", body = ProceedingDetail), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/proceedings/{id}")]
pub async fn get_proceeding(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let proceeding = proceedings::read(&mut *state.db.read().await?, *id, &scope).await?;
    state.bus.own_party(&scope, proceeding.case_id).await?;
    let mut conn = state.db.read().await?;
    let sessions = sessions::of_proceeding(&mut conn, *id).await?.into_iter();
    let agreement = match proceeding.agreement_id {
        Some(agreement_id) => Some(agreements::read(&mut conn, agreement_id, &scope).await?),
        None => None,
    };
    let facts = records::facts(&mut conn, *id).await?;
    let staff = scope.applicant.is_none();
    let reports = staff.then(|| ReportsView::from(&proceeding.course.0));
    let (version, mediates) = (proceeding.version, scope.organisation.is_some());
    let detail = ProceedingDetail {
        proceeding: proceeding.into(),
        sessions: sessions
            .map(|session| SessionView::of(session, mediates))
            .collect(),
        agreement: agreement.map(AgreementView::from),
        undisputed_facts: facts.map(FactsView::from),
        reports,
    };
    Ok(Reply::ok(detail).version(version))
}
