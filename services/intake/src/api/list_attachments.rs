//! The files of a matter.

use actix_web::get;
use chassis::http::{Data, PageOf, Path, Permit, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::PartySide,
    ids::{AttachmentId, MatterId},
    roles::permission::MatterRead,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Intake,
    domain::attachment::Visibility,
    store::{
        attachments::{self, Attachment},
        matters,
    },
};

/// A file of a matter.
#[derive(Serialize, ToSchema)]
pub struct AttachmentView {
    /// The file.
    pub id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// What it is: a code of the policy pack's list of documents of a file.
    pub kind: Option<String>,
    /// Whose it is; null = staff's own.
    pub side: Option<PartySide>,
    /// Who of the parties may read it.
    pub visibility: Visibility,
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// When it was handed in.
    pub added_at: DateTime<Utc>,
    /// When its content was removed.
    pub removed_at: Option<DateTime<Utc>>,
    /// Why.
    pub removed_reason: Option<String>,
}

impl AttachmentView {
    /// The view of a file.
    pub fn of(attachment: Attachment) -> Self {
        Self {
            id: attachment.id,
            matter_id: attachment.matter_id,
            kind: attachment.kind,
            side: attachment.side,
            visibility: attachment.visibility,
            name: attachment.name,
            media_type: attachment.media_type,
            bytes: attachment.bytes,
            sha256: attachment.sha256,
            added_at: attachment.added_at,
            removed_at: attachment.removed_at,
            removed_reason: attachment.removed_reason,
        }
    }
}

/// The files of a matter in the order they came, all on one page; also those whose content was removed, and why. A person sees
/// those of their side and those that are for all parties.
#[utoipa::path(
    tag = "attachments",
    params(("id" = MatterId, Path, description = "The matter")),
    responses((status = 200, description = "The files", body = PageOf<AttachmentView>), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/matters/{id}/attachments")]
pub async fn list_attachments(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let scope = permit.scope();
    let matter = matters::load(&mut conn, *id, &scope).await?;
    let rows = attachments::list(&mut conn, matter.id, &scope).await?;
    Ok(Reply::ok(PageOf::<AttachmentView> {
        items: rows.into_iter().map(AttachmentView::of).collect(),
        next_cursor: None,
    }))
}
