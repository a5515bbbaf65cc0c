//! `GET /orders/{order_id}`.

use anyhow::Result;

use crate::support::{self, COUNTY, OTHER_COUNTY};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_seen_by_triage_and_by_its_organisation() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order_id, organisation) = support::order(&service).await?;
    let path = format!("/triage/v1/orders/{order_id}");
    for token in [
        service.role("coordinator"),
        service.role_in("mediator", organisation),
    ] {
        let answer = service.get(&path, &token).await?;
        assert_eq!(answer.version(), Some(1));
        let order = answer.expect(200)?;
        assert_eq!(order["case_id"], case_id.to_string());
        assert_eq!(order["state"], "issued");
    }
    let other = support::organisation(&service, COUNTY).await?;
    let stranger = service.role_in("organisation_officer", other);
    let elsewhere = service.token().roles(["coordinator"]);
    let elsewhere = elsewhere.region(OTHER_COUNTY).sign()?;
    for token in [stranger, elsewhere] {
        let answer = service.get(&path, &token).await?;
        answer.expect_problem(404, "not-found")?;
    }
    let answer = service.get(&path, &service.role("evaluator")).await?;
    answer.expect_problem(403, "forbidden")?;
    Ok(())
}
