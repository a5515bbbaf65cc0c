//! The risk colour follows what happens; persons raise and lower it.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        mediation::{PoliceReported, SupportReferred},
        triage::RiskChanged,
    },
    ids::{CaseId, OrganisationId},
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

async fn change(
    service: &Triaging,
    (case_id, way): (CaseId, &str),
    token: &str,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let path = format!("/triage/v1/cases/{case_id}/{way}");
    service.post(&path, token, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mediation_reports_raises_it_and_a_coordinator_lowers_it() -> Result<()> {
    let service = support::start().await?;
    let (case_id, ..) = support::order(&service).await?;
    assert_eq!(support::view(&service, case_id).await?["colour"], "blue");
    let now = service.time.now();
    let referred = SupportReferred {
        proceeding_id: support::id(),
        case_id,
        kind: "psychological".to_owned(),
        referred_at: now,
    };
    service
        .publish(Service::Mediation, case_id, &referred)
        .await?;
    service.settle().await?;
    assert_eq!(support::view(&service, case_id).await?["colour"], "orange");
    let mut reported = PoliceReported {
        proceeding_id: support::id(),
        case_id,
        region: COUNTY.parse()?,
        ground: "escalation".to_owned(),
        reported_at: now,
    };
    for case in [case_id, support::id()] {
        reported.case_id = case;
        service.publish(Service::Mediation, case, &reported).await?;
    }
    service.settle().await?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["colour"], "red");
    assert_eq!(view["decision"]["colour"], "blue", "as it was decided");
    assert_eq!(view["colour_changes"][1]["rule"], "police");
    let list = service
        .get("/triage/v1/cases", &service.role("coordinator"))
        .await?
        .expect(200)?;
    assert_eq!(list["items"][0]["colour"], "red");

    let lower = json!({ "colour": "yellow", "reason": "双方已平静" });
    let officer = service.role("triage_officer");
    let answer = change(&service, (case_id, "lower-risk"), &officer, lower.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = change(&service, (case_id, "lower-risk"), &elsewhere, lower.clone()).await?;
    answer.expect_problem(404, "not-found")?;
    let coordinator = service.role("coordinator");
    for (colour, reason, status, code) in [
        ("red", "由", 409, "colour-not-lower"),
        ("blue", " ", 422, "text-required"),
    ] {
        let body = json!({ "colour": colour, "reason": reason });
        let answer = change(&service, (case_id, "lower-risk"), &coordinator, body).await?;
        answer.expect_problem(status, code)?;
    }
    assert_eq!(support::view(&service, case_id).await?["colour"], "red");
    let lowered = change(&service, (case_id, "lower-risk"), &coordinator, lower)
        .await?
        .expect(200)?;
    assert_eq!(
        (&lowered["was"], &lowered["colour"]),
        (&json!("red"), &json!("yellow"))
    );
    let told = service.published::<RiskChanged>().await?;
    let rules: Vec<_> = told.iter().map(|event| event.rule.as_deref()).collect();
    assert_eq!(rules, [Some("support"), Some("police"), None]);
    assert!(!serde_json::to_string(&service.events().await?)?.contains("平静"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_works_on_a_case_raises_it() -> Result<()> {
    let service = support::start().await?;
    let (case_id, _, host) = support::order(&service).await?;
    let own = service.role_in("organisation_officer", host);
    let raise = json!({ "colour": "orange", "reason": "扬言报复" });
    let stranger = service.role_in("organisation_officer", support::id::<OrganisationId>());
    let answer = change(&service, (case_id, "raise-risk"), &stranger, raise.clone()).await?;
    answer.expect_problem(404, "not-found")?;
    let clerk = service.role("window_clerk");
    let answer = change(&service, (case_id, "raise-risk"), &clerk, raise.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    change(&service, (case_id, "raise-risk"), &own, raise.clone())
        .await?
        .expect(200)?;
    let answer = change(&service, (case_id, "raise-risk"), &own, raise).await?;
    answer.expect_problem(409, "colour-not-higher")?;
    // Now one department is enough for a consultation; none is not.
    let nobody = json!({ "purpose": "防止激化", "departments": [] });
    let path = format!("/triage/v1/cases/{case_id}/consultations");
    let centre = service.role("coordinator");
    let answer = service.post(&path, &centre, nobody).await?;
    answer.expect_problem(409, "consultation-not-needed")?;
    let body =
        json!({ "purpose": "防止激化", "departments": [{ "organisation": host, "duty": "到场" }] });
    service.post(&path, &centre, body).await?.expect(201)?;
    assert_eq!(service.published::<RiskChanged>().await?.len(), 1);
    Ok(())
}
