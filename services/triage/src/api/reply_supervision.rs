//! `POST /supervisions/{id}/reply`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::SupervisionId, roles::permission::SupervisionReply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::supervision_views::SupervisionView;
use crate::{Triage, domain::Supervision, store};

/// What the supervised say.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplySupervision {
    /// What was done, and what will be.
    pub reply: String,
}

/// Reply to a supervision order 回复督办, once.
///
/// The supervised organisation, or the centre when none had the case (`not-supervised` for a caller of the centre else).
#[utoipa::path(
    tag = "supervision",
    operation_id = "reply_supervision",
    params(("id" = SupervisionId, Path, description = "The supervision order")),
    request_body = ReplySupervision,
    responses((status = 200, description = "The supervision order", body = SupervisionView), ProblemResponses),
    security(("bearer" = ["supervision.reply"]))
)]
#[post("/supervisions/{id}/reply")]
pub async fn reply_supervision(
    state: Data<Triage>,
    call: Call<SupervisionReply, ReplySupervision>,
    id: Path<SupervisionId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "reply_supervision", async |tx| {
            let issued = store::supervisions::load(tx.conn(), *id, &scope).await?;
            call.check_version(issued.version)?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let (replied, event) =
                issued.reply(&call.body.reply, scope.organisation, by, policy, now)?;
            store::supervisions::update(tx.conn(), &replied).await?;
            tx.stop_clock(Supervision::reply_clock(replied.urgent), replied.id);
            tx.publish(replied.case_id, &event)?;
            let version = replied.version;
            Ok(Reply::ok(SupervisionView::from(replied)).version(version))
        })
        .await
}
