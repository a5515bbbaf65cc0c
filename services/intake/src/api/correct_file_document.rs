//! Putting a line of a file's index right.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseArchive};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    add_file_document::{AddFileDocument, checked},
    file_views::FileView,
};
use crate::{
    Intake,
    domain::registration::range,
    store::{case_acts, cases, files},
};

/// A line as it is right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectFileDocument {
    /// Its place, from 1.
    #[schema(minimum = 1)]
    pub position: i32,
    /// What it says from now on.
    pub document: AddFileDocument,
}

/// Put a line of the index of a case's file right. Not possible once the file is archived.
#[utoipa::path(
    tag = "files",
    params(("id" = CaseId, Path, description = "The case")),
    request_body = CorrectFileDocument,
    responses((status = 200, description = "The file", body = FileView), ProblemResponses),
    security(("bearer" = ["case.archive"]))
)]
#[post("/cases/{id}/file/correct")]
pub async fn correct_file_document(
    state: Data<Intake>,
    call: Call<CaseArchive, CorrectFileDocument>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state
        .db
        .command(&call, "correct_file_document", async |tx| {
            cases::load(tx.conn(), id, &scope).await?;
            let CorrectFileDocument { position, document } = &call.body;
            let by = &call.principal.subject;
            let document =
                checked(tx, &state.policy, &scope, (id, *position), document, by).await?;
            let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
            let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
            case.check_file_open()?;
            let last = files::documents(tx.conn(), id).await?;
            let last = last.last().map_or(0, |document| document.position);
            range("/position", i64::from(*position), 1, i64::from(last))?;
            files::replace(tx, &document).await?;
            Ok(Reply::ok(
                FileView::load(tx.conn(), id, &state.policy).await?,
            ))
        });
    work.await
}
