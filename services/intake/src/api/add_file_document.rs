//! Adding a document to the file of a case.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseArchive};
use serde::Deserialize;
use utoipa::ToSchema;

use super::file_views::FileView;
use crate::{
    Intake,
    domain::{
        Refusal,
        case_file::FileDocument,
        registration::{range, text},
    },
    store::{case_acts, cases, files},
};

/// A document for the index.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFileDocument {
    /// A code of the policy pack's list of documents.
    #[schema(examples("identity"))]
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its pages.
    #[schema(minimum = 1)]
    pub pages: i32,
}

/// Add a document to the index of a case's file 卷内目录, at its end. Not possible once the file is archived.
#[utoipa::path(
    tag = "files",
    params(("id" = CaseId, Path, description = "The case")),
    request_body = AddFileDocument,
    responses((status = 201, description = "The file", body = FileView), ProblemResponses),
    security(("bearer" = ["case.archive"]))
)]
#[post("/cases/{id}/file")]
pub async fn add_file_document(
    state: Data<Intake>,
    call: Call<CaseArchive, AddFileDocument>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "add_file_document", async |tx| {
        cases::load(tx.conn(), id, &scope).await?;
        let rules = &state.policy.intake().file;
        let AddFileDocument { kind, title, pages } = &call.body;
        rules.document(kind).ok_or(Refusal::UnknownDocument)?;
        text("/title", title, state.policy.limits().title_max)?;
        range("/pages", i64::from(*pages), 1, rules.pages_max)?;
        let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
        let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        case.check_file_open()?;
        let last = files::documents(tx.conn(), id).await?;
        let last = last.last().map_or(0, |document| document.position);
        range("/kind", i64::from(last) + 1, 1, rules.documents_max)?;
        let document = FileDocument {
            case_id: id,
            position: last + 1,
            kind: kind.clone(),
            title: title.trim().to_owned(),
            pages: *pages,
            added_by: call.principal.subject.clone(),
            added_at: tx.now(),
        };
        files::add(tx, &document).await?;
        let view = FileView::load(tx.conn(), id, &state.policy).await?;
        Ok(Reply::created(format!("/intake/v1/cases/{id}/file"), view))
    });
    work.await
}
