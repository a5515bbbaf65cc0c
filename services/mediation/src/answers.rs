//! The question other services ask: who mediated may not visit the parties afterwards (transition 27).

use chassis::{bus::Answers, http::Problem};
use contracts::questions::{IsMediatorOf, IsMediatorOfAnswer};

use crate::{Mediation, store::mediators};

pub(crate) fn answers() -> Answers<Mediation> {
    Answers::new().on::<IsMediatorOf>(is_mediator_of)
}

async fn is_mediator_of(
    mediation: &Mediation,
    question: IsMediatorOf,
) -> Result<IsMediatorOfAnswer, Problem> {
    let mut conn = mediation.db.read().await?;
    let is_mediator = mediators::mediates(&mut conn, question.case_id, &question.subject).await?;
    Ok(IsMediatorOfAnswer { is_mediator })
}
