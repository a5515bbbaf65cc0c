//! Sending a message again.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::NotificationId, problems::intake, roles::permission::NotificationRetry};

use super::list_notifications::NotificationView;
use crate::{Intake, store::notifications};

/// Send a message again that no gateway took in all attempts.
#[utoipa::path(
    tag = "notifications",
    params(("id" = NotificationId, Path, description = "The message")),
    responses((status = 200, description = "It is sent again", body = NotificationView), ProblemResponses),
    security(("bearer" = ["notification.retry"]))
)]
#[post("/notifications/{id}/retry")]
pub async fn retry_notification(
    state: Data<Intake>,
    call: Call<NotificationRetry, ()>,
    id: Path<NotificationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "retry_notification", async |tx| {
        notifications::load(tx.conn(), id, &scope).await?;
        if !notifications::retry(tx, id).await? {
            return Err(Problem::new(&intake::NOTIFICATION_NOT_FAILED));
        }
        let message = notifications::load(tx.conn(), id, &scope).await?;
        Ok(Reply::ok(NotificationView::of(message)))
    });
    work.await
}
