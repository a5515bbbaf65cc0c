//! The questions other services ask: who mediated may not visit the parties afterwards (transition 27); a case that is being mediated
//! is not handed over to another node.

use chassis::{bus::Answers, http::Problem};
use contracts::questions::{CaseMediated, CaseMediatedAnswer, IsMediatorOf, IsMediatorOfAnswer};

use crate::{
    Mediation,
    store::{mediators, proceedings},
};

pub(crate) fn answers() -> Answers<Mediation> {
    Answers::new()
        .on::<IsMediatorOf>(is_mediator_of)
        .on::<CaseMediated>(case_mediated)
}

async fn is_mediator_of(
    mediation: &Mediation,
    question: IsMediatorOf,
) -> Result<IsMediatorOfAnswer, Problem> {
    let mut conn = mediation.db.read().await?;
    let is_mediator = mediators::mediates(&mut conn, question.case_id, &question.subject).await?;
    Ok(IsMediatorOfAnswer { is_mediator })
}

async fn case_mediated(
    mediation: &Mediation,
    question: CaseMediated,
) -> Result<CaseMediatedAnswer, Problem> {
    let mut conn = mediation.db.read().await?;
    let mediated = proceedings::is_open(&mut conn, question.case_id).await?;
    Ok(CaseMediatedAnswer { mediated })
}
