//! What became of a message that a gateway took.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::NotificationFailed, ids::NotificationId, roles::permission::NotificationReceipt,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Intake,
    domain::{
        notification::{NotificationState, Outcome},
        registration::text,
    },
    store::{notifications::Notification, receipts},
};

/// What became of a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Whether it arrived.
    pub received: bool,
    /// The operator's code of why it did not; never a number or a name.
    pub failure: Option<String>,
}

/// How a message stands.
#[derive(Serialize, ToSchema)]
pub struct ReceiptView {
    /// The message.
    pub id: NotificationId,
    /// How it stands.
    pub state: NotificationState,
    /// When it was said that it arrived.
    pub received_at: Option<DateTime<Utc>>,
}

impl ReceiptView {
    fn of(message: &Notification) -> Self {
        Self {
            id: message.id,
            state: message.state,
            received_at: message.received_at,
        }
    }
}

/// Note what became of a message that a gateway took 回执: it arrived, or it did not and has failed; then it can be sent again. A
/// gateway may say the same twice.
#[utoipa::path(
    tag = "notifications",
    params(("id" = NotificationId, Path, description = "The message, by the id the gateway was sent")),
    request_body = Receipt,
    responses((status = 200, description = "Noted", body = ReceiptView), ProblemResponses),
    security(("bearer" = ["notification.receipt"]))
)]
#[post("/notifications/{id}/receipt")]
pub async fn note_receipt(
    state: Data<Intake>,
    call: Call<NotificationReceipt, Receipt>,
    id: Path<NotificationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "note_receipt", async |tx| {
        let Receipt { received, failure } = &call.body;
        if let Some(failure) = failure {
            text("/failure", failure, state.policy.limits().code_max)?;
        }
        let message = receipts::lock(tx, id, &scope).await?;
        let outcome = Outcome::of(&message.standing(), *received)?;
        match outcome {
            Outcome::Known => {}
            Outcome::Arrived => receipts::note_received(tx, id).await?,
            Outcome::Failed => {
                let failure = failure.as_deref().unwrap_or("not received");
                receipts::note_not_received(tx, id, failure).await?;
                let failed = NotificationFailed {
                    notification_id: id,
                    case_id: message.case_id,
                    channel: message.channel,
                    template: message.template,
                    failed_at: tx.now(),
                };
                tx.publish(message.case_id, &failed)?;
            }
        }
        let message = receipts::lock(tx, id, &scope).await?;
        Ok(Reply::ok(ReceiptView::of(&message)))
    });
    work.await
}
