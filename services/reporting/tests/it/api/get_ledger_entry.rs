//! `GET /reporting/v1/ledger/{case_id}`.

use anyhow::Result;
use reporting::Reporting;
use testkit::TestService;

use crate::feed::{Case, feed};

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_read_within_scope_only() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(1);
    feed(&service, &[case.accepted()]).await?;
    let path = format!("/reporting/v1/ledger/{}", case.id());
    let row = service
        .get(&path, &service.role("coordinator"))
        .await?
        .expect(200)?;
    assert_eq!(row["case_id"], case.id().to_string());
    assert_eq!(row["outcome"], serde_json::Value::Null);

    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region("620621")
        .sign()?;
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let unknown = format!("/reporting/v1/ledger/{}", Case::new(2).id());
    service
        .get(&unknown, &service.role("coordinator"))
        .await?
        .expect_problem(404, "not-found")?;
    service
        .get("/reporting/v1/ledger/1", &service.role("coordinator"))
        .await?
        .expect_problem(422, "invalid-id")?;
    Ok(())
}

/// A fact of another service came before intake's: nobody knows yet whose case it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_without_a_region_is_in_nobodys_scope() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(1);
    feed(&service, &[case.decided()]).await?;
    let path = format!("/reporting/v1/ledger/{}", case.id());
    service
        .get(&path, &service.role("leader"))
        .await?
        .expect_problem(404, "not-found")?;
    feed(&service, &[case.registered()]).await?;
    service
        .get(&path, &service.role("leader"))
        .await?
        .expect(200)?;
    Ok(())
}
