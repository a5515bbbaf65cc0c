//! Removing the content of a file.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::AttachmentRemoved,
    ids::AttachmentId,
    problems::{common, intake},
    roles::permission::AttachmentManage,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list_attachments::AttachmentView;
use crate::{
    Intake,
    domain::{matter::MatterState, registration::text},
    store::{attachments, matters},
};

/// Why the content of a file is removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAttachment {
    /// The reason; it stays with the file's entry.
    pub reason: String,
}

/// Remove the content of a file before the matter is decided; its entry stays with the reason. An applicant removes only what
/// they handed in.
#[utoipa::path(
    tag = "attachments",
    params(("id" = AttachmentId, Path, description = "The file")),
    request_body = RemoveAttachment,
    responses((status = 200, description = "Removed", body = AttachmentView), ProblemResponses),
    security(("bearer" = ["attachment.manage"]))
)]
#[post("/attachments/{id}/remove")]
pub async fn remove_attachment(
    state: Data<Intake>,
    call: Call<AttachmentManage, RemoveAttachment>,
    id: Path<AttachmentId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let by = &call.principal.subject;
    let work = state.db.command(&call, "remove_attachment", async |tx| {
        let reason = call.body.reason.trim();
        text("/reason", reason, state.policy.limits().note_max)?;
        let found = attachments::load(tx.conn(), id, &scope).await?;
        attachments::lock(tx.conn(), found.matter_id).await?;
        // Read again under the lock: somebody else may have removed it meanwhile.
        let mut attachment = attachments::load(tx.conn(), id, &scope).await?;
        let matter = matters::load(tx.conn(), attachment.matter_id, &scope).await?;
        if scope.applicant.is_some() && attachment.added_by != *by {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        if matter.state != MatterState::Registered {
            return Err(Problem::new(&intake::ATTACHMENT_KEPT));
        }
        attachments::remove(tx, id, by, reason);
        let removed = AttachmentRemoved {
            attachment_id: id,
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            removed_at: tx.now(),
        };
        tx.publish(matter.case_id, &removed)?;
        attachment.removed_at = Some(tx.now());
        attachment.removed_reason = Some(reason.to_owned());
        Ok(Reply::ok(AttachmentView::of(attachment)))
    });
    let reply = work.await?;
    if let Ok(objects) = state.objects() {
        objects.remove(id).await;
    }
    Ok(reply)
}
