//! `GET /cases/{case_id}`.

use anyhow::Result;
use contracts::{events::triage::RiskColour, ids::CaseId};
use serde_json::json;

use crate::support::{self, OTHER_COUNTY, satisfied};

#[tokio::test(flavor = "multi_thread")]
async fn an_open_case_shows_what_is_known() -> Result<()> {
    let known = support::open("neighbour", RiskColour::Yellow).await?;
    let token = known.service.role("evaluator");
    let answer = known.service.get(&known.path(), &token).await?;
    assert_eq!(answer.version(), Some(2));
    insta::assert_json_snapshot!(answer.expect(200)?, { ".case_id" => "[id]" });
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_sees_its_own_rating_and_no_notes() -> Result<()> {
    let known = support::performed_of("contract.debt", RiskColour::Red).await?;
    known.accounts().await?;
    known.complete(satisfied()).await?.expect(200)?;
    let path = format!("{}/rating", known.path());
    for party in &known.parties {
        let rating = json!({ "score": 4, "party_id": party, "comment": "还可以" });
        known
            .service
            .post(&path, &known.service.role("evaluator"), rating)
            .await?
            .expect(201)?;
    }
    let staff = known.view().await?;
    assert_eq!(staff["ratings"].as_array().unwrap().len(), 2);
    assert_eq!(staff["follow_ups"][0]["note"], "已电话回访");
    assert_eq!(staff["colour"], "red");

    let token = known.account("party")?;
    let view = known
        .service
        .get(&known.path(), &token)
        .await?
        .expect(200)?;
    let ratings = view["ratings"].as_array().unwrap();
    assert_eq!(ratings.len(), 1);
    assert_eq!(ratings[0]["party_id"], json!(known.parties[0]));
    assert!(view["colour"].is_null());
    assert!(view["follow_ups"][0]["note"].is_null());
    assert!(view["follow_ups"][0]["escalation_signs"].is_null());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_nothing_to_do_with_it_finds_nothing() -> Result<()> {
    let known = support::performed().await?;
    known.accounts().await?;
    let (service, path) = (&known.service, known.path());
    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let stranger = known.account("stranger")?;
    service
        .get(&path, &stranger)
        .await?
        .expect_problem(404, "not-found")?;
    service
        .get(&path, &service.role("leader"))
        .await?
        .expect_problem(403, "forbidden")?;
    let unknown = format!("/evaluation/v1/cases/{}", support::id::<CaseId>());
    let coordinator = service.role("coordinator");
    service
        .get(&unknown, &coordinator)
        .await?
        .expect_problem(404, "not-found")?;
    service
        .get("/evaluation/v1/cases/x", &coordinator)
        .await?
        .expect_problem(422, "invalid-id")?;
    Ok(())
}
