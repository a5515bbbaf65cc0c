//! `POST /cases/{id}/merge` and `POST /cases/{id}/split`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service as Asker,
    events::intake::{CaseMerged, CasePartiesChanged, CaseSplit, MatterAccepted},
    ids::CaseId,
    questions::{CaseParties, PartyOfSubject},
};
use serde_json::{Value, json};

use crate::support::*;

async fn post(
    service: &Service,
    case: CaseId,
    command: &str,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let path = format!("/intake/v1/cases/{case}/{command}");
    service
        .post(&path, &service.role("triage_officer"), body)
        .await
}

/// 张三 once more, against somebody else.
fn another() -> Value {
    dispute_with(
        "/parties/1",
        json!({ "side": "respondent", "kind": "natural_person", "name": "李四", "account_subject": "account-li" }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_case_is_closed_with_its_leading_case_and_stays_readable() -> Result<()> {
    let service = Service::start().await?;
    let (first, leading) = accepted(&service).await?;
    service.time.advance(Duration::hours(1));
    let (second, merged) = accepted_as(&service, another()).await?;
    let (_, open) = registered(&service).await?;
    let into = |case: CaseId| json!({ "into": case, "reason": "同一纠纷" });

    let refused = post(
        &service,
        merged,
        "merge",
        json!({ "into": leading, "reason": "" }),
    )
    .await?;
    refused.expect_problem(422, "text-required")?;
    let unknown: CaseId = service.time.id();
    let refused = post(&service, merged, "merge", into(unknown)).await?;
    assert_eq!(
        refused.expect_problem(404, "not-found")?["pointer"],
        "/into"
    );
    post(&service, merged, "merge", into(merged))
        .await?
        .expect_problem(422, "merge-with-itself")?;
    post(&service, open, "merge", into(leading))
        .await?
        .expect_problem(409, "transition-not-allowed")?;

    service.time.advance(Duration::hours(1));
    let view = post(&service, merged, "merge", into(leading))
        .await?
        .expect(200)?;
    assert_eq!(view["matters"], json!([first, second]));
    assert_eq!(view["leads"], json!([merged]));
    assert_eq!(view["status"], "accepted");
    post(&service, leading, "merge", into(open))
        .await?
        .expect_problem(409, "case-leads-others")?;
    post(&service, merged, "merge", into(leading))
        .await?
        .expect_problem(409, "case-merged")?;

    // Everybody takes part in the leading case, each once.
    let question = CaseParties { case_id: leading };
    let parties = service.ask(Asker::Mediation, &question).await?;
    let names: Vec<_> = parties
        .unwrap()
        .into_iter()
        .map(|party| party.name)
        .collect();
    assert_eq!(names, ["张三", "某物业公司", "李四"]);
    let question = PartyOfSubject {
        case_id: leading,
        subject: "account-li".to_owned(),
    };
    let party = service.ask(Asker::Mediation, &question).await?;
    assert!(party.unwrap().party_id.is_some());
    let told = service.published::<MatterAccepted>().await?;
    let told = told.last().unwrap();
    assert_eq!((told.matter_id, told.case_id), (second, leading));
    assert_eq!(
        (told.parties.len(), told.accepted_at),
        (3, service.time.now())
    );
    assert_eq!(
        service.published::<CaseMerged>().await?[0].into_case_id,
        leading
    );

    // 李四 reads both; one closing closes both.
    let li = service
        .token()
        .roles(["applicant"])
        .subject("account-li")
        .sign()?;
    for case in [leading, merged] {
        let path = format!("/intake/v1/cases/{case}");
        service.get(&path, &li).await?.expect(200)?;
    }
    assert_eq!(public(&service, merged).await?.0, "merged");
    service.time.advance(Duration::hours(1));
    close(&service, leading).await?;
    let (status, codes) = public(&service, merged).await?;
    assert_eq!(
        (status.as_str(), codes.join(" ").as_str()),
        ("closed", "registered accepted merged closed")
    );
    let refused = post(
        &service,
        merged,
        "split",
        json!({ "matters": [second], "reason": "x" }),
    )
    .await?;
    refused.expect_problem(409, "case-merged")?;
    let person = service.role("coordinator");
    let path = format!("/intake/v1/cases/{leading}/reopen");
    service.time.advance(Duration::hours(1));
    service
        .post(&path, &person, json!({ "reason": "objection" }))
        .await?
        .expect(200)?;
    assert_eq!(public(&service, merged).await?.0, "merged");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_makes_a_case_of_some_matters() -> Result<()> {
    let service = Service::start().await?;
    let (first, leading) = accepted(&service).await?;
    let (second, merged) = accepted_as(&service, another()).await?;
    post(
        &service,
        merged,
        "merge",
        json!({ "into": leading, "reason": "同一纠纷" }),
    )
    .await?
    .expect(200)?;
    for (matters, code) in [
        (json!([first, second]), "split-takes-all"),
        (json!([leading]), "matter-not-of-case"),
    ] {
        let body = json!({ "matters": matters, "reason": "各不相干" });
        post(&service, leading, "split", body)
            .await?
            .expect_problem(422, code)?;
    }
    service.time.advance(Duration::hours(1));
    let body = json!({ "matters": [second], "reason": "各不相干" });
    let answer = post(&service, leading, "split", body).await?;
    let view = answer.expect(201)?;
    let new: CaseId = text(&view, "/id")?.parse()?;
    assert_eq!(view["matters"], json!([second]));
    assert_eq!(
        public(&service, new).await?,
        ("accepted".to_owned(), vec!["split".to_owned()])
    );
    let (status, codes) = public(&service, leading).await?;
    assert_eq!(
        (status.as_str(), codes.join(" ").as_str()),
        ("accepted", "registered accepted joined split")
    );
    let question = CaseParties { case_id: new };
    let parties = service.ask(Asker::Mediation, &question).await?.unwrap();
    assert_eq!(parties.len(), 2);
    let told = service.published::<MatterAccepted>().await?;
    assert_eq!(told.last().unwrap().case_id, new);
    assert_eq!(service.published::<CaseSplit>().await?[0].new_case_id, new);
    // Who left with the matter no longer takes part in the rest.
    let changed = service.published::<CasePartiesChanged>().await?;
    assert_eq!((changed[0].case_id, changed[0].parties.len()), (leading, 2));
    Ok(())
}
