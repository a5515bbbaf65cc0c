//! `GET /matters/{id}/parties`.

use anyhow::Result;
use serde_json::Value;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn shows_masked_numbers() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, _) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/parties");
    let parties = service.get(&path, &clerk).await?.expect(200)?;
    insta::assert_json_snapshot!(parties, { ".items[].id" => "[party]" });
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_sees_no_other_address_and_no_other_case() -> Result<()> {
    let service = Service::start().await?;
    let (matter, _) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/parties");
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let parties = service.get(&path, &person).await?.expect(200)?;
    assert_eq!(parties["items"][0]["address"], "凉州区东大街1号");
    assert_eq!(parties["items"][1]["address"], Value::Null);
    let stranger = service
        .token()
        .roles(["applicant"])
        .subject("account-wu")
        .sign()?;
    service
        .get(&path, &stranger)
        .await?
        .expect_problem(404, "not-found")?;
    let elsewhere = service
        .token()
        .roles(["window_clerk"])
        .region("6201")
        .sign()?;
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let grid = service.role("grid_worker");
    service
        .get(&path, &grid)
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
