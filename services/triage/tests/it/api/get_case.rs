//! `GET /cases/{case_id}`.

use anyhow::Result;
use contracts::ids::TypedId as _;

use crate::support::{self, COUNTY, OTHER_COUNTY};

fn path(case_id: impl std::fmt::Display) -> String {
    format!("/triage/v1/cases/{case_id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_proposal_decision_and_orders() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order_id, _) = support::order(&service).await?;
    let token = service.role("centre_director");
    let answer = service.get(&path(case_id), &token).await?;
    assert_eq!(answer.version(), Some(3));
    let view = answer.expect(200)?;
    assert_eq!(view["decision"]["route"], "peoples_mediation");
    assert_eq!(view["orders"][0]["id"], order_id);
    insta::assert_json_snapshot!(view, {
        ".case_id" => "[id]", ".matter_id" => "[id]",
        ".proposal.id" => "[id]", ".proposal.policy_version" => "[version]",
        ".proposal.reasons" => "[reasons]", ".proposal.scores" => "[scores]",
        ".orders" => "[orders]",
    });
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_see_the_cases_they_were_given() -> Result<()> {
    let service = support::start().await?;
    let (case_id, _, organisation) = support::order(&service).await?;
    let undispatched = support::decided_case(&service).await?;
    let other = support::organisation(&service, COUNTY).await?;
    for role in ["organisation_officer", "mediator"] {
        let own = service.role_in(role, organisation);
        service.get(&path(case_id), &own).await?.expect(200)?;
        let stranger = service.role_in(role, other);
        for (case_id, token) in [(case_id, &stranger), (undispatched, &own)] {
            let answer = service.get(&path(case_id), token).await?;
            answer.expect_problem(404, "not-found")?;
        }
        let elsewhere = service.token().roles([role]).region(OTHER_COUNTY);
        let elsewhere = elsewhere.organisation(organisation.uuid()).sign()?;
        let answer = service.get(&path(case_id), &elsewhere).await?;
        answer.expect_problem(404, "not-found")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn is_limited_to_the_region_and_to_roles_of_triage() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let officer = service.token().roles(["triage_officer"]);
    let own = officer.region(COUNTY).sign()?;
    service.get(&path(case_id), &own).await?.expect(200)?;
    let officer = service.token().roles(["triage_officer"]);
    let elsewhere = officer.region(OTHER_COUNTY).sign()?;
    let answer = service.get(&path(case_id), &elsewhere).await?;
    answer.expect_problem(404, "not-found")?;
    for role in ["applicant", "window_clerk", "leader"] {
        let answer = service.get(&path(case_id), &service.role(role)).await?;
        answer.expect_problem(403, "forbidden")?;
    }
    let answer = service.get(&path("no-id"), &own).await?;
    answer.expect_problem(422, "invalid-id")?;
    Ok(())
}
