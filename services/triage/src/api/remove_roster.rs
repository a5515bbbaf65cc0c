//! `POST /rosters/{id}/remove`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RosterEntryId, roles::permission::RosterManage};

use super::consultation_views::RosterEntryView;
use crate::{Triage, store};

/// Remove an entry of a duty roster: somebody else is on duty (TR-16). What was named by it stays.
#[utoipa::path(
    tag = "rosters",
    operation_id = "remove_roster",
    params(("id" = RosterEntryId, Path, description = "The entry")),
    responses((status = 200, description = "The entry that was removed", body = RosterEntryView), ProblemResponses),
    security(("bearer" = ["roster.manage"]))
)]
#[post("/rosters/{id}/remove")]
pub async fn remove_roster(
    state: Data<Triage>,
    call: Call<RosterManage, ()>,
    id: Path<RosterEntryId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    state
        .db
        .command(&call, "remove_roster", async |tx| {
            let removed = store::rosters::remove(tx.conn(), *id, &scope).await?;
            Ok(Reply::ok(RosterEntryView::from(removed)))
        })
        .await
}
