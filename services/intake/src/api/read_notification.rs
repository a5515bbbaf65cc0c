//! A person read a message.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::NotificationId, roles::permission::NotificationAcknowledge};

use super::list_notifications::NotificationView;
use crate::{Intake, store::receipts};

/// Note that the caller read a message to them 已读. When they read it first stays.
#[utoipa::path(
    tag = "notifications",
    params(("id" = NotificationId, Path, description = "The message")),
    responses((status = 200, description = "The message", body = NotificationView), ProblemResponses),
    security(("bearer" = ["notification.acknowledge"]))
)]
#[post("/notifications/{id}/read")]
pub async fn read_notification(
    state: Data<Intake>,
    call: Call<NotificationAcknowledge, ()>,
    id: Path<NotificationId>,
) -> Result<Reply, Problem> {
    let id = id.into_inner();
    let work = state.db.command(&call, "read_notification", async |tx| {
        let subject = &call.principal.subject;
        let message = receipts::own(tx.conn(), id, subject).await?;
        receipts::note_read(tx, message.id).await?;
        let message = receipts::own(tx.conn(), id, subject).await?;
        Ok(Reply::ok(NotificationView::of(message)))
    });
    work.await
}
