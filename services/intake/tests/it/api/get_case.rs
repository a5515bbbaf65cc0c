//! `GET /cases/{id}`.

use anyhow::Result;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn shows_how_a_case_stands_to_those_who_may_see_it() -> Result<()> {
    let service = Service::start().await?;
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/cases/{case}");
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let view = service.get(&path, &person).await?.expect(200)?;
    insta::assert_json_snapshot!(view, { ".id" => "[case]", ".matters[]" => "[matter]" }, @r#"
    {
      "closed_at": null,
      "id": "[case]",
      "leads": [],
      "matters": [
        "[matter]"
      ],
      "merged_into": null,
      "recurrence_of": null,
      "region": "620602",
      "reopened_at": null,
      "since": "2026-09-01T02:00:00Z",
      "status": "registered",
      "status_en": "Registered",
      "status_zh": "已登记"
    }
    "#);
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
        .roles(["coordinator"])
        .region("620621")
        .sign()?;
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let clerk = service.role("window_clerk");
    service
        .get(&format!("/intake/v1/cases/{matter}"), &clerk)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
