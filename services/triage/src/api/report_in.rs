//! `POST /consultations/{id}/report-in`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ConsultationId, problems::common, roles::permission::ConsultationReportIn};

use super::consultation_views::ConsultationView;
use crate::{Triage, domain::Consultation, store};

/// Report in as a department that was called 报到 (transition 15; TR-06), once.
#[utoipa::path(
    tag = "consultations",
    operation_id = "report_in",
    params(("id" = ConsultationId, Path, description = "The consultation")),
    responses((status = 200, description = "The consultation", body = ConsultationView), ProblemResponses),
    security(("bearer" = ["consultation.report_in"]))
)]
#[post("/consultations/{id}/report-in")]
pub async fn report_in(
    state: Data<Triage>,
    call: Call<ConsultationReportIn, ()>,
    id: Path<ConsultationId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    state
        .db
        .command(&call, "report_in", async |tx| {
            let consultation = store::consultations::load(tx.conn(), *id, &scope).await?;
            call.check_version(consultation.version)?;
            let calls = store::consultations::calls(tx.conn(), *id).await?;
            let own = calls
                .iter()
                .find(|one| Some(one.organisation_id) == scope.organisation)
                .ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let (consultation, reported, event) = consultation.report_in(own, by, now)?;
            store::consultations::update(tx.conn(), &consultation).await?;
            store::consultations::update_call(tx.conn(), &reported).await?;
            tx.stop_clock(
                Consultation::report_in_clock(consultation.urgent),
                reported.id,
            );
            tx.publish(consultation.case_id, &event)?;
            let version = consultation.version;
            let calls = store::consultations::calls(tx.conn(), *id).await?;
            Ok(Reply::ok(ConsultationView::of(consultation, calls)).version(version))
        })
        .await
}
