//! The questions other services ask: what was said, who takes part. The answers are personal data, which the asker reads
//! once and does not keep.

use chassis::{bus::Answers, http::Problem};
use contracts::questions::{
    CaseDossier, CaseParties, Dossier, MatterNarrative, NamedParty, Narrative, PartyOfSubject,
    PartyOfSubjectAnswer,
};

use crate::{
    Intake,
    store::{dossiers, matters, parties},
};

pub(crate) fn answers() -> Answers<Intake> {
    Answers::new()
        .on::<MatterNarrative>(matter_narrative)
        .on::<PartyOfSubject>(party_of_subject)
        .on::<CaseParties>(case_parties)
        .on::<CaseDossier>(case_dossier)
}

async fn matter_narrative(
    intake: &Intake,
    question: MatterNarrative,
) -> Result<Narrative, Problem> {
    let mut conn = intake.db.read().await?;
    let text = matters::narrative(&mut conn, question.matter_id).await?;
    Ok(Narrative { text })
}

async fn party_of_subject(
    intake: &Intake,
    question: PartyOfSubject,
) -> Result<PartyOfSubjectAnswer, Problem> {
    let mut conn = intake.db.read().await?;
    let party_id = parties::of_subject(&mut conn, question.case_id, &question.subject).await?;
    Ok(PartyOfSubjectAnswer { party_id })
}

async fn case_parties(intake: &Intake, question: CaseParties) -> Result<Vec<NamedParty>, Problem> {
    let mut conn = intake.db.read().await?;
    parties::of_case(&mut conn, question.case_id).await
}

async fn case_dossier(intake: &Intake, question: CaseDossier) -> Result<Dossier, Problem> {
    let mut conn = intake.db.read().await?;
    dossiers::of_case(&mut conn, question.case_id).await
}
