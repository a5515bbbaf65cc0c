//! Tell the parties what remains.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationTell};

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock};

/// The organisation that mediated has told the parties what remains 告知其他途径 after the court did not confirm: change the
/// agreement, mediate again, sue (transition 23; 民事诉讼法 206). Within 3 working days.
#[utoipa::path(
    tag = "applications", operation_id = "tell_options",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.tell"]))
)]
#[post("/applications/{id}/tell-options")]
pub async fn tell_options(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationTell, ()>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let whose = (*id, Whose::Seen);
    change(
        &state,
        &call,
        whose,
        "tell_options",
        async |tx, application| {
            let (application, event) = application.tell_options(tx.now())?;
            tx.stop_clock(clock::TELL_OPTIONS, *id);
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
