//! Adding a document to the file of a case.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply, Scope},
};
use contracts::{
    ids::{AttachmentId, CaseId},
    problems::common,
    roles::permission::CaseArchive,
};
use policy::PolicyPack;
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
    store::{attachments, case_acts, cases, files},
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
    /// The file of a matter of the case that holds it, if one does.
    pub attachment_id: Option<AttachmentId>,
}

/// A line of the index as the rules let it be; the attachment it names is one of the case, and its hash is kept with it.
///
/// # Errors
/// The first rule that is broken; `not-found` at the attachment.
pub async fn checked(
    tx: &mut Tx,
    policy: &PolicyPack,
    scope: &Scope,
    (case_id, position): (CaseId, i32),
    sent: &AddFileDocument,
    by: &str,
) -> Result<FileDocument, Problem> {
    let rules = &policy.intake().file;
    rules.document(&sent.kind).ok_or(Refusal::UnknownDocument)?;
    text("/title", &sent.title, policy.limits().title_max)?;
    range("/pages", i64::from(sent.pages), 1, rules.pages_max)?;
    let not_found = || Problem::new(&common::NOT_FOUND).at("/attachment_id");
    let sha256 = match sent.attachment_id {
        Some(id) => {
            let found = attachments::load(tx.conn(), id, scope).await;
            let found = found.map_err(|problem| match problem.code() {
                code if code == &common::NOT_FOUND => not_found(),
                _ => problem,
            })?;
            let matters = case_acts::matters_of(tx.conn(), case_id).await?;
            let of_case = matters.iter().any(|matter| matter.id == found.matter_id);
            if !of_case {
                return Err(not_found());
            }
            Some(found.sha256)
        }
        None => None,
    };
    Ok(FileDocument {
        case_id,
        position,
        kind: sent.kind.clone(),
        title: sent.title.trim().to_owned(),
        pages: sent.pages,
        added_by: by.to_owned(),
        added_at: tx.now(),
        attachment_id: sent.attachment_id,
        sha256,
    })
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
        let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
        let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let last = files::documents(tx.conn(), id).await?;
        let next = last.last().map_or(0, |document| document.position) + 1;
        let by = &call.principal.subject;
        let document = checked(tx, &state.policy, &scope, (id, next), &call.body, by).await?;
        case.check_file_open()?;
        range("/kind", i64::from(next), 1, rules.documents_max)?;
        files::add(tx, &document).await?;
        let view = FileView::load(tx.conn(), id, &state.policy).await?;
        Ok(Reply::created(format!("/intake/v1/cases/{id}/file"), view))
    });
    work.await
}
