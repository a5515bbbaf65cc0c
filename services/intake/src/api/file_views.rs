//! How the file of a case is shown.

use chassis::http::Problem;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::ids::{AttachmentId, CaseId};
use diesel_async::AsyncPgConnection;
use policy::{PolicyPack, sections::Named};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::NamedCode;
use crate::{
    domain::case_file::{FileDocument, missing},
    store::files,
};

/// The file of a case.
#[derive(Serialize, ToSchema)]
pub struct FileView {
    /// The case.
    pub case_id: CaseId,
    /// 卷号, once it is archived.
    pub number: Option<String>,
    /// How long it is kept, once it is archived.
    pub retention: Option<NamedCode>,
    /// The last day it must be kept; null = for ever, or not archived yet.
    pub keep_until: Option<NaiveDate>,
    /// When it was archived.
    pub archived_at: Option<DateTime<Utc>>,
    /// The index 卷内目录.
    pub documents: Vec<FileDocumentView>,
    /// What must be in it and is not.
    pub missing: Vec<NamedCode>,
}

/// A document of the index.
#[derive(Serialize, ToSchema)]
pub struct FileDocumentView {
    /// Its place, from 1.
    pub position: i32,
    /// What it is.
    pub kind: NamedCode,
    /// Its title.
    pub title: String,
    /// Its pages.
    pub pages: i32,
    /// The file of a matter that holds it, if one does.
    pub attachment_id: Option<AttachmentId>,
    /// SHA-256 of that file's content, hexadecimal.
    pub sha256: Option<String>,
}

impl FileView {
    /// The file of a case the caller was found to see.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn load(
        conn: &mut AsyncPgConnection,
        case_id: CaseId,
        policy: &PolicyPack,
    ) -> Result<Self, Problem> {
        let rules = &policy.intake().file;
        let documents = files::documents(conn, case_id).await?;
        let archived = files::find(conn, case_id).await?;
        let agreed = files::agreed(conn, case_id).await?;
        let named = |known: Named| NamedCode::of(known.code.clone(), Some(&known));
        let missing = missing(&documents, rules, agreed);
        let document = |document: FileDocument| FileDocumentView {
            position: document.position,
            kind: {
                let known = rules.document(&document.kind).map(|known| Named {
                    code: known.code.clone(),
                    name: known.name.clone(),
                });
                NamedCode::of(document.kind, known.as_ref())
            },
            title: document.title,
            pages: document.pages,
            attachment_id: document.attachment_id,
            sha256: document.sha256,
        };
        let retention = archived.as_ref().map(|file| {
            let known = rules.retention_class(&file.retention).map(|known| Named {
                code: known.code.clone(),
                name: known.name.clone(),
            });
            NamedCode::of(file.retention.clone(), known.as_ref())
        });
        Ok(Self {
            case_id,
            keep_until: archived.as_ref().and_then(|file| file.keep_until),
            archived_at: archived.as_ref().map(|file| file.archived_at),
            number: archived.map(|file| file.number),
            retention,
            documents: documents.into_iter().map(document).collect(),
            missing: missing.into_iter().map(named).collect(),
        })
    }
}
