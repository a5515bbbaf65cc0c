//! The questions other services ask.

use anyhow::Result;
use contracts::{
    Service as Asker,
    ids::{CaseId, MatterId, TypedId as _},
    questions::{CaseParties, MatterNarrative, PartyOfSubject},
};

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn triage_hears_what_was_said_and_nobody_else() -> Result<()> {
    let service = Service::start().await?;
    let (matter_id, case_id) = registered(&service).await?;
    let question = MatterNarrative { matter_id };
    let answer = service.ask(Asker::Triage, &question).await?;
    assert_eq!(
        answer.map(|narrative| narrative.text).as_deref(),
        Ok("邻居家的空调外机整夜轰鸣，多次沟通无果")
    );
    let unknown = MatterNarrative {
        matter_id: MatterId::from_uuid(case_id.uuid()),
    };
    assert_eq!(
        service.ask(Asker::Triage, &unknown).await?.err().as_deref(),
        Some("not-found")
    );
    for asker in [Asker::Mediation, Asker::Reporting, Asker::Intake] {
        let answer = service.ask(asker, &question).await?;
        assert_eq!(answer.err().as_deref(), Some("forbidden"), "{asker}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_one_party_of_its_own_case() -> Result<()> {
    let service = Service::start().await?;
    let view = register(&service, dispute()).await?;
    let (_, case_id) = ids(&view)?;
    let (_, other_case) = ids(&register(
        &service,
        dispute_with("/parties/0/account_subject", "account-li".into()),
    )
    .await?)?;
    let ask = async |case_id: CaseId, subject: &str| {
        let question = PartyOfSubject {
            case_id,
            subject: subject.to_owned(),
        };
        let answer = service.ask(Asker::Mediation, &question).await?;
        anyhow::Ok(answer.map(|answer| answer.party_id.map(|id| id.to_string())))
    };
    let applicant = text(&view, "/parties/0/party_id")?.to_owned();
    assert_eq!(ask(case_id, "account-zhang").await?, Ok(Some(applicant)));
    assert_eq!(ask(case_id, "account-li").await?, Ok(None));
    assert_eq!(ask(other_case, "account-zhang").await?, Ok(None));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn names_go_to_those_who_write_documents() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = registered(&service).await?;
    let question = CaseParties { case_id };
    let parties = service.ask(Asker::JudicialConfirmation, &question).await?;
    let names = parties.map(|parties| {
        parties
            .into_iter()
            .map(|party| party.name)
            .collect::<Vec<_>>()
    });
    assert_eq!(names, Ok(vec!["张三".to_owned(), "某物业公司".to_owned()]));
    let refused = service.ask(Asker::Triage, &question).await?;
    assert_eq!(refused.err().as_deref(), Some("forbidden"));
    Ok(())
}
