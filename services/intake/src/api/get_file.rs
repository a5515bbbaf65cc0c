//! The file of a case.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::FileRead};

use super::file_views::FileView;
use crate::{Intake, store::cases};

/// The file of a case 卷宗: its index, what is missing, and its number once it is archived.
#[utoipa::path(
    tag = "files",
    params(("id" = CaseId, Path, description = "The case")),
    responses((status = 200, description = "The file", body = FileView), ProblemResponses),
    security(("bearer" = ["file.read"]))
)]
#[get("/cases/{id}/file")]
pub async fn get_file(
    state: Data<Intake>,
    permit: Permit<FileRead>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let case = cases::load(&mut conn, *id, &permit.scope()).await?;
    Ok(Reply::ok(
        FileView::load(&mut conn, case.id, &state.policy).await?,
    ))
}
