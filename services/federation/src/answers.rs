//! The questions the node's other services ask.

use chassis::{bus::Answers, http::Problem};
use contracts::questions::{Dossier, ReceivedDossier};

use crate::{Federation, store::dossiers};

/// Every question with its answer.
pub fn answers() -> Answers<Federation> {
    Answers::new().on::<ReceivedDossier>(received_dossier)
}

async fn received_dossier(
    state: &Federation,
    question: ReceivedDossier,
) -> Result<Dossier, Problem> {
    let mut conn = state.db.read().await?;
    let row = dossiers::of_request(&mut conn, question.request_id).await?;
    serde_json::from_value(row.body).map_err(Problem::unexpected)
}
