//! `GET /cases/{case_id}/dossier`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, RequestId},
    problems::common,
    questions::Dossier,
    region::RegionCode,
    roles::permission::DossierRead,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Federation, store};

/// The dossier of a case 卷宗, as another node sent it. Personal data.
#[derive(Serialize, ToSchema)]
pub struct DossierView {
    /// The request it came with.
    pub request_id: RequestId,
    /// The node it came from.
    pub from_node: RegionCode,
    /// When the request was signed for.
    pub received_at: DateTime<Utc>,
    /// The dossier.
    #[schema(value_type = Dossier)]
    pub dossier: serde_json::Value,
}

/// The dossier another node sent with a case; the newest when it came more than once. Only what this node has signed for.
#[utoipa::path(
    tag = "cases",
    operation_id = "get_dossier",
    params(("case_id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The dossier", body = DossierView), ProblemResponses),
    security(("bearer" = ["dossier.read"]))
)]
#[get("/cases/{case_id}/dossier")]
pub async fn get_dossier(
    state: Data<Federation>,
    permit: Permit<DossierRead>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    if !permit.scope().region.contains(state.db.node()) {
        return Err(Problem::new(&common::NOT_FOUND));
    }
    let mut conn = state.db.read().await?;
    let row = store::dossiers::of_case(&mut conn, *case_id).await?;
    Ok(Reply::ok(DossierView {
        request_id: row.request_id,
        from_node: row.from_node,
        received_at: row.received_at,
        dossier: row.body,
    }))
}
