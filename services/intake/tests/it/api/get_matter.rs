//! `GET /matters/{id}`.

use anyhow::Result;
use serde_json::json;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn shows_a_matter_to_those_who_may_see_it() -> Result<()> {
    let service = Service::start().await?;
    let office = service.role_in("window_clerk", organisation());
    let view = service
        .post("/intake/v1/matters", &office, dispute())
        .await?
        .expect(201)?;
    let path = format!("/intake/v1/matters/{}", text(&view, "/id")?);
    let clerk = service.role("window_clerk");
    let response = service.get(&path, &clerk).await?;
    assert_eq!(response.version(), Some(1));
    let mut detail = response.expect(200)?;
    let mut more = |name| {
        let detail = detail.as_object_mut();
        detail.and_then(|detail| detail.remove(name))
    };
    assert_eq!(more("narrative"), Some(dispute()["narrative"].clone()));
    assert_eq!(more("correction"), Some(json!(null)));
    assert_eq!(more("links"), Some(json!([])));
    assert_eq!(more("petition"), Some(json!(null)));
    assert_eq!(detail, view);

    let seen = |roles: &'static str, region: &str, subject: &str| {
        service
            .token()
            .roles([roles])
            .region(region)
            .subject(subject)
            .sign()
    };
    for token in [
        seen("applicant", "6206", "account-zhang")?,
        seen("coordinator", "620602", "x")?,
    ] {
        service.get(&path, &token).await?.expect(200)?;
    }
    for token in [
        seen("applicant", "6206", "account-li")?,
        seen("applicant", "6206", "test-window_cler_")?,
        seen("coordinator", "620621", "x")?,
        seen("window_clerk", "6207", "x")?,
    ] {
        service
            .get(&path, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    let mediator = service.role_in("mediator", organisation());
    service.get(&path, &mediator).await?.expect(200)?;
    let elsewhere: contracts::ids::OrganisationId = service.time.id();
    let elsewhere = service.role_in("mediator", elsewhere);
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let court = service.role_in("court_user", organisation());
    service
        .get(&path, &court)
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
